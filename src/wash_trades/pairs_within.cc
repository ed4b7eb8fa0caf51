// Groups trades by their two accounts, whichever of them bought.
#include "wash_trades/pairs_within.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace marktwacht {

PairsWithin::PairsWithin(std::span<const OrderedTrade> trades, const std::vector<bool>& wanted)
    : first_(wanted.size() + 1), asked_for_(wanted.size()) {
  hang(gather(trades, wanted));
}

// Gives the number of partners of each account.
std::vector<std::uint32_t> PairsWithin::gather(std::span<const OrderedTrade> trades,
                                               const std::vector<bool>& wanted) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;  // the two accounts, place
  for (std::uint32_t place = 0; place < trades.size(); ++place) {
    const auto [low, high] = std::minmax(trades[place].buyer, trades[place].seller);
    if (wanted[low] && wanted[high]) {
      keys.emplace_back(std::uint64_t{low} << 32 | high, place);
    }
  }
  std::ranges::sort(keys);
  std::vector<std::uint32_t> partners(wanted.size());
  places_.reserve(keys.size());
  for (std::uint32_t at = 0; at < keys.size(); ++at) {
    if (at == 0 || keys[at].first != keys[at - 1].first) {
      const auto low = static_cast<std::uint32_t>(keys[at].first >> 32);
      const auto high = static_cast<std::uint32_t>(keys[at].first & 0xFFFF'FFFF);
      pairs_.push_back({low, high, at, 0});
      ++partners[low];
      ++partners[high];
    }
    places_.push_back(keys[at].second);
    ++pairs_.back().count;
  }
  return partners;
}

void PairsWithin::hang(const std::vector<std::uint32_t>& partners) {
  for (Pair& pair : pairs_) {
    if (partners[pair.holder] > partners[pair.other]) {
      std::swap(pair.holder, pair.other);
    }
    ++first_[pair.holder + 1];
  }
  for (std::size_t account = 1; account < first_.size(); ++account) {
    first_[account] += first_[account - 1];
  }
  std::ranges::sort(pairs_, {}, [](const Pair& it) { return std::tuple(it.holder, it.begin); });
}

}  // namespace marktwacht
