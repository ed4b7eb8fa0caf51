// The lines of a story turned into events: times, days, rounds that repeat.
#pragma once

#include <string>
#include <vector>

#include "app/scenario_lines.h"
#include "app/scenario_text.h"

namespace marktwacht {

// Whether a line begins with its time: "10:00:00.5 …" or "+10ms …".
bool is_timed(std::string_view line);

// One use: one story.
class StoryReader {
 public:
  // Fills rulebooks, sets and events of `into`; adds to `errors`.
  StoryReader(ScenarioCase& into, std::vector<ScenarioPart>& errors)
      : into_(into), errors_(errors) {}
  void read(const std::vector<ScenarioPart>& story);

 private:
  struct Repeat {
    int line = 0;
    std::int64_t rounds = 0;
    Duration every;
    Time start;
    std::vector<ScenarioPart> body;
  };
  struct TimedEvent {
    Time at;
    ScenarioPart event;
  };

  void take(const ScenarioPart& line);
  bool take_setting(const ScenarioPart& line);
  void take_set(const ScenarioPart& line, std::string_view rest);
  void open_repeat(int line, std::string_view rest);
  void close_repeat();
  void add_event(int line, std::string_view text, std::vector<TimedEvent>& out);
  // Takes the time off the front of `text` and moves `now_` there; false: an error was added.
  bool move_clock(int line, std::string_view& text);
  void fail(int line, std::string what) { errors_.push_back({line, std::move(what)}); }

  ScenarioCase& into_;
  std::vector<ScenarioPart>& errors_;
  ScenarioLines lines_;
  std::string date_ = "2026-01-05";
  Time now_ = *parse_rfc3339("2026-01-05T00:00:00Z");  // of the line before
  std::optional<Repeat> repeat_;
};

}  // namespace marktwacht
