// Distances, halvings, and a hand's interest against a plain sum.
#include "market/book_questions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

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

// The whole side, order by order.
OwnDepth own_depth_twin(const Market& market, Owner owner, InstrumentIndex instrument,
                        const Near& near, Time until, const JustTaken& taken) {
  std::map<std::int64_t, std::int64_t> by_price;
  const auto count = [&](Price price, std::int64_t quantity) {
    const std::int64_t apart = price.units - near.price.units;
    if ((near.side == Side::buy ? -apart : apart) <= near.distance && quantity > 0) {
      by_price[price.units] += quantity;
    }
  };
  count(taken.price, taken.quantity.units);
  const Books& books = market.books();
  books.visit_levels(instrument, near.side, [&](const LevelView& level) {
    books.visit_queue(instrument, near.side, level.price, [&](OrderSlot slot) {
      const Order& order = books.order(slot);
      if (owner_of(market, order.account) == owner && order.placed <= until && slot != taken.now) {
        count(level.price, books.visible(slot).units);
      }
      return true;
    });
    return true;
  });
  OwnDepth own;
  for (const auto& [price, quantity] : by_price) {
    own.quantity += quantity;
    ++own.levels;
  }
  return own;
}

TEST(BookQuestionsTest, OwnDepthEqualsAWalkOverTheWholeSide) {
  MarketLines lines;
  lines.market.listen({.owned = true});
  lines.feed_all(
      R"({"type":"instrument","ts":1,"instrument_id":"X","kind":"perpetual","base":"B","quote":"Q","tick_size":1,"lot_size":1}
{"type":"control_group","ts":1,"group_id":"g","account_ids":["a0","a1"],"status":"active"})");
  const InstrumentIndex x = lines.instrument("X");
  const std::int64_t tick = lines.market.directory().instrument(x).tick;
  const std::int64_t lot = lines.market.directory().instrument(x).lot;
  std::mt19937_64 random(11);
  const auto below = [&](std::uint64_t limit) { return static_cast<int>(random() % limit); };
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  std::int64_t levels_seen = 0;
  for (int at = 0; at < 3'000; ++at) {
    const std::string id = number(below(60));
    const OrderSlot live = lines.market.books().find(make_text(id));
    const std::string head = R"(,"ts":)" + number(10 + at) + R"(,"order_id":")" + id + '"';
    const std::string terms =
        R"(,"price":)" + number(90 + below(21)) + R"(,"quantity":)" + number(1 + below(20)) + "}";
    if (!live.exists()) {
      lines.feed_all(R"({"type":"order")" + head + R"(,"account_id":"a)" + number(below(4)) +
                     R"(","instrument_id":"X","side":")" + (below(2) == 0 ? "buy" : "sell") +
                     (below(4) == 0 ? R"(","display_quantity":3)" : R"(")") + terms);
    } else if (below(3) == 0) {
      lines.feed_all(R"({"type":"replace")" + head + terms);
    } else {
      lines.feed_all(R"({"type":"cancel")" + head + R"(,"reason":"user"})");
    }
    const std::string account = "a" + number(below(4));
    if (!lines.account(account).exists()) {
      continue;
    }
    const Owner owner = owner_of(lines.market, lines.account(account));
    const Near near{below(2) == 0 ? Side::buy : Side::sell, Price{(90 + below(21)) * tick},
                    below(12) * tick};
    const Time until{10 + at - below(30)};
    const JustTaken taken{Price{(90 + below(21)) * tick}, Quantity{below(2) * lot},
                          lines.market.books().find(make_text(number(below(60))))};
    const OwnDepth own = own_depth(lines.market, owner, x, near, until, taken);
    const OwnDepth twin = own_depth_twin(lines.market, owner, x, near, until, taken);
    ASSERT_EQ(own.quantity, twin.quantity) << at;
    ASSERT_EQ(own.levels, twin.levels) << at;
    ASSERT_EQ(own_quantity(lines.market, owner, x, near, until, taken), twin.quantity) << at;
    levels_seen = std::max(levels_seen, own.levels);
    const OwnDepth all = own_depth_twin(lines.market, owner, x,
                                        {near.side, near.price, 1'000 * tick}, Time{INT64_MAX}, {});
    ASSERT_EQ(own_orders(lines.market, owner, x, near.side) > 0, all.levels > 0) << at;
    const Int128 enough = below(100) * lot;
    const Quantity depth = depth_within(lines.market, x, near.side, near.price, near.distance);
    const Quantity some =
        depth_within(lines.market, x, near.side, near.price, near.distance, enough);
    ASSERT_TRUE(some == depth || (some < depth && some.units > enough)) << at;
  }
  EXPECT_GT(levels_seen, 5);
}

