// Who is in lockstep and who only looks like it, and the quick one beside its twin.
#include "links/lockstep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "links/links.h"
#include "links/lockstep_twin.h"

namespace marktwacht {
namespace {

constexpr Time start{1'700'000'000'000'000'000};  // a full second

AccountIndex account(std::uint32_t value) { return AccountIndex{value}; }
Time after(std::int64_t ms) { return {start.ns + ms * millisecond.ns}; }

// What each has said so far, to both.
struct Floor {
  Lockstep quick;
  LockstepTwin twin;
  std::uint64_t seq = 0;
  std::set<AccountPair> found;

  void act(const BookAction& action, Time now) {
    quick.act(action, now, ++seq);
    twin.act(action, now);
    for (const LockstepPair& pair : quick.found(seq)) {
      found.insert(pair.accounts);
    }
  }
  void place(std::uint32_t of, std::int64_t price, Time now, bool own_will = true) {
    act({account(of), InstrumentIndex{0}, Side::buy, BookAct::place, Price{price}, own_will}, now);
  }
  // Time goes on until all has been judged.
  void pass(Time now) { place(999'999, 1, {now.ns + 100 * second.ns}); }
  bool locked(std::uint32_t a, std::uint32_t b) const {
    return found.contains(AccountPair::of(account(a), account(b)));
  }
};

// Each round the accounts do the same within one second; `order(round)` turns who is first.
void march(Floor& floor, std::vector<std::uint32_t> who, int rounds, bool turns = true,
           std::int64_t within_ms = 100, bool own_will = true) {
  for (int round = 0; round < rounds; ++round) {
    const std::int64_t at = round * 7'000 + within_ms;
    for (std::size_t i = 0; i < who.size(); ++i) {
      floor.place(who[i], 100 + round, after(at + static_cast<std::int64_t>(i)), own_will);
    }
    if (turns) {
      std::rotate(who.begin(), who.begin() + 1, who.end());
    }
  }
  floor.pass(after(rounds * 7'000));
}

TEST(Lockstep, three_that_do_the_same_again_and_again) {
  Floor floor;
  march(floor, {1, 2, 3}, 45);
  EXPECT_TRUE(floor.locked(1, 2));
  EXPECT_TRUE(floor.locked(1, 3));
  EXPECT_TRUE(floor.locked(2, 3));
  EXPECT_EQ(floor.quick.partners(account(2), after(400'000)),
            (std::vector{account(1), account(3)}));
  EXPECT_EQ(floor.quick.forgotten(), 0U);
}

// The first seven only show that a comparison is worth it.
TEST(Lockstep, thirty_actions_in_common_are_needed) {
  Floor few, enough;
  march(few, {1, 2, 3}, 36);
  EXPECT_TRUE(few.found.empty());
  march(enough, {1, 2, 3}, 37);
  EXPECT_EQ(enough.found.size(), 3U);
}

TEST(Lockstep, a_steady_lag_is_copy_trading) {
  Floor floor;
  march(floor, {1, 2, 3}, 60, false);
  EXPECT_TRUE(floor.found.empty());
}

TEST(Lockstep, what_is_copied_or_forced_is_no_evidence) {
  Floor floor;
  march(floor, {1, 2, 3}, 60, true, 100, false);
  EXPECT_TRUE(floor.found.empty());
}

TEST(Lockstep, slices_at_full_seconds_are_no_evidence) {
  for (const std::int64_t within : {0, 5, 991}) {
    Floor floor;
    march(floor, {1, 2, 3}, 60, true, within);
    EXPECT_TRUE(floor.found.empty()) << within;
  }
}

TEST(Lockstep, what_follows_or_precedes_a_notice_by_a_minute_is_no_evidence) {
  // Every two minutes: nothing is further away than one.
  for (const bool of_this_market : {true, false}) {
    Floor floor;
    std::int64_t told = 0;
    for (int round = 0; round < 80; ++round) {
      const std::int64_t at = round * 7'000 + 100;
      for (; told + 60'000 <= at; told += 120'000) {
        const InstrumentIndex where{of_this_market ? 0U : 1U};
        floor.quick.notice(where, after(told + 60'000));
      }
      for (const std::uint32_t i : {0U, 1U, 2U}) {
        const auto turn = static_cast<std::uint32_t>(round);
        floor.place(1 + (i + turn) % 3, 100 + round, after(at + i));
      }
    }
    floor.pass(after(80 * 7'000));
    EXPECT_EQ(floor.found.empty(), of_this_market);
  }
}

TEST(Lockstep, two_market_makers_quote_the_same_book) {
  Floor floor;
  std::mt19937_64 random(3);
  for (std::int64_t at = 0; at < 600'000; at += 100) {
    const auto of = static_cast<std::uint32_t>(random() % 2);
    floor.place(of, 1'000 + static_cast<std::int64_t>(random() % 5), after(at + 20));
  }
  floor.pass(after(600'000));
  EXPECT_TRUE(floor.found.empty());
}

TEST(Lockstep, a_crowd_in_one_second_is_not_compared) {
  Floor floor;
  std::vector<std::uint32_t> crowd(33);
  for (std::uint32_t i = 0; i < 33; ++i) {
    crowd[i] = i;
  }
  march(floor, crowd, 60);
  EXPECT_TRUE(floor.found.empty());
}

void march(Links& links) {
  std::uint64_t seq = 0;
  for (int round = 0; round < 60; ++round) {
    for (const std::uint32_t i : {0U, 1U}) {
      const std::uint32_t of = 1 + (i + static_cast<std::uint32_t>(round)) % 2;
      links.act({account(of), InstrumentIndex{0}, Side::sell, BookAct::place, Price{100 + round}},
                after(round * 7'000 + 100 + i), ++seq);
    }
  }
}

TEST(Lockstep, says_nothing_where_the_table_does_not_weigh_it) {
  Links links;
  march(links);
  EXPECT_EQ(links.lockstep().partners(account(1), after(500'000)), std::vector{account(2)});
  EXPECT_TRUE(links.suspects(account(1)).empty());
}

TEST(Lockstep, alone_it_is_a_suspicion_and_no_link) {
  LinkTable weighed = default_link_table;
  weighed.shared[static_cast<std::size_t>(SharedKind::lockstep)] = {2, {21'000}};
  Links links;
  links.set_table(weighed, after(0));
  march(links);
  const AccountPair pair = AccountPair::of(account(1), account(2));
  EXPECT_EQ(links.why(pair).state, PairState::suspected);
  EXPECT_EQ(links.suspects(account(1)), std::vector{account(2)});
  // With one address in common it is a link.
  links.log_in({account(1), "203.0.113.9", "", "", after(500'000)});
  links.log_in({account(2), "203.0.113.9", "", "", after(500'000)});
  EXPECT_EQ(links.why(pair).state, PairState::linked);
  links.expire({after(0).ns + 31 * day.ns});
  EXPECT_EQ(links.why(pair).state, PairState::apart);
}

// Some march, with misses, some do as they like, all in two markets.
TEST(Lockstep, is_like_its_twin) {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
    Floor floor;
    std::mt19937_64 random(seed);
    const auto any = [&](std::int64_t end) {
      return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end));
    };
    for (int round = 0; round < 300; ++round) {
      const std::int64_t at = round * 4'000;
      if (any(20) == 0) {
        const Time told = after(at);
        floor.quick.notice(InstrumentIndex{1}, told);
        floor.twin.notice(InstrumentIndex{1}, told);
      }
      std::vector<BookAction> actions;
      for (std::uint32_t of = 0; of < 12; ++of) {
        const bool marches = of < 6 && any(100) >= 4 * of;  // ever less together
        const std::int64_t price = marches ? 50 + round % 9 : 100 + any(30);
        const InstrumentIndex market{marches ? static_cast<std::uint32_t>(round % 2)
                                             : static_cast<std::uint32_t>(any(2))};
        if (marches || any(3) == 0) {
          actions.push_back({account(of), market, Side::buy, BookAct::place, Price{price}});
        }
      }
      std::ranges::shuffle(actions, random);
      for (std::size_t i = 0; i < actions.size(); ++i) {
        floor.act(actions[i], after(at + 200 + static_cast<std::int64_t>(i)));
      }
    }
    const Time end = after(300 * 4'000);
    floor.pass(end);
    int compared = 0;
    for (std::uint32_t a = 0; a < 12; ++a) {
      for (std::uint32_t b = a + 1; b < 12; ++b) {
        const auto exact = floor.twin.compare({account(a), account(b)}, end);
        // It looks all the time, and may have seen a stretch in which they were more alike.
        if (exact.likeness >= 0.84) {
          EXPECT_TRUE(floor.locked(a, b)) << a << " " << b << " " << exact.likeness;
          ++compared;
        } else if (exact.likeness < 0.6) {
          EXPECT_FALSE(floor.locked(a, b)) << a << " " << b << " " << exact.likeness;
        }
      }
    }
    EXPECT_GE(compared, 2);
  }
}

TEST(Lockstep, goes_on_from_a_snapshot) {
  Floor whole;
  Lockstep cut;
  std::uint64_t seq = 0;
  for (int round = 0; round < 90; ++round) {
    if (round == 40) {
      whole.quick.notice(InstrumentIndex{0}, after(round * 7'000));
      cut.notice(InstrumentIndex{0}, after(round * 7'000));
    }
    for (const std::uint32_t i : {0U, 1U, 2U}) {
      const std::uint32_t of = 1 + (i + static_cast<std::uint32_t>(round)) % 3;
      const BookAction action{account(of), InstrumentIndex{0}, Side::buy, BookAct::take_back,
                              Price{100 + round}};
      const Time now = after(round * 7'000 + 300 + i);
      std::string bytes, again;
      ByteWriter out(bytes);
      cut.save(out);
      Lockstep next;
      ByteReader in(bytes);
      ASSERT_TRUE(next.load(in, {10, 1}));
      ByteWriter out_again(again);
      next.save(out_again);
      ASSERT_EQ(bytes, again);
      cut = std::move(next);
      cut.act(action, now, ++seq);
      whole.quick.act(action, now, seq);
      ASSERT_TRUE(std::ranges::equal(cut.found(seq), whole.quick.found(seq)));
    }
  }
  EXPECT_EQ(cut.partners(account(1), after(630'000)).size(), 2U);
}

TEST(Lockstep, a_snapshot_that_names_unknown_instruments_is_refused) {
  Lockstep lockstep;
  lockstep.act({account(1), InstrumentIndex{7}, Side::buy, BookAct::place, Price{1}}, start, 1);
  std::string bytes;
  ByteWriter out(bytes);
  lockstep.save(out);
  for (const std::uint32_t instruments : {7U, 8U}) {
    Lockstep next;
    ByteReader in(bytes);
    EXPECT_EQ(next.load(in, {2, instruments}), instruments == 8);
  }
}

// What somebody repeats within a second counts once.
TEST(Lockstep, the_same_again_within_a_second_is_nothing_new) {
  Floor floor;
  for (int round = 0; round < 20; ++round) {
    for (int again = 0; again < 4; ++again) {
      for (const int turn : {0, 1, 2}) {
        const auto of = static_cast<std::uint32_t>(1 + (round + turn) % 3);
        floor.place(of, 100 + round, after(round * 7'000 + 100 + again));
      }
    }
  }
  floor.pass(after(20 * 7'000));
  EXPECT_TRUE(floor.found.empty());
}

TEST(Lockstep, is_bounded) {
  Lockstep small({.actors_max = 32, .pairs_max = 2, .pending_max = 50});
  std::uint64_t seq = 0;
  for (int round = 0; round < 200; ++round) {
    for (std::uint32_t i = 0; i < 60; ++i) {
      small.act({account(i), InstrumentIndex{i / 8}, Side::buy, BookAct::place, Price{round}},
                after(round * 7'000 + 100 + i), ++seq);
    }
  }
  EXPECT_GT(small.forgotten(), 0U);
  std::string bytes;
  ByteWriter out(bytes);
  small.save(out);
  EXPECT_LT(bytes.size(), 32U * 400 + 2 * 200 + 50 * 40 + 100 * 20);
}

}  // namespace
}  // namespace marktwacht
