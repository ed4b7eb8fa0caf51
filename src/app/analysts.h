// People who work on the alerts of a simulated stream, and the exchange that obeys them: their
// decisions, appeals, reports and the results of commands join it. sim/README.md, "Analysts".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "events/ndjson.h"
#include "sim/exchange.h"
#include "sim/random.h"
#include "sim/tape.h"

namespace marktwacht {

// Stands before another sink. It runs an engine with the default rulebook and policy over what
// passes, so that alerts, cases and measures have the ids that `run` gives them. Same seed and
// stream, same decisions.
class Analysts : public sim::Sink {
 public:
  Analysts(std::uint64_t seed, sim::Sink& to);

  void take(const Event& event) override;

  const Engine& engine() const { return engine_; }

 private:
  enum class Work : std::uint8_t {
    assign,
    note,
    suggest,
    close_case,
    look,
    approve,
    lift,
    appeal,
    decide_appeal,
    report
  };
  struct Task {
    Work work{};
    std::uint64_t number = 0;  // of the case or measure
    std::uint32_t times = 0;   // that it was tried before
  };

  void introduce(Time now);
  std::optional<Time> next_due() const;
  void work_off_until(Time now);
  void hand_on(const Event& event);
  void say(std::string line);
  void see(Time now);
  void see_measure(const Measure& measure);
  void do_later(Work work, std::uint64_t number, std::int64_t least_s, std::int64_t most_s,
                std::uint32_t times = 0);
  void do_now(const Task& task);
  void work_on_case(const Task& task, const Case& of);
  void work_on_measure(const Task& task, const Measure& measure);
  void close(const Task& task, const Case& of);
  void look_at(const Measure& measure);
  void approve(const Measure& measure);
  void account_says(std::string_view type, const Measure& measure, std::string_view text);
  void decide(std::string_view user, std::string_view kind, std::string_view reason,
              const std::string& fields);
  void credit_entries(std::string_view command);

  sim::Random random_;
  sim::Sink& to_;
  Engine engine_;
  sim::Exchange exchange_;
  std::multimap<Time, Task> tasks_;  // of one time in the order in which they were made
  std::uint64_t cases_seen_ = 0, measures_seen_ = 0;
  Time now_;
  bool begun_ = false;
  NdjsonReader reader_;
  Batch batch_;
  std::string padded_;
};

}  // namespace marktwacht