TEST(BookQuestionsTest, OwnDepthCountsPricesAndWhatWasJustTaken) {
  MarketLines lines;
  lines.market.listen({.owned = true});
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

TEST(BookQuestionsTest, DerivativesAreOfTheSameUnderlyingOrNameIt) {
  MarketLines lines;
  lines.feed_all(
      R"({"type":"instrument","ts":1,"instrument_id":"S","kind":"spot","base":"B","quote":"Q","tick_size":1,"lot_size":1,"underlying":"B"}
{"type":"instrument","ts":1,"instrument_id":"P","kind":"perpetual","base":"B","quote":"Q","tick_size":1,"lot_size":1,"underlying":"B"}
{"type":"instrument","ts":1,"instrument_id":"F","kind":"future","base":"B","quote":"Q","tick_size":1,"lot_size":1,"underlying":"S"}
{"type":"instrument","ts":1,"instrument_id":"T","kind":"spot","base":"B","quote":"R","tick_size":1,"lot_size":1,"underlying":"B"}
{"type":"instrument","ts":1,"instrument_id":"N","kind":"perpetual","base":"B","quote":"Q","tick_size":1,"lot_size":1})");
  const auto on = [&](const char* id) {
    std::string ids;
    for (const InstrumentIndex at : derivatives_on(lines.market, lines.instrument(id))) {
      ids += lines.market.directory().instrument_id(at);
    }
    return ids;
  };
  EXPECT_EQ(on("S"), "PF");
  EXPECT_EQ(on("T"), "P");
  EXPECT_EQ(on("P"), "");
  EXPECT_EQ(on("N"), "");
}

TEST(BookQuestionsTest, AGainIsThatOfAllMembersWhereverThePriceGoes) {
  MarketLines lines;
  lines.feed_all(
      R"({"type":"instrument","ts":1,"instrument_id":"X","kind":"perpetual","base":"B","quote":"Q","tick_size":0.5,"lot_size":0.1,"contract_multiplier":10}
{"type":"instrument","ts":1,"instrument_id":"I","kind":"perpetual","base":"B","quote":"Q","contract_type":"inverse","settle_asset":"B","tick_size":0.5,"lot_size":1}
{"type":"control_group","ts":1,"group_id":"g","account_ids":["a","b"],"status":"active"})");
  const InstrumentIndex x = lines.instrument("X"), i = lines.instrument("I");
  const Owner group = owner_of(lines.market, lines.account("a"));
  EXPECT_EQ(gain_by_move(lines.market, group, x, 1, 100), 0);
  lines.feed_all(
      R"({"type":"position","ts":2,"account_id":"a","instrument_id":"X","quantity":5}
{"type":"position","ts":2,"account_id":"b","instrument_id":"X","quantity":-2}
{"type":"position","ts":2,"account_id":"b","instrument_id":"I","quantity":-1000})");
  EXPECT_EQ(gain_by_move(lines.market, group, x, 1, 100), 0);  // no price is known
  lines.feed_all(
      R"({"type":"trade","ts":3,"trade_id":"1","instrument_id":"X","price":200,"quantity":1,"aggressor":"buy"}
{"type":"trade","ts":3,"trade_id":"2","instrument_id":"I","price":200,"quantity":1,"aggressor":"buy"})");
  const Instrument& of = lines.market.directory().instrument(x);
  EXPECT_EQ(position_of(lines.market, group, x), 30 * of.lot);
  EXPECT_EQ(gain_by_move(lines.market, group, x, 1, 100), 3 * 10 * 2 * 10'000);
  EXPECT_EQ(gain_by_move(lines.market, group, x, -1, 100), -3 * 10 * 2 * 10'000);
  // 1,000 units of the quote, short: 1000/100 - 1000/200 of the base.
  EXPECT_EQ(gain_by_move(lines.market, group, i, -1, 2), 5 * 10'000);
  EXPECT_EQ(
      gain_from(of, Side::sell, Price{220 * of.tick}, Price{200 * of.tick}, Quantity{10 * of.lot}),
      10 * 1 * 10 * 10'000);
}

}  // namespace
}  // namespace marktwacht
