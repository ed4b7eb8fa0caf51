// What things are worth: a value for each base asset that wanders, jumps on news and is known to
// some before others. Whole numbers throughout.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/random.h"

namespace marktwacht::sim {

class Values {
 public:
  // `first` in ticks, one for each base asset.
  Values(const std::vector<std::int32_t>& first, Time start, std::uint64_t seed);

  // In 2^-16 ticks. Moves up to `now`, which never goes back.
  std::int64_t fine(std::uint32_t base, Time now);
  std::int32_t ticks(std::uint32_t base, Time now) {
    return static_cast<std::int32_t>(fine(base, now) >> 16);
  }
  // News: the value jumps by so many hundredths of a percent, and people get busy.
  void shock(std::uint32_t base, std::int64_t basis_points, Time now);
  // The value gives way by so many ticks, and nobody gets excited.
  void nudge(std::uint32_t base, std::int64_t ticks, Time now);
  // Its index cannot be trusted until then.
  void disturb(std::uint32_t base, Time until) { values_[base].disturbed = until; }
  bool disturbed(std::uint32_t base, Time now) const { return now < values_[base].disturbed; }
  // How busy people are, 256 in quiet times; falls by half in five minutes after a shock.
  std::int64_t heat(std::uint32_t base, Time now);

 private:
  struct Value {
    std::int64_t fine = 0;
    std::int64_t first = 0;
    std::int64_t common = 0;  // of the common wandering, as far as it is in
    std::int64_t heat = 0;    // beyond 256, at `heated`
    Time heated;
    Time disturbed{};
    Time at;
    Random random;
    std::uint32_t sigma = 0;
  };
  std::int64_t common(Time now);

  std::vector<Value> values_;
  Random random_;
  Time common_at_;
  std::int64_t common_ = 0;
};

}  // namespace marktwacht::sim
