// The market, told line by line.
#include "market/market.h"

#include <gtest/gtest.h>

#include "market/lines_twin.h"

namespace marktwacht {
namespace {

constexpr std::string_view venue = R"(
{"type":"asset","ts":1,"asset":"BTC","decimals":8}
{"type":"asset","ts":1,"asset":"USDT","decimals":6}
{"type":"instrument","ts":1,"instrument_id":"BTC-USDT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001","large_order_quantity":"5"}
{"type":"instrument","ts":1,"instrument_id":"BTC-PERP","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"instrument","ts":1,"instrument_id":"OIL-FUT","kind":"future","base":"OIL","quote":"USDT","tick_size":"0.01","lot_size":"1"}
)";

struct MarketTest : testing::Test {
  MarketLines lines;
  void SetUp() override { lines.feed_all(venue); }
  void order(std::string_view id, std::string_view account, std::string_view side,
             std::string_view price, std::string_view quantity, std::string_view more = "",
             std::string_view instrument = "BTC-USDT") {
    const std::string line =
        R"({"type":"order","ts":10,"order_id":")" + std::string(id) + R"(","account_id":")" +
        std::string(account) + R"(","instrument_id":")" + std::string(instrument) +
        R"(","side":")" + std::string(side) + R"(","price":")" + std::string(price) +
        R"(","quantity":")" + std::string(quantity) + "\"" + std::string(more) + "}";
    EXPECT_EQ(lines.feed(line), "") << line;
  }
  // A line that must be refused for `reason`, with the state as it was.
  void refused(std::string_view line, std::string_view reason) {
    const std::string before = lines.state();
    EXPECT_EQ(lines.feed(line), reason) << line;
    EXPECT_EQ(lines.state(), before) << line;
  }
};

TEST_F(MarketTest, EveryReferenceAndGridFaultIsNamedAndChangesNothing) {
  order("a", "ann", "buy", "100", "1");
  order("b", "bob", "sell", "101", "1");
  order("b2", "bob", "sell", "101", "1");
  order("p", "bob", "sell", "101", "1", "", "BTC-PERP");
  order("t", "bob", "sell", "90", "1", R"(,"trigger_price":"90")");
  const struct {
    std::string_view line, reason;
  } cases[] = {
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"NO","side":"buy","price":1,"quantity":1})",
       "unknown_instrument instrument_id"},
      {R"({"type":"order","ts":1,"order_id":"a","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":1,"quantity":1})",
       "duplicate_order order_id"},
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":0,"quantity":1})",
       "bad_value price"},
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":-1,"quantity":1})",
       "bad_value price"},
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-PERP","side":"buy","price":-1,"quantity":1})",
       "bad_value price"},
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":"0.25","quantity":1})",
       "off_tick price"},
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":"0.50001","quantity":1})",
       "scale price"},
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":1,"quantity":"0.0001"})",
       "off_lot quantity"},
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":1,"quantity":"0.0000001"})",
       "scale quantity"},
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":1,"quantity":1,"trigger_price":"0.3"})",
       "off_tick trigger_price"},
      {R"({"type":"order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":1,"quantity":"1e30"})",
       "bad_value quantity"},
      {R"({"type":"book_order","ts":1,"order_id":"x","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":"0.1","quantity":1})",
       "off_tick price"},
      {R"({"type":"cancel","ts":1,"order_id":"x","reason":"user"})", "unknown_order order_id"},
      {R"({"type":"cancel","ts":1,"order_id":"a","instrument_id":"NO","reason":"user"})",
       "unknown_instrument instrument_id"},
      {R"({"type":"cancel","ts":1,"order_id":"a","instrument_id":"BTC-PERP","reason":"user"})",
       "mismatch instrument_id"},
      {R"({"type":"triggered","ts":1,"order_id":"x"})", "unknown_order order_id"},
      {R"({"type":"triggered","ts":1,"order_id":"a"})", "mismatch order_id"},
      {R"({"type":"replace","ts":1,"order_id":"x","price":1})", "unknown_order order_id"},
      {R"({"type":"replace","ts":1,"order_id":"a","new_order_id":"b","price":1})",
       "duplicate_order new_order_id"},
      {R"({"type":"replace","ts":1,"order_id":"a","price":"0.3"})", "off_tick price"},
      {R"({"type":"replace","ts":1,"order_id":"a","quantity":"0.0005"})", "off_lot quantity"},
      {R"({"type":"replace","ts":1,"order_id":"a","price":0})", "bad_value price"},
      {R"({"type":"reject","ts":1,"account_id":"new","instrument_id":"NO","reason":"margin"})",
       "unknown_instrument instrument_id"},
      {R"({"type":"book_reset","ts":1,"instrument_id":"NO"})", "unknown_instrument instrument_id"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":1,"quantity":1,"maker_order_id":"b","taker_order_id":"x"})",
       "unknown_order taker_order_id"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":1,"quantity":1,"maker_order_id":"x","taker_order_id":"b"})",
       "unknown_order maker_order_id"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":1,"quantity":1,"maker_order_id":"b2","taker_order_id":"b"})",
       "mismatch taker_order_id"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":1,"quantity":1,"maker_order_id":"p","taker_order_id":"a"})",
       "mismatch maker_order_id"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":1,"quantity":1,"maker_order_id":"t","taker_order_id":"a"})",
       "mismatch maker_order_id"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":1,"quantity":"1.001","maker_order_id":"b","taker_order_id":"a"})",
       "overfill quantity"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":"0.00001","quantity":1,"aggressor":"buy"})",
       "scale price"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":1,"quantity":"0.0000001","aggressor":"buy"})",
       "scale quantity"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":-1,"quantity":1,"aggressor":"buy"})",
       "bad_value price"},
      {R"({"type":"trade","ts":1,"trade_id":"t","instrument_id":"BTC-USDT","price":1,"quantity":1,"aggressor":"buy","maker_fee":"0.0000001"})",
       "scale maker_fee"},
      {R"({"type":"deposit","ts":1,"account_id":"new","asset":"USDT","amount":"0.0000001"})",
       "scale amount"},
      {R"({"type":"position","ts":1,"account_id":"new","instrument_id":"NO","quantity":1})",
       "unknown_instrument instrument_id"},
      {R"({"type":"index_price","ts":1,"instrument_id":"NO","price":1})",
       "unknown_instrument instrument_id"},
      {R"({"type":"mark_price","ts":1,"instrument_id":"BTC-PERP","price":0})", "bad_value price"},
      {R"({"type":"exemption","ts":1,"account_id":"new","instrument_id":"NO","kind":"hedging","until_ts":5})",
       "unknown_instrument instrument_id"},
      {R"({"type":"post","ts":1,"post_id":"p","author":"x","channel":"x","text":"y","instrument_ids":["BTC-USDT","NO"]})",
       "unknown_instrument instrument_ids"},
      {R"({"type":"instrument","ts":1,"instrument_id":"BTC-USDT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.00001","lot_size":"0.001"})",
       "scale tick_size"},
      {R"({"type":"instrument","ts":1,"instrument_id":"BTC-USDT","kind":"future","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"})",
       "bad_value kind"},
  };
  for (const auto& one : cases) {
    refused(one.line, one.reason);
  }
}

