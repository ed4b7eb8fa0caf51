// The numbers of rules: exact fractions of decimals. See docs/rules.md, "Expressions".
#pragma once

#include <compare>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/decimal.h"
#include "base/fixed.h"
#include "base/int128.h"

namespace marktwacht {

// numerator ÷ denominator × 10^-scale. Absent numbers come from fields that an event lacks, faulty
// ones from a division by zero or a result that leaves 128 bits; both pass through arithmetic,
// faulty before absent.
struct Number {
  enum class State : std::uint8_t { known, absent, faulty };

  Int128 numerator = 0;
  Int128 denominator = 1;  // > 0
  std::int32_t scale = 0;  // >= 0
  State state = State::known;

  static Number of(Int128 units, int scale = 0) { return {units, 1, scale, State::known}; }
  static Number of(const Decimal& value);
  // denominator > 0.
  static Number fraction(Int128 numerator, std::int64_t denominator) {
    return {numerator, denominator, 0, State::known};
  }
  static Number absent() { return {0, 1, 0, State::absent}; }
  static Number faulty() { return {0, 1, 0, State::faulty}; }

  bool known() const { return state == State::known; }
};

// Most numbers: numerator ÷ denominator × 10^-scale with parts of 64 bits; a fraction has scale 0.
// `other` ones, faulty ones among them, are to be had as Number only.
struct SmallNumber {
  enum class State : std::uint8_t { known, absent, other };
  static constexpr int scale_max = narrow_powers_of_ten.size() - 1;

  std::int64_t numerator = 0;
  std::int64_t denominator = 1;  // > 0
  std::int32_t scale = 0;        // 0 to scale_max
  State state = State::known;

  static SmallNumber of(Int128 units, int scale = 0) {
    const auto narrow = static_cast<std::int64_t>(units);
    return {narrow, 1, scale, narrow == units && scale <= scale_max ? State::known : State::other};
  }
  static SmallNumber fraction(Int128 numerator, std::int64_t denominator) {
    SmallNumber number = of(numerator);
    number.denominator = denominator;
    return number;
  }
  static SmallNumber absent() { return {0, 1, 0, State::absent}; }
  static SmallNumber faulty() { return {0, 1, 0, State::other}; }

  bool known() const { return state == State::known; }
};

// Exact; `a` must be known, `b` too and no fraction. No product leaves 128 bits.
inline std::strong_ordering compare(const SmallNumber& a, const SmallNumber& b) {
  const std::int32_t finer = a.scale - b.scale;
  const std::int64_t power = narrow_powers_of_ten[static_cast<std::size_t>(std::abs(finer))];
  std::int64_t limit = 0;  // most limits of most numbers fit
  if (a.denominator == 1 && finer >= 0 && !__builtin_mul_overflow(b.numerator, power, &limit))
      [[likely]] {
    return a.numerator <=> limit;
  }
  const Int128 left = finer < 0 ? Int128{a.numerator} * power : Int128{a.numerator};
  const Int128 right = finer > 0 ? Int128{b.numerator} * power : Int128{b.numerator};
  return a.denominator == 1 ? left <=> right : left <=> right * a.denominator;
}

// What a value is against a limit: `other` where that takes the Number itself.
enum class Against : std::uint8_t { less, equal, more, absent, other };

// `limit` must be known and no fraction.
inline Against against(const SmallNumber& value, const SmallNumber& limit) {
  if (!value.known()) {
    return value.state == SmallNumber::State::absent ? Against::absent : Against::other;
  }
  const auto order = compare(value, limit);
  return order < 0 ? Against::less : order == 0 ? Against::equal : Against::more;
}

Number operator+(const Number& a, const Number& b);
Number operator-(const Number& a, const Number& b);
Number operator*(const Number& a, const Number& b);
Number operator/(const Number& a, const Number& b);
Number operator-(const Number& a);

// Exact, by cross-multiplication; both must be known.
std::strong_ordering compare(const Number& a, const Number& b);

// Decimal text: exact where there is no fraction, else rounded half-even to 12 decimals. Nothing
// for a number that is not known or leaves the range on the way.
std::optional<std::string> format_number(const Number& number);

void save_number(const Number& number, ByteWriter& out);
// Fails `in` where the bytes are no number.
Number load_number(ByteReader& in);

// How often `a` can be halved before it falls below `b`, at most `most`: the full doublings of a
// beyond b. 0 when a < b; `most` when b is 0 or less and a is above.
int doublings(const Number& a, const Number& b, int most);

}  // namespace marktwacht
