// What accounts share: devices, addresses, transfers, networks, referrals. Collected as events
// arrive, forgotten at its time, weighed by pairs. docs/links.md.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <compare>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/huge_pages.h"
#include "base/index.h"
#include "base/prefetch.h"
#include "base/time.h"
#include "links/number_table.h"
#include "links/value_store.h"
#include "links/weights.h"

namespace marktwacht {

struct AccountPair {
  AccountIndex a, b;  // a < b

  static AccountPair of(AccountIndex x, AccountIndex y) {
    return x < y ? AccountPair{x, y} : AccountPair{y, x};
  }
  auto operator<=>(const AccountPair&) const = default;
};

// The evidence on a pair: of each kind the heaviest.
struct Weighed {
  std::int32_t sum = 0;  // with the prior
  std::array<std::int32_t, evidence_kinds> heaviest{};

  bool has(EvidenceKind kind) const { return heaviest[static_cast<std::size_t>(kind)] != 0; }
  std::uint8_t kinds() const;  // a bit per EvidenceKind
};

// One thing that two accounts share.
struct SharedValue {
  SharedKind what{};
  std::string_view value;    // a text; of transfer and referrer 4 bytes an account (`account_in`)
  std::uint32_t degree = 0;  // accounts that share it
  std::int32_t weight = 0;
};

// A value that is shared by more accounts than its cut.
struct SharedStar {
  SharedKind what{};
  std::string value;  // as above; of transfer the one account with many counterparties
  std::uint32_t degree = 0;
  Time since;
};

// One thread. Times never go back, but for those of referrals. Everything answered is a function of
// the set of live evidence; only `since` of a star depends on the way there. About 36 bytes per
// account, 36 per live piece of evidence (an account's use of a value; 48 where more than eight
// accounts use it), and 24 per value in use with its text.
class EvidenceStore {
 public:
  // The account has used the value. While that is remembered, saying it again changes nothing.
  void see(SharedKind what, std::string_view value, AccountIndex account, Time now);
  // A login: what is empty is not said. What of it is as usual is known without looking it up, and
  // saying it again would change nothing; where all of it is, it costs a look at a row and two
  // values.
  struct Login {
    std::string_view ip, subnet, device_id, user_agent;  // the first two as they are evidence
  };
  struct AsUsual {
    bool ip = false, device = false, user_agent = false;  // `ip`: and its network

    bool all() const { return ip && device && user_agent; }
  };
  AsUsual as_usual(const Login& login, AccountIndex account, Time now) const;
  // What is not as usual. Where that has become the rule, it is what is usual from now on.
  void log_in(const Login& login, AsUsual as_usual, AccountIndex account, Time now);
  // What `as_usual` and `log_in` will look at, fetched in steps, each some events after the one
  // before it. They change nothing; without them all takes longer.
  static constexpr std::size_t said_max = 4;
  struct Coming {  // hashes of what is not as usual
    std::array<std::uint32_t, said_max> hashes;
    std::uint32_t count = 0;
  };
  void prefetch_row(AccountIndex account) const;
  void prefetch_usual(AccountIndex account) const;
  void prefetch_values(const Login& login, AsUsual as_usual, Coming& coming) const;
  void prefetch_pieces(const Coming& coming, AccountIndex account) const;
  void see_transfer(AccountIndex from, AccountIndex to, Time now);
  // Who brought the account, and when it was opened, as last stated; never forgotten.
  void set_referral(AccountIndex account, AccountIndex referrer, Time opened);
  // Transfers with this account link nobody: it acts for others.
  void set_links_nobody(AccountIndex account, bool links_nobody);
  // Nothing is known by this address any more. The caller keeps the label and says nothing about
  // the address to `see` from now on.
  void forget_address(std::string_view address);
  // What the two share now does not expire.
  void keep(AccountPair pair);

  // What the pieces say from now on. Costs a look at each value and account.
  const LinkTable& table() const { return table_; }
  void set_table(const LinkTable& table, Time now);

  // When the next piece expires. Asked before each event.
  Time next_due() const {
    if (!due_known_) [[unlikely]] {
      due_ = first_due();
      due_known_ = true;
    }
    return due_;
  }
  // Forgets what is due at or before `due`.
  void expire(Time due);

  // Pairs that may have come to or below `link_min` since this was asked last; ascending.
  std::vector<AccountPair> take_touched();
  bool touched() const { return !touched_.empty(); }
  void touch(AccountIndex x, AccountIndex y);

