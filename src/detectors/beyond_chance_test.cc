// What chance explains, against the rule summed trade by trade; and the sets that are found with
// it.
#include "detectors/beyond_chance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "detectors/beyond_chance_twin.h"
#include "detectors/findings_twin.h"
#include "detectors/meetings.h"

namespace marktwacht {
namespace {

AccountIndex account(std::uint32_t number) { return {number}; }

MW_PARAMS(MW_CHANCE_PARAMS)

ChanceLimits usual_limits() {
  std::vector<Param> values;
  for (const ParamSpec& param : Params::specs) {
    values.push_back(param.value);
  }
  return ChanceLimits::of(Params::of(values));
}

// Members with what they traded, from single trades.
std::vector<SetMember> members_of(std::span<const TwinTrade> trades,
                                  std::span<const AccountIndex> set) {
  std::vector<SetMember> members;
  for (const AccountIndex own : set) {
    SetMember member{own, {}, {}};
    for (const TwinTrade& trade : trades) {
      if (trade.buyer != own && trade.seller != own) {
        continue;
      }
      const bool buys = trade.buyer == own;
      const bool made = trade.buyer_made == buys;
      member.all.add(buys, made, trade.quantity);
      if (std::ranges::find(set, buys ? trade.seller : trade.buyer) != set.end()) {
        member.inside.add(buys, made, trade.quantity);
      }
    }
    members.push_back(member);
  }
  return members;
}

TwinTrade any_trade(std::mt19937_64& random, std::uint32_t accounts) {
  TwinTrade trade;
  trade.buyer = account(static_cast<std::uint32_t>(random() % accounts));
  do {
    trade.seller = account(static_cast<std::uint32_t>(random() % accounts));
  } while (trade.seller == trade.buyer);
  trade.quantity = 1 + static_cast<std::int64_t>(random() % 50);
  trade.buyer_made = random() % 2 == 0;
  trade.matched = random() % 3 == 0;
  return trade;
}

void expect_same(const Chance& chance, const TwinChance& twin) {
  EXPECT_TRUE(chance.observed == twin.observed);
  EXPECT_TRUE(chance.volume == twin.volume);
  EXPECT_TRUE(chance.outside == twin.outside);
  EXPECT_TRUE(chance.products == twin.expected_times_outside);
}

TEST(BeyondChanceTest, AsTheSlowTwin) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    std::vector<TwinTrade> trades;
    for (std::size_t left = 1 + random() % 60; left > 0; --left) {
      trades.push_back(any_trade(random, 7));
    }
    std::vector<AccountIndex> set;
    for (std::uint32_t at = 0; at < 2 + random() % 4; ++at) {
      set.push_back(account(at));
    }
    const TwinChance twin = chance_twin(trades, set);
    expect_same(chance_of(members_of(trades, set), twin.volume), twin);
  }
}

// ann and bob trade 10 with each other and 10 each with others, of 1,000 that others trade: what
// chance explains of it is 2 · 20 · 10 / 990 or so.
TEST(BeyondChanceTest, FiveTimesWhatChanceExplains) {
  std::vector<TwinTrade> trades = {{account(0), account(1), 10, true, false},
                                   {account(0), account(2), 10, false, false},
                                   {account(3), account(1), 10, false, false},
                                   {account(2), account(3), 970, true, false}};
  const std::vector set = {account(0), account(1)};
  const auto chance = [&] {
    return chance_of(members_of(trades, set), chance_twin(trades, set).volume);
  };
  // Bought by 0: 20, sold to others by 1: 10; the same from the other side: 400 in 990.
  EXPECT_TRUE(chance().products == 400);
  EXPECT_TRUE(chance().outside == 990);
  EXPECT_TRUE(chance().ratio_units() == Int128{2 * 10 * 990} * Param::one / 400);  // 49.5
  EXPECT_TRUE(chance().beyond(usual_limits()));
  trades.back().quantity = 80;  // 5 times: 2 · 10 · 100 / 400
  EXPECT_TRUE(chance().ratio_units() == 5 * Param::one);
  EXPECT_TRUE(chance().beyond(usual_limits()));
  trades.back().quantity = 79;
  EXPECT_FALSE(chance().beyond(usual_limits()));
  trades.back().quantity = 10;  // but 10 of 40 is a quarter of all
  EXPECT_TRUE(chance().beyond(usual_limits()));
  trades.back().quantity = 11;
  EXPECT_FALSE(chance().beyond(usual_limits()));
}