TEST_F(MarketTest, NegativePricesOnFuturesOnly) {
  order("a", "ann", "buy", "-37.63", "2", "", "OIL-FUT");
  EXPECT_EQ(lines.book("OIL-FUT"), " -37.63:2/1 |");
}

TEST_F(MarketTest, OrdersRestTradeAndLeaveWithoutAFurtherEvent) {
  order("a", "ann", "buy", "100", "1");
  order("b", "bob", "sell", "100.5", "2");
  EXPECT_EQ(lines.book("BTC-USDT"), " 100:1/1 | 100.5:2/1 ");
  order("c", "cat", "buy", "100.5", "0.5");
  EXPECT_TRUE(lines.market.books().crossed(lines.instrument("BTC-USDT")));
  lines.feed_all(
      R"({"type":"trade","ts":11,"trade_id":"1","instrument_id":"BTC-USDT","price":"100.5","quantity":"0.5","maker_order_id":"b","taker_order_id":"c","maker_fee":"0.01","taker_fee":"-0.02"})");
  EXPECT_EQ(lines.book("BTC-USDT"), " 100:1/1 | 100.5:1.5/1 ");
  refused(R"({"type":"cancel","ts":12,"order_id":"c","reason":"user"})", "unknown_order order_id");
  EXPECT_EQ(lines.balance("cat", "BTC"), "0.5");
  EXPECT_EQ(lines.balance("cat", "USDT"), "-50.23");
  EXPECT_EQ(lines.balance("bob", "BTC"), "-0.5");
  EXPECT_EQ(lines.balance("bob", "USDT"), "50.24");
  EXPECT_EQ(lines.position("cat", "BTC-USDT"), "0.5");
}

