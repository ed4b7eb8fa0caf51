// Wandering values: see values.h.
#include "sim/values.h"

#include <algorithm>

#include "base/int128.h"

namespace marktwacht::sim {
namespace {

constexpr Duration step{100 * millisecond.ns};
constexpr Duration half_life{300 * second.ns};
constexpr std::int64_t heat_max = 256 * 8;

// Of a value in one step, in 2^-32 of it; 140,000 is 3 % a day.
constexpr std::uint32_t common_share = 85'000, own_share_least = 70'000, own_share_range = 90'000;

std::int64_t root(std::int64_t of) {
  std::int64_t low = 0, high = 1 << 20;
  while (low + 1 < high) {
    const std::int64_t middle = (low + high) / 2;
    (middle * middle <= of ? low : high) = middle;
  }
  return low;
}

// A draw with the deviation of so many steps, in 2^-16 of one step's, taking the whole steps out of
// the time since `at`.
std::int64_t wander(Time& at, Time now, Random& random) {
  const std::int64_t steps = (now - at).ns / step.ns;
  if (steps <= 0) {
    return 0;
  }
  at.ns += steps * step.ns;
  return steps == 1 ? random.bell() : random.bell() * root(steps * 256) / 16;
}

}  // namespace

Values::Values(const std::vector<std::int32_t>& first, Time start, std::uint64_t seed)
    : random_(seed), common_at_(start) {
  for (const std::int32_t ticks : first) {
    const std::int64_t fine = std::int64_t{ticks} << 16;
    values_.push_back({.fine = fine,
                       .first = fine,
                       .heated = start,
                       .at = start,
                       .random = Random(random_.next()),
                       .sigma = own_share_least + random_.below(own_share_range)});
  }
}

std::int64_t Values::common(Time now) { return common_ += wander(common_at_, now, random_); }

std::int64_t Values::fine(std::uint32_t base, Time now) {
  Value& value = values_[base];
  if (now - value.at < step) {
    return value.fine;
  }
  const std::int64_t all = common(now);
  const std::int64_t shared = all - value.common;
  value.common = all;
  const std::int64_t own = wander(value.at, now, value.random);
  const Int128 relative = Int128{shared} * common_share + Int128{own} * value.sigma;  // 2^-48
  value.fine += static_cast<std::int64_t>(relative * value.fine >> 48);
  value.fine = std::clamp(value.fine, value.first / 4, value.first * 5 / 2);
  return value.fine;
}

void Values::shock(std::uint32_t base, std::int64_t basis_points, Time now) {
  fine(base, now);
  Value& value = values_[base];
  value.fine += value.fine / 10'000 * basis_points;
  value.heat = std::min(heat(base, now) - 256 + 256 * 4, heat_max);
  value.heated = now;
}

void Values::nudge(std::uint32_t base, std::int64_t ticks, Time now) {
  fine(base, now);
  Value& value = values_[base];
  value.fine = std::clamp(value.fine + (ticks << 16), value.first / 4, value.first * 5 / 2);
}

std::int64_t Values::heat(std::uint32_t base, Time now) {
  const Value& value = values_[base];
  if (value.heat == 0) {
    return 256;
  }
  const std::int64_t halves = (now - value.heated).ns / half_life.ns;
  if (halves >= 12) {
    return 256;
  }
  const std::int64_t at = value.heat >> halves, rest = (now - value.heated).ns % half_life.ns;
  return 256 + at - at / 2 * (rest / millisecond.ns) / (half_life.ns / millisecond.ns);
}

}  // namespace marktwacht::sim
