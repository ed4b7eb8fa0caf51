// 128-bit integers: asset amounts, notionals and gains are exact sums of these.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace marktwacht {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

inline constexpr Int128 int128_max = static_cast<Int128>(~UInt128{0} >> 1);
inline constexpr Int128 int128_min = -int128_max - 1;

// 10^exponent for 0 <= exponent <= 38.
Int128 power_of_ten(int exponent);
// By exponent, those that fit 64 bits: most numbers need no more.
inline constexpr auto narrow_powers_of_ten = [] {
  std::array<std::int64_t, 19> powers{1};
  for (std::size_t at = 1; at < powers.size(); ++at) {
    powers[at] = powers[at - 1] * 10;
  }
  return powers;
}();

// The exact result, or nothing where it does not fit.
inline std::optional<Int128> multiply(Int128 a, Int128 b) {
  Int128 result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}
inline std::optional<Int128> add(Int128 a, Int128 b) {
  Int128 result = 0;
  return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}

// numerator / denominator, rounded to the nearest, halves to the even neighbour; denominator != 0.
Int128 divide_half_even(Int128 numerator, Int128 denominator);

// value × factor / divisor, rounded half-even with an exact 256-bit product, or nothing where the
// result does not fit; divisor != 0.
std::optional<Int128> multiply_divide(Int128 value, Int128 factor, Int128 divisor);

// `value` counted in 10^-from moved to 10^-to: exact going finer, half-even going coarser; nothing
// where it does not fit.
std::optional<Int128> rescale(Int128 value, int from, int to);

}  // namespace marktwacht
