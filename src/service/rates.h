// How much came in each second of the last hour.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "base/time.h"

namespace marktwacht {

// Any thread.
class Rates {
 public:
  static constexpr std::size_t kept_max = 3'600;

  struct Second {
    Time ts;  // wall clock
    std::uint64_t events = 0, alerts = 0;
  };

  // Once a second: how many there have been so far.
  void add(Time now, std::uint64_t events_total, std::uint64_t alerts_total) {
    const std::lock_guard lock(mutex_);
    if (begun_) {
      seconds_.push_back({now, events_total - events_, alerts_total - alerts_});
    }
    begun_ = true;
    events_ = events_total;
    alerts_ = alerts_total;
    if (seconds_.size() > kept_max) {
      seconds_.pop_front();
    }
  }
  std::vector<Second> seconds() const {
    const std::lock_guard lock(mutex_);
    return {seconds_.begin(), seconds_.end()};
  }
  // Over the last ten seconds.
  std::uint64_t events_per_s() const {
    constexpr std::size_t looked_at = 10;
    const std::lock_guard lock(mutex_);
    const std::size_t count = seconds_.size() < looked_at ? seconds_.size() : looked_at;
    std::uint64_t sum = 0;
    for (std::size_t at = seconds_.size() - count; at < seconds_.size(); ++at) {
      sum += seconds_[at].events;
    }
    return count == 0 ? 0 : sum / count;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<Second> seconds_;
  std::uint64_t events_ = 0, alerts_ = 0;
  bool begun_ = false;
};

}  // namespace marktwacht
