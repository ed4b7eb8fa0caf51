// One line, rewritten in place.
#include "app/progress.h"

#include <unistd.h>

#include <cstdio>

namespace marktwacht {

ProgressLine::ProgressLine()
    : terminal_(::isatty(STDERR_FILENO) != 0), start_(Clock::now()), last_(start_) {}

double ProgressLine::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void ProgressLine::show(std::uint64_t events, const Progress& progress) {
  if (!terminal_) {
    return;
  }
  const auto now = Clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) {
    return;
  }
  last_ = now;
  shown_ = true;
  const double rate = static_cast<double>(events) / seconds();
  std::fprintf(stderr, "\r\033[K%llu events, %.0f events/s",
               static_cast<unsigned long long>(events), rate);
  if (progress.bytes_total > 0) {
    std::fprintf(stderr, ", %.0f %%",
                 100.0 * static_cast<double>(progress.bytes_done) /
                     static_cast<double>(progress.bytes_total));
  }
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (shown_) {
    std::fputs("\r\033[K", stderr);
    shown_ = false;
  }
}

}  // namespace marktwacht
