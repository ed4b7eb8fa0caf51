// What is usual, against sums by hand.
#include "market/tape.h"

#include <gtest/gtest.h>

#include <string>

#include "market/lines_twin.h"

namespace marktwacht {
namespace {

TEST(TapeTest, TheMedianIsThatOfTheLast31SecondsWithATrade) {
  Tape tape;
  const InstrumentIndex x{2};
  EXPECT_EQ(tape.median_spread(x), 0);
  const auto trade = [&](std::int64_t at, std::int64_t spread) {
    tape.trade(x, Quantity{16}, Price{100}, Price{100 + spread}, Time{at * second.ns});
  };
  trade(1, 5);
  trade(1, 50);  // of the same second
  EXPECT_EQ(tape.median_spread(x), 5);
  trade(2, 0);  // touching: no spread
  trade(3, 9);
  trade(4, 7);
  EXPECT_EQ(tape.median_spread(x), 7);
  for (int at = 5; at < 5 + 31; ++at) {
    trade(at, at < 20 ? 1 : 3);
  }
  EXPECT_EQ(tape.median_spread(x), 3);
  EXPECT_EQ(tape.median_spread(InstrumentIndex{0}), 0);
  EXPECT_EQ(tape.median_spread(InstrumentIndex{9}), 0);
}

TEST(TapeTest, TheUsualTradeMovesBySixteenths) {
  Tape tape;
  const InstrumentIndex x{0};
  const auto trade = [&](std::int64_t quantity) {
    tape.trade(x, Quantity{quantity}, {}, {}, Time{});
  };
  trade(1'600);
  EXPECT_EQ(tape.usual_trade(x).units, 1'600);
  trade(3'200);
  EXPECT_EQ(tape.usual_trade(x).units, 1'700);
  EXPECT_EQ(tape.median_spread(x), 0);
}

// The taker's order rests, crossing, until its trade comes: the spread is that without it.
TEST(TapeTest, TheTakersOwnOrderIsNoTouch) {
  MarketLines lines;
  lines.market.listen({.tape = true});
  lines.feed_all(
      R"({"type":"instrument","ts":1,"instrument_id":"X","kind":"spot","base":"B","quote":"Q","tick_size":1,"lot_size":1}
{"type":"order","ts":2,"order_id":"b","account_id":"m","instrument_id":"X","side":"buy","price":98,"quantity":5}
{"type":"order","ts":2,"order_id":"s","account_id":"m","instrument_id":"X","side":"sell","price":103,"quantity":5}
{"type":"order","ts":3,"order_id":"t","account_id":"n","instrument_id":"X","side":"buy","price":104,"quantity":2}
{"type":"trade","ts":3,"trade_id":"1","instrument_id":"X","price":103,"quantity":2,"maker_order_id":"s","taker_order_id":"t"})");
  const InstrumentIndex x = lines.instrument("X");
  const Instrument& of = lines.market.directory().instrument(x);
  EXPECT_EQ(lines.market.tape().median_spread(x), 5 * of.tick);
  EXPECT_EQ(lines.market.tape().usual_trade(x).units, 2 * of.lot);
}

TEST(TapeTest, TheUsualMoveIsTheRootOfTheMeanSquareBeforeThat) {
  Tape tape;
  const InstrumentIndex x{1};
  const auto print = [&](std::int64_t at, std::int64_t price) {
    tape.print(x, Side::buy, Price{price}, Quantity{3}, Time{at * second.ns});
  };
  EXPECT_FALSE(tape.last_price(x));
  // 17 half minutes closed, sixteen changes of 30 and 40 in turn: mean square 1,250.
  const std::int64_t begin = 3'000'000;
  std::int64_t price = 1'000;
  for (int i = 0; i < 18; ++i) {
    const Time now{(begin + 30 * i) * second.ns};
    EXPECT_FALSE(tape.usual_move(x, Tape::step, now));
    print(begin + 30 * i, 7);  // only the last of a half minute counts
    print(begin + 30 * i + 29, price);
    price += i % 2 == 0 ? 30 : -40;
  }
  const Time now{(begin + 30 * 17) * second.ns};
  EXPECT_EQ(tape.usual_move(x, Tape::step, now), 35);  // 35.36
  EXPECT_EQ(tape.usual_move(x, {60 * second.ns}, now), 50);
  EXPECT_EQ(tape.last_price(x), Price{price + 40});
  // A leap changes it from the next half minute on; asked for before that, it stays.
  print(begin + 30 * 17 + 29, 1'000'000);
  print(begin + 30 * 18, 1'000'000);
  EXPECT_EQ(tape.usual_move(x, Tape::step, now), 35);
  EXPECT_GT(tape.usual_move(x, Tape::step, Time{(begin + 30 * 18) * second.ns}), 100'000);
  EXPECT_EQ(tape.calm_move(x, Tape::step, now), 46);  // eight of 900 and six of 1,600: 46.73
  EXPECT_EQ(tape.calm_move(x, Tape::step, Time{(begin + 30 * 18) * second.ns}), 47);  // one more
  // An hour without a trade: nothing changed.
  print(begin + 3'600 + 30 * 18, 5);
  EXPECT_EQ(tape.usual_move(x, Tape::step, Time{(begin + 3'600 + 30 * 18) * second.ns}), 0);
}

TEST(TapeTest, WhatTakersTookIsSummedBySide) {
  Tape tape;
  const InstrumentIndex x{0};
  EXPECT_EQ(tape.taken(x, Side::buy), 0);
  tape.print(x, Side::buy, Price{1}, Quantity{3}, Time{});
  tape.print(x, Side::buy, Price{1}, Quantity{4}, Time{});
  tape.print(x, Side::sell, Price{1}, Quantity{5}, Time{});
  EXPECT_EQ(tape.taken(x, Side::buy), 7);
  EXPECT_EQ(tape.taken(x, Side::sell), 5);
}

TEST(TapeTest, ComesBackFromItsBytes) {
  Tape tape;
  for (int i = 0; i < 100; ++i) {
    tape.trade(InstrumentIndex{static_cast<std::uint32_t>(i % 3)}, Quantity{i + 1}, Price{i},
               Price{2 * i + 1}, Time{i * second.ns});
    tape.print(InstrumentIndex{static_cast<std::uint32_t>(i % 3)}, Side::sell, Price{i * i},
               Quantity{i}, Time{i * Tape::step.ns});
  }
  std::string bytes, again;
  ByteWriter out(bytes), out_again(again);
  tape.save(out);
  Tape fresh;
  ByteReader in(bytes);
  ASSERT_TRUE(fresh.load(in) && in.done());
  fresh.save(out_again);
  EXPECT_EQ(again, bytes);
  EXPECT_EQ(fresh.median_spread(InstrumentIndex{1}), tape.median_spread(InstrumentIndex{1}));
  const Time later{99 * Tape::step.ns};
  EXPECT_TRUE(tape.usual_move(InstrumentIndex{1}, Tape::step, later));
  EXPECT_EQ(fresh.usual_move(InstrumentIndex{1}, Tape::step, later),
            tape.usual_move(InstrumentIndex{1}, Tape::step, later));
  ByteReader cut(std::string_view(bytes).substr(0, bytes.size() - 1));
  EXPECT_FALSE(Tape{}.load(cut));
}

}  // namespace
}  // namespace marktwacht