TEST_F(MarketTest, MarketAndImmediateOrdersStandBesideTheBook) {
  order("b", "bob", "sell", "100", "1");
  order("i", "ann", "buy", "101", "2", R"(,"time_in_force":"ioc")");
  lines.feed_all(
      R"({"type":"order","ts":10,"order_id":"m","account_id":"cat","instrument_id":"BTC-USDT","side":"sell","quantity":1}
{"type":"order","ts":10,"order_id":"q","account_id":"cat","instrument_id":"BTC-USDT","side":"buy","quote_quantity":"50.2"})");
  EXPECT_EQ(lines.book("BTC-USDT"), "| 100:1/1 ");
  // By quote: 0.5 leaves 0.2 of the quote, which still buys a lot; then 0.002 leaves nothing.
  lines.feed_all(
      R"({"type":"trade","ts":11,"trade_id":"1","instrument_id":"BTC-USDT","price":100,"quantity":"0.5","maker_order_id":"b","taker_order_id":"q"})");
  refused(
      R"({"type":"trade","ts":11,"trade_id":"2","instrument_id":"BTC-USDT","price":100,"quantity":"0.003","maker_order_id":"b","taker_order_id":"q"})",
      "overfill quantity");
  lines.feed_all(
      R"({"type":"trade","ts":11,"trade_id":"2","instrument_id":"BTC-USDT","price":100,"quantity":"0.002","maker_order_id":"b","taker_order_id":"q"})");
  refused(R"({"type":"cancel","ts":12,"order_id":"q","reason":"system"})",
          "unknown_order order_id");
  EXPECT_EQ(lines.book("BTC-USDT"), "| 100:0.498/1 ");
}

TEST_F(MarketTest, TriggerOrdersEnterTheBookWhenTriggered) {
  order("t", "ann", "sell", "90", "1", R"(,"trigger_price":"91")");
  EXPECT_EQ(lines.book("BTC-USDT"), "|");
  lines.feed_all(R"({"type":"triggered","ts":20,"order_id":"t"})");
  EXPECT_EQ(lines.book("BTC-USDT"), "| 90:1/1 ");
}

TEST_F(MarketTest, ReplaceKeepsPriorityOnlyWhenTheQuantityAloneFalls) {
  order("a", "ann", "buy", "100", "2");
  order("b", "bob", "buy", "100", "2");
  const auto first = [&] {
    std::string id;
    lines.market.books().visit_queue(lines.instrument("BTC-USDT"), Side::buy, Price{1'000'000},
                                     [&](OrderSlot slot) {
                                       id = lines.market.books().order_id(slot);
                                       return false;
                                     });
    return id;
  };
  EXPECT_EQ(first(), "a");
  lines.feed_all(R"({"type":"replace","ts":11,"order_id":"a","quantity":1})");
  EXPECT_EQ(first(), "a");
  lines.feed_all(
      R"({"type":"replace","ts":11,"order_id":"a","new_order_id":"a2","quantity":"0.5"})");
  EXPECT_EQ(first(), "a2");
  lines.feed_all(R"({"type":"replace","ts":11,"order_id":"a2","quantity":"0.75"})");
  EXPECT_EQ(first(), "b");
  EXPECT_EQ(lines.book("BTC-USDT"), " 100:2.75/2 |");
}

