// Pairs among the links in force: each stands in a chain of either account.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/free_places.h"
#include "links/declarations.h"

namespace marktwacht {

std::uint32_t Declarations::find_pair(AccountIndex a, AccountIndex b) const {
  return pair_table_.find({a.value, b.value});
}

void Declarations::join_pair(AccountIndex a, AccountIndex b) {
  check(a < b && !has_pair(a, b), "a pair in order that is not in force");
  row_of(b);
  const std::uint32_t number = take_place(pairs_, free_pairs_);
  pairs_[number] = {
      {a, b}, {rows_[a.value].pair_first, rows_[b.value].pair_first}, {none, none}, none};
  for (const AccountIndex account : {a, b}) {
    std::uint32_t& first = rows_[account.value].pair_first;
    if (first != none) {
      pairs_[first].previous[pairs_[first].side(account)] = number;
    }
    first = number;
  }
  pair_table_.insert({a.value, b.value}, number);
}

void Declarations::leave_pair(AccountIndex a, AccountIndex b) {
  const std::uint32_t number = find_pair(a, b);
  check(number != none, "the pair is in force");
  pair_table_.erase({a.value, b.value}, number);
  const Pair& gone = pairs_[number];
  for (const int side : {0, 1}) {
    const AccountIndex account = gone.accounts[side];
    const std::uint32_t next = gone.next[side], previous = gone.previous[side];
    if (next != none) {
      pairs_[next].previous[pairs_[next].side(account)] = previous;
    }
    if (previous != none) {
      pairs_[previous].next[pairs_[previous].side(account)] = next;
    } else {
      rows_[account.value].pair_first = next;
    }
  }
  free_pairs_.push_back(number);
}

void Declarations::save_pairs(ByteWriter& out) const {
  std::vector<std::pair<AccountIndex, AccountIndex>> all;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    const AccountIndex account{i};
    for (std::uint32_t at = rows_[i].pair_first; at != none;
         at = pairs_[at].next[pairs_[at].side(account)]) {
      if (pairs_[at].accounts[0] == account) {
        all.emplace_back(account, pairs_[at].accounts[1]);
      }
    }
  }
  std::ranges::sort(all);
  out.varint(all.size());
  for (const auto& [a, b] : all) {
    out.varint(a.value);
    out.varint(b.value);
  }
}

bool Declarations::load_pairs(ByteReader& in, std::uint32_t accounts) {
  std::pair<std::uint64_t, std::uint64_t> last{0, 0};
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::uint64_t a = in.varint();
    const std::uint64_t b = in.varint();
    if (!in.ok() || a >= b || b >= accounts || std::pair(a, b) <= last) {
      return false;
    }
    last = {a, b};
    join_pair(AccountIndex{static_cast<std::uint32_t>(a)},
              AccountIndex{static_cast<std::uint32_t>(b)});
  }
  return in.ok();
}

}  // namespace marktwacht
