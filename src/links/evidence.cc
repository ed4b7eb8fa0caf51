// Pieces of evidence: made, found, forgotten.
#include "links/evidence.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
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

EvidenceStore::ValueKey EvidenceStore::key_of(SharedKind what, std::string_view text) {
  return {hash_of(text) ^ static_cast<std::uint32_t>(what) * 0x9E37'79B9U};
}

std::uint32_t EvidenceStore::find_value(ValueKey key, SharedKind what,
                                        std::string_view text) const {
  return value_table_.find(key, [&](std::uint32_t number) {
    const Value& value = values_[number];
    return value.what() == what && value.text() == text;
  });
}

std::uint32_t EvidenceStore::find_piece(std::uint32_t value, AccountIndex account) const {
  return piece_table_.find({value, account.value});
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
  value_table_.insert(key_of(what, text), number);
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
  row.counterparties += value.what() == SharedKind::transfer ? 1 : 0;
  piece_table_.insert(key_of(pieces_[at]), at);
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
  piece_table_.erase(key_of(piece), number);
  count_joined(piece, -1U);
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
  row.counterparties -= value.what() == SharedKind::transfer ? 1 : 0;
}

void EvidenceStore::free_piece(std::uint32_t number) {
  pieces_[number].value_next = std::exchange(freed_piece_, number);
}

// --- what is said

void EvidenceStore::join(std::uint32_t value, AccountIndex account, Time now) {
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
    value_table_.erase(key_of(what, values_[value].text()), value);
    values_.free(value);
  }
}

void EvidenceStore::see(SharedKind what, std::string_view text, AccountIndex account, Time now) {
  const Said said{what, text};
  see_all({&said, 1}, account, now);
}

// All are looked up together, so that the memory they wait for comes at once.
void EvidenceStore::see_all(std::span<const Said> said, AccountIndex account, Time now) {
  std::array<ValueKey, shared_kinds> keys;
  std::array<std::uint32_t, shared_kinds> values{};
  check(said.size() <= values.size(), "one of each kind at most");
  for (std::size_t i = 0; i < said.size(); ++i) {
    keys[i] = key_of(said[i].what, said[i].text);
    value_table_.prefetch(keys[i]);
  }
  __builtin_prefetch(&row_of(account), 1);
  for (std::size_t i = 0; i < said.size(); ++i) {
    values[i] = value_table_.find(keys[i]);
    if (values[i] != none) {
      __builtin_prefetch(&values_[values[i]], 1);
      piece_table_.prefetch({values[i], account.value});
    }
  }
  for (std::size_t i = 0; i < said.size(); ++i) {
    values[i] = find_value(keys[i], said[i].what, said[i].text);
    if (values[i] == none) {
      values[i] = make_value(said[i].what, said[i].text);
      piece_table_.prefetch({values[i], account.value});
    } else if (values_[values[i]].first != none) {
      __builtin_prefetch(&pieces_[values_[values[i]].first], 1);
    }
  }
  for (const std::uint32_t value : std::span(values).first(said.size())) {
    if (find_piece(value, account) == none) {
      join(value, account, now);
    }
  }
}

// --- logins as usual

bool EvidenceStore::is_value(std::uint32_t number, std::string_view text) const {
  return number == none ? text.empty() : values_[number].text() == text;
}

bool EvidenceStore::knows_usual(const Row& row, Time now) {
  return std::int64_t{row.usual_until} * usual_unit.ns > now.ns;
}

bool EvidenceStore::is_usual(const Login& login, AccountIndex account, Time now) {
  Row& row = row_of(account);
  const Usual& usual = row.usual;
  if (!knows_usual(row, now)) {
    return false;
  }
  for (const std::uint32_t value : {usual.ip, usual.device}) {
    if (value != none) {
      __builtin_prefetch(&values_[value]);
    }
  }
  if (is_value(usual.device, login.device_id) && is_value(usual.ip, login.ip) &&
      is_value(usual.user_agent, login.user_agent)) {
    row.unusual = 0;
    return true;
  }
  if (row.unusual < unusual_max) {
    ++row.unusual;
  }
  return false;
}

void EvidenceStore::note_usual(const Login& login, AccountIndex account, Time now) {
  Row& row = row_of(account);
  if (knows_usual(row, now) && row.unusual < unusual_max) {
    return;
  }
  Usual usual;
  Time until{std::numeric_limits<std::int64_t>::max()};
  const auto take = [&](SharedKind what, std::string_view text) {
    const std::uint32_t value = text.empty() ? none : find_value(what, text);
    const std::uint32_t piece = value == none ? none : find_piece(value, account);
    if (piece != none) {
      until = std::min(until, due_of(kind_of(what), pieces_[piece].created));
    }
    return value;
  };
  usual.ip = take(SharedKind::ip, login.ip);
  take(SharedKind::subnet, login.subnet);  // seen before the address, it may go before it
  usual.device = take(SharedKind::device, login.device_id);
  usual.user_agent = take(SharedKind::user_agent, login.user_agent);
  constexpr std::int64_t last = (1 << 28) - 1;
  row.usual_until =
      static_cast<std::uint32_t>(std::clamp(until.ns / usual_unit.ns, std::int64_t{0}, last)) &
      last;
  row.usual = usual;
  row.unusual = 0;
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
