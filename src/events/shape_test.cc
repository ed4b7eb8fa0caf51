// Fields that stand in for one another.
#include "events/shape.h"

#include <gtest/gtest.h>

#include "events/event_twin.h"

namespace marktwacht {
namespace {

std::string outcome(const std::string& type, const std::string& fields) {
  return DecodedLine("{\"type\":\"" + type + "\",\"ts\":1," + fields + "}").outcome();
}

TEST(Shape, OrdersNeedAQuantity) {
  const std::string ids = R"("order_id":"o","account_id":"a","instrument_id":"i","side":"buy")";
  for (const char* type : {"order", "book_order"}) {
    EXPECT_EQ(outcome(type, ids), "missing_field quantity");
    EXPECT_EQ(outcome(type, ids + R"(,"quantity":"1")"), "accepted");
    EXPECT_EQ(outcome(type, ids + R"(,"quote_quantity":"1")"), "accepted");
    EXPECT_EQ(outcome(type, ids + R"(,"quantity":1,"quote_quantity":1)"), "accepted");
    EXPECT_EQ(outcome(type, ids + R"(,"quantity":null)"), "missing_field quantity");
  }
}

TEST(Shape, TradesNameOrdersOrPartiesOrTheAggressor) {
  const std::string base = R"("trade_id":"t","instrument_id":"i","price":1,"quantity":1)";
  const std::string orders = R"(,"maker_order_id":"m","taker_order_id":"k")";
  const std::string parties = R"(,"buyer_id":"b","seller_id":"s")";
  const std::string aggressor = R"(,"aggressor":"buy")";
  const std::pair<std::string, std::string> cases[] = {
      {orders, "accepted"},
      {orders + aggressor, "accepted"},
      {parties + aggressor, "accepted"},
      {orders + parties, "accepted"},
      {orders + parties + aggressor, "accepted"},
      {aggressor, "accepted"},
      {"", "missing_field aggressor"},
      {parties, "missing_field aggressor"},
      {R"(,"maker_order_id":"m")", "missing_field taker_order_id"},
      {R"(,"taker_order_id":"m")", "missing_field maker_order_id"},
      {R"(,"buyer_id":"m")", "missing_field seller_id"},
      {R"(,"seller_id":"m")", "missing_field buyer_id"},
      {R"(,"maker_order_id":"m")" + parties + aggressor, "missing_field taker_order_id"},
      {R"(,"buyer_id":"m")" + orders, "missing_field seller_id"},
      {R"(,"buyer_id":"m")" + aggressor, "missing_field seller_id"},
  };
  for (const auto& [fields, expected] : cases) {
    EXPECT_EQ(outcome("trade", base + fields), expected) << fields;
  }
}

TEST(Shape, AnnouncementsAndCommandResultsNameSomething) {
  EXPECT_EQ(outcome("announcement", R"("kind":"news")"), "missing_field instrument_id");
  EXPECT_EQ(outcome("announcement", R"("kind":"news","asset":"BTC")"), "accepted");
  EXPECT_EQ(outcome("announcement", R"("kind":"news","instrument_id":"i")"), "accepted");
  const std::string result = R"("command_id":"c","result":"applied")";
  EXPECT_EQ(outcome("command_result", result), "missing_field account_id");
  EXPECT_EQ(outcome("command_result", result + R"(,"account_id":"a")"), "accepted");
  EXPECT_EQ(outcome("command_result", result + R"(,"instrument_id":"a")"), "accepted");
}

TEST(Shape, OtherTypesHaveNone) {
  Arena arena;
  RandomEvents events(1);
  for (std::size_t code = 1; code < event_types_end; ++code) {
    EXPECT_FALSE(shape_fault(*events.make(event_info(code)->type, arena)));
  }
}

}  // namespace
}  // namespace marktwacht