// Two makers who quote both sides for everybody, and now and then meet each other.
TEST(BeyondChanceTest, MakersOfBothSidesMeetEverybody) {
  std::vector<TwinTrade> trades;
  for (std::uint32_t at = 2; at < 12; ++at) {
    for (const std::uint32_t maker : {0U, 1U}) {
      trades.push_back({account(maker), account(at), 5, true, false});
      trades.push_back({account(at), account(maker), 5, false, false});
    }
  }
  for (int at = 0; at < 10; ++at) {
    trades.push_back({account(0), account(1), 9, at % 2 == 0, false});
  }
  const std::vector set = {account(0), account(1)};
  const Chance chance = chance_of(members_of(trades, set), chance_twin(trades, set).volume);
  EXPECT_TRUE(chance.observed == 0);  // 45 made by each, of 100 of both sides made for others
  EXPECT_FALSE(chance.beyond(usual_limits()));
}

TEST(BeyondChanceTest, VeryLargeNumbersAreScaledDown) {
  constexpr std::int64_t large = INT64_MAX / 4;
  const std::vector<TwinTrade> trades = {{account(0), account(1), large, true, false},
                                         {account(0), account(2), large, false, false},
                                         {account(2), account(1), large, false, false}};
  const std::vector set = {account(0), account(1)};
  const Chance chance = chance_of(members_of(trades, set), Int128{large} * 3);
  EXPECT_TRUE(chance.ratio_units() == Param::one);  // 2 · 1 · 2 / (2 · 1 + 2 · 1)
  Dealt dealt;
  dealt.add(true, true, INT64_MAX);
  dealt.add(true, true, 5);
  EXPECT_EQ(dealt.bought, INT64_MAX);
}

