// Exact 128-bit arithmetic with the roundings the accounts need.
#include "base/int128.h"

#include <array>

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr int powers = 39;

constexpr std::array<Int128, powers> make_powers() {
  std::array<Int128, powers> table{};
  table[0] = 1;
  for (int i = 1; i < powers; ++i) {
    table[i] = table[i - 1] * 10;
  }
  return table;
}

constexpr std::array<Int128, powers> power_table = make_powers();

constexpr UInt128 magnitude(Int128 value) {
  return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

std::optional<Int128> with_sign(UInt128 size, bool negative) {
  const UInt128 limit = static_cast<UInt128>(int128_max) + (negative ? 1 : 0);
  if (size > limit) {
    return std::nullopt;
  }
  return static_cast<Int128>(negative ? UInt128{0} - size : size);
}

// Whether a remainder of `divisor` rounds the quotient up in size (halves to even).
bool rounds_up(UInt128 remainder, UInt128 divisor, bool quotient_is_odd) {
  const UInt128 rest = divisor - remainder;
  return remainder > rest || (remainder == rest && quotient_is_odd);
}

struct Product {
  UInt128 high, low;
};

Product full_product(UInt128 a, UInt128 b) {
  constexpr UInt128 mask = ~std::uint64_t{0};
  const UInt128 a0 = a & mask, a1 = a >> 64, b0 = b & mask, b1 = b >> 64;
  const UInt128 low = a0 * b0;
  const UInt128 mid1 = a1 * b0 + (low >> 64);
  const UInt128 mid2 = a0 * b1 + (mid1 & mask);
  return {a1 * b1 + (mid1 >> 64) + (mid2 >> 64), (mid2 << 64) | (low & mask)};
}

}  // namespace

Int128 power_of_ten(int exponent) {
  check(exponent >= 0 && exponent < powers, "0 <= exponent <= 38");
  return power_table[static_cast<std::size_t>(exponent)];
}

Int128 divide_half_even(Int128 numerator, Int128 denominator) {
  const UInt128 n = magnitude(numerator), d = magnitude(denominator);
  UInt128 quotient = n / d;
  const UInt128 remainder = n % d;
  if (remainder != 0 && rounds_up(remainder, d, (quotient & 1) != 0)) {
    ++quotient;
  }
  const bool negative = (numerator < 0) != (denominator < 0);
  return static_cast<Int128>(negative ? UInt128{0} - quotient : quotient);
}

std::optional<Int128> multiply_divide(Int128 value, Int128 factor, Int128 divisor) {
  if (const auto product = multiply(value, factor); product && *product != int128_min) {
    return divide_half_even(*product, divisor);
  }
  const bool negative = ((value < 0) != (factor < 0)) != (divisor < 0);
  const UInt128 d = magnitude(divisor);
  const Product product = full_product(magnitude(value), magnitude(factor));
  if (product.high >= d) {
    return std::nullopt;
  }
  UInt128 quotient = 0, remainder = product.high;
  for (int bit = 127; bit >= 0; --bit) {
    const bool carry = (remainder >> 127) != 0;
    remainder = (remainder << 1) | ((product.low >> bit) & 1);
    quotient <<= 1;
    if (carry || remainder >= d) {
      remainder -= d;
      quotient |= 1;
    }
  }
  if (remainder != 0 && rounds_up(remainder, d, (quotient & 1) != 0) && ++quotient == 0) {
    return std::nullopt;
  }
  return with_sign(quotient, negative);
}

std::optional<Int128> rescale(Int128 value, int from, int to) {
  if (value == 0 || from == to) {
    return value;
  }
  if (to > from) {
    return to - from < powers ? multiply(value, power_of_ten(to - from)) : std::nullopt;
  }
  return from - to < powers ? divide_half_even(value, power_of_ten(from - to)) : Int128{0};
}

}  // namespace marktwacht
