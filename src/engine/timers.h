// What is due when: event time's alarm clock.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <tuple>

#include "base/bytes.h"
#include "base/time.h"

namespace marktwacht {

// Stored in snapshots: never renumber. Of timers due at one time the lower kind runs first.
enum class TimerKind : std::uint8_t {
  day_start = 1,      // key: the day's number
  exemption_end = 2,  // key: account and instrument
};

struct DueTimer {
  Time due;
  TimerKind kind{};
  std::uint64_t key = 0;

  auto operator<=>(const DueTimer&) const = default;
};

// Fires in a fixed order: due time, then kind, then key. Setting the same timer twice is one.
class Timers {
 public:
  void set(const DueTimer& timer) { timers_.insert(timer); }
  void clear(const DueTimer& timer) { timers_.erase(timer); }
  std::size_t size() const { return timers_.size(); }

  Time next_due() const { return timers_.empty() ? never : timers_.begin()->due; }
  // Takes the first that is due at or before `now`.
  std::optional<DueTimer> take_due(Time now) {
    if (timers_.empty() || timers_.begin()->due > now) {
      return std::nullopt;
    }
    return timers_.extract(timers_.begin()).value();
  }

  void save(ByteWriter& out) const {
    out.varint(timers_.size());
    for (const DueTimer& timer : timers_) {
      out.zigzag(timer.due.ns);
      out.byte(static_cast<std::uint8_t>(timer.kind));
      out.fixed(timer.key);
    }
  }
  bool load(ByteReader& in) {
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
      DueTimer timer;
      timer.due.ns = in.zigzag();
      timer.kind = static_cast<TimerKind>(in.byte());
      timer.key = in.fixed<std::uint64_t>();
      timers_.insert(timer);
    }
    return in.ok();
  }

 private:
  std::set<DueTimer> timers_;
};

}  // namespace marktwacht
