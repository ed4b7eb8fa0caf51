// What an alert states of its accounts' gains, against sums by hand.
#include "alerts/alerts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "market/lines_twin.h"

namespace marktwacht {
namespace {

constexpr const char* venue =
    R"({"type":"asset","ts":1,"asset":"USDT","decimals":6}
{"type":"asset","ts":1,"asset":"BTC","decimals":8}
{"type":"instrument","ts":1,"instrument_id":"X","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"instrument","ts":1,"instrument_id":"Y","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"instrument","ts":1,"instrument_id":"INV","kind":"perpetual","base":"BTC","quote":"USD","contract_type":"inverse","contract_multiplier":100,"tick_size":"0.5","lot_size":1,"settle_asset":"BTC"}
)";

struct AlertGainTest : testing::Test {
  MarketLines lines;
  Alerts alerts;
  Finding finding;

  void SetUp() override {
    lines.feed_all(venue);
    finding.act = Finding::Act::open;
    finding.number = 1;
    finding.source = std::make_shared<const FindingSource>();
    finding.from = Time{100};
    finding.to = Time{200};
  }
  void deal(int at, std::string_view instrument, std::string_view buyer, std::string_view seller,
            std::string_view price, std::string_view quantity, std::string_view more = "") {
    lines.feed_all(R"({"type":"trade","ts":)" + std::to_string(at) + R"(,"trade_id":"t)" +
                   std::to_string(at) + R"(","instrument_id":")" + std::string(instrument) +
                   R"(","buyer_id":")" + std::string(buyer) + R"(","seller_id":")" +
                   std::string(seller) + R"(","aggressor":"buy","price":)" + std::string(price) +
                   R"(,"quantity":)" + std::string(quantity) + std::string(more) + "}");
  }
  std::string gain(const std::vector<std::string>& account_ids, std::string_view instrument) {
    finding.accounts.clear();
    for (const std::string& id : account_ids) {
      finding.accounts.push_back(lines.account(id));
    }
    std::ranges::sort(finding.accounts);
    finding.instrument =
        instrument.empty() ? InstrumentIndex::none() : lines.instrument(instrument);
    const Alert alert = alerts.take(finding, lines.market, Time{300}, 9);
    return alert.gain.amount + " " + alert.gain.currency;
  }
};

TEST_F(AlertGainTest, IsZeroInTheReportingCurrencyWhereNothingWasRealised) {
  deal(120, "X", "ann", "m", "100", "1");
  EXPECT_EQ(gain({"ann"}, "X"), "0 USDT");
  lines.feed_all(R"({"type":"valuation","ts":130,"asset":"USDT","currency":"EUR","price":"0.9"})");
  EXPECT_EQ(gain({"ann"}, "X"), "0 EUR");
}

// ann buys 2 from bob at 100 and sells them to cy at 130 with a fee of 1; bob buys back from cy at
// 90. ann 59, bob 20: 79.
TEST_F(AlertGainTest, AddsUpItsAccountsOnItsInstrumentInItsTime) {
  deal(110, "X", "ann", "bob", "100", "2");
  deal(150, "X", "cy", "ann", "130", "2", R"(,"maker_fee":1)");
  deal(160, "X", "bob", "cy", "90", "2");
  deal(170, "Y", "ann", "m", "10", "1");
  deal(180, "Y", "m", "ann", "15", "1");
  EXPECT_EQ(gain({"ann"}, "X"), "59 USDT");
  EXPECT_EQ(gain({"ann", "bob"}, "X"), "79 USDT");
  EXPECT_EQ(gain({"ann", "bob", "cy"}, "X"), "-1 USDT");
  EXPECT_EQ(gain({"ann"}, ""), "64 USDT");
  lines.feed_all(R"({"type":"trade_void","ts":190,"trade_id":"t150"})");
  EXPECT_EQ(gain({"ann", "bob"}, "X"), "20 USDT");
}

TEST_F(AlertGainTest, FollowsWhatWasOpenedInItsTimeToItsLaterEnd) {
  deal(50, "X", "ann", "m", "100", "1");
  deal(150, "X", "ann", "m", "110", "1");
  EXPECT_EQ(gain({"ann"}, "X"), "0 USDT");
  deal(250, "X", "m", "ann", "120", "1");  // closes what was opened before it
  EXPECT_EQ(gain({"ann"}, "X"), "0 USDT");
  deal(260, "X", "m", "ann", "121", "1");
  EXPECT_EQ(gain({"ann"}, "X"), "11 USDT");
}

TEST_F(AlertGainTest, OfAnAssetThatNothingValuesItIsInThatAsset) {
  deal(110, "INV", "ann", "m", "50000", "3");
  deal(120, "INV", "m", "ann", "60000", "3");
  EXPECT_EQ(gain({"ann"}, "INV"), "0.001 BTC");
  deal(130, "X", "ann", "m", "10", "1");
  deal(140, "X", "m", "ann", "12", "1");
  EXPECT_EQ(gain({"ann"}, ""), "2 USDT");  // of both, what can be said
  EXPECT_EQ(gain({"ann"}, "INV"), "0.001 BTC");
}

TEST_F(AlertGainTest, IsInTheReportingCurrencyByWhatWasWorthThen) {
  lines.feed_all(R"({"type":"valuation","ts":90,"asset":"BTC","currency":"USDT","price":50000})");
  deal(110, "INV", "ann", "m", "50000", "3");
  deal(120, "INV", "m", "ann", "60000", "3");
  lines.feed_all(R"({"type":"valuation","ts":130,"asset":"BTC","currency":"USDT","price":1})");
  deal(140, "X", "ann", "m", "10", "1");
  deal(150, "X", "m", "ann", "12.5", "1");
  EXPECT_EQ(gain({"ann"}, ""), "52.5 USDT");
}

TEST_F(AlertGainTest, RewardsOfItsTimeBelongToIt) {
  lines.feed_all(
      R"({"type":"reward","ts":120,"account_id":"ann","kind":"fee_rebate","asset":"USDT","amount":"1.5"}
{"type":"reward","ts":120,"account_id":"ann","kind":"commission","asset":"USDT","amount":2,"source_account_id":"bob"}
{"type":"reward","ts":120,"account_id":"ann","kind":"bonus","asset":"USDT","amount":100}
{"type":"reward","ts":250,"account_id":"ann","kind":"bonus","asset":"USDT","amount":7}
{"type":"reward","ts":260,"account_id":"ann","kind":"bonus","asset":"USDT","amount":10,"status":"revoked"})");
  EXPECT_EQ(gain({"ann"}, "X"), "1.5 USDT");
  EXPECT_EQ(gain({"ann", "bob"}, "X"), "3.5 USDT");
  EXPECT_EQ(gain({"ann", "bob"}, ""), "100.5 USDT");  // of the 10 three were of the first bonus
}

}  // namespace
}  // namespace marktwacht
