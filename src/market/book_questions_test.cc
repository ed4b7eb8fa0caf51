// Distances, halvings, and a hand's interest against a plain sum.
#include "market/book_questions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "market/lines_twin.h"

namespace marktwacht {
namespace {

TEST(BookQuestionsTest, ADistanceIsTheLargerOfTicksAndBasisPoints) {
  Instrument instrument;
  instrument.tick = 100;
  EXPECT_EQ(distance_of(instrument, Price{1'000'000}, 10, 500), 1'000);
  EXPECT_EQ(distance_of(instrument, Price{10'000'000}, 10, 500), 5'000);
  EXPECT_EQ(distance_of(instrument, Price{-10'000'000}, 10, 500), 5'000);
}

TEST(BookQuestionsTest, HalvingFollowsThePowerOfTwo) {
  constexpr double rounding = 0.5 / 32'768;  // of a power of two in the table, at most
  for (const std::int64_t half : {1, 7, 1'000, 123'456'789}) {
    for (std::int64_t sixteenth = 0; sixteenth < 300; ++sixteenth) {
      const std::int64_t distance = half * sixteenth / 16;
      const double exact =
          1e12 *
          std::exp2(-std::floor(16.0 * static_cast<double>(distance) / static_cast<double>(half)) /
                    16);
      const auto value = static_cast<double>(halved(Quantity{1'000'000'000'000}, distance, half));
      if (distance >= 16 * half) {
        EXPECT_EQ(value, 0);
      } else {
        EXPECT_NEAR(value, exact, exact * rounding + 1) << half << " " << sixteenth;
      }
    }
  }
  EXPECT_EQ(halved(Quantity{INT64_MAX}, 0, 1), INT64_MAX);
  EXPECT_EQ(halved(Quantity{INT64_MAX}, INT64_MAX, 1), 0);
}

TEST(BookQuestionsTest, InterestIsThatOfTheWholeGroupNearerCountsMoreNewerDoesNotCount) {
  MarketLines lines;
  const auto order = [&](int ts, const char* id, const char* account, const char* side, int price,
                         int quantity) {
    lines.feed_all(R"({"type":"order","ts":)" + std::to_string(ts) + R"(,"order_id":")" + id +
                   R"(","account_id":")" + account + R"(","instrument_id":"X","side":")" + side +
                   R"(","price":)" + std::to_string(price) + R"(,"quantity":)" +
                   std::to_string(quantity) + "}");
  };
  lines.feed_all(
      R"({"type":"instrument","ts":1,"instrument_id":"X","kind":"spot","base":"B","quote":"Q","tick_size":1,"lot_size":1})");
  lines.feed_all(
      R"({"type":"control_group","ts":1,"group_id":"g","account_ids":["a","b"],"status":"active"})");
  order(2, "o1", "a", "buy", 100, 8);
  order(2, "o2", "b", "buy", 90, 8);
  order(2, "o3", "c", "buy", 90, 50);
  order(2, "o4", "a", "sell", 110, 4);
  order(9, "o5", "a", "buy", 100, 8);
  const InstrumentIndex x = lines.instrument("X");
  const Owner group = owner_of(lines.market, lines.account("a"));
  EXPECT_TRUE(group.is_group());
  const std::int64_t lot = lines.market.directory().instrument(x).lot;
  const std::int64_t tick = lines.market.directory().instrument(x).tick;
  const Price at{100 * tick};
  const auto interest = [&](Owner owner, Side side, int until) {
    return own_interest(lines.market, owner, x, side, at, 10 * tick, Time{until}) / lot;
  };
  EXPECT_EQ(interest(group, Side::buy, 5), 8 + 4);
  EXPECT_EQ(interest(group, Side::buy, 9), 16 + 4);
  EXPECT_EQ(interest(group, Side::sell, 9), 2);
  EXPECT_EQ(interest(owner_of(lines.market, lines.account("c")), Side::buy, 9), 25);
  EXPECT_EQ(depth_within(lines.market, x, Side::buy, at, 9 * tick).units / lot, 16);
  EXPECT_EQ(depth_within(lines.market, x, Side::buy, at, 10 * tick).units / lot, 74);
}

TEST(BookQuestionsTest, OwnDepthCountsPricesAndWhatWasJustTaken) {
  MarketLines lines;
  lines.feed_all(
      R"({"type":"instrument","ts":1,"instrument_id":"X","kind":"perpetual","base":"B","quote":"Q","tick_size":1,"lot_size":1}
{"type":"control_group","ts":1,"group_id":"g","account_ids":["a","b"],"status":"active"}
{"type":"order","ts":2,"order_id":"o1","account_id":"a","instrument_id":"X","side":"sell","price":101,"quantity":3}
{"type":"order","ts":2,"order_id":"o2","account_id":"b","instrument_id":"X","side":"sell","price":101,"quantity":4}
{"type":"order","ts":2,"order_id":"o3","account_id":"b","instrument_id":"X","side":"sell","price":105,"quantity":5}
{"type":"order","ts":2,"order_id":"o4","account_id":"c","instrument_id":"X","side":"sell","price":102,"quantity":6}
{"type":"order","ts":9,"order_id":"o5","account_id":"a","instrument_id":"X","side":"sell","price":104,"quantity":7})");
  const InstrumentIndex x = lines.instrument("X");
  const Owner group = owner_of(lines.market, lines.account("a"));
  const Instrument& of = lines.market.directory().instrument(x);
  const auto own = [&](int distance, int until, int taken_at, int taken) {
    const OwnDepth depth =
        own_depth(lines.market, group, x, {Side::sell, Price{100 * of.tick}, distance * of.tick},
                  Time{until}, {Price{taken_at * of.tick}, Quantity{taken * of.lot}, {}});
    return std::pair(depth.quantity / of.lot, depth.levels);
  };
  EXPECT_EQ(own(0, 9, 0, 0), std::pair(0L, 0L));
  EXPECT_EQ(own(4, 9, 0, 0), std::pair(14L, 2L));
  EXPECT_EQ(own(5, 8, 0, 0), std::pair(12L, 2L));
  EXPECT_EQ(own(5, 9, 101, 10), std::pair(29L, 3L));  // where others of its own stand
  EXPECT_EQ(own(5, 9, 103, 10), std::pair(29L, 4L));
  EXPECT_EQ(own(5, 9, 106, 10), std::pair(19L, 3L));  // too far
  const OwnDepth moved = own_depth(
      lines.market, group, x, {Side::sell, Price{100 * of.tick}, 5 * of.tick}, Time{9},
      {Price{103 * of.tick}, Quantity{7 * of.lot}, lines.market.books().find(make_text("o5"))});
  EXPECT_EQ(std::pair(moved.quantity / of.lot, moved.levels), std::pair(19L, 3L));
}

TEST(BookQuestionsTest, AGroupHoldsWhatItsMembersHold) {
  MarketLines lines;
  lines.feed_all(
      R"({"type":"instrument","ts":1,"instrument_id":"X","kind":"perpetual","base":"B","quote":"Q","tick_size":1,"lot_size":1}
{"type":"instrument","ts":1,"instrument_id":"Y","kind":"perpetual","base":"B","quote":"Q","tick_size":1,"lot_size":1}
{"type":"control_group","ts":1,"group_id":"g","account_ids":["a","b"],"status":"active"}
{"type":"account","ts":1,"account_id":"c"}
{"type":"position","ts":2,"account_id":"b","instrument_id":"X","quantity":-4})");
  const InstrumentIndex x = lines.instrument("X");
  EXPECT_TRUE(holds_position(lines.market, lines.account("a"), x));
  EXPECT_TRUE(holds_position(lines.market, lines.account("b"), x));
  EXPECT_FALSE(holds_position(lines.market, lines.account("c"), x));
  EXPECT_FALSE(holds_position(lines.market, lines.account("a"), lines.instrument("Y")));
}

}  // namespace
}  // namespace marktwacht
