// What amounts are worth, and what statements are held against.
#include <gtest/gtest.h>

#include "market/lines_twin.h"
#include "market/market.h"

namespace marktwacht {
namespace {

constexpr std::string_view venue = R"(
{"type":"asset","ts":1,"asset":"BTC","decimals":8}
{"type":"asset","ts":1,"asset":"USDT","decimals":6}
{"type":"instrument","ts":1,"instrument_id":"BTC-USDT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"instrument","ts":1,"instrument_id":"BTC-PERP","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
)";

struct WorthTest : testing::Test {
  MarketLines lines;
  void SetUp() override { lines.feed_all(venue); }
  // In ten-thousandths; "" where nobody knows.
  std::string worth(std::string_view asset, Int128 units) {
    const Market& market = lines.market;
    const auto found = market.worth(market.directory().find_asset(make_text(asset)), units);
    return found ? format_scaled(*found, Market::worth_scale) : "";
  }
  std::string valued_in() {
    const AssetIndex in = lines.market.valued_in();
    return in.exists() ? lines.market.directory().asset_id(in) : "";
  }
};

TEST_F(WorthTest, TheQuoteOfTheFirstInstrumentStandsInForValuations) {
  EXPECT_EQ(MarketLines().market.valued_in(), AssetIndex::none());
  EXPECT_EQ(valued_in(), "USDT");
  EXPECT_EQ(worth("USDT", 1'500'000), "1.5");
  EXPECT_EQ(worth("USDT", -1'000'050), "-1");
  EXPECT_EQ(worth("USDT", 1'000'150), "1.0002");
  EXPECT_EQ(worth("BTC", 100'000'000), "");
  EXPECT_EQ(worth("ETH", 1), "");
}

TEST_F(WorthTest, TheFirstCurrencyOfValuationsAndTheLastPrice) {
  lines.feed_all(R"({"type":"valuation","ts":2,"asset":"USDT","currency":"USD","price":"1.5"}
{"type":"valuation","ts":3,"asset":"USDT","currency":"EUR","price":"0.5"}
{"type":"valuation","ts":4,"asset":"USDT","currency":"USD","price":"0.99"}
{"type":"valuation","ts":4,"asset":"BTC","currency":"USD","price":"3e30"})");
  EXPECT_EQ(valued_in(), "USD");
  EXPECT_EQ(worth("USDT", 2'000'000), "1.98");
  EXPECT_EQ(worth("BTC", 100'000'000), "3000000000000000000000000000000");
  EXPECT_EQ(worth("BTC", int128_max), "");
  EXPECT_EQ(worth("EUR", 1), "");
}

struct StatedTest : WorthTest {
  // The sum that the statement of ann's USDT leaves unexplained.
  std::string state(std::string_view total) {
    lines.feed_all(R"({"type":"balance","ts":5,"account_id":"ann","asset":"USDT","total":)" +
                   std::string(total) + R"(,"available":0})");
    const Statement& said = lines.market.accounts().last_statement();
    EXPECT_TRUE(said.account == lines.account("ann") && !said.instrument.exists());
    whole = said.whole;
    return format_scaled(*said.unexplained(), 6);
  }
  bool whole = true;
};

TEST_F(StatedTest, EveryLineThatMovesMoneyExplainsABalance) {
  state("1000");
  lines.feed_all(R"(
{"type":"deposit","ts":6,"account_id":"ann","asset":"USDT","amount":500}
{"type":"deposit","ts":6,"account_id":"ann","asset":"USDT","amount":7,"status":"pending"}
{"type":"withdrawal","ts":6,"account_id":"ann","asset":"USDT","amount":100,"status":"requested"}
{"type":"withdrawal","ts":6,"account_id":"ann","asset":"USDT","amount":100,"status":"completed"}
{"type":"withdrawal","ts":6,"account_id":"ann","asset":"USDT","amount":9,"status":"rejected"}
{"type":"transfer","ts":6,"from_account_id":"ann","to_account_id":"bob","asset":"USDT","amount":30}
{"type":"transfer","ts":6,"from_account_id":"bob","to_account_id":"ann","asset":"USDT","amount":10}
{"type":"reward","ts":6,"account_id":"ann","kind":"bonus","asset":"USDT","amount":20}
{"type":"reward","ts":6,"account_id":"ann","kind":"bonus","asset":"USDT","amount":20,"status":"released"}
{"type":"reward","ts":6,"account_id":"ann","kind":"bonus","asset":"USDT","amount":5,"status":"revoked"}
{"type":"ledger","ts":6,"account_id":"ann","asset":"USDT","amount":"-2.5","kind":"funding"}
{"type":"trade","ts":6,"trade_id":"1","instrument_id":"BTC-USDT","price":50000,"quantity":"0.01","buyer_id":"ann","seller_id":"bob","aggressor":"buy","taker_fee":"0.25"}
{"type":"trade","ts":6,"trade_id":"2","instrument_id":"BTC-PERP","price":50000,"quantity":"0.01","buyer_id":"ann","seller_id":"bob","aggressor":"buy"}
{"type":"trade","ts":6,"trade_id":"3","instrument_id":"BTC-PERP","price":50100,"quantity":"0.01","buyer_id":"bob","seller_id":"ann","aggressor":"sell"}
)");
  EXPECT_EQ(state("893.25"), "0");  // 1000 + 500 - 100 - 20 + 20 - 5 - 2.5 - 500.25 + 1
  EXPECT_TRUE(whole);
  EXPECT_EQ(state("893.250001"), "0.000001");
  EXPECT_EQ(state("800"), "-93.250001");
}

TEST_F(StatedTest, WhatCannotBeCountedIsSaid) {
  state("1000");
  lines.feed_all(R"(
{"type":"position","ts":6,"account_id":"ann","instrument_id":"BTC-PERP","quantity":"0.01"}
{"type":"trade","ts":6,"trade_id":"3","instrument_id":"BTC-PERP","price":50100,"quantity":"0.01","buyer_id":"bob","seller_id":"ann","aggressor":"sell"}
)");
  EXPECT_EQ(state("1001"), "1");
  EXPECT_FALSE(whole);
  EXPECT_EQ(state("1001"), "0");
  EXPECT_TRUE(whole);
}

TEST_F(StatedTest, OfOneWalletNothingIsSaidOfAPositionWhatTradesMadeOfIt) {
  state("1000");
  lines.feed_all(
      R"({"type":"balance","ts":5,"account_id":"ann","asset":"USDT","total":5,"available":5,"wallet":"earn"})");
  EXPECT_EQ(state("1000"), "0");
  lines.feed_all(R"(
{"type":"trade","ts":6,"trade_id":"3","instrument_id":"BTC-PERP","price":50100,"quantity":"0.02","buyer_id":"bob","seller_id":"ann","aggressor":"sell"}
{"type":"position","ts":6,"account_id":"ann","instrument_id":"BTC-PERP","quantity":"-0.05"}
)");
  const Statement& said = lines.market.accounts().last_statement();
  EXPECT_EQ(said.instrument, lines.instrument("BTC-PERP"));
  EXPECT_FALSE(said.asset.exists());
  const int scale = lines.market.directory().instrument(said.instrument).terms.quantity_scale;
  EXPECT_EQ(format_scaled(said.explained, scale), "-0.02");
  EXPECT_EQ(format_scaled(said.stated, scale), "-0.05");
}

}  // namespace
}  // namespace marktwacht