TEST_F(MarketTest, ADisplayQuantityHidesTheRest) {
  order("a", "ann", "buy", "100", "10", R"(,"display_quantity":"2")");
  EXPECT_EQ(lines.book("BTC-USDT"), " 100:2/1 |");
}

TEST_F(MarketTest, DerivativesSettleTheirGainAndKeepFifoPositions) {
  for (const auto& [price, seller] : {std::pair{"100", "bob"}, std::pair{"110", "bob"}}) {
    lines.feed_all(R"({"type":"trade","ts":11,"trade_id":"1","instrument_id":"BTC-PERP","price":)" +
                   std::string(price) + R"(,"quantity":1,"buyer_id":"ann","seller_id":")" + seller +
                   R"(","aggressor":"buy","taker_fee":"0.1"})");
  }
  EXPECT_EQ(lines.position("ann", "BTC-PERP"), "2");
  EXPECT_EQ(lines.position("bob", "BTC-PERP"), "-2");
  lines.feed_all(
      R"({"type":"trade","ts":12,"trade_id":"2","instrument_id":"BTC-PERP","price":120,"quantity":"1.5","buyer_id":"cat","seller_id":"ann","aggressor":"sell"})");
  EXPECT_EQ(lines.position("ann", "BTC-PERP"), "0.5");
  EXPECT_EQ(lines.balance("ann", "USDT"), "24.8");  // 20 + 5 − 2 × 0.1
  EXPECT_EQ(lines.balance("bob", "USDT"), "0");
}

TEST_F(MarketTest, LegsOfAHedgeModeAccountAreApart) {
  order("l", "ann", "buy", "100", "3", R"(,"position_side":"long")", "BTC-PERP");
  order("s", "ann", "sell", "100", "2", R"(,"position_side":"short")", "BTC-PERP");
  lines.feed_all(
      R"({"type":"trade","ts":11,"trade_id":"1","instrument_id":"BTC-PERP","price":100,"quantity":2,"maker_order_id":"l","taker_order_id":"s"})");
  EXPECT_EQ(lines.position("ann", "BTC-PERP", Leg::long_leg), "2");
  EXPECT_EQ(lines.position("ann", "BTC-PERP", Leg::short_leg), "-2");
  EXPECT_EQ(lines.position("ann", "BTC-PERP"), "0");
}

TEST_F(MarketTest, FundsMoveBalances) {
  lines.feed_all(R"({"type":"deposit","ts":1,"account_id":"ann","asset":"USDT","amount":100}
{"type":"deposit","ts":1,"account_id":"ann","asset":"USDT","amount":7,"status":"pending"}
{"type":"withdrawal","ts":1,"account_id":"ann","asset":"USDT","amount":30,"status":"requested"}
{"type":"withdrawal","ts":1,"account_id":"ann","asset":"USDT","amount":30,"status":"completed"}
{"type":"transfer","ts":1,"from_account_id":"ann","to_account_id":"bob","asset":"USDT","amount":"20.5"}
{"type":"reward","ts":1,"account_id":"ann","kind":"bonus","asset":"USDT","amount":5}
{"type":"reward","ts":1,"account_id":"ann","kind":"bonus","asset":"USDT","amount":5,"status":"released"}
{"type":"ledger","ts":1,"account_id":"ann","asset":"USDT","amount":"-0.25","kind":"funding"}
{"type":"ledger","ts":1,"account_id":"bob","asset":"DOGE","amount":"0.000000000000000001","kind":"adjustment"})");
  EXPECT_EQ(lines.balance("ann", "USDT"), "54.25");
  EXPECT_EQ(lines.balance("bob", "USDT"), "20.5");
  EXPECT_EQ(lines.balance("bob", "DOGE"), "0.000000000000000001");
  EXPECT_EQ(lines.market.counts().unannounced_assets, 2u);  // OIL and DOGE
  lines.feed_all(
      R"({"type":"balance","ts":2,"account_id":"ann","asset":"USDT","total":60,"available":50})");
  EXPECT_EQ(lines.balance("ann", "USDT"), "60");
}

