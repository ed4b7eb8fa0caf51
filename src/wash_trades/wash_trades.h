// Which trades of a whole file are wash trades: the published batch algorithm. docs/wash-trades.md
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "algorithms/balanced_prefix.h"

namespace marktwacht {

// Tokens and accounts are dense numbers from 0. Accounts are numbered in the order of their names:
// of trades in one second, the order is that of buyer, then seller, then the file.
struct WashTrade {
  std::int64_t time_s = 0;  // since 1970, >= 0
  std::uint32_t token = 0;
  std::uint32_t buyer = 0, seller = 0;
  Int128 amount = 0;  // > 0, in a unit of the token's own; those of a token together fit Int128
};

enum class WashLabel : std::uint8_t {
  not_in_relevant_scc,  // no relevant set of accounts holds both buyer and seller
  checked_not_wash,     // one does, but the trade is in no balanced prefix
  wash,
  self_trade,  // buyer and seller are one account
};

struct WashOptions {
  std::uint64_t occurrence_min = 100;  // of a set, over tokens and layers, to be relevant
  Ratio margin{1, 100};  // largest net change ÷ mean trade; its denominator is 10^9 at most
  std::vector<std::int64_t> windows_s{3'600, 86'400, 604'800};  // one pass each; > 0
};

// Victor & Weintraud, "Detecting and Quantifying Wash Trading on Decentralized Cryptocurrency
// Exchanges" (WWW '21), as their program does it, but in exact numbers. One label for each trade.
// O(T log T) time for T trades, and for each window O(log) for each trade of each relevant set.
std::vector<WashLabel> label_wash_trades(std::span<const WashTrade> trades,
                                         const WashOptions& options);

}  // namespace marktwacht