struct Stream {
  Market market;
  QuietFindings findings;
  Meetings meetings{{{}, 1'000}};
  std::vector<std::pair<std::int64_t, TwinTrade>> trades;  // with their half window

  // Both sides, the maker's first; then the set around them.
  std::optional<TradingSet> trade(const TwinTrade& trade, Time now, const SetQuestion& question) {
    findings.at = now;
    trades.emplace_back(now.ns / Meetings::half_window.ns, trade);
    Fill buyer, seller;
    buyer.account = seller.counterparty = trade.buyer;
    seller.account = buyer.counterparty = trade.seller;
    buyer.maker = trade.buyer_made;
    seller.maker = !trade.buyer_made;
    buyer.side = Side::buy;
    seller.side = Side::sell;
    for (Fill* fill : {&buyer, &seller}) {
      fill->quantity.units = trade.quantity;
      OrderFacts order;
      order.known = order.has_price = order.sized = true;
      order.quantity.units = trade.quantity;
      fill->order = fill->counterparty_order = order;
      fill->counterparty_order.price.units = trade.matched ? 0 : 1;
    }
    Occurrence event;
    event.kind = EventKind::fill;
    event.moment.now = now;
    event.instrument = InstrumentIndex{0};
    for (const Fill* fill :
         trade.buyer_made ? std::array{&buyer, &seller} : std::array{&seller, &buyer}) {
      event.account = fill->account;
      event.fill = fill;
      meetings.take(event, findings);
    }
    return meetings.set_around(event, market, question);
  }

  std::vector<TwinTrade> in_window(Time now) const {
    std::vector<TwinTrade> all;
    for (const auto& [half, trade] : trades) {
      if (half >= now.ns / Meetings::half_window.ns - 1) {
        all.push_back(trade);
      }
    }
    return all;
  }
};

SetQuestion loose_question() {
  SetQuestion question{usual_limits()};
  question.limits.trades_min = param_of("3");
  question.limits.inside_min = param_of("0.4");
  question.limits.chance_ratio_min = param_of("1.5");
  return question;
}

TEST(MeetingsTest, SetsAreAsTheSlowTwinSays) {
  std::mt19937_64 random(11);
  int found[4] = {};
  for (int round = 0; round < 60; ++round) {
    Stream stream;
    Time now{1'000'000 * second.ns};
    const SetQuestion question = loose_question();
    for (int at = 0; at < 120; ++at) {
      now = now + Duration{static_cast<std::int64_t>(random() % 120) * second.ns};
      TwinTrade next = any_trade(random, 6);
      next.matched = next.matched && round % 2 == 0;
      const auto set = stream.trade(next, now, question);
      if (!set) {
        continue;
      }
      ++found[static_cast<int>(set->tie)];
      std::vector<AccountIndex> accounts;
      for (const SetMember& member : set->members) {
        accounts.push_back(member.account);
        EXPECT_TRUE(
            question.limits.inside_min.reached(member.inside.volume(), member.all.volume()));
      }
      EXPECT_TRUE(set->has(next.buyer) && set->has(next.seller));
      const auto trades = stream.in_window(now);
      expect_same(set->chance, chance_twin(trades, accounts));
      EXPECT_TRUE(set->chance.beyond(question.limits));
      const auto is_inside = [&](const TwinTrade& trade) {
        return set->has(trade.buyer) && set->has(trade.seller);
      };
      EXPECT_EQ(set->trades, std::ranges::count_if(trades, is_inside));
      EXPECT_EQ(set->matched, std::ranges::count_if(trades, [&](const TwinTrade& trade) {
                  return is_inside(trade) && trade.matched;
                }));
    }
  }
  EXPECT_GT(found[static_cast<int>(Tie::matched)], 100);
  EXPECT_GT(found[static_cast<int>(Tie::none)], 100);
  EXPECT_EQ(found[static_cast<int>(Tie::link)] + found[static_cast<int>(Tie::star)], 0);
}

// Two who meet every minute beside a crowd that grows: the sets of strangers never push them out.
TEST(MeetingsTest, WhoMeetsOftenIsNotForgotten) {
  Stream stream;
  SetQuestion question{usual_limits()};
  int found = 0;
  for (std::uint32_t at = 0; at < 40; ++at) {
    const Time now{1'000'000 * second.ns + at * 30 * second.ns};
    const TwinTrade own{account(0), account(1), 10, at % 2 == 0, false};
    found += stream.trade(own, now, question) ? 1 : 0;
    stream.trade({account(0), account(100 + at), 1, true, false}, now, question);
    stream.trade({account(200 + at), account(1), 1, true, false}, now, question);
    for (std::uint32_t other = 0; other < 6; ++other) {
      stream.trade({account(300 + at * 9 + other), account(900 + at * 9 + other), 9, true, false},
                   now, question);
    }
  }
  EXPECT_GT(found, 20);
}

// A star links nobody: what is said without link or matched orders is shown and no more.
TEST(AddSetTest, OnlyATieIsMoreThanShown) {
  TradingSet set{.members = {{account(1), {}, {}}, {account(2), {}, {}}}, .chance = {}};
  set.chance.observed = 10;
  set.chance.volume = 100;
  for (const auto& [tie, shown_only] :
       {std::pair(Tie::link, false), {Tie::matched, false}, {Tie::star, true}, {Tie::none, true}}) {
    set.tie = tie;
    Report report;
    add_set(set, usual_limits(), report);
    EXPECT_EQ(report.maturity, shown_only ? Maturity::incubating : Maturity::stable);
    int points = 0;
    for (const ScorePart& part : report.score_parts) {
      points += part.points;
    }
    EXPECT_EQ(points <= 20, shown_only);
  }
}

}  // namespace
}  // namespace marktwacht