TEST_F(MarketTest, DecimalsThatBecomeKnownLateMoveBalancesOrAreRefused) {
  lines.feed_all(R"({"type":"deposit","ts":1,"account_id":"ann","asset":"ETH","amount":"1.25"}
{"type":"asset","ts":2,"asset":"ETH","decimals":8})");
  EXPECT_EQ(lines.balance("ann", "ETH"), "1.25");
  refused(R"({"type":"asset","ts":2,"asset":"ETH","decimals":1})", "scale decimals");
}

TEST_F(MarketTest, UnknownOrdersAreCountedWhileABookIsNotWhole) {
  order("a", "ann", "buy", "100", "1");
  lines.feed_all(R"({"type":"book_reset","ts":20,"instrument_id":"BTC-USDT"}
{"type":"cancel","ts":20,"order_id":"gone","instrument_id":"BTC-USDT","reason":"user"}
{"type":"replace","ts":20,"order_id":"gone","price":1}
{"type":"trade","ts":20,"trade_id":"1","instrument_id":"BTC-USDT","price":99,"quantity":1,"maker_order_id":"gone","taker_order_id":"too"})");
  EXPECT_EQ(lines.market.counts().unknown_orders, 4u);
  EXPECT_EQ(lines.book("BTC-USDT"), "|");
  refused(R"({"type":"cancel","ts":20,"order_id":"x","instrument_id":"BTC-PERP","reason":"user"})",
          "unknown_order order_id");
  lines.feed_all(
      R"({"type":"book_order","ts":21,"order_id":"s1","account_id":"ann","instrument_id":"BTC-USDT","side":"buy","price":99,"quantity":1}
{"type":"book_order","ts":21,"order_id":"s2","account_id":"bob","instrument_id":"BTC-USDT","side":"sell","price":101,"quantity":1})");
  refused(R"({"type":"cancel","ts":22,"order_id":"x","instrument_id":"BTC-USDT","reason":"user"})",
          "unknown_order order_id");
  lines.feed_all(R"({"type":"cancel","ts":22,"order_id":"s1","reason":"user"})");
  refused(R"({"type":"cancel","ts":22,"order_id":"x","reason":"user"})", "unknown_order order_id");
}

TEST_F(MarketTest, AGapInASourceMakesItsUnknownOrdersCounted) {
  lines.feed_all(R"({"type":"tick","ts":1,"source":"eu","source_seq":7})");
  refused(R"({"type":"cancel","ts":2,"source":"eu","source_seq":8,"order_id":"x","reason":"user"})",
          "unknown_order order_id");
  lines.feed_all(
      R"({"type":"cancel","ts":2,"source":"eu","source_seq":10,"order_id":"x","instrument_id":"BTC-USDT","reason":"user"}
{"type":"cancel","ts":2,"source":"eu","source_seq":11,"order_id":"x","instrument_id":"BTC-USDT","reason":"user"})");
  EXPECT_EQ(lines.market.feeds().gaps(), 1u);
  ASSERT_EQ(lines.market.feeds().kept_gaps().size(), 1u);
  EXPECT_EQ(lines.market.feeds().kept_gaps()[0].first_missing, 8u);
  EXPECT_EQ(lines.market.feeds().kept_gaps()[0].last_missing, 9u);
  refused(
      R"({"type":"cancel","ts":2,"source":"us","source_seq":1,"order_id":"x","instrument_id":"BTC-USDT","reason":"user"})",
      "unknown_order order_id");
  lines.feed_all(
      R"({"type":"book_reset","ts":3,"source":"eu","source_seq":12,"instrument_id":"BTC-USDT"}
{"type":"book_order","ts":3,"source":"eu","source_seq":13,"order_id":"s","account_id":"ann","instrument_id":"BTC-USDT","side":"buy","price":1,"quantity":1}
{"type":"cancel","ts":3,"source":"eu","source_seq":14,"order_id":"s","reason":"user"})");
  refused(
      R"({"type":"cancel","ts":4,"source":"eu","source_seq":15,"order_id":"x","instrument_id":"BTC-USDT","reason":"user"})",
      "unknown_order order_id");
}

