// Wide quotients against big integers.
#include "accounts/wide.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "accounts/accounts_twin.h"

namespace marktwacht {
namespace {

TEST(Wide, halves_go_to_the_even_neighbour_and_the_edges_of_128_bits_hold) {
  const auto of = [](Int128 factor, Int128 divisor, int exponent) {
    return wide_quotient(std::array{factor}, std::array{divisor}, exponent);
  };
  EXPECT_EQ(of(5, 2, 0), 2);
  EXPECT_EQ(of(-7, 2, 0), -4);
  EXPECT_EQ(of(1, 1, 38), power_of_ten(38));
  EXPECT_FALSE(of(2, 1, 38));
  EXPECT_EQ(of(int128_max, 1, 0), int128_max);
  EXPECT_EQ(of(int128_min, 1, 0), int128_min);
  EXPECT_FALSE(wide_quotient(std::array{int128_min, Int128{-1}}, std::array{Int128{1}}, 0));
  EXPECT_EQ(of(int128_max, 1, -260), 0);
  EXPECT_EQ(wide_quotient(std::array{int128_max, int128_max, int128_max},
                          std::array{int128_max, int128_max, int128_max}, 0),
            1);
}

TEST(Wide, random_products_agree_with_big_integers) {
  std::mt19937_64 random(3);
  const auto any = [&random] {
    const UInt128 bits = static_cast<UInt128>(random()) << 64 | random();
    return static_cast<Int128>(bits >> (1 + random() % 127));
  };
  int fitted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::array factors{random() % 2 != 0 ? any() : -any(), any(), any()};
    const std::array divisors{any() + 1, any() + 1, any() + 1};
    const int exponent = static_cast<int>(random() % 121) - 60;
    BigInt numerator = ten_to(std::max(exponent, 0)), denominator = ten_to(std::max(-exponent, 0));
    for (int k = 0; k < 3; ++k) {
      numerator *= big(factors[k]);
      denominator *= big(divisors[k]);
    }
    const auto ours = wide_quotient(factors, divisors, exponent);
    ASSERT_EQ(ours, fitting(nearest(numerator, denominator))) << i;
    fitted += ours ? 1 : 0;
  }
  EXPECT_GT(fitted, 5'000);
}

}  // namespace
}  // namespace marktwacht
