// Crews whose members trade with one another: what self-trades, wash trades, circles and fee farms
// have in common. Each trade also counts for what is said of self-trades, matched orders and
// circles.
#pragma once

#include <map>
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
  struct Done {
    std::uint32_t seller = 0, buyer = 0;
    std::int64_t lots = 0;
    Time at;
  };
  // How many trades went round, from the buyer of the latest over `holder` and back, about the same
  // quantity each time; 0: it did not go round. `later`: the one by which `holder` passed it on.
  std::int64_t round_over(std::uint32_t holder, std::size_t later, std::int64_t trades) const;

  std::int64_t trades_ = 0, worth_ = 0;
  std::vector<Done> done_;
  std::size_t round_from_ = 0;  // those before are of an earlier round
  std::int64_t in_rounds_ = 0;
  std::map<std::uint32_t, std::int64_t> net_;  // by account
  std::int64_t lots_ = 0, returns_ = 0;        // so often nobody had more or less than at first
};

}  // namespace marktwacht::sim
