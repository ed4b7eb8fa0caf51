// Tokens keep what is equal equal, and nothing else.
#include "base/token.h"

#include <gtest/gtest.h>

#include "base/hmac.h"

namespace marktwacht {
namespace {

TEST(Token, OfATextIsItsHmac) {
  EXPECT_EQ(token_of("key", "phone"), hex(hmac_sha256("key", "phone")));
  EXPECT_NE(token_of("key", "phone"), token_of("other key", "phone"));
  EXPECT_TRUE(is_token(token_of("key", "phone")));
  EXPECT_EQ(network_of_token(token_of("key", "phone")), "");
}

TEST(Token, OfAnIpKeepsItsNetwork) {
  const std::string token = token_of("key", "203.0.113.9");
  EXPECT_EQ(token.size(), token_size);
  EXPECT_TRUE(is_token(token));
  EXPECT_EQ(network_of_token(token), token.substr(0, 31));
  EXPECT_EQ(network_of_token(token_of("key", "203.0.113.10")), network_of_token(token));
  EXPECT_NE(token_of("key", "203.0.113.10"), token);
  EXPECT_NE(network_of_token(token_of("key", "203.0.114.9")), network_of_token(token));
  EXPECT_EQ(token_of("key", "::ffff:203.0.113.9"), token);  // another spelling
  EXPECT_EQ(token_of("key", "2001:db8::1"), token_of("key", "2001:0DB8:0:0::1"));
  EXPECT_EQ(network_of_token(token_of("key", "2001:db8:0:7::1")),
            network_of_token(token_of("key", "2001:db8::9")));
  // The own part does not give the network away: it is made of the whole.
  EXPECT_NE(token_of("key", "203.0.113.9").substr(32), token_of("key", "203.0.114.9").substr(32));
}

TEST(Token, IsKnownAgain) {
  const std::string token = token_of("key", "phone"), ip = token_of("key", "10.0.0.1");
  EXPECT_FALSE(is_token(""));
  EXPECT_FALSE(is_token("phone"));
  EXPECT_FALSE(is_token(token.substr(1)));
  EXPECT_FALSE(is_token("G" + token.substr(1)));
  EXPECT_FALSE(is_token("G" + ip.substr(1)));
  EXPECT_EQ(network_of_token(ip.substr(0, 63) + "x"), "");
  EXPECT_EQ(network_of_token("203.0.113.9"), "");
}

}  // namespace
}  // namespace marktwacht