  // When the account was first seen with the value; nothing when that is not remembered.
  std::optional<Time> since(SharedKind what, std::string_view value, AccountIndex account) const;
  // How many accounts share the value.
  std::uint32_t degree(SharedKind what, std::string_view value) const;
  Weighed weigh(AccountPair pair) const;
  // What the two share, below the cuts; by weight, then kind and value.
  std::vector<SharedValue> shared(AccountPair pair) const;
  // Accounts that share something with this one, ascending.
  std::vector<AccountIndex> neighbours(AccountIndex account) const;
  // What the account has used of this kind, each with how many accounts use it; by value. A kind
  // whose values are texts.
  std::vector<SharedValue> used(SharedKind what, AccountIndex account) const;
  // By kind and value.
  std::vector<SharedStar> stars() const;
  // Those that the account is in. O(pieces_of(account)).
  std::vector<SharedStar> stars_of(AccountIndex account) const;
  std::vector<AccountIndex> star_accounts(const SharedStar& star) const;  // ascending

  std::size_t pieces() const { return pieces_live_; }
  std::uint32_t pieces_of(AccountIndex account) const {
    return account.value < rows_.size() ? rows_[account.value].pieces : 0;
  }
  std::size_t values() const { return value_table_.size(); }

  void save(ByteWriter& out) const;
  // Into a fresh one; false when the bytes are malformed. `accounts` bounds the account numbers.
  bool load(ByteReader& in, std::uint32_t accounts);

  static std::string bytes_of(AccountIndex account);
  static AccountIndex account_in(std::string_view bytes);

 private:
  using Value = ValueStore::Value;
  // A hash: whether it is the one that is meant, the record says. Of a value it is that of its
  // text, with the kind; of a piece that of its value and account.
  struct Hash {
    std::uint32_t bits = 0;

    std::uint32_t hash() const { return bits; }
    bool operator==(const Hash&) const = default;
  };
  static constexpr std::uint32_t none = NumberTable<Hash>::none;

  struct Piece {  // half a cache line
    AccountIndex account;
    std::uint32_t value = none;
    std::uint32_t value_next = none, value_previous = none;
    std::uint32_t account_next = none, account_previous = none;
    Time created;
  };
  // A login whose pieces are all there until some time. No part of the state.
  struct Usual {
    std::uint32_t ip = none, device = none, user_agent = none;  // values
  };
  struct Row {
    std::uint32_t first[2] = {none, none};  // of its pieces: of weak evidence, of strong evidence
    std::uint32_t pieces = 0;
    std::uint32_t counterparties = 0;
    std::uint32_t joined = 0;  // strong pieces that may join it to others: see `may_join`
    std::uint32_t links_nobody : 1 = 0;
    std::uint32_t unusual : 3 = 0;       // logins in a row that were not the usual one
    std::uint32_t usual_until : 28 = 0;  // minutes since 1970, rounded down: so long at the least
    Usual usual;
  };
  // Pieces by creation, which is the order in which they expire.
  using Queue = std::deque<std::uint32_t>;
  // A value of one that counts for the pair, and the two pieces that make it so.
  struct Both {
    std::uint32_t value, degree;
    std::int32_t weight;
    std::uint32_t piece, other_piece;
  };
  using StarKey = std::pair<SharedKind, std::uint32_t>;  // of a value, of transfer an account

  // evidence.cc
  Row& row_of(AccountIndex account);
  bool is_strong(std::uint32_t value) const;
  std::uint32_t find_value(SharedKind what, std::string_view text) const {
    return find_value(hash_of_value(what, text), what, text);
  }
  std::uint32_t find_value(Hash key, SharedKind what, std::string_view text) const;
  static constexpr std::uint32_t walked_max = 8;  // pieces of a value that are found by a walk
  std::uint32_t find_piece(std::uint32_t value, AccountIndex account) const;
  void index_pieces(std::uint32_t value);
  std::uint32_t make_value(SharedKind what, std::string_view text);
  static Hash hash_of_value(SharedKind what, std::string_view text);
  static Hash hash_of_piece(std::uint32_t value, AccountIndex account) {
    return {NumberPair{value, account.value}.hash()};
  }
  std::uint32_t new_piece();
  std::uint32_t add_piece(std::uint32_t value, AccountIndex account, Time created);
  void count_joined(const Piece& piece, std::uint32_t by);
  std::uint32_t join(std::uint32_t value, AccountIndex account, Time now);  // the piece
  void leave(std::uint32_t piece);
  void forget(std::uint32_t piece);  // its number is not free yet
  void remove_piece(std::uint32_t piece);
  void free_piece(std::uint32_t piece);
  struct Said {
    SharedKind what{};
    std::string_view text;
  };
  struct AllSaid {
    std::array<Said, said_max> said;
    std::size_t size = 0;

    std::span<const Said> all() const { return {said.data(), size}; }
  };
  struct Seen {
    std::uint32_t value = none, piece = none;
  };
  using AllSeen = std::array<Seen, said_max>;  // in the order in which they were said
  AllSeen see_all(std::span<const Said> said, AccountIndex account, Time now);
  // The value, and where it would have a piece of the account.
  void prefetch_found(Hash value, AccountIndex account) const;

