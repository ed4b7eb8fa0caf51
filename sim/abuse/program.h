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
  Script act() override;

 private:
  std::string_view detector_;
  std::int64_t limit_;
  std::int64_t counted_ = 0;
};

// Ratios are per account: more accounts would only spread them.
inline constexpr Episodes program_episodes{
    .per_million = 1, .split_accounts = 0, .lasts = {1'210 * second.ns}, .own_events = 10'000};

}  // namespace marktwacht::sim
