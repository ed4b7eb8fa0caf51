// Pieces of evidence: made, found, forgotten.
#include "links/evidence.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/text.h"

namespace marktwacht {
namespace {

std::uint32_t value_hash(SharedKind what, std::string_view text) {
  return hash_of(text) ^ static_cast<std::uint32_t>(what) * 0x9E37'79B9U;
}

std::uint32_t piece_hash(std::uint32_t value, AccountIndex account) {
  const std::uint64_t key = (std::uint64_t{value} << 32 | account.value) * 0x9E37'79B9'7F4A'7C15U;
  return static_cast<std::uint32_t>(key >> 32);
}

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

std::uint32_t EvidenceStore::find_value(SharedKind what, std::string_view text) const {
  const std::uint32_t hash = value_hash(what, text);
  return value_table_.find(hash, [&](std::uint32_t number) {
    const Value& value = values_[number];
    return value.what == what && value.text == text;
  });
}

std::uint32_t EvidenceStore::find_piece(std::uint32_t value, AccountIndex account) const {
  return piece_table_.find(piece_hash(value, account), [&](std::uint32_t number) {
    return pieces_[number].value == value && pieces_[number].account == account;
  });
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

auto EvidenceStore::value_hashes() const {
  return [this](std::uint32_t at) { return value_hash(values_[at].what, values_[at].text); };
}

auto EvidenceStore::piece_hashes() const {
  return [this](std::uint32_t at) { return piece_hash(pieces_[at].value, pieces_[at].account); };
}

bool EvidenceStore::is_strong(std::uint32_t value) const {
  return strong(kind_of(values_[value].what));
}

std::uint32_t EvidenceStore::make_value(SharedKind what, std::string_view text) {
  if (free_values_.empty()) {
    check(values_.size() < NumberTable::numbers_end, "fewer than 2^28 values");
    free_values_.push_back(static_cast<std::uint32_t>(values_.size()));
    values_.emplace_back();
  }
  const std::uint32_t number = free_values_.back();
  free_values_.pop_back();
  values_[number] = {std::string(text), none, 0, what};
  value_table_.insert(value_hash(what, text), number, value_hashes());
  return number;
}

std::uint32_t EvidenceStore::add_piece(std::uint32_t value, AccountIndex account, Time created) {
  Row& row = row_of(account);
  if (free_pieces_.empty()) {
    check(pieces_.size() < NumberTable::numbers_end, "fewer than 2^28 pieces of evidence");
    free_pieces_.push_back(static_cast<std::uint32_t>(pieces_.size()));
    pieces_.emplace_back();
  }
  const std::uint32_t number = free_pieces_.back();
  free_pieces_.pop_back();
  Piece& piece = pieces_[number];
  std::uint32_t& first = row.first[is_strong(value) ? 1 : 0];
  piece = {account, value, values_[value].first, none, first, none, unqueued, none, created};
  if (piece.value_next != none) {
    pieces_[piece.value_next].value_previous = number;
  }
  if (piece.account_next != none) {
    pieces_[piece.account_next].account_previous = number;
  }
  values_[value].first = first = number;
  ++values_[value].degree;
  ++row.pieces;
  row.counterparties += values_[value].what == SharedKind::transfer ? 1 : 0;
  piece_table_.insert(piece_hash(value, account), number, piece_hashes());
  return number;
}

void EvidenceStore::remove_piece(std::uint32_t number) {
  const Piece& piece = pieces_[number];
  piece_table_.erase(piece_hash(piece.value, piece.account), number, piece_hashes());
  dequeue(number);
  Value& value = values_[piece.value];
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
  row.counterparties -= value.what == SharedKind::transfer ? 1 : 0;
  free_pieces_.push_back(number);
}

// --- expiry

EvidenceStore::Queue& EvidenceStore::queue_of(const Piece& piece) {
  return queues_[static_cast<std::size_t>(kind_of(values_[piece.value].what))];
}

const EvidenceStore::Queue& EvidenceStore::queue_of(const Piece& piece) const {
  return queues_[static_cast<std::size_t>(kind_of(values_[piece.value].what))];
}

Time EvidenceStore::due_of(const Piece& piece) const {
  const EvidenceKind kind = kind_of(values_[piece.value].what);
  const Duration memory = table_.memory[static_cast<std::size_t>(kind)];
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  return piece.created.ns > end - memory.ns ? Time{end} : piece.created + memory;
}

void EvidenceStore::enqueue(std::uint32_t number) {
  Piece& piece = pieces_[number];
  Queue& queue = queue_of(piece);
  check(queue.last == none || pieces_[queue.last].created <= piece.created, "time goes on");
  piece.queue_next = none;
  piece.queue_previous = queue.last;
  (queue.last == none ? queue.first : pieces_[queue.last].queue_next) = number;
  queue.last = number;
}

void EvidenceStore::dequeue(std::uint32_t number) {
  Piece& piece = pieces_[number];
  if (piece.queue_next == unqueued) {
    return;
  }
  Queue& queue = queue_of(piece);
  (piece.queue_previous == none ? queue.first : pieces_[piece.queue_previous].queue_next) =
      piece.queue_next;
  (piece.queue_next == none ? queue.last : pieces_[piece.queue_next].queue_previous) =
      piece.queue_previous;
  piece.queue_next = unqueued;
  piece.queue_previous = none;
}

std::optional<Time> EvidenceStore::next_due() const {
  std::optional<Time> first;
  for (const Queue& queue : queues_) {
    if (queue.first != none) {
      const Time due = due_of(pieces_[queue.first]);
      first = first ? std::min(*first, due) : due;
    }
  }
  return first;
}

void EvidenceStore::expire(Time due) {
  for (const Queue& queue : queues_) {
    while (queue.first != none && due_of(pieces_[queue.first]) <= due) {
      leave(queue.first);
    }
  }
}

// --- what is said

void EvidenceStore::join(std::uint32_t value, AccountIndex account, Time now) {
  const std::uint32_t before = degree_of(values_[value]);
  const std::uint32_t piece = add_piece(value, account, now);
  const SharedKind what = values_[value].what;
  if (kind_of(what) != EvidenceKind::referral) {
    enqueue(piece);
  }
  changed(value, account, before);
  if (what == SharedKind::transfer) {
    note_star(what, account.value, rows_[account.value].counterparties + 1, now);
  } else {
    note_star(what, value, values_[value].degree, now);
  }
}

void EvidenceStore::leave(std::uint32_t piece) {
  const std::uint32_t value = pieces_[piece].value;
  const AccountIndex account = pieces_[piece].account;
  const SharedKind what = values_[value].what;
  const std::uint32_t before = degree_of(values_[value]);
  remove_piece(piece);
  changed(value, account, before);
  if (what == SharedKind::transfer) {
    note_star(what, account.value, rows_[account.value].counterparties + 1, {});
  } else {
    note_star(what, value, values_[value].degree, {});
  }
  if (values_[value].degree == 0) {
    value_table_.erase(value_hash(what, values_[value].text), value, value_hashes());
    values_[value] = {};
    free_values_.push_back(value);
  }
}

void EvidenceStore::see(SharedKind what, std::string_view text, AccountIndex account, Time now) {
  const Said said{what, text};
  see_all({&said, 1}, account, now);
}

// All are looked up together, so that the memory they wait for comes at once.
void EvidenceStore::see_all(std::span<const Said> said, AccountIndex account, Time now) {
  for (const Said& each : said) {
    value_table_.prefetch(value_hash(each.what, each.text));
  }
  __builtin_prefetch(&row_of(account));
  for (const Said& each : said) {
    if (const auto at = value_table_.likely(value_hash(each.what, each.text)); at != none) {
      __builtin_prefetch(&values_[at]);
    }
  }
  std::array<std::uint32_t, shared_kinds> values{};
  check(said.size() <= values.size(), "one of each kind at most");
  for (std::size_t i = 0; i < said.size(); ++i) {
    values[i] = find_value(said[i].what, said[i].text);
    piece_table_.prefetch(piece_hash(values[i], account));
  }
  for (std::size_t i = 0; i < said.size(); ++i) {
    const std::uint32_t at = piece_table_.likely(piece_hash(values[i], account));
    if (values[i] != none && at != none) {
      __builtin_prefetch(&pieces_[at]);
    }
  }
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (values[i] == none) {
      values[i] = make_value(said[i].what, said[i].text);
    } else if (find_piece(values[i], account) != none) {
      continue;
    }
    join(values[i], account, now);
  }
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
    known = values_[pieces_[at].value].what == SharedKind::referrer ? at : known;
  }
  const std::string text = bytes_of(referrer);
  if (known != none && values_[pieces_[known].value].text != text) {
    leave(known);
    known = none;
  }
  rows_[account.value].opened = opened;
  if (known == none) {
    see(SharedKind::referrer, text, account, opened);
  }
  touch_strong(account);
}

void EvidenceStore::set_links_nobody(AccountIndex account, bool links_nobody) {
  row_of(account).links_nobody = links_nobody;
  touch_transfers(account);
}

void EvidenceStore::forget_address(std::string_view address) {
  for (std::uint32_t value = find_value(SharedKind::address, address); value != none;
       value = find_value(SharedKind::address, address)) {
    leave(values_[value].first);
  }
}

}  // namespace marktwacht
