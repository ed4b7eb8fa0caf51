// Accounts that do the same thing in the same second, again and again. docs/links.md, "Lockstep".
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "algorithms/min_hash.h"
#include "base/bytes.h"
#include "base/expiring_table.h"
#include "base/fixed.h"
#include "base/index.h"
#include "base/time.h"
#include "events/words.h"
#include "links/evidence.h"

namespace marktwacht {

// Stored in snapshots: never renumber.
enum class BookAct : std::uint8_t { place, take_back };

// What an account did to a book.
struct BookAction {
  static constexpr Price no_price{std::numeric_limits<std::int64_t>::min()};

  AccountIndex account;
  InstrumentIndex instrument;
  Side side{};
  BookAct act{};
  Price price = no_price;
  // False: what is copied or forced. It is part of the market's activity, but of nobody's set.
  bool own_will = true;

  bool operator==(const BookAction&) const = default;
};

struct LockstepLimits {
  std::uint32_t likeness_min = 800;          // per mille of the weight of what either did
  std::uint32_t shared_min = 30;             // distinct actions in common
  std::uint32_t first_share_max = 800;       // per mille; beyond that one follows the other
  std::uint32_t together_max = 32;           // accounts at one action; more are a crowd
  Duration notice_span{60 * second.ns};      // around what everybody hears
  Duration round_span{10 * millisecond.ns};  // around a full second
  Duration memory_max = day;
  std::uint32_t actors_max = 100'000, pairs_max = 100'000;
  std::uint32_t pending_max = 1'000'000;  // actions of the last minute
};

// The numbers that a snapshot may name are below these.
struct NumberBounds {
  std::uint32_t accounts = 0, instruments = 0;
};

// Two accounts that are in lockstep as of now.
struct LockstepPair {
  AccountPair accounts;
  InstrumentIndex instrument;  // of all of these; none: of several
  std::uint32_t shared = 0;    // actions in common since they were first compared
  std::uint32_t likeness = 0;  // Jaccard's, weighted, per mille
  Time since;                  // of the first of these
  std::uint64_t first_seq = 0, last_seq = 0;

  bool operator==(const LockstepPair&) const = default;
};

// One thread; times never go back. An action is judged once `notice_span` has passed without a
// notice. Each account has a MinHash of what it did in this hour and the last; two that have just
// done the same are compared exactly once their hashes are alike, from then on. About 350 bytes an
// account that acts, 100 a pair that is compared, 32 an action of the last minute.
class Lockstep {
 public:
  explicit Lockstep(const LockstepLimits& limits = {});

  void act(const BookAction& action, Time now, std::uint64_t seq);
  // Everybody hears of this: funding, settlement (of one market), an announcement (none: of all).
  void notice(InstrumentIndex instrument, Time now);

  // Pairs that the call to `act` with this seq, the last one, found in lockstep, or found so again.
  std::span<const LockstepPair> found(std::uint64_t seq) const {
    return seq == last_seq_ ? std::span<const LockstepPair>(found_)
                            : std::span<const LockstepPair>();
  }
  // Who was found in lockstep with the account within `memory_max`; ascending.
  std::vector<AccountIndex> partners(AccountIndex account, Time now) const;
  // Of records, pairs and actions that went for want of room.
  std::uint64_t forgotten() const { return forgotten_; }

  void save(ByteWriter& out) const;
  // Into a fresh one with the same limits; false when the bytes are malformed.
  bool load(ByteReader& in, NumberBounds bounds);

 private:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  struct Pending {
    AccountIndex account;
    InstrumentIndex instrument;
    Price price;
    Time at;
    std::uint64_t what = 0;  // seq * 8 + side * 4 + act * 2 + own_will

    static Pending of(const BookAction& action, Time at, std::uint64_t seq);
    BookAction action() const;
    std::uint64_t seq() const { return what >> 3; }
    bool own_will() const { return (what & 1) != 0; }
    // What two accounts have in common: where, which side, what, at which price.
    bool same_as(const Pending& other) const {
      return instrument == other.instrument && price == other.price &&
             (what & 6) == (other.what & 6);
    }
  };
  struct Notice {
    InstrumentIndex instrument;
    Time at;
  };
  // Weights are in 2^-32.
  struct Actor {
    MinHash lately, recent;    // of this hour and the one before it; of this hour
    std::uint64_t weight = 0;  // of all that it did
    std::uint64_t last = 0;    // the hash of what it did last
    std::int64_t hour = 0;
    std::uint32_t actions = 0;
    std::uint32_t number = 0;  // a new record has a new one
  };
  struct Pair {
    std::uint64_t weight = 0;       // of what they share
    std::uint64_t outside[2] = {};  // of each one's, before they were compared
    std::uint64_t instrument = 0;   // an InstrumentIndex
    std::uint64_t first_seq = 0;
    Time since;
    std::uint32_t shared = 0, a_first = 0;
    std::uint32_t numbers[2] = {};  // of their records
  };

  // What was done in an instrument in the second that is being settled.
  struct OfMarket {
    std::uint32_t actions = 0;
    bool heard = false;
  };
  // One thing that was done in it: the first and the last who did, by their places.
  struct Deed {
    std::uint64_t hash = 0;
    std::uint32_t first = none, last = none;
  };
  struct Doer {
    const Pending* done = nullptr;
    const Actor* actor = nullptr;
  };

  static std::uint64_t hash_of(const Pending& done, std::uint64_t second_hash);
  static bool may_be_alike(const Actor& a, const Actor& b);
  bool heard(InstrumentIndex instrument, Time at) const;
  void settle(std::int64_t second_number);
  void settle_second(std::int64_t number);
  void take_second(Time end);
  void sort_out(std::int64_t number);
  void take(const Deed& deed, Time now);
  bool add(AccountIndex account, std::uint64_t hash, std::uint32_t commonness, Time now);
  void meet(const Doer& first, const Doer& then, std::uint32_t commonness, Time now);
  void judge(AccountPair accounts, const Pair& pair, std::uint64_t either, std::uint64_t seq,
             Time now);
  void remember(AccountPair accounts, Time now);

  LockstepLimits limits_;
  std::deque<Pending> pending_;
  std::deque<Notice> notices_;
  ExpiringTable<Actor> actors_;                                   // by account
  ExpiringTable<Pair> pairs_;                                     // by accounts
  std::map<std::pair<AccountIndex, AccountIndex>, Time> locked_;  // both ways; when last
  std::uint32_t actors_ever_ = 0;
  std::uint64_t forgotten_ = 0;
  // Scratch.
  std::uint64_t last_seq_ = 0;
  std::vector<Pending> of_second_;
  std::vector<std::uint32_t> next_;   // who did the same next, by place in of_second_
  std::vector<OfMarket> of_markets_;  // by instrument
  std::vector<Deed> deeds_;           // as they came
  std::vector<std::uint32_t> slots_;  // places in deeds_, by hash
  std::vector<Doer> doers_;
  std::vector<LockstepPair> found_;
};

}  // namespace marktwacht
