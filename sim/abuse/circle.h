// Crews whose members trade with one another: what self-trades, wash trades, circles and fee farms
// have in common. Each trade also counts for the rules on self-trades and on matched orders.
#pragma once

#include <vector>

#include "sim/abuse/episode.h"

namespace marktwacht::sim {

class Circle : public Episode {
 public:
  using Episode::Episode;

 protected:
  // `seller` sells to `buyer`; false where there is no room between the best prices.
  bool trade(std::uint32_t seller, std::uint32_t buyer, std::int64_t lots);
  std::int64_t trades() const { return trades_; }
  // What they were worth, in whole units of the quote asset.
  std::int64_t worth() const { return worth_; }

 private:
  std::int64_t trades_ = 0, worth_ = 0;
};

}  // namespace marktwacht::sim
