// By POSIX, whose clocks count nanoseconds.
#include "service/clocks.h"

#include <time.h>

namespace marktwacht {
namespace {

std::int64_t read(clockid_t clock) {
  timespec at{};
  clock_gettime(clock, &at);
  return std::int64_t{at.tv_sec} * 1'000'000'000 + at.tv_nsec;
}

}  // namespace

std::int64_t monotonic_ns() { return read(CLOCK_MONOTONIC); }
Time wall_time() { return {read(CLOCK_REALTIME)}; }

}  // namespace marktwacht
