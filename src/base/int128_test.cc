// 128-bit arithmetic against arithmetic on paper.
#include "base/int128.h"

#include <gtest/gtest.h>

#include <random>

#include "base/int128_twin.h"

namespace marktwacht {
namespace {

const std::string max_digits = "170141183460469231731687303715884105727";

// Small, large and in between, with a liking for the ends and for round numbers.
Int128 random_value(std::mt19937_64& random) {
  switch (random() % 8) {
    case 0:
      return int128_max - static_cast<Int128>(random() % 3);
    case 1:
      return int128_min + static_cast<Int128>(random() % 3);
    case 2:
      return power_of_ten(static_cast<int>(random() % 39)) * (random() % 2 == 0 ? 1 : -1);
    case 3:
      return static_cast<Int128>(random() % 21) - 10;
    default: {
      const auto wide = static_cast<Int128>((UInt128{random()} << 64) | random());
      return wide >> (random() % 128);
    }
  }
}

std::string signed_digits(bool negative, const std::string& digits) {
  return (negative && digits != "0" ? "-" : "") + digits;
}

std::string text_of(Int128 value) { return signed_digits(value < 0, digits_of(value)); }

// The exact result as text, or "none" where an Int128 cannot hold it.
std::string fitting(bool negative, const std::string& digits) {
  const std::string limit = negative ? add_digits(max_digits, "1") : max_digits;
  return less_digits(limit, digits) ? "none" : signed_digits(negative, digits);
}

std::string text_of(const std::optional<Int128>& value) { return value ? text_of(*value) : "none"; }

TEST(Int128, Ends) {
  EXPECT_EQ(text_of(int128_max), max_digits);
  EXPECT_EQ(text_of(int128_min), "-" + add_digits(max_digits, "1"));
  EXPECT_EQ(text_of(power_of_ten(0)), "1");
  EXPECT_EQ(text_of(power_of_ten(38)), "1" + std::string(38, '0'));
}

TEST(Int128, HalvesGoToTheEvenNeighbour) {
  const int cases[][3] = {{5, 2, 2}, {7, 2, 4},  {-5, 2, -2}, {-7, 2, -4}, {5, -2, -2}, {1, 2, 0},
                          {3, 2, 2}, {-1, 2, 0}, {10, 4, 2},  {14, 4, 4},  {11, 4, 3},  {9, 4, 2},
                          {0, 7, 0}, {6, 3, 2},  {-6, -3, 2}, {1, 3, 0},   {2, 3, 1}};
  for (const auto& each : cases) {
    EXPECT_TRUE(divide_half_even(each[0], each[1]) == each[2]) << each[0] << "/" << each[1];
  }
}

TEST(Int128, DivideHalfEvenLikeTheTwin) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 4'000; ++i) {
    const Int128 numerator = random_value(random), denominator = random_value(random);
    if (denominator == 0 || (numerator == int128_min && denominator == -1)) {
      continue;
    }
    const std::string digits =
        divide_half_even_digits(digits_of(numerator), digits_of(denominator));
    ASSERT_EQ(text_of(divide_half_even(numerator, denominator)),
              signed_digits((numerator < 0) != (denominator < 0), digits))
        << text_of(numerator) << " / " << text_of(denominator);
  }
}

TEST(Int128, MultiplyDivideLikeTheTwin) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 4'000; ++i) {
    const Int128 value = random_value(random), factor = random_value(random);
    const Int128 divisor = random_value(random);
    if (divisor == 0) {
      continue;
    }
    const std::string product = multiply_digits(digits_of(value), digits_of(factor));
    const bool negative = ((value < 0) != (factor < 0)) != (divisor < 0);
    ASSERT_EQ(text_of(multiply_divide(value, factor, divisor)),
              fitting(negative, divide_half_even_digits(product, digits_of(divisor))))
        << text_of(value) << " * " << text_of(factor) << " / " << text_of(divisor);
  }
}

TEST(Int128, MultiplyDivideAtTheEnds) {
  EXPECT_EQ(text_of(multiply_divide(int128_min, 1, -1)), "none");
  EXPECT_EQ(text_of(multiply_divide(int128_min, 1, 1)), text_of(int128_min));
  EXPECT_EQ(text_of(multiply_divide(int128_min, int128_min, int128_min)), text_of(int128_min));
  EXPECT_EQ(text_of(multiply_divide(int128_max, int128_max, int128_max)), text_of(int128_max));
}

TEST(Int128, ProductsAndSumsThatDoNotFit) {
  EXPECT_FALSE(multiply(int128_max, 2));
  EXPECT_FALSE(add(int128_max, 1));
  EXPECT_FALSE(add(int128_min, -1));
  EXPECT_TRUE(multiply(int128_max, -1) == -int128_max);
  EXPECT_TRUE(add(int128_max, int128_min) == Int128{-1});
}

TEST(Int128, RescaleLikeTheTwin) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 4'000; ++i) {
    const Int128 value = random_value(random);
    const int from = static_cast<int>(random() % 45), to = static_cast<int>(random() % 45);
    std::string digits = digits_of(value);
    if (to >= from) {
      digits = value == 0 ? digits : digits + std::string(static_cast<std::size_t>(to - from), '0');
    } else {
      const std::string unit = "1" + std::string(static_cast<std::size_t>(from - to), '0');
      digits = divide_half_even_digits(digits, unit);
    }
    ASSERT_EQ(text_of(rescale(value, from, to)), fitting(value < 0, digits))
        << text_of(value) << " from " << from << " to " << to;
  }
}

}  // namespace
}  // namespace marktwacht
