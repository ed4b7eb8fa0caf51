// What is shared is told as people write it; what stands for it in a live service as it is.
#include "app/link_sum.h"

#include <gtest/gtest.h>

#include <string>

namespace marktwacht {
namespace {

std::string told(std::string_view subnet) {
  const Market market;
  Why why;
  why.shared.push_back({.what = SharedKind::subnet, .value = subnet, .degree = 2, .weight = 1'500});
  return link_sum(market, why).parts.at(0).value;
}

TEST(LinkSumTest, ANetworkIsToldAsPeopleWriteIt) {
  EXPECT_EQ(told("203.0.113/24"), "203.0.113.0/24");
  EXPECT_EQ(told("2001:db8:1/48"), "2001:db8:1::/48");
}

TEST(LinkSumTest, TheTokenOfANetworkStaysAsItIs) {
  EXPECT_EQ(told("0123456789abcdef0123456789abcde"), "0123456789abcdef0123456789abcde");
}

}  // namespace
}  // namespace marktwacht
