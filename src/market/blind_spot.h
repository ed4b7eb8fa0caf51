// What surveillance could not see or had to forget, and when.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace marktwacht {

// No part of the state.
struct BlindSpot {
  std::uint64_t times = 0;
  Time first, last;

  void add(Time now) {
    first = times == 0 ? now : first;
    last = now;
    ++times;
  }
};

}  // namespace marktwacht
