// The progress line on standard error, when that is a terminal.
#pragma once

#include <chrono>
#include <cstdint>

#include "edges/adapters/input.h"

namespace marktwacht {

class ProgressLine {
 public:
  ProgressLine();
  // Shows events so far, events/s and the share done; at most ten times a second.
  void show(std::uint64_t events, const Progress& progress);
  // Removes the line.
  void clear();
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_;
  bool shown_ = false;
  Clock::time_point start_, last_;
};

}  // namespace marktwacht
