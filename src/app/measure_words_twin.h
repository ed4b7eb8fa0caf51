// Test support: the words of a story of enforcement.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "measures/command.h"
#include "measures/measure.h"

namespace marktwacht {

// Words of a line, taken from the front. What stands in quotes is one word; `a, b` is one too.
class StoryWords {
 public:
  explicit StoryWords(std::string_view line);

  bool empty() const { return words_.empty(); }
  std::string next();
  const std::string& peek() const { return words_.empty() ? none_ : words_.front(); }
  bool accept(std::string_view word);
  // All that is left, as it may be compared.
  std::string rest();

 private:
  std::deque<std::string> words_;
  std::string none_;
};

std::vector<std::string> story_list(std::string_view list);  // "a, b" or "a,b"
std::optional<Duration> story_span(std::string_view text);   // also "5d"
std::string story_span(Duration span);
// "09:00", "09:00:30" of `today`; "2026-01-06T09:00"; "+5m" after `now`.
std::optional<Time> story_time(std::string_view text, Time today, Time now);

// "freeze_account 24h for g-ann": what `story_plan` reads back.
std::string story_text(const MeasurePlan& plan);
// "close_positions ann (sell 2 BTC-PERP)".
std::string story_text(const ExchangeCommand& command);

// What a line says of a measure, as a decision's JSON; `about` gets what stands behind "about".
std::string story_plan(StoryWords& words, Time today, Time now, std::string& about);

}  // namespace marktwacht
