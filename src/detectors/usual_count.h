// How often something happens: in the last day, by spans of ten minutes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "base/time.h"
#include "detectors/param.h"

namespace marktwacht {

// A record to be saved as it stands; all zeros is an empty one. Times never go back.
struct UsualCount {
  static constexpr std::int64_t kept = 144, needed = 6;
  static constexpr Duration span{600 * second.ns};

  std::int64_t counts[kept] = {};    // by the number of the span, modulo `kept`
  std::int64_t first = 0, last = 0;  // spans, by their number; first: the very first
  std::int64_t all = 0;

  void add(Time now) {
    pass(now);
    ++all;
    ++counts[last % kept];
  }
  // The mean of the spans that have ended, in ten-thousandths, of at least one in all of them; 0
  // while fewer than `needed` have.
  std::int64_t usual(Time now) {
    if (all == 0) {
      return 0;
    }
    pass(now);
    const std::int64_t ended = std::min(last - first, kept - 1);
    std::int64_t sum = 0;
    for (std::int64_t back = 1; back <= ended; ++back) {
      sum += counts[(last - back) % kept];
    }
    return ended < needed ? 0 : std::max<std::int64_t>(sum, 1) * Param::one / ended;
  }
  bool sound() const {
    return 0 <= first && first <= last && all >= 0 &&
           std::all_of(counts, std::end(counts), [](std::int64_t count) { return count >= 0; });
  }

 private:
  void pass(Time now) {
    const std::int64_t present = now.ns / span.ns;
    if (all == 0) {
      first = last = present;
    } else if (present - last >= kept) {
      std::fill(counts, std::end(counts), 0);
      last = present;
    }
    for (; last < present; ++last) {
      counts[(last + 1) % kept] = 0;
    }
  }
};

}  // namespace marktwacht
