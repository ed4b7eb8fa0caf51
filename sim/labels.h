// What really happened, as lines for `score` (docs/scoring.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sim/population.h"

namespace marktwacht::sim {

// One abuse, as one detector should find it.
struct LabelFacts {
  std::string_view clause;
  std::string_view detector;
  std::vector<std::uint32_t> accounts{};  // none: any
  std::string_view instrument_id{};       // empty: any
};

class LabelBook {
 public:
  explicit LabelBook(const Population& population) : population_(population) {}

  // Begins a label; it is written with the end that `close` gives, or with the stream's end.
  std::size_t open(LabelFacts facts, Time from);
  void close(std::size_t label, Time to);
  // It came to nothing.
  void drop(std::size_t label);

  // Honest from start to end, but it resembles abuse: told apart from labels (docs/scoring.md).
  void look_alike(std::string_view what, std::vector<std::uint32_t> accounts,
                  std::string_view instrument_id, Time from);

  // As lines of JSON, by start, then in the order of opening.
  std::string lines(Time stream_end) const;

 private:
  struct Entry {
    LabelFacts facts;
    std::string instrument_id;
    Time from, to;
    bool open = true, dropped = false;
    std::string_view look_alike{};  // else a label
  };
  const Population& population_;
  std::vector<Entry> entries_;
};

}  // namespace marktwacht::sim
