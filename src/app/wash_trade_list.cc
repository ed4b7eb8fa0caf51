// Accounts are numbered by name, amounts counted in one unit for each token.
#include "app/wash_trade_list.h"

#include <algorithm>

namespace marktwacht {
namespace {

// A name by its first bytes behind what all names begin with: sorting seldom looks at the text.
struct NameKey {
  UInt128 front = 0;
  AccountIndex account;
};

std::size_t common_prefix(const Names<AccountIndex>& names) {
  const std::string& first = names.text(AccountIndex{0});
  std::size_t length = first.size();
  for (std::uint32_t at = 1; at < names.size(); ++at) {
    const std::string& text = names.text(AccountIndex{at});
    length = std::min(length, text.size());
    while (text.compare(0, length, first, 0, length) != 0) {
      --length;
    }
  }
  return length;
}

UInt128 front_of(const std::string& text, std::size_t from) {
  UInt128 front = 0;
  for (std::size_t at = from; at < from + sizeof front; ++at) {
    front = front << 8 | (at < text.size() ? static_cast<unsigned char>(text[at]) : 0);
  }
  return front;
}

// The place of each account in the order of the names' bytes.
std::vector<std::uint32_t> ranks_of(const Names<AccountIndex>& names) {
  std::vector<NameKey> keys;
  keys.reserve(names.size());
  const std::size_t common = names.size() == 0 ? 0 : common_prefix(names);
  for (std::uint32_t at = 0; at < names.size(); ++at) {
    keys.push_back({front_of(names.text(AccountIndex{at}), common), AccountIndex{at}});
  }
  std::ranges::sort(keys, [&](const NameKey& a, const NameKey& b) {
    return a.front != b.front ? a.front < b.front : names.text(a.account) < names.text(b.account);
  });
  std::vector<std::uint32_t> ranks(names.size());
  for (std::uint32_t rank = 0; rank < keys.size(); ++rank) {
    ranks[keys[rank].account.value] = rank;
  }
  return ranks;
}

}  // namespace

void WashTradeList::add(const NamedTrade& trade) {
  rows_.push_back({trade.ts.ns / second.ns, tokens_.intern(trade.token),
                   accounts_.intern(trade.buyer), accounts_.intern(trade.seller), trade.amount});
  ids_ += trade.trade_id;
  id_ends_.push_back(ids_.size());
}

// The most digits behind the point that an amount of each token has.
std::vector<int> WashTradeList::places_of_tokens() const {
  std::vector<int> places(tokens_.size());
  for (const Row& row : rows_) {
    places[row.token.value] = std::max(places[row.token.value], row.amount.places());
  }
  return places;
}

std::expected<std::vector<WashTrade>, std::string> WashTradeList::trades() const {
  const std::vector<std::uint32_t> ranks = ranks_of(accounts_);
  const std::vector<int> places = places_of_tokens();
  std::vector<Int128> totals(tokens_.size());
  std::vector<WashTrade> trades;
  trades.reserve(rows_.size());
  for (const Row& row : rows_) {
    const std::uint32_t token = row.token.value;
    const auto amount = scaled_int128(row.amount, places[token]);
    const auto total = amount ? marktwacht::add(totals[token], *amount) : std::nullopt;
    if (!total) {
      return std::unexpected("the amounts of " + tokens_.text(row.token) + ", with " +
                             std::to_string(places[token]) +
                             " digits behind the point, do not add up within 128 bits");
    }
    totals[token] = *total;
    trades.push_back({row.time_s, token, ranks[row.buyer.value], ranks[row.seller.value], *amount});
  }
  return trades;
}

}  // namespace marktwacht
