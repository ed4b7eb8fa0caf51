// The log of gains against a plain list, on random streams, and through the market by hand.
#include "market/gains.h"

#include <gtest/gtest.h>

#include <list>
#include <map>
#include <random>
#include <string>

#include "market/lines_twin.h"

namespace marktwacht {
namespace {

constexpr Gains::Known known{4, 3, 2};

// One list, looked through from one end to the other.
struct GainsTwin {
  struct Kept {
    GainEntry entry;
    std::string trade_id;
  };

  Gains::Limits limits;
  std::list<Kept> kept;
  std::map<std::string, std::uint64_t> latest_seq;  // of each trade id
  std::map<AccountIndex, Time> forgotten;
  std::uint64_t early = 0;

  std::size_t count(AccountIndex account) const {
    std::size_t of = 0;
    for (const Kept& each : kept) {
      of += each.entry.account == account ? 1 : 0;
    }
    return of;
  }
  void forget(std::list<Kept>::iterator which) {
    forgotten[which->entry.account] = which->entry.at;
    kept.erase(which);
  }

  void add(const GainEntry& entry, const std::string& trade_id) {
    while (!kept.empty() && entry.at.ns - kept.front().entry.at.ns > Gains::memory_max.ns) {
      forget(kept.begin());
    }
    if (count(entry.account) == limits.account_entries_max) {
      ++early;
      forget(std::ranges::find(kept, entry.account, [](const Kept& k) { return k.entry.account; }));
    } else if (kept.size() == limits.entries_max) {
      ++early;
      forget(kept.begin());
    }
    kept.push_back({entry, trade_id});
    if (entry.kind == GainKind::round_trip) {
      latest_seq[trade_id] = entry.seq;
    }
  }
  void void_trade(const std::string& trade_id) {
    if (latest_seq.contains(trade_id)) {
      std::erase_if(kept, [&](const Kept& k) {
        return k.entry.kind == GainKind::round_trip && k.entry.seq == latest_seq[trade_id];
      });
    }
  }
  void revoke(AccountIndex account, GainKind kind, AssetIndex asset, Int128 units) {
    for (auto each = kept.rbegin(); each != kept.rend(); ++each) {
      GainEntry& entry = each->entry;
      if (entry.account == account && entry.kind == kind && entry.asset == asset) {
        const Int128 taken = std::min(units, entry.amount);
        entry.worth = divide_half_even(entry.worth * (entry.amount - taken), entry.amount);
        entry.amount -= taken;
        units -= taken;
      }
    }
    std::erase_if(kept, [](const Kept& k) {
      return k.entry.kind != GainKind::round_trip && k.entry.amount == 0;
    });
  }
};

std::string text_of(const GainEntry& entry) {
  return std::to_string(entry.seq) + " " + std::to_string(entry.account.value) + " " +
         std::to_string(entry.instrument.value) + (entry.maker ? " maker " : " ") +
         std::string(word_of(entry.kind)) + " " + format_scaled(entry.amount, entry.scale) + " " +
         format_scaled(entry.worth, 4) + "\n";
}

std::string seen(const Gains& gains, AccountIndex account, InstrumentIndex instrument, Time from,
                 Time to) {
  std::string text;
  gains.visit(account, instrument, from, to, [&](const GainEntry& e) { text += text_of(e); });
  return text;
}

std::string seen(const GainsTwin& twin, AccountIndex account, InstrumentIndex instrument, Time from,
                 Time to) {
  std::string text;
  for (auto each = twin.kept.rbegin(); each != twin.kept.rend(); ++each) {
    const GainEntry& entry = each->entry;
    if (entry.account == account && from <= entry.at && entry.at <= to &&
        (!instrument.exists() || instrument == entry.instrument)) {
      text += text_of(entry);
    }
  }
  return text;
}

std::string bytes_of_state(const Gains& gains) {
  std::string bytes;
  ByteWriter out(bytes);
  gains.save(out);
  return bytes;
}

class GainsStream {
 public:
  explicit GainsStream(std::uint64_t seed) : random_(seed) {
    twin.limits = {8 + below(40), 4 + below(12)};
    gains.emplace(twin.limits);
  }

  std::optional<Gains> gains;
  GainsTwin twin;

