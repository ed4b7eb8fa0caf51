// Amounts of any asset as parameters and facts count them: in ten-thousandths.
#pragma once

#include <algorithm>

#include "base/decimal.h"
#include "base/int128.h"
#include "detectors/param.h"

namespace marktwacht {

// A thousand of them may be added up and compared by `Param::reached`.
inline constexpr Int128 amount_most = Int128{1} << 90;

// Units of 10^-scale, or an exact number, half-even; no farther from 0 than `amount_most`.
inline Int128 ten_thousandths(Int128 units, int scale) {
  const Int128 otherwise = units < 0 ? -amount_most : amount_most;
  return std::clamp(rescale(units, scale, Param::scale).value_or(otherwise), -amount_most,
                    amount_most);
}
inline Int128 ten_thousandths(const Decimal& amount) {
  return ten_thousandths(amount.mantissa, -amount.exponent);
}

}  // namespace marktwacht
