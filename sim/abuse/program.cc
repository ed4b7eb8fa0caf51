// The course of a program that floods: see program.h.
#include "sim/abuse/program.h"

namespace marktwacht::sim {

Script Program::act() {
  constexpr std::int64_t cycle_ns = 600 * second.ns;
  const std::int64_t orders =
      is(Manner::skirting) ? limit_ * 97 / 100 : limit_ * by_severity(102, 125) / 100;
  co_await sleep(Duration{cycle_ns - now().ns % cycle_ns + random().between(1, 5) * second.ns});
  begin();
  const std::int64_t apart_ns = 560 * second.ns / orders;
  const Time end{(now().ns / cycle_ns + 1) * cycle_ns};
  while (counted_ < orders && now() < end) {
    counted_ += open_market() && send() ? 1 : 0;
    if (counted_ >= limit_ && now() < end) {
      succeed("2.11", detector_);
    }
    co_await sleep(Duration{random().between(apart_ns / 2000, apart_ns * 3 / 2000) * 1000});
  }
  finish();
}

}  // namespace marktwacht::sim
