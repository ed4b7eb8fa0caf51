// Prices and quantities as integers at their instrument's scale. Types, so that they never mix.
#pragma once

#include <compare>
#include <cstdint>

#include "base/int128.h"

namespace marktwacht {

// In 10^-price_scale of the quote asset per unit.
struct Price {
  std::int64_t units = 0;
  auto operator<=>(const Price&) const = default;
};

// In 10^-quantity_scale of the instrument's unit (base asset or contract).
struct Quantity {
  std::int64_t units = 0;
  auto operator<=>(const Quantity&) const = default;
};

inline Quantity operator+(Quantity a, Quantity b) { return {a.units + b.units}; }
inline Quantity operator-(Quantity a, Quantity b) { return {a.units - b.units}; }
inline Quantity min(Quantity a, Quantity b) { return a < b ? a : b; }

// An amount of one asset in 10^-decimals, or a notional or gain in 10^-money_scale of an
// instrument.
struct Money {
  Int128 units = 0;
  auto operator<=>(const Money&) const = default;
};

inline Money operator+(Money a, Money b) { return {a.units + b.units}; }
inline Money operator-(Money a, Money b) { return {a.units - b.units}; }

enum class Side : std::uint8_t { buy, sell };

inline Side opposite(Side side) { return side == Side::buy ? Side::sell : Side::buy; }

}  // namespace marktwacht
