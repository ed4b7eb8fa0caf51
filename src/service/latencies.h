// How long something took, counted in powers of two: bounded, and exact enough for percentiles.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/time.h"

namespace marktwacht {

class Latencies {
 public:
  static constexpr std::size_t steps = 40;  // the last: 2^39 ns (9 min) and more

  void add(std::int64_t ns) {
    const auto at = static_cast<std::uint64_t>(ns < 1 ? 1 : ns);
    const auto step = static_cast<std::size_t>(std::bit_width(at) - 1);
    ++counts_[step < steps ? step : steps - 1];
    sum_ns_ += static_cast<std::int64_t>(at);
    ++count_;
  }
  std::uint64_t count() const { return count_; }
  std::int64_t sum_ns() const { return sum_ns_; }
  // How many took less than 2^(step + 1) ns.
  std::uint64_t below(std::size_t step) const {
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at <= step && at < steps; ++at) {
      sum += counts_[at];
    }
    return sum;
  }
  // At least this share of them took no longer; within a factor of two. 0 < share <= 1.
  Duration quantile(double share) const {
    for (std::size_t step = 0; step < steps; ++step) {
      if (static_cast<double>(below(step)) >= share * static_cast<double>(count_)) {
        return Duration{std::int64_t{2} << step};
      }
    }
    return Duration{0};
  }

 private:
  std::array<std::uint64_t, steps> counts_{};
  std::uint64_t count_ = 0;
  std::int64_t sum_ns_ = 0;
};

}  // namespace marktwacht
