// The order of decimals, at the edges of what their mantissas can count.
#include "base/decimal_order.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace marktwacht {
namespace {

Decimal decimal(const std::string& text) {
  const auto value = parse_decimal(text);
  EXPECT_TRUE(value.has_value()) << text;
  return *value;
}

TEST(DecimalOrder, ARowOfRisingValuesIsInOrder) {
  const std::string nines(38, '9');
  const char* rising[] = {"-1e127",
                          "-99999999999999999999999999999999999999",
                          "-1e20",
                          "-1.1",
                          "-1",
                          "-0.1",
                          "-1e-127",
                          "0",
                          "1e-127",
                          "0.00000001",
                          "0.1",
                          "0.11",
                          "1",
                          "9.99",
                          "10",
                          "1e20",
                          "99999999999999999999999999999999999999",
                          "1e38",
                          "1e127"};
  for (const char* const& a : rising) {
    for (const char* const& b : rising) {
      EXPECT_EQ(order(decimal(a), decimal(b)), &a - rising <=> &b - rising) << a << " " << b;
    }
  }
}

TEST(DecimalOrder, IsThatOfIntegersWhereTheyFit) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto a = static_cast<std::int64_t>(random() % 20'001) - 10'000;
    const auto b = static_cast<std::int64_t>(random() % 20'001) - 10'000;
    const int scale = static_cast<int>(random() % 7);
    EXPECT_EQ(order(*make_decimal(a, -scale), *make_decimal(b, -scale)), a <=> b);
  }
}

TEST(DecimalOrder, NeedsNoLowestTerms) {
  EXPECT_EQ(order({100, -2}, {1, 0}), std::strong_ordering::equal);
  EXPECT_EQ(order({0, 90}, {0, -90}), std::strong_ordering::equal);
  EXPECT_EQ(order({0, 90}, {1, -90}), std::strong_ordering::less);
}

}  // namespace
}  // namespace marktwacht
