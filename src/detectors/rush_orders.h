// Rush orders: buys that share one millisecond, as the members of a pump send them (La Morgia et
// al., 2020), and how suddenly their number in 25 s varies more.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/int128.h"
#include "base/time.h"
#include "detectors/param.h"

namespace marktwacht {

inline constexpr Duration rush_chunk{25 * second.ns};

// The numbers of the last 900 chunks. A record for Entries: all zeros is an empty one.
struct RushWindow {
  static constexpr std::uint32_t size = 900;

  std::uint64_t sum = 0, squares = 0;
  std::uint32_t held = 0, next = 0;
  std::uint16_t counts[size] = {};

  // More than 65,535 count as so many. O(1).
  void push(std::uint64_t rushes);
  bool sound() const;

  // held² times the variance that divides by held.
  Int128 spread() const { return Int128{held} * squares - Int128{sum} * sum; }
};

// Whether the sample σ has grown by at least this share, and by which (ten-thousandths, rounded
// down; at most `sigma_change_max`, also where it was 0 before).
inline constexpr std::int64_t sigma_change_max = 1'000 * Param::one;
struct SigmaChange {
  bool reached = false;
  std::int64_t units = 0;
};
SigmaChange sigma_change(const RushWindow& before, const RushWindow& after, Param least);

// The published form, over a whole history: chunks without any buy are dropped, σ is that of full
// windows only.
struct RushAlarm {
  std::int64_t chunk_ms = 0;  // its start
  std::int64_t change = 0;    // in ten-thousandths
};
// buys_ms: the times of all buys, ascending.
std::vector<RushAlarm> rush_alarms(std::span<const std::int64_t> buys_ms, Param least);

}  // namespace marktwacht
