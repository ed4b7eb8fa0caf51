// The trades that have both their accounts in a set, found without looking at any others' partners.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wash_trades/ordered_trades.h"

namespace marktwacht {

// Each pair of accounts that trade hangs at the one of the two that trades with fewer others, so
// that no account holds more than sqrt(2 × pairs): a set is asked for what hangs at its members,
// and costs no more where a market maker is one of them. Not for threads.
class PairsWithin {
 public:
  // Only trades between accounts for which `wanted` is set.
  PairsWithin(std::span<const OrderedTrade> trades, const std::vector<bool>& wanted);

  // Calls `take` with the places of the trades of each pair of `accounts`.
  template <class Take>
  void each(std::span<const std::uint32_t> accounts, Take&& take) {
    ++asked_;
    for (const std::uint32_t account : accounts) {
      asked_for_[account] = asked_;
    }
    for (const std::uint32_t account : accounts) {
      for (std::size_t at = first_[account]; at < first_[account + 1]; ++at) {
        const Pair& pair = pairs_[at];
        if (asked_for_[pair.other] == asked_) {
          take(std::span(places_).subspan(pair.begin, pair.count));
        }
      }
    }
  }

 private:
  struct Pair {
    std::uint32_t holder, other;
    std::uint32_t begin, count;  // in places_
  };

  std::vector<std::uint32_t> gather(std::span<const OrderedTrade> trades,
                                    const std::vector<bool>& wanted);
  void hang(const std::vector<std::uint32_t>& partners);

  std::vector<Pair> pairs_;            // by holder
  std::vector<std::size_t> first_;     // of each holder, and the end
  std::vector<std::uint32_t> places_;  // in `trades`; they ascend within a pair
  std::vector<std::uint64_t> asked_for_;
  std::uint64_t asked_ = 0;
};

}  // namespace marktwacht
