// What of enforcement is due when.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>

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

}  // namespace marktwacht
