// Weighing pairs, and which pairs an act may have changed. Pairs are only ever enumerated at values
// below their cut, and of weak evidence only those that strong evidence joins already: the others
// cannot become edges.
#include <algorithm>
#include <limits>
#include <tuple>

#include "base/check.h"
#include "links/evidence.h"

namespace marktwacht {
std::uint8_t Weighed::kinds() const {
  unsigned kinds = 0;
  for (std::size_t i = 0; i < heaviest.size(); ++i) {
    kinds |= heaviest[i] != 0 ? 1U << i : 0U;
  }
  return static_cast<std::uint8_t>(kinds);
}

// --- weights

// Those who received by the transaction for those who sent, and the other way round.
std::uint32_t EvidenceStore::partner(const Value& value) const {
  return find_value(
      value.what() == SharedKind::tx_sent ? SharedKind::tx_received : SharedKind::tx_sent,
      value.text());
}

// How many accounts share the value. A transaction with several accounts on one side says of no two
// that one paid the other; a transfer says the less, the more counterparties either has.
std::uint32_t EvidenceStore::degree_of(const Value& value) const {
  if (is_tx(value.what())) {
    const std::uint32_t other = partner(value);
    return other == none || value.degree == 0 ? 0
                                              : 2 * std::max(value.degree, values_[other].degree);
  }
  const bool transfers =
      value.what() == SharedKind::transfer || value.what() == SharedKind::returned;
  if (!transfers || value.degree < 2) {
    return value.degree;
  }
  std::uint32_t most = 0;
  for (std::uint32_t at = value.first; at != none; at = pieces_[at].value_next) {
    const Row& row = rows_[pieces_[at].account.value];
    most = std::max(most, row.links_nobody == 1 ? std::numeric_limits<std::uint32_t>::max() - 1
                                                : row.counterparties);
  }
  return most + 1;
}

std::int32_t EvidenceStore::weight_of(const Value& value) const {
  return table_.of(value.what()).weight(degree_of(value));
}

Time EvidenceStore::opened(AccountIndex account) const {
  const auto found = opened_.find(account.value);
  return found == opened_.end() ? Time{} : found->second;
}

bool EvidenceStore::in_one_burst(AccountPair pair) const {
  const std::int64_t a = opened(pair.a).ns, b = opened(pair.b).ns;
  return std::max(a, b) - std::min(a, b) <= table_.referral_burst.ns;
}

template <class Visitor>
void EvidenceStore::visit_shared(AccountPair pair, Visitor&& visitor) const {
  if (pair.b.value >= rows_.size()) {
    return;
  }
  const bool a_has_fewer = rows_[pair.a.value].pieces < rows_[pair.b.value].pieces;
  const AccountIndex fewer = a_has_fewer ? pair.a : pair.b;
  const AccountIndex other = a_has_fewer ? pair.b : pair.a;
  visit_pieces(fewer, [&](std::uint32_t at) {
    const Piece& piece = pieces_[at];
    const Value& value = values_[piece.value];
    const std::int32_t weight = weight_of(value);
    if (weight == 0 || (value.what() == SharedKind::referrer && !in_one_burst(pair))) {
      return;
    }
    const std::uint32_t met = find_piece(is_tx(value.what()) ? partner(value) : piece.value, other);
    if (met != none) {
      visitor(Both{piece.value, degree_of(value), weight, at, met});
    }
  });
}

Weighed EvidenceStore::weigh(AccountPair pair) const {
  Weighed weighed;
  visit_shared(pair, [&](const Both& both) {
    const EvidenceKind kind = kind_of(values_[both.value].what());
    std::int32_t& heaviest = weighed.heaviest[static_cast<std::size_t>(kind)];
    heaviest = std::max(heaviest, both.weight);
  });
  weighed.sum = table_.prior;
  for (const std::int32_t heaviest : weighed.heaviest) {
    weighed.sum += heaviest;
  }
  return weighed;
}

std::vector<SharedValue> EvidenceStore::shared(AccountPair pair) const {
  std::vector<SharedValue> all;
  visit_shared(pair, [&](const Both& both) {
    const Value& value = values_[both.value];
    all.push_back({value.what(), value.text(), both.degree, both.weight});
  });
  const auto key = [](const SharedValue& value) {
    return std::tuple(-value.weight, value.what, value.value);
  };
  std::ranges::sort(all, {}, key);
  return all;
}

void EvidenceStore::keep(AccountPair pair) {
  std::vector<std::uint32_t> kept;
  visit_shared(pair,
               [&](const Both& both) { kept.insert(kept.end(), {both.piece, both.other_piece}); });
  for (const std::uint32_t piece : kept) {
    dequeue(piece);
  }
}

std::vector<SharedValue> EvidenceStore::used(SharedKind what, AccountIndex account) const {
  std::vector<SharedValue> values;
  visit_pieces(account, [&](std::uint32_t at) {
    const Piece& piece = pieces_[at];
    const Value& value = values_[piece.value];
    if (value.what() == what) {
      values.push_back({what, value.text(), value.degree, weight_of(value)});
    }
  });
  std::ranges::sort(values, {}, &SharedValue::value);
  return values;
}

std::vector<AccountIndex> EvidenceStore::neighbours(AccountIndex account) const {
  std::vector<AccountIndex> all;
  visit_pieces(account, [&](std::uint32_t at) {
    const Piece& piece = pieces_[at];
    const Value& value = values_[piece.value];
    if (weight_of(value) == 0) {
      return;
    }
    visit_members(is_tx(value.what()) ? partner(value) : piece.value, [&](AccountIndex other) {
      if (other != account &&
          (value.what() != SharedKind::referrer || in_one_burst(AccountPair::of(account, other)))) {
        all.push_back(other);
      }
    });
  });
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// --- who may have been changed

std::vector<AccountPair> EvidenceStore::take_touched() {
  std::ranges::sort(touched_);
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  return std::exchange(touched_, {});
}

void EvidenceStore::touch(AccountIndex x, AccountIndex y) {
  if (x != y) {
    touched_.push_back(AccountPair::of(x, y));
  }
}

void EvidenceStore::touch_each(AccountIndex account, std::uint32_t value) {
  visit_members(value, [&](AccountIndex other) { touch(account, other); });
}

// All pairs of those who use the value, and of one who may have left it.
void EvidenceStore::touch_all(std::uint32_t value, AccountIndex also) {
  visit_members(value, [&](AccountIndex account) { touch_each(account, value); });
  touch_each(also, value);
}

// All pairs across a transaction, unless it had too many on one side before as well.
void EvidenceStore::touch_across(std::uint32_t value, AccountIndex also) {
  const std::uint32_t other = partner(values_[value]);
  const std::uint32_t cut = table_.of(values_[value].what()).degree_cut;
  if (other != none && 2 * std::max(values_[value].degree, values_[other].degree) <= cut + 2) {
    visit_members(value, [&](AccountIndex account) { touch_each(account, other); });
    touch_each(also, other);
  }
}

// The number of its counterparties counts in each of its transfers.
void EvidenceStore::touch_transfers(AccountIndex account) {
  if (rows_[account.value].counterparties <= table_.of(SharedKind::transfer).degree_cut) {
    visit_strong(account, [&](std::uint32_t at) {
      const Piece& piece = pieces_[at];
      if (values_[piece.value].what() == SharedKind::transfer) {
        touch_each(account, piece.value);
      }
    });
  }
}

// All with whom strong evidence joins the account.
void EvidenceStore::touch_strong(AccountIndex account) {
  if (account.value >= rows_.size() || rows_[account.value].joined == 0) {
    return;
  }
  visit_strong(account, [&](std::uint32_t at) {
    const Piece& piece = pieces_[at];
    const Value& value = values_[piece.value];
    if (weight_of(value) != 0) {
      touch_each(account, is_tx(value.what()) ? partner(value) : piece.value);
    }
  });
}

// The account came to use the value, or left it.
void EvidenceStore::changed(std::uint32_t number, AccountIndex account,
                            std::uint32_t degree_before) {
  const Value& value = values_[number];
  if (is_tx(value.what())) {
    return touch_across(number, account);
  }
  if (value.what() == SharedKind::transfer) {
    touch(account_in(value.text()), account_in(value.text().substr(4)));
    return touch_transfers(account);
  }
  const SharedWeights& weights = table_.of(value.what());
  const std::int32_t before = weights.weight(degree_before), now = weights.weight(value.degree);
  if (before == 0 && now == 0) {
    return;
  }
  if (strong(kind_of(value.what()))) {
    return before == now ? touch_each(account, number) : touch_all(number, account);
  }
  touch_strong(account);
  if (before != now) {
    visit_members(number, [&](AccountIndex other) { touch_strong(other); });
  }
}

// --- another table

// Weak evidence makes no link without strong evidence.
void EvidenceStore::touch_linkable() {
  value_table_.visit([&](std::uint32_t number) {
    const Value& value = values_[number];
    if (!is_strong(number) || weight_of(value) == 0) {
      return;
    }
    const std::uint32_t across = is_tx(value.what()) ? partner(value) : number;
    visit_members(number, [&](AccountIndex account) { touch_each(account, across); });
  });
}

void EvidenceStore::set_table(const LinkTable& table, Time now) {
  touch_linkable();
  table_ = table;
  touch_linkable();
  due_known_ = false;
  for (Row& row : rows_) {
    row.usual_until = 0;
  }
  const std::map<StarKey, Time> before = std::exchange(stars_, {});
  const auto keep = [&](SharedKind what, std::uint32_t number, std::uint32_t degree) {
    if (may_be_star(what) && degree > table_.of(what).degree_cut) {
      const auto known = before.find({what, number});
      stars_.try_emplace({what, number}, known == before.end() ? now : known->second);
    }
  };
  value_table_.visit([&](std::uint32_t number) {
    const Value& value = values_[number];
    if (value.what() != SharedKind::transfer) {
      keep(value.what(), number, value.degree);
    }
  });
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    keep(SharedKind::transfer, i, rows_[i].counterparties + 1);
  }
}

// --- stars

// What nobody could use as a subject is none: what a browser calls itself, a batch of payments.
bool EvidenceStore::may_be_star(SharedKind what) {
  const bool between_two = what == SharedKind::returned || what == SharedKind::lockstep;
  return what != SharedKind::user_agent && !between_two && !is_tx(what);
}

void EvidenceStore::note_star(SharedKind what, std::uint32_t number, std::uint32_t degree,
                              Time now) {
  if (!may_be_star(what)) {
    return;
  }
  const std::uint32_t cut = table_.of(what).degree_cut;
  if (degree == cut + 1) {
    stars_.try_emplace({what, number}, now);
  } else if (degree == cut) {
    stars_.erase({what, number});
  }
}

// Adds the star of this key, where there is one.
void EvidenceStore::add_star(StarKey key, std::vector<SharedStar>& all) const {
  const auto star = stars_.find(key);
  if (star == stars_.end()) {
    return;
  }
  const auto [what, number] = key;
  if (what == SharedKind::transfer) {
    all.push_back(
        {what, bytes_of(AccountIndex{number}), rows_[number].counterparties + 1, star->second});
  } else {
    all.push_back(
        {what, std::string(values_[number].text()), values_[number].degree, star->second});
  }
}

void EvidenceStore::put_in_order(std::vector<SharedStar>& all) {
  const auto key = [](const SharedStar& star) {
    return std::pair(star.what, std::string_view(star.value));
  };
  std::ranges::sort(all, {}, key);
  const auto repeated = std::ranges::unique(all, {}, key);
  all.erase(repeated.begin(), repeated.end());
}

std::vector<SharedStar> EvidenceStore::stars() const {
  std::vector<SharedStar> all;
  for (const auto& [key, since] : stars_) {
    add_star(key, all);
  }
  put_in_order(all);
  return all;
}

std::vector<SharedStar> EvidenceStore::stars_of(AccountIndex account) const {
  std::vector<SharedStar> all;
  visit_pieces(account, [&](std::uint32_t at) {
    const Piece& piece = pieces_[at];
    const Value& value = values_[piece.value];
    if (value.what() == SharedKind::transfer) {
      add_star({value.what(), account_in(value.text()).value}, all);
      add_star({value.what(), account_in(value.text().substr(4)).value}, all);
    } else {
      add_star({value.what(), piece.value}, all);
    }
  });
  put_in_order(all);
  return all;
}

std::vector<AccountIndex> EvidenceStore::star_accounts(const SharedStar& star) const {
  std::vector<AccountIndex> all;
  const auto add = [&](AccountIndex account) { all.push_back(account); };
  if (star.what == SharedKind::transfer) {
    visit_strong(account_in(star.value), [&](std::uint32_t at) {
      const Piece& piece = pieces_[at];
      if (values_[piece.value].what() == SharedKind::transfer) {
        visit_members(piece.value, add);
      }
    });
  } else if (const std::uint32_t value = find_value(star.what, star.value); value != none) {
    visit_members(value, add);
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace marktwacht