  void step() {
    at_.ns += below(40) == 0 ? Gains::memory_max.ns / 3 : below(1'000);
    ++seq_;
    const std::string trade_id = "t" + std::to_string(below(60));
    switch (below(8)) {
      case 0:
        gains->void_trade(trade_id);
        return twin.void_trade(trade_id);
      case 1: {
        const GainEntry like = reward();
        gains->revoke(like.account, like.kind, like.asset, {like.amount, like.scale});
        return twin.revoke(like.account, like.kind, like.asset, like.amount);
      }
      case 2:
      case 3:
        return add(reward(), "");
      default:
        add(round_trip(true), trade_id);
        if (below(2) == 0) {
          add(round_trip(false), trade_id);
        }
    }
  }
  // As a snapshot and a fresh start would.
  void restart() {
    const std::string bytes = bytes_of_state(*gains);
    gains.emplace(twin.limits);
    ByteReader in(bytes);
    ASSERT_TRUE(gains->load(in, known) && in.done());
    ASSERT_EQ(bytes_of_state(*gains), bytes);
  }
  void compare() {
    ASSERT_EQ(gains->size(), twin.kept.size());
    for (std::uint32_t account = 0; account < known.accounts; ++account) {
      const AccountIndex of{account};
      const InstrumentIndex in{below(4) == 0 ? below(3) : InstrumentIndex::none_value};
      const Time from{below(3) == 0 ? 0 : at_.ns - below(3'000)}, to{at_.ns - below(2'000)};
      ASSERT_EQ(seen(*gains, of, in, from, to), seen(twin, of, in, from, to));
      ASSERT_EQ(gains->forgotten_until(of),
                twin.forgotten.contains(of) ? std::optional(twin.forgotten[of]) : std::nullopt);
    }
  }

 private:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  GainEntry entry() {
    GainEntry entry;
    entry.seq = seq_;
    entry.at = at_;
    entry.account.value = below(known.accounts);
    entry.asset.value = below(known.assets);
    entry.scale = 2;
    entry.valued = below(2) == 0;
    return entry;
  }
  GainEntry reward() {
    GainEntry reward = entry();
    reward.kind = below(2) == 0 ? GainKind::bonus : GainKind::commission;
    reward.amount = 1 + below(100);
    reward.worth = reward.valued ? 3 * reward.amount : 0;
    return reward;
  }
  GainEntry round_trip(bool maker) {
    GainEntry trip = entry();
    trip.maker = maker;
    trip.instrument.value = below(known.instruments);
    trip.amount = Int128{below(100)} - 50;
    trip.whole = below(5) != 0;
    return trip;
  }
  void add(const GainEntry& entry, const std::string& trade_id) {
    gains->add(entry, trade_id);
    twin.add(entry, trade_id);
  }

  std::mt19937_64 random_;
  Time at_{1};
  std::uint64_t seq_ = 0;
};

TEST(GainsTest, EqualsAPlainListOnRandomStreams) {
  std::uint64_t early = 0, forgotten = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    GainsStream stream(seed);
    for (int i = 0; i < 300; ++i) {
      stream.step();
      ASSERT_NO_FATAL_FAILURE(stream.compare()) << seed << " at " << i;
      if (i % 7 == 0) {
        ASSERT_NO_FATAL_FAILURE(stream.restart()) << seed << " at " << i;
      }
    }
    early += stream.twin.early;
    forgotten += stream.twin.forgotten.size();
  }
  EXPECT_GT(early, 1'000u);
  EXPECT_GT(forgotten, 100u);
}

GainEntry trip_of(std::uint64_t seq, Time at, AccountIndex account) {
  GainEntry entry;
  entry.seq = seq;
  entry.at = at;
  entry.account = account;
  entry.asset = AssetIndex{0};
  return entry;
}

TEST(GainsTest, WhatGoesBeforeItsTimeIsABlindSpot) {
  Gains gains({10, 2});
  for (int i = 1; i <= 3; ++i) {
    gains.add(trip_of(1, Time{i}, AccountIndex{0}), "t");
  }
  EXPECT_EQ(gains.size(), 2u);
  EXPECT_EQ(gains.forgot().times, 1u);
  EXPECT_EQ(gains.forgotten_until(AccountIndex{0}), Time{1});
  EXPECT_FALSE(gains.forgotten_until(AccountIndex{1}));
  gains.add(trip_of(2, Time{4 + Gains::memory_max.ns}, AccountIndex{1}), "u");
  EXPECT_EQ(gains.size(), 1u);
  EXPECT_EQ(gains.forgot().times, 1u);  // of age: as promised
  EXPECT_EQ(gains.forgotten_until(AccountIndex{0}), Time{3});
}

TEST(GainsTest, DamagedBytesAreRefused) {
  Gains gains;
  gains.add(trip_of(1, Time{1}, AccountIndex{3}), "t");
  const std::string bytes = bytes_of_state(gains);
  const auto loads = [&](std::string_view from, const Gains::Known& there_are) {
    Gains fresh;
    ByteReader in(from);
    return fresh.load(in, there_are);
  };
  EXPECT_TRUE(loads(bytes, known));
  EXPECT_FALSE(loads(bytes, {3, 3, 2}));
  EXPECT_FALSE(loads(bytes, {4, 3, 0}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(loads(std::string_view(bytes).substr(0, size), known)) << size;
  }
}

// --- through the market

constexpr const char* venue =
    R"({"type":"asset","ts":1,"asset":"USDT","decimals":6}
{"type":"asset","ts":1,"asset":"BTC","decimals":8}
{"type":"instrument","ts":1,"instrument_id":"SPOT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"instrument","ts":1,"instrument_id":"PERP","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"instrument","ts":1,"instrument_id":"INV","kind":"perpetual","base":"BTC","quote":"USD","contract_type":"inverse","contract_multiplier":100,"tick_size":"0.5","lot_size":1,"settle_asset":"BTC"}
)";

struct MarketGainsTest : testing::Test {
  MarketLines lines;
  int trades = 0;

