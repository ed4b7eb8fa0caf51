// The canary: each day, and when it is asked for, what is in force is tried on its own scenarios,
// in a process of its own. docs/operations.md, "The canary".
#pragma once

#include <condition_variable>
#include <cstdint>
#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/canary.h"
#include "base/time.h"
#include "service/alarms.h"

namespace marktwacht {

struct CanaryTimes {
  int hour = 4;                          // of the day, UTC; negative: only when asked for
  Duration after_start{60 * second.ns};  // and once so long after the start
};

// As of the last run.
struct CanaryState {
  bool running = false;
  std::optional<Time> ran_ts;  // wall clock, when it ended
  std::vector<CanaryResult> results;
  std::string error = {};  // why there are none

  std::uint64_t count(CanaryOutcome outcome) const;
  bool well() const;  // it ran, and nothing was missed or broken
};

// Any thread. Asks no clock.
class CanaryWatch {
 public:
  // The texts of the rulebooks in force, or why they cannot be had now.
  using InForce = std::function<std::expected<std::vector<std::string>, std::string>()>;
  // Runs the canary over them: lines of `write_canary_result`.
  using Run = std::function<std::expected<std::string, std::string>(
      const std::vector<std::string>& rulebooks)>;
  // Of each run that has ended, on the canary's thread.
  using Listener = std::function<void(const CanaryState&)>;

  struct Parts {
    InForce in_force;
    Run run;
    std::function<Time()> clock;  // wall clock
    Listener listener = {};
  };

  CanaryWatch(const CanaryTimes& times, Time started, Alarms& alarms, Parts parts);
  ~CanaryWatch() { stop(); }
  CanaryWatch(const CanaryWatch&) = delete;
  CanaryWatch& operator=(const CanaryWatch&) = delete;

  // Once a second: begins a run that is due; whether it did.
  bool look(Time now);
  // Begins one. False: one runs already.
  bool ask();
  CanaryState state() const;
  // Waits for the run that is under way.
  void stop();

 private:
  void loop();
  CanaryState run_once();
  void raise(const CanaryState& state);

  const CanaryTimes times_;
  Alarms& alarms_;
  const Parts parts_;
  mutable std::mutex mutex_;
  std::condition_variable comes_;
  Time due_;
  CanaryState state_;
  std::vector<std::string> alarmed_;  // of the canary's thread
  bool asked_ = false, stopping_ = false;
  std::thread thread_;
};

// When the canary runs next: at `hour` behind `now`.
Time next_canary(int hour, Time now);
// This program as `marktwacht canary`, once more.
std::expected<std::string, std::string> run_canary_child(const std::vector<std::string>& rulebooks);

}  // namespace marktwacht
