// How an instrument turns prices and quantities into money.
#pragma once

#include <cstdint>
#include <optional>

#include "base/fixed.h"
#include "base/int128.h"

namespace marktwacht {

// Fixed when the instrument first appears. Linear and spot: notional = price × quantity ×
// multiplier. Inverse: notional = quantity × multiplier, in the quote currency; gains in the settle
// asset.
struct Terms {
  bool spot = false;
  bool inverse = false;
  int price_scale = 0;
  int quantity_scale = 0;
  Int128 multiplier = 1;  // in 10^-multiplier_scale
  int multiplier_scale = 0;
  int notional_scale = 0;  // linear: price + quantity + multiplier scale; inverse: without price
  int gain_scale = 0;      // linear: max(notional_scale, settle decimals); inverse: settle decimals
};

// `size` × multiplier; nothing where it leaves 128 bits.
std::optional<Money> multiplied(const Terms& terms, Int128 size);

// Exact, in 10^-notional_scale, never negative for a positive price. Nothing where it leaves 128
// bits.
inline std::optional<Money> notional(const Terms& terms, Price price, Quantity quantity) {
  // Two 64-bit integers never overflow; the multiplier comes last, so that zero stays zero.
  const Int128 size = terms.inverse ? Int128{quantity.units} : Int128{price.units} * quantity.units;
  return terms.multiplier == 1 ? Money{size} : multiplied(terms, size);
}

// Notional in 10^-gain_scale of the settle asset: linear exact; inverse quantity × multiplier ÷
// price, rounded half-even. Nothing where it does not fit, or of an inverse contract at a price <=
// 0.
std::optional<Money> value(const Terms& terms, Price price, Quantity quantity);

// What holding `quantity` from `entry` to `exit` gained (short: `long_leg` false), in
// 10^-gain_scale: linear exact; inverse rounded half-even once. Nothing where it does not fit.
std::optional<Money> gain(const Terms& terms, bool long_leg, Price entry, Price exit,
                          Quantity quantity);

}  // namespace marktwacht
