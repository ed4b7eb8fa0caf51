// Pieces of evidence: made, found, forgotten.
#include "links/evidence.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/prefetch.h"
#include "base/text.h"

namespace marktwacht {
namespace {

// The text of a value that stands for two accounts.
std::string pair_text(AccountPair pair) {
  return EvidenceStore::bytes_of(pair.a) + EvidenceStore::bytes_of(pair.b);
}

}  // namespace

std::string EvidenceStore::bytes_of(AccountIndex account) {
  std::string bytes;
  ByteWriter(bytes).fixed(account.value);
  return bytes;
}

AccountIndex EvidenceStore::account_in(std::string_view bytes) {
  return AccountIndex{ByteReader(bytes).fixed<std::uint32_t>()};
}

// --- records

EvidenceStore::Row& EvidenceStore::row_of(AccountIndex account) {
  check(account.exists(), "the account has an index");
  if (account.value >= rows_.size()) {
    rows_.resize(std::size_t{account.value} + 1);
  }
  return rows_[account.value];
}

EvidenceStore::Hash EvidenceStore::hash_of_value(SharedKind what, std::string_view text) {
  return {hash_of(text) ^ static_cast<std::uint32_t>(what) * 0x9E37'79B9U};
}

std::uint32_t EvidenceStore::find_value(Hash key, SharedKind what, std::string_view text) const {
  return value_table_.find(key, [&](std::uint32_t number) {
    const Value& value = values_[number];
    return value.what() == what && value.text() == text;
  });
}

// Most values are of one account or few: a table of all pieces would be larger than they are.
std::uint32_t EvidenceStore::find_piece(std::uint32_t value, AccountIndex account) const {
  if (values_[value].indexed == 0) {
    std::uint32_t at = values_[value].first;
    while (at != none && pieces_[at].account != account) {
      at = pieces_[at].value_next;
    }
    return at;
  }
  return piece_table_.find(hash_of_piece(value, account), [&](std::uint32_t number) {
    return pieces_[number].value == value && pieces_[number].account == account;
  });
}

// From then on until nobody has it any more.
void EvidenceStore::index_pieces(std::uint32_t value) {
  values_[value].indexed = 1;
  for (std::uint32_t at = values_[value].first; at != none; at = pieces_[at].value_next) {
    piece_table_.insert(hash_of_piece(value, pieces_[at].account), at);
  }
}

std::optional<Time> EvidenceStore::since(SharedKind what, std::string_view value,
                                         AccountIndex account) const {
  const std::uint32_t found = find_value(what, value);
  const std::uint32_t piece = found == none ? none : find_piece(found, account);
  return piece == none ? std::nullopt : std::optional(pieces_[piece].created);
}

std::uint32_t EvidenceStore::degree(SharedKind what, std::string_view value) const {
  const std::uint32_t found = find_value(what, value);
  return found == none ? 0 : values_[found].degree;
}

bool EvidenceStore::is_strong(std::uint32_t value) const {
  return strong(kind_of(values_[value].what()));
}

std::uint32_t EvidenceStore::make_value(SharedKind what, std::string_view text) {
  const std::uint32_t number = values_.make(what, text, none);
  value_table_.insert(hash_of_value(what, text), number);
  return number;
}

std::uint32_t EvidenceStore::new_piece() {
  if (freed_piece_ != none) {
    return std::exchange(freed_piece_, pieces_[freed_piece_].value_next);
  }
  check(pieces_used_ < none - 1, "fewer than 2^32 pieces of evidence");
  pieces_.reserve(std::size_t{pieces_used_} + 1);
  return pieces_used_++;
}

std::uint32_t EvidenceStore::add_piece(std::uint32_t number, AccountIndex account, Time created) {
  Row& row = row_of(account);
  Value& value = values_[number];
  const std::uint32_t at = new_piece();
  std::uint32_t& first = row.first[is_strong(number) ? 1 : 0];
  pieces_[at] = {account, number, value.first, none, first, none, created};
  if (value.first != none) {
    pieces_[value.first].value_previous = at;
  }
  if (first != none) {
    pieces_[first].account_previous = at;
  }
  value.first = first = at;
  ++value.degree;
  ++row.pieces;
  ++pieces_live_;
  row.counterparties += value.what() == SharedKind::transfer ? 1 : 0;
  if (value.indexed != 0) {
    piece_table_.insert(hash_of_piece(number, account), at);
  } else if (value.degree > walked_max) {
    index_pieces(number);
  }
  count_joined(pieces_[at], 1);
  return at;
}

// A piece of strong evidence joins its account to others if they share its value; a transaction is
// shared across two values, so each of its pieces may.
void EvidenceStore::count_joined(const Piece& piece, std::uint32_t by) {
  const Value& value = values_[piece.value];
  if (!strong(kind_of(value.what())) || (value.degree < 2 && !is_tx(value.what()))) {
    return;
  }
  rows_[piece.account.value].joined += by;
  if (value.degree == 2 && !is_tx(value.what())) {
    const std::uint32_t other = pieces_[value.first].account == piece.account
                                    ? pieces_[value.first].value_next
                                    : value.first;
    rows_[pieces_[other].account.value].joined += by;
  }
}

void EvidenceStore::remove_piece(std::uint32_t number) {
  Piece& piece = pieces_[number];
  Value& value = values_[piece.value];
  if (value.indexed != 0) {
    piece_table_.erase(hash_of_piece(piece.value, piece.account), number);
  }
  count_joined(piece, -1U);
  Row& row = rows_[piece.account.value];
  if (piece.value_next != none) {
    pieces_[piece.value_next].value_previous = piece.value_previous;
  }
  (piece.value_previous == none ? value.first : pieces_[piece.value_previous].value_next) =
      piece.value_next;
  if (piece.account_next != none) {
    pieces_[piece.account_next].account_previous = piece.account_previous;
  }
  (piece.account_previous == none ? row.first[is_strong(piece.value) ? 1 : 0]
                                  : pieces_[piece.account_previous].account_next) =
      piece.account_next;
  --value.degree;
  --row.pieces;
  --pieces_live_;
  row.counterparties -= value.what() == SharedKind::transfer ? 1 : 0;
}

void EvidenceStore::free_piece(std::uint32_t number) {
  pieces_[number].value_next = std::exchange(freed_piece_, number);
}

// --- what is said

std::uint32_t EvidenceStore::join(std::uint32_t value, AccountIndex account, Time now) {
  const std::uint32_t before = degree_of(values_[value]);
  const std::uint32_t piece = add_piece(value, account, now);
  const SharedKind what = values_[value].what();
  if (kind_of(what) != EvidenceKind::referral) {
    enqueue(piece);
  }
  changed(value, account, before);
  if (what == SharedKind::transfer) {
    note_star(what, account.value, rows_[account.value].counterparties + 1, now);
  } else {
    note_star(what, value, values_[value].degree, now);
  }
  return piece;
}

void EvidenceStore::leave(std::uint32_t piece) {
  const bool queued = is_queued(piece);
  Queue& queue = queue_of(pieces_[piece]);
  forget(piece);
  const auto kept = kept_.find(piece);
  const bool in_queue = queued || (kept != kept_.end() && kept->second);
  stale_ += queued ? 1 : 0;
  if (kept != kept_.end()) {
    kept_.erase(kept);
  }
  if (in_queue) {
    gone_.insert(piece);
    pass_stale(queue);
  } else {
    free_piece(piece);
  }
}

void EvidenceStore::forget(std::uint32_t piece) {
  const std::uint32_t value = pieces_[piece].value;
  const AccountIndex account = pieces_[piece].account;
  const SharedKind what = values_[value].what();
  const std::uint32_t before = degree_of(values_[value]);
  remove_piece(piece);
  changed(value, account, before);
  if (what == SharedKind::transfer) {
    note_star(what, account.value, rows_[account.value].counterparties + 1, {});
  } else {
    note_star(what, value, values_[value].degree, {});
  }
  if (values_[value].degree == 0) {
    value_table_.erase(hash_of_value(what, values_[value].text()), value);
    values_.free(value);
  }
}

void EvidenceStore::see(SharedKind what, std::string_view text, AccountIndex account, Time now) {
  const Said said{what, text};
  see_all({&said, 1}, account, now);
}

void EvidenceStore::prefetch_found(Hash hash, AccountIndex account) const {
  const std::uint32_t value = value_table_.find(hash);
  if (value != none) {
    prefetch_lines(&values_[value], value_bytes);
    piece_table_.prefetch(hash_of_piece(value, account));
  }
}

// All are looked up together, so that the memory they wait for comes at once. Of each kind one at
// most.
EvidenceStore::AllSeen EvidenceStore::see_all(std::span<const Said> said, AccountIndex account,
                                              Time now) {
  std::array<Hash, said_max> keys;
  AllSeen seen;
  check(said.size() <= seen.size(), "as many as a login says");
  for (std::size_t i = 0; i < said.size(); ++i) {
    keys[i] = hash_of_value(said[i].what, said[i].text);
    value_table_.prefetch(keys[i]);
  }
  prefetch_row(account);
  for (std::size_t i = 0; i < said.size(); ++i) {
    prefetch_found(keys[i], account);
  }
  for (std::size_t i = 0; i < said.size(); ++i) {
    std::uint32_t& value = seen[i].value;
    value = find_value(keys[i], said[i].what, said[i].text);
    if (value == none) {
      value = make_value(said[i].what, said[i].text);
    } else if (values_[value].first != none) {
      prefetch_line(&pieces_[values_[value].first]);
    }
  }
  for (Seen& one : std::span(seen).first(said.size())) {
    one.piece = find_piece(one.value, account);
    if (one.piece == none) {
      one.piece = join(one.value, account, now);
    }
  }
  return seen;
}

void EvidenceStore::see_transfer(AccountIndex from, AccountIndex to, Time now) {
  if (from != to) {
    const std::string text = pair_text(AccountPair::of(from, to));
    see(SharedKind::transfer, text, from, now);
    see(SharedKind::transfer, text, to, now);
    see(SharedKind::returned, text, from, now);  // shared once both have paid
  }
}

void EvidenceStore::set_referral(AccountIndex account, AccountIndex referrer, Time opened) {
  std::uint32_t known = none;
  for (std::uint32_t at = row_of(account).first[0]; at != none; at = pieces_[at].account_next) {
    known = values_[pieces_[at].value].what() == SharedKind::referrer ? at : known;
  }
  const std::string text = bytes_of(referrer);
  if (known != none && values_[pieces_[known].value].text() != text) {
    leave(known);
    known = none;
  }
  opened_[account.value] = opened;
  if (known == none) {
    see(SharedKind::referrer, text, account, opened);
  }
  touch_strong(account);
}

void EvidenceStore::set_links_nobody(AccountIndex account, bool links_nobody) {
  row_of(account).links_nobody = links_nobody ? 1 : 0;
  touch_transfers(account);
}

void EvidenceStore::forget_address(std::string_view address) {
  for (std::uint32_t value = find_value(SharedKind::address, address); value != none;
       value = find_value(SharedKind::address, address)) {
    leave(values_[value].first);
  }
}

}  // namespace marktwacht
