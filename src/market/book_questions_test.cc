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

}  // namespace
}  // namespace marktwacht
