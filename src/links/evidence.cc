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

std::uint32_t EvidenceStore::free_piece() {
  if (freed_piece_ != none) {
    return std::exchange(freed_piece_, pieces_[freed_piece_].value_next);
  }
  check(pieces_used_ < unqueued - 1, "fewer than 2^32 pieces of evidence");
  pieces_.reserve(std::size_t{pieces_used_} + 1);
  return pieces_used_++;
}

std::uint32_t EvidenceStore::add_piece(std::uint32_t number, AccountIndex account, Time created) {
  Row& row = row_of(account);
  Value& value = values_[number];
  const std::uint32_t at = free_piece();
  std::uint32_t& first = row.first[is_strong(number) ? 1 : 0];
  pieces_[at] = {account, number, value.first, none, first, none, unqueued, none, created};
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
  return at;
}

void EvidenceStore::remove_piece(std::uint32_t number) {
  Piece& piece = pieces_[number];
  piece_table_.erase(key_of(piece), number);
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
  row.counterparties -= value.what() == SharedKind::transfer ? 1 : 0;
  piece.value_next = std::exchange(freed_piece_, number);
}

// --- expiry

EvidenceStore::Queue& EvidenceStore::queue_of(const Piece& piece) {
  return queues_[static_cast<std::size_t>(kind_of(values_[piece.value].what()))];
}

Time EvidenceStore::due_of(EvidenceKind kind, Time created) const {
  const Duration memory = table_.memory[static_cast<std::size_t>(kind)];
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  return created.ns > end - memory.ns ? Time{end} : created + memory;
}

// Each kind has a queue of its own.
Time EvidenceStore::due_of(const Queue& queue) const {
  return due_of(static_cast<EvidenceKind>(&queue - queues_.data()), pieces_[queue.first].created);
}

void EvidenceStore::enqueue(std::uint32_t number) {
  Piece& piece = pieces_[number];
  Queue& queue = queue_of(piece);
  check(queue.last == none || pieces_[queue.last].created <= piece.created, "time goes on");
  due_known_ = due_known_ && queue.first != none;
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
  due_known_ = due_known_ && queue.first != number;
  (piece.queue_previous == none ? queue.first : pieces_[piece.queue_previous].queue_next) =
      piece.queue_next;
  (piece.queue_next == none ? queue.last : pieces_[piece.queue_next].queue_previous) =
      piece.queue_previous;
  piece.queue_next = unqueued;
  piece.queue_previous = none;
}

// Asked before each event.
std::optional<Time> EvidenceStore::next_due() const {
  if (!due_known_) {
    due_ = first_due();
    due_known_ = true;
  }
  return due_;
}

std::optional<Time> EvidenceStore::first_due() const {
  std::optional<Time> first;
  for (const Queue& queue : queues_) {
    if (queue.first != none) {
      const Time due = due_of(queue);
      first = first ? std::min(*first, due) : due;
    }
  }
  return first;
}

void EvidenceStore::expire(Time due) {
  for (const Queue& queue : queues_) {
    while (queue.first != none && due_of(queue) <= due) {
      prefetch_due(queue);
      leave(queue.first);
    }
  }
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
    } else if (find_piece(values[i], account) != none) {
      continue;
    }
    join(values[i], account, now);
  }
}

// --- logins as usual

bool EvidenceStore::is_value(std::uint32_t number, std::string_view text) const {
  return number == none ? text.empty() : values_[number].text() == text;
}

bool EvidenceStore::is_usual(const Login& login, AccountIndex account, Time now) {
  Row& row = row_of(account);
  const Usual& usual = row.usual;
  if (usual.until <= now) {
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
  if (row.usual.until > now && row.unusual < unusual_max) {
    return;
  }
  Usual usual{.until = Time{std::numeric_limits<std::int64_t>::max()}};
  const auto take = [&](SharedKind what, std::string_view text) {
    const std::uint32_t value = text.empty() ? none : find_value(what, text);
    const std::uint32_t piece = value == none ? none : find_piece(value, account);
    if (piece != none) {
      usual.until = std::min(usual.until, due_of(kind_of(what), pieces_[piece].created));
    }
    return value;
  };
  usual.ip = take(SharedKind::ip, login.ip);
  take(SharedKind::subnet, login.subnet);  // seen before the address, it may go before it
  usual.device = take(SharedKind::device, login.device_id);
  usual.user_agent = take(SharedKind::user_agent, login.user_agent);
  row.usual = usual;
  row.unusual = 0;
}

// What the next ones to expire touch, a step further for those that come sooner: one leaves with
// about every event, so that all has come when its turn does.
void EvidenceStore::prefetch_due(const Queue& queue) const {
  constexpr std::size_t steps = 4;
  std::array<std::uint32_t, steps> coming{};
  std::size_t count = 0;
  for (std::uint32_t at = pieces_[queue.first].queue_next; at != none && count < steps;
       at = pieces_[at].queue_next) {
    coming[count++] = at;
  }
  if (count < steps) {
    return;
  }
  if (const std::uint32_t last = pieces_[coming[3]].queue_next; last != none) {
    __builtin_prefetch(&pieces_[last], 1);
  }
  const Piece& far = pieces_[coming[2]];
  __builtin_prefetch(&values_[far.value], 1);
  __builtin_prefetch(&rows_[far.account.value], 1);
  piece_table_.prefetch(key_of(far));
  for (const std::uint32_t beside :
       {far.value_next, far.value_previous, far.account_next, far.account_previous}) {
    if (beside != none) {
      __builtin_prefetch(&pieces_[beside], 1);
    }
  }
  const Value& next = values_[pieces_[coming[0]].value];
  if (next.degree == 1) {
    value_table_.prefetch(key_of(next.what(), next.text()));
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
    known = values_[pieces_[at].value].what() == SharedKind::referrer ? at : known;
  }
  const std::string text = bytes_of(referrer);
  if (known != none && values_[pieces_[known].value].text() != text) {
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
