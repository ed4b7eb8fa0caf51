// The two clocks of the service. Nothing below it reads one.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace marktwacht {

std::int64_t monotonic_ns();
Time wall_time();  // UTC

}  // namespace marktwacht
