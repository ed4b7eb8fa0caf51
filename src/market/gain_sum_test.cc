// What belongs to an alert and what it comes to, by hand.
#include "market/gain_sum.h"

#include <gtest/gtest.h>

#include <string>

#include "base/decimal.h"

namespace marktwacht {
namespace {

constexpr AssetIndex usdt{0}, btc{1}, eth{2};
constexpr AccountIndex ann{0}, bob{1}, cy{2};
constexpr InstrumentIndex x{0}, y{1};
constexpr AccountIndex both[] = {ann, bob};
constexpr GainScope scope{both, x, Time{100}, Time{200}};
constexpr GainScope everywhere{both, InstrumentIndex::none(), Time{100}, Time{200}};

GainEntry trip(Time at, InstrumentIndex in = x) {
  GainEntry entry;
  entry.at = at;
  entry.account = ann;
  entry.instrument = in;
  entry.asset = usdt;
  return entry;
}

GainEntry reward(GainKind kind, AccountIndex source = {}) {
  GainEntry entry;
  entry.at = Time{150};
  entry.kind = kind;
  entry.account = ann;
  entry.asset = usdt;
  entry.source_account = source;
  return entry;
}

TEST(GainScopeTest, WhatIsClosedInTheAlertsTimeOnItsInstrument) {
  EXPECT_FALSE(belongs(trip(Time{99}), scope));
  EXPECT_TRUE(belongs(trip(Time{100}), scope));
  EXPECT_TRUE(belongs(trip(Time{200}), scope));
  EXPECT_FALSE(belongs(trip(Time{201}), scope));
  EXPECT_FALSE(belongs(trip(Time{150}, y), scope));
  EXPECT_TRUE(belongs(trip(Time{150}, y), everywhere));
}

TEST(GainScopeTest, AndLaterIfAllOfItWasOpenedThen) {
  GainEntry later = trip(Time{500});
  later.opened_first = Time{100};
  later.opened_last = Time{200};
  EXPECT_TRUE(belongs(later, scope));
  later.opened_last = Time{201};
  EXPECT_FALSE(belongs(later, scope));
  later.opened_last = Time{150};
  later.opened_first = Time{99};
  EXPECT_FALSE(belongs(later, scope));
  later.instrument = y;
  later.opened_first = Time{100};
  EXPECT_FALSE(belongs(later, scope));
}

TEST(GainScopeTest, RewardsThatItsTradingMayHaveEarned) {
  EXPECT_TRUE(belongs(reward(GainKind::fee_rebate), scope));
  EXPECT_TRUE(belongs(reward(GainKind::commission, bob), scope));
  EXPECT_FALSE(belongs(reward(GainKind::commission, cy), scope));
  EXPECT_FALSE(belongs(reward(GainKind::commission), scope));
  EXPECT_FALSE(belongs(reward(GainKind::bonus), scope));
  for (const GainKind kind : {GainKind::fee_rebate, GainKind::commission, GainKind::bonus,
                              GainKind::voucher, GainKind::airdrop}) {
    EXPECT_TRUE(belongs(reward(kind), everywhere));
  }
  EXPECT_FALSE(belongs(reward(GainKind::commission, cy), everywhere));
  GainEntry late = reward(GainKind::fee_rebate);
  late.at = Time{201};
  late.opened_first = late.opened_last = Time{150};
  EXPECT_FALSE(belongs(late, scope));
}

TEST(GainScopeTest, EachAccountIsVisited) {
  Gains gains;
  for (const AccountIndex account : {ann, bob, cy}) {
    GainEntry entry = trip(Time{150});
    entry.account = account;
    entry.seq = account.value + 1;
    gains.add(entry, "t" + std::to_string(account.value));
  }
  std::string seqs;
  visit_gains(gains, scope, [&](const GainEntry& entry) { seqs += std::to_string(entry.seq); });
  EXPECT_EQ(seqs, "12");
}

GainEntry amount(AssetIndex asset, Int128 units, std::uint8_t scale) {
  GainEntry entry;
  entry.asset = asset;
  entry.amount = units;
  entry.scale = scale;
  return entry;
}

GainEntry valued(AssetIndex asset, Int128 units, std::uint8_t scale, Int128 worth) {
  GainEntry entry = amount(asset, units, scale);
  entry.worth = worth;
  entry.valued = true;
  return entry;
}

// "asset amount / entries, unwhole, left out"
std::string sum_of(const std::vector<GainEntry>& entries) {
  GainSum sum(usdt);
  for (const GainEntry& entry : entries) {
    sum.add(entry);
  }
  const GainTotal total = sum.total();
  return std::to_string(total.asset.value) + " " +
         format_scaled(total.amount.units, total.amount.scale) + " / " +
         std::to_string(total.entries) + ", " + std::to_string(total.unwhole) + ", " +
         std::to_string(total.left_out);
}

TEST(GainSumTest, AmountsOfTheReportingCurrencyAreAddedExactly) {
  EXPECT_EQ(sum_of({}), "0 0 / 0, 0, 0");
  EXPECT_EQ(sum_of({amount(usdt, 1'250'001, 6), amount(usdt, -3, 1)}), "0 0.950001 / 2, 0, 0");
  EXPECT_EQ(sum_of({amount(usdt, -5, 0)}), "0 -5 / 1, 0, 0");
  GainEntry unknown = amount(usdt, 0, 2);
  unknown.whole = false;
  EXPECT_EQ(sum_of({amount(usdt, 7, 0), unknown}), "0 7 / 2, 1, 0");
}

TEST(GainSumTest, OthersByTheirWorth) {
  EXPECT_EQ(sum_of({amount(usdt, 1, 0), valued(btc, 5, 8, 25'000)}), "0 3.5 / 2, 0, 0");
  EXPECT_EQ(sum_of({valued(btc, 5, 8, 25'000), valued(btc, -1, 8, -5'000)}), "0 2 / 2, 0, 0");
}

TEST(GainSumTest, OneAssetThatNothingValuesStandsForItself) {
  EXPECT_EQ(sum_of({amount(btc, 5, 8), amount(btc, 10, 8)}), "1 0.00000015 / 2, 0, 0");
  EXPECT_EQ(sum_of({valued(btc, 5, 8, 25'000), amount(btc, 10, 8)}), "1 0.00000015 / 2, 0, 0");
  EXPECT_EQ(sum_of({amount(btc, 5, 8), amount(usdt, 10, 0)}), "0 10 / 2, 0, 1");
  EXPECT_EQ(sum_of({amount(btc, 5, 8), amount(eth, 10, 8)}), "0 0 / 2, 0, 2");
}

TEST(GainSumTest, WhatLeaves128BitsIsLeftOutAndSaidSo) {
  EXPECT_EQ(sum_of({amount(usdt, int128_max, 0), amount(usdt, 1, 0)}),
            "0 170141183460469231731687303715884105727 / 2, 0, 1");
}

TEST(GainSumTest, OfSeveralAlertsEachSideOfATradeCountsOnce) {
  const auto side = [](std::uint64_t seq, AccountIndex account, bool maker) {
    GainEntry entry = amount(usdt, 1, 0);
    entry.seq = seq;
    entry.account = account;
    entry.maker = maker;
    return entry;
  };
  // A trade of ann with bob, told by two alerts; one of ann with herself that closed both legs.
  std::vector<GainEntry> entries = {side(7, ann, true),  side(7, bob, false), side(9, ann, true),
                                    side(7, bob, false), side(9, ann, false), side(7, ann, true)};
  keep_once(entries);
  EXPECT_EQ(sum_of(entries), "0 4 / 4, 0, 0");
}

}  // namespace
}  // namespace marktwacht
