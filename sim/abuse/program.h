// Programs that flood a market with orders and hardly trade: what the four ratios of clause 2.11
// have in common. They are judged by cycles of ten minutes.
#pragma once

#include "sim/abuse/episode.h"

namespace marktwacht::sim {

class Program : public Episode {
 public:
  Program(Plan plan, std::string_view detector, std::int64_t limit)
      : Episode(std::move(plan)), detector_(detector), limit_(limit) {}

 protected:
  // One order; whether it counts.
  virtual bool send() = 0;
  // When all are sent.
  virtual void finish() {}

  // All orders within one cycle: what happens after its end does not count.
  Script act() override {
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

 private:
  std::string_view detector_;
  std::int64_t limit_;
  std::int64_t counted_ = 0;
};

// Ratios are per account: more accounts would only spread them.
inline constexpr Episodes program_episodes{
    .per_million = 1, .split_accounts = 0, .lasts = {1'210 * second.ns}, .own_events = 10'000};

}  // namespace marktwacht::sim
