// On an order book strangers meet by chance: how much of what a set of accounts trades inside
// itself that explains. docs/detectors/README.md, "Sets that trade with each other".
#pragma once

#include <cstdint>
#include <span>

#include "base/index.h"
#include "base/int128.h"
#include "detectors/param.h"

namespace marktwacht {

// What an account traded in a window, in quantity units.
struct Dealt {
  std::int64_t bought = 0, sold = 0;
  std::int64_t made_bought = 0, made_sold = 0;  // of these as maker

  // Stays within its range, whatever comes.
  void add(bool bought_it, bool made_it, std::int64_t quantity);
  void add(const Dealt& other);
  Int128 volume() const { return Int128{bought} + sold; }
  Int128 made() const { return Int128{made_bought} + made_sold; }
};

// An account of a set, and what of its trading was with others of the set.
struct SetMember {
  AccountIndex account;
  Dealt all, inside;
};

inline constexpr std::size_t set_members_max = 16;

// What detectors that look at such sets ask of them.
#define MW_CHANCE_PARAMS(P)        \
  P(trades_min, 10, 2, 1'000'000)  \
  P(inside_min, 0.5, 0.01, 1)      \
  P(chance_ratio_min, 5, 1, 1'000) \
  P(volume_share_min, 0.25, 0.01, 1)

struct ChanceLimits {
  Param trades_min, inside_min, chance_ratio_min, volume_share_min;

  template <class Params>
  static ChanceLimits of(const Params& params) {
    return {params.trades_min, params.inside_min, params.chance_ratio_min, params.volume_share_min};
  }
};

// The numbers may be scaled down together, where they are very large.
struct Chance {
  static constexpr std::int64_t ratio_max = 1'000'000;

  // Of the set's own trades, each once. What makers of both sides made inside is left out up to
  // what they made of both sides for others: who quotes a market meets everybody.
  Int128 observed = 0;
  Int128 volume = 0;   // of all trades of the window
  Int128 outside = 0;  // of those that are not the set's own
  // Σ over its members and sides of own volume × what the other members traded with others on the
  // other side: by `outside` it is what chance explains, both sides of each trade counted.
  Int128 products = 0;

  // The set's own trades are so much of the volume, or so many times what chance explains.
  bool beyond(const ChanceLimits& limits) const;
  bool large_share(const ChanceLimits& limits) const {
    return volume > 0 && limits.volume_share_min.reached(observed, volume);
  }
  // In ten-thousandths; at most ratio_max.
  Int128 ratio_units() const;
};

// `volume`: of the window, each trade once. At most set_members_max members.
Chance chance_of(std::span<const SetMember> set, Int128 volume);

}  // namespace marktwacht
