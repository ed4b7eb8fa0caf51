// Addresses of both families, and what is none.
#include "base/network.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(Network, AddressesHaveOneSpelling) {
  const auto ip = [](std::string_view text) {
    const auto names = parse_ip(text);
    return names ? names->ip + " " + names->subnet : "none";
  };
  EXPECT_EQ(ip("203.0.113.9"), "203.0.113.9 203.0.113/24");
  EXPECT_EQ(ip("0.0.0.0"), "0.0.0.0 0.0.0/24");
  EXPECT_EQ(ip("2001:DB8::1"), "2001:db8:0:0:0:0:0:1 2001:db8:0/48");
  EXPECT_EQ(ip("2001:db8:0:0:0:0:0:1"), "2001:db8:0:0:0:0:0:1 2001:db8:0/48");
  EXPECT_EQ(ip("::"), "0:0:0:0:0:0:0:0 0:0:0/48");
  EXPECT_EQ(ip("1::"), "1:0:0:0:0:0:0:0 1:0:0/48");
  EXPECT_EQ(ip("::ffff:203.0.113.9"), "203.0.113.9 203.0.113/24");
  EXPECT_EQ(ip("::FFFF:cb00:7109"), "203.0.113.9 203.0.113/24");
  EXPECT_EQ(ip("64:ff9b::203.0.113.9"), "64:ff9b:0:0:0:0:cb00:7109 64:ff9b:0/48");
  for (const char* bad : {"",
                          "1.2.3",
                          "1.2.3.4.5",
                          "1.2.3.256",
                          "01.2.3.4",
                          "1.2.3.4 ",
                          "a token",
                          ":",
                          ":::",
                          "1:2",
                          "1::2::3",
                          "1:2:3:4:5:6:7:8:9",
                          "1:2:3:4:5:6:7:8::",
                          "12345::",
                          "g::",
                          "1:2:3:4:5:6:7:",
                          ":1:2:3:4:5:6:7",
                          "::1.2.3",
                          "1.2.3.4::",
                          "1:2:3:4:5:6:7:1.2.3.4",
                          "-1.2.3.4",
                          "::-1"}) {
    EXPECT_EQ(ip(bad), "none") << bad;
  }
}

}  // namespace
}  // namespace marktwacht
