// Addresses that are new to an account, and those that never are.
#include "market/new_address.h"

#include <gtest/gtest.h>

#include "market/lines_twin.h"

namespace marktwacht {
namespace {

std::string payment(int ts, std::string_view account, std::string_view address) {
  return R"({"type":"withdrawal","ts":)" + std::to_string(ts) + R"(,"account_id":")" +
         std::string(account) +
         R"(","asset":"USDT","amount":1,"status":"completed","destination":")" +
         std::string(address) + "\"}\n";
}

TEST(NewAddress, IsOneThatTheAccountFirstUsedSince) {
  MarketLines lines;
  lines.feed_all(payment(10, "ann", "0x1") + payment(20, "ann", "0x2") + payment(30, "ann", "0x1"));
  const auto is_new = [&](std::string_view address, int since) {
    return is_new_address(lines.market, lines.account("ann"), make_text(address), Time{since});
  };
  EXPECT_TRUE(is_new("0x1", 10));
  EXPECT_FALSE(is_new("0x1", 11));
  EXPECT_TRUE(is_new("0x2", 20));
  EXPECT_FALSE(is_new("0x3", 0));
  EXPECT_FALSE(is_new("", 0));
}

TEST(NewAddress, ALabelDecides) {
  MarketLines lines;
  for (const std::string kind : {"exchange", "custodian", "own", "mixer", "contract"}) {
    lines.feed_all(R"({"type":"address_label","ts":1,"address":")" + kind + R"(","kind":")" + kind +
                   "\"}\n" + payment(10, "ann", kind));
    EXPECT_EQ(is_new_address(lines.market, lines.account("ann"), make_text(kind), Time{99}),
              kind == "mixer" || kind == "contract")
        << kind;
  }
}

TEST(NewAddress, WhereManyPayIsNobodysOwn) {
  MarketLines lines;
  const auto pay = [&](std::uint32_t account) {
    lines.feed_all(payment(10, "u" + std::to_string(account), "0xhot"));
  };
  for (std::uint32_t account = 0; account < 3; ++account) {
    pay(account);
  }
  EXPECT_TRUE(is_new_address(lines.market, lines.account("u0"), make_text("0xhot"), Time{}));
  pay(3);
  EXPECT_FALSE(is_new_address(lines.market, lines.account("u0"), make_text("0xhot"), Time{}));
}

}  // namespace
}  // namespace marktwacht
