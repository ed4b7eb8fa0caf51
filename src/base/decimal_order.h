// Which of two exact decimals is larger: exact too, whatever their exponents.
#pragma once

#include <compare>

#include "base/decimal.h"

namespace marktwacht {

inline std::strong_ordering order(const Decimal& a, const Decimal& b) {
  constexpr int power_max = 38;
  const int shift = a.exponent - b.exponent;
  const Decimal& finer = shift > 0 ? b : a;
  const Decimal& coarser = shift > 0 ? a : b;
  const int power = shift > 0 ? shift : -shift;
  const auto scaled = coarser.zero()      ? std::optional(Int128{0})
                      : power > power_max ? std::nullopt
                                          : multiply(coarser.mantissa, power_of_ten(power));
  if (!scaled) {  // beyond all that the finer one's unit can count
    const bool less = coarser.negative() == (shift > 0);
    return less ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return shift > 0 ? *scaled <=> finer.mantissa : finer.mantissa <=> *scaled;
}

}  // namespace marktwacht
