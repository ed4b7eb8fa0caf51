// Our own mistakes: `check()` stops the process; a restart replays the journal.
#pragma once

#include <source_location>

namespace marktwacht {

[[noreturn]] void check_failed(const char* claim, const std::source_location& where);

// Stops the process when `claim` is false. For our bugs only, never for input or the world.
inline void check(bool holds, const char* claim,
                  const std::source_location& where = std::source_location::current()) {
  if (!holds) [[unlikely]] {
    check_failed(claim, where);
  }
}

}  // namespace marktwacht
