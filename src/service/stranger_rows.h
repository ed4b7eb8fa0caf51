// How many rows of the audit trail those whom nobody knows may fill: each waits for the disk, and
// all are kept for good.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>

#include "base/time.h"

namespace marktwacht {

class StrangerRows {
 public:
  static constexpr std::uint64_t a_minute_max = 300;

  struct Verdict {
    bool is_listed = false;
    std::uint64_t left_out = 0;  // before this one, and not told yet
  };

  // Any thread.
  Verdict take(Time now) {
    const std::lock_guard lock(mutex_);
    const std::int64_t minute = now.ns / (60 * second.ns);
    listed_ = minute == minute_ ? listed_ : 0;
    minute_ = minute;
    if (listed_ == a_minute_max) {
      ++left_out_;
      return {};
    }
    ++listed_;
    return {.is_listed = true, .left_out = std::exchange(left_out_, 0)};
  }

 private:
  std::mutex mutex_;
  std::int64_t minute_ = 0;
  std::uint64_t listed_ = 0, left_out_ = 0;
};

}  // namespace marktwacht
