// The texts of --instrument and --columns.
#include <gtest/gtest.h>

#include "edges/adapters/input.h"

namespace marktwacht {
namespace {

TEST(InstrumentOptionText, IsIdTickLot) {
  const auto option = parse_instrument_option("BTC-USDT:0.01:1e-8");
  ASSERT_TRUE(option) << option.error();
  EXPECT_EQ(option->instrument_id, "BTC-USDT");
  EXPECT_EQ(option->tick_size, *parse_decimal("0.01"));
  EXPECT_EQ(option->lot_size, *parse_decimal("0.00000001"));
}

TEST(InstrumentOptionText, SaysWhatIsWrongAndAllowed) {
  for (const std::string text : {"", "BTC", "BTC:1", "BTC:1:1:1", ":1:1", "BTC:0:1", "BTC:1:-1",
                                 "BTC:x:1", "BTC:1:", "\xFF:1:1"}) {
    const auto option = parse_instrument_option(text);
    ASSERT_FALSE(option) << text;
    EXPECT_NE(option.error().find("ID:tick:lot"), std::string::npos) << option.error();
  }
  EXPECT_FALSE(parse_instrument_option(std::string(129, 'x').append(":1:1")));
  EXPECT_TRUE(parse_instrument_option(std::string(128, 'x').append(":1:1")));
  EXPECT_NE(parse_instrument_option("A:1:none").error().find("lot 'none'"), std::string::npos);
}

TEST(CsvColumnsText, NamesEachField) {
  const auto columns = parse_csv_columns(
      "ts=time:ms,price=px,quantity=sz,aggressor=side,buyer_id=b,seller_id=s,trade_id=id,"
      "instrument_id=pair");
  ASSERT_TRUE(columns) << columns.error();
  EXPECT_EQ(columns->ts.name, "time");
  EXPECT_EQ(columns->ts.unit_ns, 1'000'000);
  EXPECT_EQ(columns->price, "px");
  EXPECT_EQ(columns->quantity, "sz");
  EXPECT_EQ(columns->aggressor, "side");
  EXPECT_EQ(columns->buyer_id, "b");
  EXPECT_EQ(columns->seller_id, "s");
  EXPECT_EQ(columns->trade_id, "id");
  EXPECT_EQ(columns->instrument_id, "pair");
}

TEST(CsvColumnsText, TimesHaveUnits) {
  const std::pair<std::string, std::int64_t> units[] = {
      {"t", 1}, {"t:ns", 1}, {"t:us", 1000}, {"t:ms", 1'000'000}, {"t:s", 1'000'000'000}};
  for (const auto& [text, ns] : units) {
    const auto columns = parse_csv_columns("price=p,quantity=q,ts=" + text);
    ASSERT_TRUE(columns) << columns.error();
    EXPECT_EQ(columns->ts.name, "t");
    EXPECT_EQ(columns->ts.unit_ns, ns);
    EXPECT_FALSE(columns->aggressor);
  }
}

TEST(CsvColumnsText, SaysWhatIsWrongAndAllowed) {
  const std::pair<std::string, std::string> wrong[] = {
      {"", "is not FIELD=COL"},
      {"ts=t,price=p", "ts, price and quantity are needed"},
      {"ts=t,price=p,quantity=", "'quantity=' is not FIELD=COL"},
      {"ts=t,price=p,quantity=q,=x", "'=x' is not FIELD=COL"},
      {"ts=t,price=p,quantity=q,side=x", "'side' is no field of a trade"},
      {"ts=t,price=p,quantity=q,price=x", "'price' is given twice"},
      {"ts=t,price=p,quantity=q,ts=x", "'ts' is given twice"},
      {"ts=t,price=p,quantity=q,aggressor=x,aggressor=y", "'aggressor' is given twice"},
      {"ts=t:min,price=p,quantity=q", "'min' is no unit of ts"},
      {"ts=t,price=p,quantity=q,buyer_id=b", "buyer_id and seller_id are given together"},
  };
  for (const auto& [text, message] : wrong) {
    const auto columns = parse_csv_columns(text);
    ASSERT_FALSE(columns) << text;
    EXPECT_NE(columns.error().find(message), std::string::npos) << columns.error();
    EXPECT_NE(columns.error().find("allowed are ts=COL[:s|ms|us|ns]"), std::string::npos);
  }
}

}  // namespace
}  // namespace marktwacht
