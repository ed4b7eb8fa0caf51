// Questions to a market that detectors ask: distances, depth near a price, what is one hand's.
#pragma once

#include <cstdint>
#include <vector>

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
// Walks the levels there are, until it is more than `enough`.
Quantity depth_within(const Market& market, InstrumentIndex instrument, Side side, Price price,
                      std::int64_t distance, Int128 enough = INT64_MAX);

// What of a side is the owner's: visible quantity of orders placed by `until`, each halved by its
// distance from `price`. Walks orders from the best on, up to 6 halvings away and 4,096 orders:
// what stands behind those counts as others'.
std::int64_t own_interest(const Market& market, Owner owner, InstrumentIndex instrument, Side side,
                          Price price, std::int64_t half, Time until);

// How many resting orders the owner has on a side. O(members). This and the next ones ask
// Books::visit_owned.
std::uint32_t own_orders(const Market& market, Owner owner, InstrumentIndex instrument, Side side);

// Before somebody who has so many orders is looked at again: a walk over them may cost no more than
// a hundred orders a second, however many they are.
inline Duration look_wait(std::int64_t orders) { return {second.ns + orders * (second.ns / 100)}; }

// What of a side is the owner's in full: visible quantity of orders placed by `until`, no farther
// than `distance` behind `price`, and how many prices they stand at. `taken`: one just taken back,
// which counts where it stood, and not where it stands now; of quantity 0: none. Walks the owner's
// orders and sorts their prices.
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
// Its quantity alone, for a third of that.
std::int64_t own_quantity(const Market& market, Owner owner, InstrumentIndex instrument,
                          const Near& near, Time until, const JustTaken& taken);

// What the owner holds of the instrument, all legs together; short is negative. O(members).
Int128 position_of(const Market& market, Owner owner, InstrumentIndex instrument);

// Perpetuals and futures, but for itself, whose index the instrument's price is a source of: those
// of the same underlying, or that name it as theirs. Walks all instruments.
std::vector<InstrumentIndex> derivatives_on(const Market& market, InstrumentIndex instrument);

// What that gains when the price, from where it last traded, goes by `move` out of `of` (> 0): in
// ten-thousandths of the settle asset; 0 where nothing traded or the number does not fit.
Int128 gain_by_move(const Market& market, Owner owner, InstrumentIndex instrument, Int128 move,
                    std::int64_t of);

// Gain in ten-thousandths of the settle asset, of what is bought (else sold) at one price and worth
// another; 0 where it does not fit.
Int128 gain_from(const Instrument& instrument, Side side, Price traded, Price worth,
                 Quantity quantity);

// Whether the account, or one of its group, holds anything of the instrument. O(members).
bool holds_position(const Market& market, AccountIndex account, InstrumentIndex instrument);

}  // namespace marktwacht
