// Test support: exact fractions of 128-bit integers, and numbers that may be absent, as
// docs/rules.md says expressions compute.
#pragma once

#include <optional>
#include <string>

#include "base/check.h"
#include "base/int128.h"

namespace marktwacht::twin {

// In lowest terms, `bottom` > 0; `bottom` 0 is what a division by zero gave, whatever came after.
struct Fraction {
  Int128 top = 0;
  Int128 bottom = 1;

  bool silent() const { return bottom == 0; }
};

// Nothing: absent.
using Number = std::optional<Fraction>;

Fraction fraction(Int128 top, Int128 bottom = 1);
// An integer that counts 10^-scale.
Fraction scaled(Int128 units, int scale);

// Arithmetic with something absent is absent.
Number plus(const Number& a, const Number& b);
Number minus(const Number& a, const Number& b);
Number times(const Number& a, const Number& b);
Number over(const Number& a, const Number& b);

// A comparison with something absent, or with what a division by zero gave, is false.
bool less(const Number& a, const Number& b);
bool at_most(const Number& a, const Number& b);
inline bool more(const Number& a, const Number& b) { return less(b, a); }
inline bool at_least(const Number& a, const Number& b) { return at_most(b, a); }

// Up to 12 decimals, half-even; "" of what is absent or silent.
std::string text_of(const Number& number);

}  // namespace marktwacht::twin