TEST_F(MarketTest, PartiesStandInWhereOrdersAreNotKnown) {
  lines.feed_all(
      R"({"type":"trade","ts":1,"trade_id":"1","instrument_id":"BTC-PERP","price":100,"quantity":1,"maker_order_id":"x","taker_order_id":"y","buyer_id":"ann","seller_id":"bob","aggressor":"sell"})");
  EXPECT_EQ(lines.position("ann", "BTC-PERP"), "1");
  EXPECT_EQ(lines.position("bob", "BTC-PERP"), "-1");
}

TEST_F(MarketTest, DeclaredGroupsMastersAndPersons) {
  lines.feed_all(R"({"type":"account","ts":1,"account_id":"a1","person_id":"p"}
{"type":"account","ts":1,"account_id":"a2","person_id":"p"}
{"type":"account","ts":1,"account_id":"b1"}
{"type":"account","ts":1,"account_id":"s1","master_id":"b1"}
{"type":"account","ts":1,"account_id":"s2","master_id":"b1"})");
  const auto group = [&](std::string_view id) { return lines.market.group(lines.account(id)); };
  EXPECT_EQ(lines.market.group_id(group("a2")), "g-a1");
  EXPECT_EQ(group("s1"), group("s2"));
  EXPECT_EQ(lines.market.group_id(group("s1")), "g-b1");
  lines.feed_all(R"({"type":"account","ts":1,"account_id":"b1","roles":["broker"]})");
  EXPECT_FALSE(group("s1").exists());
  lines.feed_all(R"({"type":"control_group","ts":1,"group_id":"x","account_ids":["s1","a1"]})");
  EXPECT_EQ(group("s1"), group("a2"));
  lines.feed_all(
      R"({"type":"control_group","ts":1,"group_id":"x","account_ids":[],"status":"withdrawn"})");
  EXPECT_FALSE(group("s1").exists());
}

TEST(Market, AccountsOfTheExchangeItselfLinkNobody) {
  for (const std::string role : {"internal", "liquidator"}) {
    MarketLines told;
    told.feed_all(R"({"type":"account","ts":1,"account_id":"pool","roles":[")" + role + R"("]})");
    for (const std::string user : {"u1", "u2", "u3"}) {
      told.feed_all(R"({"type":"transfer","ts":1,"from_account_id":")" + user +
                    R"(","to_account_id":"pool","asset":"USDT","amount":"100"})");
      told.feed_all(R"({"type":"transfer","ts":1,"from_account_id":"pool","to_account_id":")" +
                    user + R"(","asset":"USDT","amount":"101"})");
    }
    EXPECT_FALSE(told.market.groups().group(told.account("u1")).exists()) << role;
  }
}

TEST_F(MarketTest, ExemptionsHoldUntilTheirEnd) {
  lines.feed_all(
      R"({"type":"exemption","ts":1,"account_id":"mm","kind":"market_making","until_ts":100}
{"type":"exemption","ts":1,"account_id":"mm","instrument_id":"BTC-PERP","kind":"hedging","until_ts":50})");
  const auto& exemptions = lines.market.exemptions();
  const AccountIndex mm = lines.account("mm");
  const InstrumentIndex perp = lines.instrument("BTC-PERP");
  EXPECT_EQ(exemptions.find(mm, perp, Time{49})->kind, ExemptionKind::hedging);
  EXPECT_EQ(exemptions.find(mm, perp, Time{50})->kind, ExemptionKind::market_making);
  EXPECT_FALSE(exemptions.find(mm, perp, Time{100}));
}

