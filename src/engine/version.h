// Which engine this is: the same events give the same alerts under the same number.
#pragma once

#include <cstdint>

namespace marktwacht {

// Raised by one with every change after which the same events may make other alerts, other
// baselines or another state hash; version_test.cc notices. Stored in each segment of a journal.
inline constexpr std::uint32_t engine_version = 1;

}  // namespace marktwacht