  // evidence_logins.cc
  static AllSaid unusual(const Login& login, AsUsual as_usual);
  static bool knows_usual(const Row& row, Time now);
  void note_usual(std::span<const Said> said, const AllSeen& seen, AsUsual as_usual,
                  AccountIndex account, Time now);
  bool is_value(std::uint32_t number, std::string_view text) const;
  static constexpr std::uint32_t unusual_max = 4;
  static constexpr std::size_t value_bytes = 32;  // of most, with their text
  static constexpr Duration usual_unit{60 * second.ns};

  // evidence_queue.cc
  Queue& queue_of(const Piece& piece);
  void enqueue(std::uint32_t piece);
  void dequeue(std::uint32_t piece);
  bool is_queued(std::uint32_t piece) const;  // of a live one
  void pass_stale(Queue& queue);
  Time due_of(EvidenceKind kind, Time created) const;
  Time due_of(const Queue& queue) const;  // of its first piece
  Time first_due() const;
  void prefetch_due(const Queue& queue) const;

  // evidence_pairs.cc
  std::uint32_t partner(const Value& value) const;
  std::uint32_t degree_of(const Value& value) const;
  std::int32_t weight_of(const Value& value) const;
  Time opened(AccountIndex account) const;
  bool in_one_burst(AccountPair pair) const;
  void touch_each(AccountIndex account, std::uint32_t value);
  void touch_all(std::uint32_t value, AccountIndex also);
  void touch_across(std::uint32_t value, AccountIndex also);
  void touch_transfers(AccountIndex account);
  void touch_strong(AccountIndex account);
  void changed(std::uint32_t value, AccountIndex account, std::uint32_t degree_before);
  void touch_linkable();
  static bool may_be_star(SharedKind what);
  void note_star(SharedKind what, std::uint32_t number, std::uint32_t degree, Time now);
  void add_star(StarKey key, std::vector<SharedStar>& all) const;
  static void put_in_order(std::vector<SharedStar>& all);
  template <class Visitor>
  void visit_members(std::uint32_t value, Visitor&& visitor) const;
  template <class Visitor>
  void visit_chain(std::uint32_t first, Visitor&& visitor) const;  // of pieces' numbers, as below
  template <class Visitor>
  void visit_strong(AccountIndex account, Visitor&& visitor) const;
  template <class Visitor>
  void visit_pieces(AccountIndex account, Visitor&& visitor) const;
  template <class Visitor>
  void visit_shared(AccountPair pair, Visitor&& visitor) const;  // of Both

  // evidence_state.cc
  struct Saving;
  struct Loading;
  void save_piece(const Piece& piece, Saving& saving) const;
  void save_stars(const Saving& saving) const;
  std::uint32_t load_piece(Loading& loading);
  bool load_stars(Loading& loading);

  LinkTable table_ = default_link_table;
  ValueStore values_;
  Chunks<Piece, 18> pieces_;          // of 8 MiB
  std::uint32_t pieces_used_ = 0;     // numbers that were ever given
  std::uint32_t freed_piece_ = none;  // the last one; a chain by `value_next`
  NumberTable<Hash> value_table_;
  std::size_t pieces_live_ = 0;
  NumberTable<Hash> piece_table_;  // by value and account, those of values that many accounts use
  BigVector<Row> rows_;            // by account
  std::array<Queue, evidence_kinds> queues_;
  // Pieces that do not expire and that a queue holds, or held, all the same. Of those that are gone
  // the number is not free until the queue has passed it.
  boost::unordered_flat_map<std::uint32_t, bool> kept_;  // whether a queue still holds it
  boost::unordered_flat_set<std::uint32_t> gone_;
  std::size_t stale_ = 0;  // places in queues that say nothing any more
  boost::unordered_flat_map<std::uint32_t, Time> opened_;  // accounts with a referral
  std::map<StarKey, Time> stars_;                          // since
  std::vector<AccountPair> touched_;
  mutable Time due_;  // what `next_due` says, while it is known
  mutable bool due_known_ = false;
};

template <class Visitor>
void EvidenceStore::visit_members(std::uint32_t value, Visitor&& visitor) const {
  for (std::uint32_t at = values_[value].first; at != none; at = pieces_[at].value_next) {
    visitor(pieces_[at].account);
  }
}

template <class Visitor>
void EvidenceStore::visit_chain(std::uint32_t first, Visitor&& visitor) const {
  for (std::uint32_t at = first; at != none; at = pieces_[at].account_next) {
    visitor(at);
  }
}

template <class Visitor>
void EvidenceStore::visit_strong(AccountIndex account, Visitor&& visitor) const {
  if (account.value < rows_.size()) {
    visit_chain(rows_[account.value].first[1], visitor);
  }
}

template <class Visitor>
void EvidenceStore::visit_pieces(AccountIndex account, Visitor&& visitor) const {
  if (account.value < rows_.size()) {
    visit_chain(rows_[account.value].first[0], visitor);
    visit_chain(rows_[account.value].first[1], visitor);
  }
}

}  // namespace marktwacht