TEST_F(MarketTest, AnExemptionForOneInstrumentLeavesThatForAllInForce) {
  lines.feed_all(
      R"({"type":"exemption","ts":1,"account_id":"mm","kind":"market_making","until_ts":100}
{"type":"exemption","ts":1,"account_id":"mm","instrument_id":"BTC-PERP","kind":"hedging","until_ts":50})");
  const auto exempt = [&](ExemptionKind kind, std::int64_t now) {
    return lines.market.exemptions().has(lines.account("mm"), lines.instrument("BTC-PERP"), kind,
                                         Time{now});
  };
  EXPECT_TRUE(exempt(ExemptionKind::hedging, 49));
  EXPECT_TRUE(exempt(ExemptionKind::market_making, 49));
  EXPECT_FALSE(exempt(ExemptionKind::hedging, 50));
  EXPECT_TRUE(exempt(ExemptionKind::market_making, 99));
  EXPECT_FALSE(exempt(ExemptionKind::market_making, 100));
}

template <class T>
std::vector<T> derived(const Market& market) {
  std::vector<T> list;
  for (const Derived& one : market.derived()) {
    if (const T* found = std::get_if<T>(&one)) {
      list.push_back(*found);
    }
  }
  return list;
}

struct DerivedTest : MarketTest {
  void SetUp() override {
    MarketTest::SetUp();
    lines.market.listen({true, true, true, true});
  }
};

TEST_F(DerivedTest, ACancelOfVisibleInterestIsWithdrawnWithItsStanding) {
  order("x", "bob", "buy", "101", "1");
  order("a", "ann", "buy", "100", "6");
  lines.feed_all(R"({"type":"cancel","ts":2000010,"order_id":"a","reason":"user"})");
  const auto withdrawn = derived<Withdrawn>(lines.market);
  ASSERT_EQ(withdrawn.size(), 1u);
  EXPECT_EQ(withdrawn[0].age_ms, 2);
  EXPECT_EQ(withdrawn[0].standing.touch_units, 2 * 5'000);  // two ticks of 0.5 at scale 4
  EXPECT_EQ(lines.market.depth_before(withdrawn[0].instrument, withdrawn[0].standing).units,
            7'000'000);
  EXPECT_EQ(withdrawn[0].standing.own.units, 6'000'000);
  EXPECT_TRUE(withdrawn[0].large);
  const auto closed = derived<OrderClosed>(lines.market);
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_FALSE(closed[0].filled);
  EXPECT_EQ(closed[0].life_ms, 2);
  EXPECT_EQ(derived<Message>(lines.market).size(), 1u);
}

TEST_F(DerivedTest, AReplaceWithdrawsWhatItTakesAwayOnly) {
  order("a", "ann", "buy", "100", "6");
  lines.feed_all(R"({"type":"replace","ts":11,"order_id":"a","quantity":4})");
  ASSERT_EQ(derived<Withdrawn>(lines.market).size(), 1u);
  EXPECT_EQ(derived<Withdrawn>(lines.market)[0].quantity.units, 2'000'000);
  lines.feed_all(R"({"type":"replace","ts":11,"order_id":"a","quantity":5})");
  EXPECT_TRUE(derived<Withdrawn>(lines.market).empty());
  lines.feed_all(R"({"type":"replace","ts":11,"order_id":"a","price":99})");
  ASSERT_EQ(derived<Withdrawn>(lines.market).size(), 1u);
  EXPECT_EQ(derived<Withdrawn>(lines.market)[0].quantity.units, 5'000'000);
}

TEST_F(DerivedTest, SnapshotOrdersAndUntriggeredOnesCountAsNothing) {
  lines.feed_all(
      R"({"type":"book_order","ts":10,"order_id":"s","account_id":"ann","instrument_id":"BTC-USDT","side":"buy","price":99,"quantity":1})");
  EXPECT_TRUE(lines.market.derived().empty());
  lines.feed_all(R"({"type":"cancel","ts":10,"order_id":"s","reason":"user"})");
  EXPECT_TRUE(lines.market.derived().empty());
  order("t", "ann", "sell", "90", "1", R"(,"trigger_price":"91")");
  EXPECT_TRUE(lines.market.derived().empty());
  lines.feed_all(R"({"type":"replace","ts":10,"order_id":"t","quantity":2})");
  EXPECT_TRUE(lines.market.derived().empty());
  lines.feed_all(R"({"type":"cancel","ts":10,"order_id":"t","reason":"user"})");
  EXPECT_TRUE(lines.market.derived().empty());
}

TEST_F(DerivedTest, FillsCarryBothSidesAndTheEndOfTheOrder) {
  lines.feed_all(R"({"type":"control_group","ts":1,"group_id":"g","account_ids":["ann","bob"]})");
  order("a", "ann", "buy", "100", "2");
  order("b", "bob", "sell", "100", "2");
  lines.feed_all(
      R"({"type":"trade","ts":1000010,"trade_id":"1","instrument_id":"BTC-USDT","price":100,"quantity":1,"maker_order_id":"a","taker_order_id":"b","maker_fee":"0.1"}
{"type":"trade","ts":2000010,"trade_id":"2","instrument_id":"BTC-USDT","price":100,"quantity":1,"maker_order_id":"a","taker_order_id":"b"})");
  const auto fills = derived<Fill>(lines.market);
  ASSERT_EQ(fills.size(), 2u);
  EXPECT_TRUE(fills[0].maker);
  EXPECT_EQ(fills[0].account, lines.account("ann"));
  EXPECT_EQ(fills[0].counterparty, lines.account("bob"));
  EXPECT_TRUE(fills[0].same_group);
  EXPECT_FALSE(fills[0].same_account);
  EXPECT_EQ(fills[0].opened.units, 1'000'000);
  EXPECT_EQ(fills[0].order.filled.units, 2'000'000);
  const auto closed = derived<OrderClosed>(lines.market);
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_TRUE(closed[0].filled);
  EXPECT_EQ(closed[0].life_ms, 2);
  EXPECT_EQ(closed[0].filled_notional, closed[0].notional);
}

TEST_F(DerivedTest, SpotOpensWhatRaisesTheDaysNetAboveItsPeak) {
  const auto trade = [&](std::string_view side, int quantity) {
    const bool buys = side == "buy";
    lines.feed_all(
        R"({"type":"trade","ts":11,"trade_id":"1","instrument_id":"BTC-USDT","price":100,"quantity":)" +
        std::to_string(quantity) + R"(,"buyer_id":")" + (buys ? "ann" : "bob") +
        R"(","seller_id":")" + (buys ? "bob" : "ann") + R"(","aggressor":"buy"})");
    for (const Fill& fill : derived<Fill>(lines.market)) {
      if (fill.account == lines.account("ann")) {
        return fill.opened.units / 1'000'000;
      }
    }
    return std::int64_t{-1};
  };
  EXPECT_EQ(trade("buy", 5), 5);
  EXPECT_EQ(trade("sell", 3), 0);
  EXPECT_EQ(trade("buy", 4), 1);
}

