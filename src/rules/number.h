// The numbers of rules: exact fractions of decimals. See docs/rules.md, "Expressions".
#pragma once

#include <compare>
#include <cstdint>
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
  static Number absent() { return {0, 1, 0, State::absent}; }
  static Number faulty() { return {0, 1, 0, State::faulty}; }

  bool known() const { return state == State::known; }
};

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
