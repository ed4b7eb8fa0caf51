// Exact decimals as they stand in the text of an event: never through a binary float.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/int128.h"

namespace marktwacht {

// mantissa × 10^exponent, always in lowest terms (no trailing zero in the mantissa; zero has
// exponent 0), so that equal values are equal bytes. At most 38 digits; |exponent| <= 127.
struct [[gnu::packed, gnu::aligned(8)]] Decimal {
  Int128 mantissa = 0;
  std::int32_t exponent = 0;

  bool negative() const { return mantissa < 0; }
  bool zero() const { return mantissa == 0; }
  bool positive() const { return mantissa > 0; }
  // Digits after the decimal point.
  int places() const { return exponent < 0 ? -exponent : 0; }
};

inline bool operator==(const Decimal& a, const Decimal& b) {
  return a.mantissa == b.mantissa && a.exponent == b.exponent;
}

// In lowest terms. Nothing when digits or exponent leave their range.
std::optional<Decimal> make_decimal(Int128 mantissa, int exponent);

// The exact sum; nothing when it leaves the range of Decimal.
std::optional<Decimal> sum_of(const Decimal& a, const Decimal& b);
inline Decimal negated(const Decimal& value) { return {-value.mantissa, value.exponent}; }
// a < b. Exact, whatever their exponents.
bool is_less(const Decimal& a, const Decimal& b);

// The grammar of a JSON number ("-12.5e-3"), the whole text. Nothing when it is anything else or
// leaves the range of Decimal.
std::optional<Decimal> parse_decimal(std::string_view text);

// Plain digits, without an exponent, shortest exact form: "0.00012", "-3", "120".
std::string format_decimal(const Decimal& value);
// The same for an integer counted in 10^-scale.
std::string format_scaled(Int128 value, int scale);

enum class ScaleFault : std::uint8_t {
  finer,     // has digits below 10^-scale
  too_large  // does not fit
};

// The integer that counts `value` in units of 10^-scale.
std::expected<std::int64_t, ScaleFault> scaled_int64(const Decimal& value, int scale);
std::expected<Int128, ScaleFault> scaled_int128(const Decimal& value, int scale);

namespace decimal_parts {

std::expected<std::int64_t, ScaleFault> scaled_wide(const Decimal& value, int scale);

}  // namespace decimal_parts

inline std::expected<std::int64_t, ScaleFault> scaled_int64(const Decimal& value, int scale) {
  // Hardly anything needs more than 64 bits on the way.
  const auto narrow = static_cast<std::int64_t>(value.mantissa);
  const auto shift = static_cast<std::size_t>(value.exponent + scale);
  std::int64_t result = 0;
  if (narrow == value.mantissa && shift < narrow_powers_of_ten.size() &&
      !__builtin_mul_overflow(narrow, narrow_powers_of_ten[shift], &result) &&
      result != std::numeric_limits<std::int64_t>::min()) [[likely]] {
    return result;
  }
  return decimal_parts::scaled_wide(value, scale);
}

}  // namespace marktwacht
