// Who lately traded with whom, and which sets of accounts trade with each other more than strangers
// do who meet by chance. docs/detectors/README.md, "Sets that trade with each other".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "detectors/beyond_chance.h"
#include "detectors/detector.h"

namespace marktwacht {

// Orders that looked for each other: placed soon after one another, at one price, of one size, and
// filled by each other.
struct MatchLimits {
  Duration apart{second};
  Param size_within = param_of("0.01"), filled_min = param_of("0.9");
};
bool are_matched(const Fill& fill, const MatchLimits& limits);

// Between two who are known, on the book, or between two of one hand wherever.
bool is_meeting(const Fill& fill);

// What holds a set together besides its trades. A star links nobody: it says where to look, and
// such a set is shown and no more, as one without any tie is.
enum class Tie : std::uint8_t { link, matched, star, none };

struct TradingSet {
  std::vector<SetMember> members;  // by account
  Chance chance;
  std::int64_t trades = 0, matched = 0;  // inside
  Tie tie{};

  bool has(AccountIndex account) const;
  // The lowest index, which stands for a set without a group.
  AccountIndex first() const { return members.front().account; }
};

// What sets a detector asks about.
struct SetQuestion {
  ChanceLimits limits;
  bool unlinked = true;  // also those that nothing but their trades holds together
  std::span<const AccountIndex> star = {};  // ascending; of its accounts a set has a tie
};

// What all who report of sets say: who, and behind the report's own facts and score parts how far
// it is beyond chance. A set without link or matched orders may score 40: 20 of that come from
// here.
void add_set(const TradingSet& set, const ChanceLimits& limits, Report& report);

// One thread. The window is that half hour by the clock that goes on and the one before. Of those
// whom an account trades with in an instrument it knows the six whom it meets most often (Misra and
// Gries, 1982), so that what it says of a set is at most what was. O(1) for a fill; a set is looked
// for among at most 16 accounts.
class Meetings {
 public:
  static constexpr Duration half_window{1'800 * second.ns};
  static constexpr Duration window{2 * half_window.ns};

  explicit Meetings(const DetectorSetup& setup, const MatchLimits& matching = {})
      : matching_(matching), traders_(setup, window), totals_(setup, window) {}

  // Each side of a meeting. Whether the two meet again, are one hand, or their orders are matched.
  bool take(const Occurrence& fill, Findings& findings);
  bool matched(const Fill& fill) const { return are_matched(fill, matching_); }
  // Before a trade: what `take` will look at of each side.
  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument) const;

  // Whether an account trades often enough with the same ones to be of a set; O(1).
  bool may_belong(AccountIndex account, InstrumentIndex instrument, Time now,
                  const ChanceLimits& limits);
  // The set around the two of a trade, of which both sides have been taken: by the first tie by
  // which there is one beyond chance.
  std::optional<TradingSet> set_around(const Occurrence& fill, const Market& market,
                                       const SetQuestion& question);

  std::uint64_t forgotten() const { return traders_.forgotten() + totals_.forgotten(); }

  void save(ByteWriter& out) const {
    traders_.save(out);
    totals_.save(out);
  }
  bool load(ByteReader& in);

 private:
  static constexpr std::size_t regulars_kept = 6;

  // What an account did with one whom it met. Of this half hour, and of the one before.
  struct Regular {
    std::uint32_t trades[2] = {}, matched[2] = {};
    Dealt dealt[2];
  };
  // Whom it met stands together: mostly nothing else of them is looked at.
  struct Trader {
    std::int64_t half = 0;  // its number since the epoch
    Dealt dealt[2];
    std::uint32_t others[regulars_kept] = {}, met[regulars_kept] = {};  // met 0: nobody
    Regular regulars[regulars_kept];

    void roll(std::int64_t now);
    std::size_t meet(std::uint32_t other, std::uint32_t weight);
    bool knows(std::size_t place, std::uint32_t other) const {
      return met[place] > 0 && others[place] == other;
    }
  };
  struct Total {
    std::int64_t half = 0;
    Dealt dealt[2];  // bought alone
  };
  // Of what a trader knows, what still lies in the window; of those whom it met, by place.
  struct View {
    AccountIndex account;
    const Trader* trader = nullptr;
    std::int64_t now = 0;

    Dealt all() const { return sum(trader->dealt); }
    bool has(std::size_t place) const { return trader->met[place] > 0; }
    AccountIndex other(std::size_t place) const { return {trader->others[place]}; }
    Dealt with(std::size_t place) const { return sum(trader->regulars[place].dealt); }
    std::int64_t trades(std::size_t place) const { return sum(trader->regulars[place].trades); }
    std::int64_t matched(std::size_t place) const { return sum(trader->regulars[place].matched); }
    Dealt sum(const Dealt (&halves)[2]) const;
    std::int64_t sum(const std::uint32_t (&halves)[2]) const;
  };
  using Follow = std::function<bool(const View& own, std::size_t place)>;

  std::optional<View> view(AccountIndex account, InstrumentIndex instrument, Time now);
  static bool has_regulars(const View& view, const ChanceLimits& limits);
  std::vector<View> gather(const Occurrence& fill, const ChanceLimits& limits,
                           const Follow& follow);
  static void prune(std::vector<View>& views, const ChanceLimits& limits);
  static void keep_joined(std::vector<View>& views, AccountIndex with);
  std::optional<TradingSet> try_tie(const Occurrence& fill, const SetQuestion& question, Tie tie,
                                    const Follow& follow);

  MatchLimits matching_;
  Entries<Trader> traders_;  // by account and instrument
  Entries<Total> totals_;    // by instrument
};

}  // namespace marktwacht
