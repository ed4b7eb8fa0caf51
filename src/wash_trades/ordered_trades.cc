// Sorted by time once, then dealt out to the tokens.
#include "wash_trades/ordered_trades.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace marktwacht {
namespace {

bool before(const OrderedTrade& a, const OrderedTrade& b) {
  return std::tie(a.time_s, a.buyer, a.seller, a.row) <
         std::tie(b.time_s, b.buyer, b.seller, b.row);
}

}  // namespace

OrderedTrades::OrderedTrades(std::span<const WashTrade> trades) {
  std::vector<OrderedTrade> by_time;
  by_time.reserve(trades.size());
  std::uint32_t tokens = 0;
  for (std::uint32_t row = 0; row < trades.size(); ++row) {
    const WashTrade& trade = trades[row];
    tokens = std::max(tokens, trade.token + 1);
    accounts_ = std::max({accounts_, trade.buyer + 1, trade.seller + 1});
    if (trade.buyer != trade.seller) {
      by_time.push_back({trade.time_s, trade.token, trade.buyer, trade.seller, row, trade.amount});
    }
  }
  if (!std::ranges::is_sorted(by_time, before)) {
    std::ranges::sort(by_time, before);
  }
  if (!by_time.empty()) {
    first_s_ = by_time.front().time_s;
    last_s_ = by_time.back().time_s;
  }
  number_tokens(by_time, tokens);
  group(by_time);
}

// And counts the trades of each.
void OrderedTrades::number_tokens(std::vector<OrderedTrade>& by_time, std::uint32_t tokens) {
  constexpr std::uint32_t unseen = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> numbers(tokens, unseen);
  first_.push_back(0);
  for (OrderedTrade& trade : by_time) {
    std::uint32_t& number = numbers[trade.token];
    if (number == unseen) {
      number = static_cast<std::uint32_t>(first_.size()) - 1;
      first_.push_back(0);
    }
    trade.token = number;
    ++first_[number + 1];
  }
}

void OrderedTrades::group(const std::vector<OrderedTrade>& by_time) {
  for (std::size_t token = 1; token < first_.size(); ++token) {
    first_[token] += first_[token - 1];
  }
  list_.resize(by_time.size());
  std::vector<std::size_t> next = first_;
  for (const OrderedTrade& trade : by_time) {
    list_[next[trade.token]++] = trade;
  }
}

}  // namespace marktwacht
