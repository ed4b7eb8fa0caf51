// Schoolbook arithmetic on 1,280 bits: three 128-bit factors and 10^260 fit with room for a shift.
#include "accounts/wide.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr int limbs = 20;
constexpr int exponent_max = 260;
constexpr std::size_t operands_max = 3;

// Unsigned, lowest limb first.
struct Wide {
  std::array<std::uint64_t, limbs> limb{};
};

void multiply_in(Wide& wide, std::uint64_t factor) {
  UInt128 carry = 0;
  for (std::uint64_t& limb : wide.limb) {
    carry += static_cast<UInt128>(limb) * factor;
    limb = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
}

void add_shifted(Wide& wide, const Wide& other, int limbs_up) {
  UInt128 carry = 0;
  for (int i = limbs_up; i < limbs; ++i) {
    carry += static_cast<UInt128>(wide.limb[i]) + other.limb[i - limbs_up];
    wide.limb[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
}

void multiply_in(Wide& wide, UInt128 factor) {
  Wide high = wide;
  multiply_in(wide, static_cast<std::uint64_t>(factor));
  multiply_in(high, static_cast<std::uint64_t>(factor >> 64));
  add_shifted(wide, high, 1);
}

void multiply_by_ten(Wide& wide, int exponent) {
  for (; exponent > 0; --exponent) {
    multiply_in(wide, std::uint64_t{10});
  }
}

int bits(const Wide& wide) {
  for (int i = limbs - 1; i >= 0; --i) {
    if (wide.limb[i] != 0) {
      return i * 64 + 64 - std::countl_zero(wide.limb[i]);
    }
  }
  return 0;
}

Wide shifted_left(const Wide& wide, int by) {
  Wide result;
  const int whole = by / 64, part = by % 64;
  for (int i = limbs - 1; i >= whole; --i) {
    result.limb[i] = wide.limb[i - whole] << part;
    if (part != 0 && i > whole) {
      result.limb[i] |= wide.limb[i - whole - 1] >> (64 - part);
    }
  }
  return result;
}

void halve(Wide& wide) {
  for (int i = 0; i < limbs; ++i) {
    wide.limb[i] >>= 1;
    if (i + 1 < limbs) {
      wide.limb[i] |= wide.limb[i + 1] << 63;
    }
  }
}

std::strong_ordering compare(const Wide& a, const Wide& b) {
  return std::lexicographical_compare_three_way(a.limb.rbegin(), a.limb.rend(), b.limb.rbegin(),
                                                b.limb.rend());
}

void subtract(Wide& wide, const Wide& other) {
  bool borrow = false;
  for (int i = 0; i < limbs; ++i) {
    std::uint64_t next = 0;
    const bool first = __builtin_sub_overflow(wide.limb[i], other.limb[i], &next);
    const bool second = __builtin_sub_overflow(next, std::uint64_t{borrow}, &wide.limb[i]);
    borrow = first || second;
  }
}

std::optional<UInt128> divide_half_even(Wide numerator, const Wide& denominator) {
  const int shift = bits(numerator) - bits(denominator);
  if (shift >= 128) {
    return std::nullopt;
  }
  UInt128 quotient = 0;
  if (shift >= 0) {
    Wide part = shifted_left(denominator, shift);
    for (int bit = shift; bit >= 0; --bit, halve(part)) {
      if (compare(numerator, part) >= 0) {
        subtract(numerator, part);
        quotient |= UInt128{1} << bit;
      }
    }
  }
  const auto against_half = compare(shifted_left(numerator, 1), denominator);
  if (against_half > 0 || (against_half == 0 && (quotient & 1) != 0)) {
    if (++quotient == 0) {
      return std::nullopt;
    }
  }
  return quotient;
}

// Multiplies the sizes in; true when the product of the signs is negative.
bool multiply_all(Wide& wide, std::span<const Int128> factors) {
  bool negative = false;
  for (const Int128 factor : factors) {
    negative = negative != (factor < 0);
    multiply_in(wide, factor < 0 ? UInt128{0} - static_cast<UInt128>(factor)
                                 : static_cast<UInt128>(factor));
  }
  return negative;
}

}  // namespace

std::optional<Int128> wide_quotient(std::span<const Int128> factors,
                                    std::span<const Int128> divisors, int exponent) {
  check(factors.size() <= operands_max && divisors.size() <= operands_max &&
            exponent >= -exponent_max && exponent <= exponent_max,
        "at most three factors and divisors, |exponent| <= 260");
  Wide numerator{{1}}, denominator{{1}};
  const bool negative = multiply_all(numerator, factors);
  multiply_all(denominator, divisors);
  multiply_by_ten(numerator, exponent);
  multiply_by_ten(denominator, -exponent);
  const auto size = divide_half_even(numerator, denominator);
  if (!size || *size > static_cast<UInt128>(int128_max) + (negative ? 1 : 0)) {
    return std::nullopt;
  }
  return static_cast<Int128>(negative ? UInt128{0} - *size : *size);
}

}  // namespace marktwacht
