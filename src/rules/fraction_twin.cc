// Schoolbook fractions; an overflow stops the test.
#include "rules/fraction_twin.h"

#include "base/decimal.h"

namespace marktwacht::twin {
namespace {

Int128 divisor_of(Int128 a, Int128 b) {
  while (b != 0) {
    const Int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}

Int128 product(Int128 a, Int128 b) {
  const auto result = multiply(a, b);
  check(result.has_value(), "the twin's streams stay within 128 bits");
  return *result;
}

template <class Operation>
Number apply(const Number& a, const Number& b, Operation operation) {
  if (!a || !b) {
    return std::nullopt;
  }
  return a->silent() || b->silent() ? Fraction{0, 0} : operation(*a, *b);
}

}  // namespace

Fraction fraction(Int128 top, Int128 bottom) {
  if (bottom == 0) {
    return {0, 0};
  }
  const Int128 divisor = bottom < 0 ? -divisor_of(top, bottom) : divisor_of(top, bottom);
  return {top / divisor, bottom / divisor};
}

Fraction scaled(Int128 units, int scale) { return fraction(units, power_of_ten(scale)); }

Number plus(const Number& a, const Number& b) {
  return apply(a, b, [](Fraction x, Fraction y) {
    return fraction(product(x.top, y.bottom) + product(y.top, x.bottom),
                    product(x.bottom, y.bottom));
  });
}

Number minus(const Number& a, const Number& b) { return plus(a, times(fraction(-1), b)); }

Number times(const Number& a, const Number& b) {
  return apply(a, b, [](Fraction x, Fraction y) {
    return fraction(product(x.top, y.top), product(x.bottom, y.bottom));
  });
}

Number over(const Number& a, const Number& b) {
  return apply(a, b, [](Fraction x, Fraction y) {
    return fraction(product(x.top, y.bottom), product(x.bottom, y.top));
  });
}

bool less(const Number& a, const Number& b) {
  return a && b && !a->silent() && !b->silent() &&
         product(a->top, b->bottom) < product(b->top, a->bottom);
}

bool at_most(const Number& a, const Number& b) {
  return a && b && !a->silent() && !b->silent() && !less(b, a);
}

std::string text_of(const Number& number) {
  constexpr int decimals = 12;
  if (!number || number->silent()) {
    return "";
  }
  const auto units = multiply_divide(number->top, power_of_ten(decimals), number->bottom);
  check(units.has_value(), "a fact of the twin's streams fits");
  const auto decimal = make_decimal(*units, -decimals);
  check(decimal.has_value(), "a fact of the twin's streams fits");
  return format_decimal(*decimal);
}

}  // namespace marktwacht::twin
