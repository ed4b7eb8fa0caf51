// The clock of the machine: for commands, and for the service's edges.
#pragma once

#include <chrono>

#include "base/time.h"

namespace marktwacht {

inline Time wall_clock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

}  // namespace marktwacht
