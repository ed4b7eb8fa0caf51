// Notional, value and gain: exact, or rounded half-even once.
#include "accounts/terms.h"

#include <array>

#include "accounts/wide.h"

namespace marktwacht {
namespace {

std::optional<Money> money(std::optional<Int128> units) {
  return units ? std::optional(Money{*units}) : std::nullopt;
}

// How many powers of ten an inverse amount over a price is away from 10^-gain_scale.
int inverse_exponent(const Terms& terms) {
  return terms.price_scale + terms.gain_scale - terms.notional_scale;
}

// `size` × multiplier × 10^inverse_exponent ÷ divisor, divisor > 0.
std::optional<Int128> inverse_quotient(const Terms& terms, Int128 size, Int128 divisor) {
  const int exponent = inverse_exponent(terms);
  if (const auto amount = multiply(size, terms.multiplier);
      amount && exponent >= 0 && exponent <= 38) {
    return multiply_divide(*amount, power_of_ten(exponent), divisor);
  }
  return wide_quotient(std::array{size, terms.multiplier}, std::array{divisor}, exponent);
}

}  // namespace

std::optional<Money> multiplied(const Terms& terms, Int128 size) {
  return money(multiply(size, terms.multiplier));
}

std::optional<Money> value(const Terms& terms, Price price, Quantity quantity) {
  if (terms.inverse) {
    return price.units > 0 ? money(inverse_quotient(terms, quantity.units, price.units))
                           : std::nullopt;
  }
  const auto exact = notional(terms, price, quantity);
  return exact ? money(rescale(exact->units, terms.notional_scale, terms.gain_scale))
               : std::nullopt;
}

std::optional<Money> gain(const Terms& terms, bool long_leg, Price entry, Price exit,
                          Quantity quantity) {
  const Int128 rise = Int128{exit.units} - entry.units;
  const auto size = multiply(long_leg ? rise : -rise, quantity.units);
  if (!size) {
    return std::nullopt;
  }
  if (terms.inverse) {
    return entry.units > 0 && exit.units > 0
               ? money(inverse_quotient(terms, *size, Int128{entry.units} * exit.units))
               : std::nullopt;
  }
  const auto exact = multiply(*size, terms.multiplier);
  return exact ? money(rescale(*exact, terms.notional_scale, terms.gain_scale)) : std::nullopt;
}

}  // namespace marktwacht
