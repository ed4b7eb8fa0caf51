// The clocks of the benchmarks.
#pragma once

#include <cstdint>
#include <ctime>

namespace marktwacht::bench {

// Starts when made. Counts either what passes on the wall, or what this thread gets of a processor:
// the fair one for what neither waits nor writes, on a machine that others use too.
class Stopwatch {
 public:
  enum class Clock : clockid_t { wall = CLOCK_MONOTONIC, processor = CLOCK_THREAD_CPUTIME_ID };

  explicit Stopwatch(Clock clock) : clock_(clock), start_(now()) {}
  std::int64_t ns() const { return now() - start_; }

 private:
  std::int64_t now() const {
    timespec time{};
    clock_gettime(static_cast<clockid_t>(clock_), &time);  // tidy: a benchmark measures time
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
  }

  Clock clock_;
  std::int64_t start_;
};

// Keeps the compiler from leaving out what led to `value`.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

}  // namespace marktwacht::bench