TEST_F(MarketTest, AStateThatWasSavedGoesOnAsBefore) {
  order("a", "ann", "buy", "100", "2");
  order("t", "ann", "sell", "90", "1", R"(,"trigger_price":"91")");
  order("b", "bob", "sell", "100", "1");
  lines.feed_all(
      R"({"type":"trade","ts":11,"trade_id":"1","instrument_id":"BTC-USDT","price":100,"quantity":1,"maker_order_id":"a","taker_order_id":"b"}
{"type":"valuation","ts":11,"asset":"BTC","currency":"USD","price":"100.5"}
{"type":"address_label","ts":11,"address":"0x1","kind":"exchange"}
{"type":"program","ts":11,"program_id":"welcome","volume_required":1000}
{"type":"index_price","ts":11,"instrument_id":"BTC-PERP","price":"100.25"})");
  const std::string bytes = lines.state();
  Market restored;
  ByteReader in(bytes);
  ASSERT_TRUE(restored.load(in));
  EXPECT_TRUE(in.done());
  std::string again;
  ByteWriter out(again);
  restored.save(out);
  EXPECT_EQ(again, bytes);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) {
    Market torn;
    ByteReader part(std::string_view(bytes).substr(0, cut));
    EXPECT_FALSE(torn.load(part) && part.done());
  }
}

}  // namespace
}  // namespace marktwacht
