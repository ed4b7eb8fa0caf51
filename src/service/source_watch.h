// Which sources are silent that should not be, and whose numbers are missing. docs/operations.md.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "service/alarms.h"
#include "service/sources.h"

namespace marktwacht {

struct SourceLimits {
  // Beyond it a feed's silence is an alarm; 0: none is.
  Duration silence_max{300 * second.ns};
  // Of single sources, in its place. One named here is missed even if it has never sent anything.
  std::map<std::string, Duration> silence_max_of = {};
  // A gap's alarm ends after so long without another one; 0: none begins.
  Duration gap_alarm{3'600 * second.ns};
};

// What is known of a source now.
struct SourceState {
  std::string source = {};
  SourceFigures figures = {};
  bool watched = false;            // its silence is an alarm, some time
  Duration silence_max{0};         // of one that is watched
  Duration silent{0};              // since it last sent an event, or since the start
  bool is_silent = false;          // for longer than that
  std::uint64_t events_per_s = 0;  // over the last ten looks
};

// Feeds are what tokens send; people and the sender of answers to commands are none. `look` on one
// thread, the rest on any. Asks no clock.
class SourceWatch {
 public:
  // Who sent nothing for so long, and is not named, is not expected any more.
  static constexpr Duration expected{7 * day.ns};

  // `started`: silence is measured from here at the earliest.
  SourceWatch(const SourceLimits& limits, Time started, Alarms& alarms)
      : limits_(limits), started_(started), alarms_(alarms) {}

  // First before anything is taken, then once a second. `now`: wall clock, which may step either
  // way.
  void look(const std::map<std::string, SourceFigures>& sources, Time now);
  // As of the last look, by name.
  std::vector<SourceState> states() const;

 private:
  struct Seen {
    std::deque<std::uint64_t> events;  // at the last looks
    std::uint64_t gaps = 0;
    std::optional<Time> gap_at;  // of the last one that an alarm is about
  };
  SourceState judge(const std::string& source, const SourceFigures& figures, Seen& seen, Time now);
  void watch_silence(SourceState& state, Time now);
  void watch_gaps(const SourceState& state, Seen& seen, Time now);

  const SourceLimits limits_;
  const Time started_;
  Alarms& alarms_;
  std::map<std::string, Seen> seen_;
  bool looked_ = false;
  mutable std::mutex mutex_;
  std::vector<SourceState> states_;
};

}  // namespace marktwacht
