// What an operator must know: each alarm begins, and ends when it is over. docs/operations.md.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "events/words.h"

namespace marktwacht {

// `alert` is what is said of traders; this is said of surveillance itself.
MW_WORDS(AlarmKind,
         source_silent,  // a source sends nothing, for longer than is normal for it
         source_gap,     // numbers of a source are missing
         canary_missed)  // a rule or detector in force does not find what it was made to find

struct Alarm {
  AlarmKind kind{};
  std::string about = {};           // the source; the rule, behind its rulebook
  std::string what = {};            // a sentence
  Time begin_ts = {};               // wall clock
  std::optional<Time> end_ts = {};  // nothing: it goes on
};
// Appends it as one object of JSON.
void write_alarm(const Alarm& alarm, std::string& out);

// Any thread. They are not kept over a restart: what still holds then begins anew.
class Alarms {
 public:
  static constexpr std::size_t ended_max = 50;  // that are remembered
  // Of a beginning and of an end, on the thread that says so.
  using Listener = std::function<void(const Alarm&)>;

  explicit Alarms(Listener listener = {}) : listener_(std::move(listener)) {}

  // Where it is open already, only its sentence changes.
  void begin(AlarmKind kind, const std::string& about, const std::string& what, Time now);
  // Nothing where none is open.
  void end(AlarmKind kind, const std::string& about, Time now);
  bool is_open(AlarmKind kind, const std::string& about) const;

  std::vector<Alarm> open() const;   // by kind, then whom they are about
  std::vector<Alarm> ended() const;  // the newest first

 private:
  Listener listener_;
  mutable std::mutex mutex_;
  std::map<std::pair<AlarmKind, std::string>, Alarm> open_;
  std::deque<Alarm> ended_;
};

}  // namespace marktwacht
