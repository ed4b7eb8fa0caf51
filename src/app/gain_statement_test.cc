// Statements of gains as people and programs read them, and each alert's against a sum of the
// lines.
#include "app/gain_statement.h"

#include <gtest/gtest.h>

#include "app/json_twin.h"
#include "base/decimal.h"
#include "market/lines_twin.h"

namespace marktwacht {
namespace {

constexpr const char* day_lines =
    R"({"type":"asset","ts":1,"asset":"USDT","decimals":6}
{"type":"instrument","ts":1,"instrument_id":"X","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"instrument","ts":1,"instrument_id":"S","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"trade","ts":100,"trade_id":"1","instrument_id":"X","buyer_id":"ann","seller_id":"bob","aggressor":"buy","price":100,"quantity":2,"taker_fee":"0.4"}
{"type":"trade","ts":110,"trade_id":"2","instrument_id":"X","buyer_id":"bob","seller_id":"ann","aggressor":"buy","price":110,"quantity":1.5,"maker_fee":"0.3"}
{"type":"trade","ts":120,"trade_id":"3","instrument_id":"X","buyer_id":"bob","seller_id":"ann","aggressor":"buy","price":90,"quantity":0.5}
{"type":"trade","ts":130,"trade_id":"4","instrument_id":"S","buyer_id":"bob","seller_id":"ann","aggressor":"buy","price":90,"quantity":1}
{"type":"reward","ts":140,"account_id":"bob","kind":"commission","asset":"USDT","amount":"0.25","source_account_id":"ann"}
{"type":"reward","ts":150,"account_id":"bob","kind":"bonus","asset":"POINTS","amount":9}
)";

struct GainStatementTest : testing::Test {
  MarketLines lines;
  std::vector<AccountIndex> both;

  void SetUp() override {
    lines.feed_all(day_lines);
    both = {lines.account("bob"), lines.account("ann")};  // by index: a maker is met first
  }
  GainScope scope(std::string_view instrument) const {
    return {both, instrument.empty() ? InstrumentIndex::none() : lines.instrument(instrument),
            Time{100}, Time{200}};
  }
};

TEST_F(GainStatementTest, TellsEachLineAndTheirSum) {
  const GainStatement statement = gain_statement(lines.market, scope("X"));
  EXPECT_EQ(
      gain_statement_text(statement, StoryLanguage::en, 20),
      R"(  seq  time (UTC)                      account  instrument  what                amount        in USDT
    5  1970-01-01T00:00:00.000000110Z  bob      X           closed 1.5             -15  USDT      -15
    5  1970-01-01T00:00:00.000000110Z  ann      X           closed 1.5            14.4  USDT     14.4
    6  1970-01-01T00:00:00.000000120Z  bob      X           closed 0.5               5  USDT        5
    6  1970-01-01T00:00:00.000000120Z  ann      X           closed 0.5            -5.1  USDT     -5.1
    8  1970-01-01T00:00:00.000000140Z  bob                  commission for ann    0.25  USDT     0.25
       sum                                                                                      -0.45
)");
}

TEST_F(GainStatementTest, SaysWhatItDoesNotCount) {
  const GainStatement statement = gain_statement(lines.market, scope(""));
  EXPECT_EQ(statement.amount, "-0.45");
  EXPECT_EQ(statement.currency, "USDT");
  const std::string text = gain_statement_text(statement, StoryLanguage::de, 20);
  for (const char* part : {"geschlossen 0 *", "Provision für ann", "nicht gezählt; Zeilen: 1\n",
                           "- nicht in der Summe: nichts sagt, was das Asset wert war; Zeilen: 1\n",
                           "Bonus", "9  POINTS", "Summe"}) {
    EXPECT_TRUE(text.contains(part)) << part << "\n" << text;
  }
}

TEST_F(GainStatementTest, OfManyLinesTheMiddleIsASum) {
  const GainStatement statement = gain_statement(lines.market, scope("X"));
  const std::string text = gain_statement_text(statement, StoryLanguage::en, 2);
  EXPECT_TRUE(text.contains("…  3 more")) << text;
  EXPECT_TRUE(text.contains(" 14.3\n")) << text;  // 14.4 + 5 - 5.1
  std::string json;
  write_gain_statement(statement, 2, json);
  simdjson::dom::parser parser;
  const JsonElement told = parser.parse(json).value();
  EXPECT_EQ(names_of(told),
            (std::vector<std::string>{"currency", "amount", "unwhole", "left_out", "lines",
                                      "lines_not_shown", "amount_not_shown", "forgotten"}));
  EXPECT_EQ(number_of(told, "lines_not_shown"), 3u);
  EXPECT_EQ(text_of(told, "amount_not_shown"), "14.3");
  EXPECT_EQ(text_of(told, "amount"), "-0.45");
  const JsonElement last = elements_of(told, "lines").at(1);
  EXPECT_EQ(names_of(last),
            (std::vector<std::string>{"seq", "ts", "account_id", "kind", "source_account_id",
                                      "asset", "amount", "counted", "whole"}));
}

TEST_F(GainStatementTest, WhatBelongsToSeveralAlertsCountsOnce) {
  const GainScope scopes[] = {scope("X"), scope(""), scope("X")};
  EXPECT_EQ(gain_statement(lines.market, scopes).amount, "-0.45");
  EXPECT_EQ(gain_statement(lines.market, scopes).lines.size(), 7u);
  EXPECT_TRUE(gain_statement_text(gain_statement(lines.market, std::span<const GainScope>()),
                                  StoryLanguage::en, 20)
                  .contains("none"));
}

TEST_F(GainStatementTest, WhatIsForgottenIsSaid) {
  const GainStatement before = gain_statement(lines.market, scope("X"));
  EXPECT_TRUE(before.forgotten.empty());
  lines.feed_all(R"({"type":"reward","ts":)" + std::to_string(111 + Gains::memory_max.ns) +
                 R"(,"account_id":"ann","kind":"bonus","asset":"USDT","amount":1})");
  const GainStatement after = gain_statement(lines.market, scope("X"));
  EXPECT_EQ(after.amount, "0.15");
  ASSERT_EQ(after.forgotten.size(), 2u);
  EXPECT_EQ(after.forgotten[0].account_id, "bob");
  EXPECT_EQ(after.forgotten[0].until, Time{110});
  const std::string text = gain_statement_text(after, StoryLanguage::en, 20);
  EXPECT_TRUE(text.contains("of ann, gains up to 1970-01-01T00:00:00.000000110Z")) << text;
}

}  // namespace
}  // namespace marktwacht
