// Sizes and distances as people choose them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "sim/listing.h"
#include "sim/order.h"
#include "sim/random.h"

namespace marktwacht::sim {

// Half of them twice as far as the other half, and so on: a heavy tail up to `least` × 2^doublings.
inline std::int64_t heavy_tail(Random& random, std::int64_t least, int doublings) {
  const std::uint64_t bits = random.next();
  const int doubled = std::min(std::countr_zero(bits | std::uint64_t{1} << 40), doublings);
  const std::int64_t from = least << doubled;
  return from + static_cast<std::int64_t>((bits >> 44) * static_cast<std::uint64_t>(from) >> 20);
}

// Lots of an order; a third of them round.
inline std::int64_t draw_lots(const Listing& listing, Random& random) {
  const std::int64_t lots =
      heavy_tail(random, std::max<std::int64_t>(1, listing.usual_lots / 4), 7);
  if (random.below(3) != 0) {
    return lots;
  }
  const std::int64_t step = lots >= 1000 ? 500 : lots >= 100 ? 50 : lots >= 10 ? 10 : 1;
  return std::max(step, lots / step * step);
}

inline std::int32_t within_band(std::int64_t price) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(price, 1, price_limit));
}

// `distance` ticks away from the other side, seen from `price`.
inline std::int32_t behind(Side side, std::int32_t price, std::int64_t distance) {
  return within_band(side == Side::buy ? price - distance : price + distance);
}

inline Side draw_side(Random& random) {
  return (random.next() >> 63) == 0 ? Side::buy : Side::sell;
}

}  // namespace marktwacht::sim
