// The one clock of the benchmarks.
#pragma once

#include <chrono>
#include <cstdint>

namespace marktwacht::bench {

// Starts when made.
class Stopwatch {
 public:
  Stopwatch() : start_(Clock::now()) {}
  std::int64_t ns() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start_).count();
  }

 private:
  using Clock = std::chrono::steady_clock;  // tidy: a benchmark measures time

  Clock::time_point start_;
};

// Keeps the compiler from leaving out what led to `value`.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

}  // namespace marktwacht::bench
