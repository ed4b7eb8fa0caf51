// What of enforcement is due when.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/time.h"
#include "measures/restrictions.h"

namespace marktwacht {

// Stored in snapshots: never renumber. Of timers due at one time the lower kind runs first.
enum class EnforcementTimerKind : std::uint8_t {
  expiry = 1,        // of a measure; one nanosecond late, so that a lift at its time goes first
  deadline = 2,      // of require_report, close_by
  reminder = 3,      // of close_by, before its deadline
  human_review = 4,  // of an automatic measure
  ack_deadline = 5,  // of a measure's commands
  retry_job = 6,     // number: the measure; sub: the job's place
  retry_restrictions = 7,  // by subject
};

struct EnforcementTimer {
  Time due;
  EnforcementTimerKind kind{};
  std::uint64_t number = 0, sub = 0;
  GateSubject subject{};

  auto operator<=>(const EnforcementTimer&) const = default;

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.due, self.kind, self.number, self.sub, self.subject);
  }
};

// All of them by time, and each measure's and each subject's own, so that ending one measure does
// not walk over those of all others.
class EnforcementTimers {
 public:
  Time next_due() const { return by_time_.empty() ? never : by_time_.begin()->due; }
  EnforcementTimer take_next() {
    EnforcementTimer timer = by_time_.extract(by_time_.begin()).value();
    forget(timer);
    return timer;
  }
  void set(const EnforcementTimer& timer) {
    if (by_time_.insert(timer).second) {
      by_owner_[owner_of(timer)].insert(timer);
    }
  }
  // Of a measure: all of its timers, or those of one kind.
  void stop(std::uint64_t number) {
    stop_if({number, {}}, [](const EnforcementTimer&) { return true; });
  }
  void stop(std::uint64_t number, EnforcementTimerKind kind) {
    stop_if({number, {}}, [kind](const EnforcementTimer& timer) { return timer.kind == kind; });
  }
  void stop(const GateSubject& subject) {
    stop_if({0, subject}, [](const EnforcementTimer&) { return true; });
  }

  const std::set<EnforcementTimer>& all() const { return by_time_; }

 private:
  using Owner = std::pair<std::uint64_t, GateSubject>;
  static Owner owner_of(const EnforcementTimer& timer) { return {timer.number, timer.subject}; }
  void forget(const EnforcementTimer& timer) {
    const auto own = by_owner_.find(owner_of(timer));
    own->second.erase(timer);
    if (own->second.empty()) {
      by_owner_.erase(own);
    }
  }
  template <class Is>
  void stop_if(const Owner& owner, Is&& is) {
    const auto own = by_owner_.find(owner);
    if (own == by_owner_.end()) {
      return;
    }
    std::erase_if(own->second, [&](const EnforcementTimer& timer) {
      return is(timer) && by_time_.erase(timer) > 0;
    });
    if (own->second.empty()) {
      by_owner_.erase(own);
    }
  }

  std::set<EnforcementTimer> by_time_;
  std::map<Owner, std::set<EnforcementTimer>> by_owner_;  // of the same
};

}  // namespace marktwacht