  void SetUp() override { lines.feed_all(venue); }
  void deal(std::string_view instrument, std::string_view buyer, std::string_view seller,
            std::string_view price, std::string_view quantity, std::string_view more = "") {
    ++trades;
    lines.feed_all(R"({"type":"trade","ts":)" + std::to_string(10 + trades) + R"(,"trade_id":"t)" +
                   std::to_string(trades) + R"(","instrument_id":")" + std::string(instrument) +
                   R"(","buyer_id":")" + std::string(buyer) + R"(","seller_id":")" +
                   std::string(seller) + R"(","aggressor":"buy","price":)" + std::string(price) +
                   R"(,"quantity":)" + std::string(quantity) + std::string(more) + "}");
  }
  // Of all that the account has gained, the latest first: kind, amount, asset, worth.
  std::string gains(std::string_view account) {
    std::string text;
    const Directory& directory = lines.market.directory();
    lines.market.gains().visit(
        lines.account(account), InstrumentIndex::none(), Time{0}, Time{INT64_MAX},
        [&](const GainEntry& entry) {
          text += text.empty() ? "" : "; ";
          text += entry.instrument.exists() ? directory.instrument_id(entry.instrument)
                                            : std::string(word_of(entry.kind));
          text += " " + format_scaled(entry.amount, entry.scale) + " " +
                  directory.asset_id(entry.asset) + (entry.whole ? "" : " and unknown");
          text += entry.valued ? " = " + format_scaled(entry.worth, Market::worth_scale) : "";
        });
    return text;
  }
};

// Long 2 at 100, of which 1.5 are closed at 110, the rest at 90: gains 15 and -5. Fees: 0.4 on the
// way in, of which three quarters go with the first; 0.3 and 0.1 on the way out.
TEST_F(MarketGainsTest, PartialClosesOfALongPositionWithFees) {
  deal("PERP", "ann", "m", "100", "2", R"(,"taker_fee":"0.4")");
  EXPECT_EQ(gains("ann"), "");
  deal("PERP", "m", "ann", "110", "1.5", R"(,"maker_fee":"0.3")");
  EXPECT_EQ(gains("ann"), "PERP 14.4 USDT");
  deal("PERP", "m", "ann", "90", "0.5", R"(,"maker_fee":"0.1")");
  EXPECT_EQ(gains("ann"), "PERP -5.2 USDT; PERP 14.4 USDT");
  EXPECT_EQ(gains("m"), "PERP 5 USDT; PERP -15 USDT");
}

TEST_F(MarketGainsTest, AShortPositionGainsWhenThePriceFalls) {
  deal("PERP", "m", "ann", "100", "1");
  deal("PERP", "ann", "m", "80", "1");
  EXPECT_EQ(gains("ann"), "PERP 20 USDT");
}

// A fill that turns the position closes 1 and opens 2; a maker's rebate is a negative fee.
TEST_F(MarketGainsTest, ATurnCountsWhatItClosesWithItsShareOfTheRebate) {
  deal("PERP", "ann", "m", "100", "1", R"(,"taker_fee":"-0.6")");
  deal("PERP", "m", "ann", "101", "3", R"(,"maker_fee":"-0.3")");
  EXPECT_EQ(gains("ann"), "PERP 1.7 USDT");  // 1 + 0.6 + 0.3 / 3
  deal("PERP", "ann", "m", "101", "2");
  EXPECT_EQ(gains("ann"), "PERP 0.2 USDT; PERP 1.7 USDT");
}

// 3 contracts of 100 USD from 50,000 to 60,000: 300 / 50,000 - 300 / 60,000 = 0.001 BTC.
TEST_F(MarketGainsTest, AnInverseContractGainsInItsSettleAsset) {
  deal("INV", "ann", "m", "50000", "3");
  deal("INV", "m", "ann", "60000", "3", R"(,"maker_fee":"0.00001")");
  EXPECT_EQ(gains("ann"), "INV 0.00099 BTC");
  lines.feed_all(R"({"type":"valuation","ts":50,"asset":"BTC","currency":"USDT","price":55000})");
  trades = 50;
  deal("INV", "m", "ann", "50000", "3");
  deal("INV", "ann", "m", "40000", "3");
  EXPECT_EQ(gains("ann"), "INV 0.0015 BTC = 82.5; INV 0.00099 BTC");
}

TEST_F(MarketGainsTest, ASpotSaleCountsWhatItIsKnownToHaveCost) {
  deal("SPOT", "ann", "m", "100", "1");
  EXPECT_EQ(gains("ann"), "");
  EXPECT_EQ(gains("m"), "SPOT 0 USDT and unknown");
  deal("SPOT", "m", "ann", "107", "1.5");
  EXPECT_EQ(gains("ann"), "SPOT 7 USDT and unknown");
}

TEST_F(MarketGainsTest, AnEntryPriceThatNobodyStatedIsNotGuessed) {
  lines.feed_all(
      R"({"type":"position","ts":5,"account_id":"ann","instrument_id":"PERP","quantity":2})");
  deal("PERP", "m", "ann", "90", "1");
  EXPECT_EQ(gains("ann"), "PERP 0 USDT and unknown");
}

TEST_F(MarketGainsTest, BothSidesOfATradeThatClosesOnBoth) {
  deal("PERP", "ann", "bob", "100", "1");
  deal("PERP", "bob", "ann", "103", "1");
  EXPECT_EQ(gains("ann"), "PERP 3 USDT");
  EXPECT_EQ(gains("bob"), "PERP -3 USDT");
  lines.feed_all(R"({"type":"trade_void","ts":40,"trade_id":"t2"})");
  EXPECT_EQ(gains("ann") + gains("bob"), "");
  lines.feed_all(R"({"type":"trade_void","ts":40,"trade_id":"t2"})");  // nothing more
  deal("PERP", "ann", "bob", "100", "1");
  deal("PERP", "bob", "ann", "101", "1");
  lines.feed_all(R"({"type":"trade_void","ts":40,"trade_id":"t9"})");
  EXPECT_EQ(gains("ann"), "PERP 1 USDT");
}

TEST_F(MarketGainsTest, RewardsCountWhenGrantedAndUntilRevoked) {
  const auto reward = [&](std::string_view amount, std::string_view status) {
    lines.feed_all(R"({"type":"reward","ts":20,"account_id":"ann","kind":"bonus","asset":"BTC",)"
                   R"("amount":)" +
                   std::string(amount) + R"(,"status":")" + std::string(status) + "\"}");
  };
  lines.feed_all(R"({"type":"valuation","ts":5,"asset":"BTC","currency":"USDT","price":1000})");
  reward("1", "granted");
  reward("1", "released");
  reward("3", "granted");
  EXPECT_EQ(gains("ann"), "bonus 3 BTC = 3000; bonus 1 BTC = 1000");
  reward("0.5", "revoked");
  EXPECT_EQ(gains("ann"), "bonus 2.5 BTC = 2500; bonus 1 BTC = 1000");
  reward("3", "revoked");
  EXPECT_EQ(gains("ann"), "bonus 0.5 BTC = 500");
  reward("7", "revoked");
  EXPECT_EQ(gains("ann"), "");
  lines.feed_all(
      R"({"type":"reward","ts":20,"account_id":"ann","kind":"fee_rebate","asset":"USDT","amount":2}
{"type":"reward","ts":20,"account_id":"ann","kind":"commission","asset":"USDT","amount":4,"source_account_id":"bob"})");
  EXPECT_EQ(gains("ann"), "commission 4 USDT; fee_rebate 2 USDT");
}

}  // namespace
}  // namespace marktwacht
