// Questions to a market that detectors ask: distances, depth near a price, what is one hand's.
#pragma once

#include <cstdint>

#include "market/market.h"
#include "market/owner.h"

namespace marktwacht {

// The larger of so many ticks and so many hundredths of a basis point of the price, in price units.
// O(1).
std::int64_t distance_of(const Instrument& instrument, Price price, std::int64_t ticks,
                         std::int64_t bp_hundredths);

// quantity × 2^(−distance/half), rounded down; 0 from 16 halvings on. half > 0. O(1).
std::int64_t halved(Quantity quantity, std::int64_t distance, std::int64_t half);

// Visible quantity of a side no farther than `distance` behind `price`, and all that is better.
// Walks the levels there are.
Quantity depth_within(const Market& market, InstrumentIndex instrument, Side side, Price price,
                      std::int64_t distance);

// What of a side is the owner's: visible quantity of orders placed by `until`, each halved by its
// distance from `price`. Walks orders from the best on, up to 6 halvings away and 4,096 orders:
// what stands behind those counts as others'.
std::int64_t own_interest(const Market& market, Owner owner, InstrumentIndex instrument, Side side,
                          Price price, std::int64_t half, Time until);

// What of a side is the owner's in full: visible quantity of orders placed by `until`, no farther
// than `distance` behind `price`, and how many prices they stand at. `taken`: one just taken back,
// which counts where it stood, and not where it stands now; of quantity 0: none. Walks 4,096 orders
// at most.
struct OwnDepth {
  std::int64_t quantity = 0, levels = 0;
};
struct Near {
  Side side{};
  Price price;
  std::int64_t distance = 0;
};
struct JustTaken {
  Price price;
  Quantity quantity;
  OrderSlot now;  // none: it is gone
};
OwnDepth own_depth(const Market& market, Owner owner, InstrumentIndex instrument, const Near& near,
                   Time until, const JustTaken& taken);

// Whether the account, or one of its group, holds anything of the instrument. O(members).
bool holds_position(const Market& market, AccountIndex account, InstrumentIndex instrument);

}  // namespace marktwacht
