// The trades of a file in the order in which the wash-trade algorithm looks at them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wash_trades/wash_trades.h"

namespace marktwacht {

// A trade, and its place in the file.
struct OrderedTrade {
  std::int64_t time_s = 0;
  std::uint32_t token = 0;  // numbered anew, by first trade
  std::uint32_t buyer = 0, seller = 0;
  std::uint32_t row = 0;
  Int128 amount = 0;
};

// Without self-trades; by token, then time, buyer, seller, place in the file.
class OrderedTrades {
 public:
  explicit OrderedTrades(std::span<const WashTrade> trades);

  const std::vector<OrderedTrade>& list() const { return list_; }
  std::span<const OrderedTrade> of_token(std::uint32_t token) const {
    return std::span(list_).subspan(first_[token], first_[token + 1] - first_[token]);
  }
  std::uint32_t tokens() const { return static_cast<std::uint32_t>(first_.size()) - 1; }
  std::uint32_t accounts() const { return accounts_; }  // the largest number and one
  std::int64_t first_s() const { return first_s_; }     // 0 when there is no trade
  std::int64_t last_s() const { return last_s_; }

 private:
  void number_tokens(std::vector<OrderedTrade>& by_time, std::uint32_t tokens);
  void group(const std::vector<OrderedTrade>& by_time);

  std::vector<OrderedTrade> list_;
  std::vector<std::size_t> first_;  // of each token, and the end
  std::uint32_t accounts_ = 0;
  std::int64_t first_s_ = 0, last_s_ = 0;
};

}  // namespace marktwacht
