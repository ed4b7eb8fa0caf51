// One sum for each thing that the rule names.
#include "detectors/beyond_chance_twin.h"

#include <algorithm>

namespace marktwacht {

TwinChance chance_twin(std::span<const TwinTrade> trades, std::span<const AccountIndex> set) {
  const auto of_set = [&](AccountIndex account) {
    return std::ranges::find(set, account) != set.end();
  };
  const auto sum = [&](auto&& counts) {
    Int128 total = 0;
    for (const TwinTrade& trade : trades) {
      total += counts(trade) ? trade.quantity : 0;
    }
    return total;
  };
  const auto inside = [&](const TwinTrade& trade) {
    return of_set(trade.buyer) && of_set(trade.seller);
  };
  TwinChance chance;
  chance.volume = sum([](const TwinTrade&) { return true; });
  chance.outside = sum([&](const TwinTrade& trade) { return !inside(trade); });
  for (const AccountIndex own : set) {
    const Int128 bought = sum([&](const TwinTrade& trade) { return trade.buyer == own; });
    const Int128 sold = sum([&](const TwinTrade& trade) { return trade.seller == own; });
    for (const AccountIndex other : set) {
      if (other == own) {
        continue;
      }
      chance.expected_times_outside += bought * sum([&](const TwinTrade& trade) {
                                         return trade.seller == other && !inside(trade);
                                       });
      chance.expected_times_outside += sold * sum([&](const TwinTrade& trade) {
                                         return trade.buyer == other && !inside(trade);
                                       });
    }
    const auto made_by = [&](const TwinTrade& trade) {
      return (trade.buyer_made ? trade.buyer : trade.seller) == own;
    };
    const Int128 made_inside =
        sum([&](const TwinTrade& trade) { return made_by(trade) && inside(trade); });
    const Int128 made_bought = sum([&](const TwinTrade& trade) {
      return made_by(trade) && !inside(trade) && trade.buyer == own;
    });
    const Int128 made_sold = sum([&](const TwinTrade& trade) {
      return made_by(trade) && !inside(trade) && trade.seller == own;
    });
    chance.observed += std::max(Int128{0}, made_inside - 2 * std::min(made_bought, made_sold));
  }
  return chance;
}

}  // namespace marktwacht
