// What is written of a stream, line by line, and against the engine's books by another reader.
#include "edges/itch/itch_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "edges/itch/book_text_twin.h"
#include "engine/stream_twin.h"
#include "market/lines_twin.h"

namespace marktwacht {
namespace {

struct ItchLines {
  Engine engine;
  LineDecoder decoder;
  ItchStream stream{engine};

  // "" or the error.
  std::string feed(std::string_view line) {
    const Event* event = decoder.decode(line);
    if (event == nullptr) {
      return "";
    }
    const Step step = engine.step(*event);
    if (step.outcome != Step::Outcome::accepted) {
      return "";
    }
    const auto taken = stream.take(*event, step);
    return taken ? "" : taken.error();
  }
  // What the lines are written as, joined by ", ".
  std::string told(std::initializer_list<std::string_view> lines) {
    stream.bytes().clear();
    for (const std::string_view line : lines) {
      EXPECT_EQ(feed(line), "") << line;
    }
    std::string all;
    for (const std::string& text : itch_texts(stream.bytes())) {
      all += (all.empty() ? "" : ", ") + text;
    }
    return all;
  }
};

constexpr std::string_view venue =
    R"({"type":"instrument","ts":1,"instrument_id":"BTC-USDT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.01"})";

// 1 lot is 0.01, 1 tick is 0.5.
std::string order(std::string_view id, std::string_view side, int lots, int ticks,
                  std::string_view more = "") {
  const auto decimal = [](int hundredths) {
    return std::to_string(hundredths / 100) + "." + std::to_string(hundredths / 10 % 10) +
           std::to_string(hundredths % 10);
  };
  return R"({"type":"order","ts":5,"instrument_id":"BTC-USDT","account_id":"a","order_id":")" +
         std::string(id) + R"(","side":")" + std::string(side) + R"(","quantity":")" +
         decimal(lots) + R"(","price":")" + decimal(ticks * 50) + "\"" + std::string(more) + "}";
}
std::string trade(std::string_view rest) {
  return R"({"type":"trade","ts":5,"trade_id":"t","instrument_id":"BTC-USDT",)" +
         std::string(rest) + "}";
}
std::string trade(std::string_view maker, std::string_view taker, std::string_view price,
                  std::string_view quantity) {
  return trade(R"("price":)" + std::string(price) + R"(,"quantity":)" + std::string(quantity) +
               R"(,"maker_order_id":")" + std::string(maker) + R"(","taker_order_id":")" +
               std::string(taker) + "\"");
}
std::string replace(std::string_view rest) {
  return R"({"type":"replace","ts":5,"order_id":)" + std::string(rest) + "}";
}
std::string cancel(std::string_view id) {
  return R"({"type":"cancel","ts":5,"reason":"user","order_id":")" + std::string(id) + "\"}";
}

std::string replaced_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// With a bid of 10 and an ask of 20, references 1 and 2.
struct ItchStreamTest : testing::Test, ItchLines {
  void SetUp() override {
    EXPECT_EQ(told({venue}), "");
    EXPECT_EQ(told({order("b", "buy", 10, 200), order("s", "sell", 20, 210)}),
              "S O, R 1 BTC-USDT, A 1 B 10 at 200, A 2 S 20 at 210");
  }
};

TEST_F(ItchStreamTest, WhatRestsIsAddedAndWhatGoesIsDeleted) {
  EXPECT_EQ(told({order("b2", "buy", 1, 199), cancel("b")}), "A 3 B 1 at 199, D 1");
}

TEST_F(ItchStreamTest, WhatNeverRestsIsNotAdded) {
  EXPECT_EQ(
      told(
          {order("i", "buy", 5, 210, R"(,"time_in_force":"ioc")"), trade("s", "i", "105", "0.03"),
           cancel("i"), order("w", "buy", 5, 190, R"(,"trigger_price":"107.5")"),
           R"({"type":"order","ts":5,"instrument_id":"BTC-USDT","account_id":"a","order_id":"m","side":"buy","quantity":"0.05"})",
           trade("s", "m", "105", "0.05"), R"({"type":"triggered","ts":5,"order_id":"w"})"}),
      "E 2 3, E 2 5, A 3 B 5 at 190");
}

TEST_F(ItchStreamTest, OfWhatCanTradeOnlyTheRestIsAdded) {
  EXPECT_EQ(told({order("c", "buy", 30, 210), trade("s", "c", "105", "0.15"),
                  trade("s", "c", "105", "0.05")}),
            "E 2 15, E 2 5, A 3 B 10 at 210");
}

TEST_F(ItchStreamTest, WhatCouldTradeAndDoesNotIsAddedBeforeTheNextOrder) {
  EXPECT_EQ(told({order("c", "buy", 30, 210)}), "");
  EXPECT_EQ(told({order("d", "buy", 1, 150)}), "A 3 B 30 at 210, A 4 B 1 at 150");
}

TEST_F(ItchStreamTest, WhatIsRefusedForTradingIsNeverAdded) {
  EXPECT_EQ(told({order("c", "buy", 30, 210, R"(,"time_in_force":"gtx")"),
                  R"({"type":"cancel","ts":5,"reason":"post_only","order_id":"c"})"}),
            "");
  EXPECT_EQ(told({order("d", "buy", 1, 150)}), "A 3 B 1 at 150");
}

TEST_F(ItchStreamTest, WhatTradesAfterItWasAddedIsExecutedWithoutBeingPrinted) {
  EXPECT_EQ(told({order("c", "buy", 30, 210), order("d", "buy", 1, 150),
                  trade("s", "c", "104.5", "0.05")}),
            "A 3 B 30 at 210, A 4 B 1 at 150, C 2 5 at 209 Y, C 3 5 at 209 N");
}

TEST_F(ItchStreamTest, AnotherPriceThanTheOrdersIsSaid) {
  EXPECT_EQ(told({order("c", "buy", 30, 212), trade("s", "c", "105.5", "0.20")}),
            "C 2 20 at 211 Y, A 3 B 10 at 212");
}

TEST_F(ItchStreamTest, ReplacesKeepTheirPlaceOnlyWhereTheQuantityFalls) {
  EXPECT_EQ(told({replace(R"("b","quantity":"0.04")")}), "X 1 6");
  EXPECT_EQ(told({replace(R"("b","new_order_id":"b2","quantity":"0.03")")}), "X 1 1");
  EXPECT_EQ(told({replace(R"("b2","quantity":"0.09")")}), "U 1 3 9 at 200");
  EXPECT_EQ(told({replace(R"("b2","new_order_id":"b3","price":"99.5","quantity":"0.02")")}),
            "U 3 4 2 at 199");
  EXPECT_EQ(told({replace(R"("b3","new_order_id":"b4")")}), "U 4 5 2 at 199");
  EXPECT_EQ(told({cancel("b4")}), "D 5");
}

TEST_F(ItchStreamTest, AReplaceThatCanTradeEndsTheOrder) {
  EXPECT_EQ(told({replace(R"("b","price":"105")")}), "D 1");
  EXPECT_EQ(told({trade("s", "b", "105", "0.04"), replace(R"("b","price":"104.5")")}),
            "E 2 4, A 3 B 6 at 209");
}

// The book keeps such an order in its place and full, which ITCH can say only of a hidden one.
TEST_F(ItchStreamTest, OfAHiddenRemainderOnlyTheVisiblePartIsShown) {
  EXPECT_EQ(told({order("h", "sell", 10, 209, R"(,"display_quantity":"0.04")")}), "A 3 S 4 at 209");
  EXPECT_EQ(told({order("c", "buy", 3, 209), trade("h", "c", "104.5", "0.03")}), "P 3 at 209");
  EXPECT_EQ(told({order("e", "buy", 6, 209), trade("h", "e", "104.5", "0.06")}),
            "E 3 3, P 3 at 209");
  EXPECT_EQ(told({order("f", "buy", 1, 209), trade("h", "f", "104.5", "0.01")}), "E 3 1");
}

TEST_F(ItchStreamTest, ATradeOfNoShownOrderIsATradeAlone) {
  EXPECT_EQ(told({trade(R"("price":"104","quantity":"0.07","aggressor":"buy","kind":"block")")}),
            "P 7 at 208");
}

TEST_F(ItchStreamTest, AResetDeletesTheBookAndASnapshotAddsIt) {
  EXPECT_EQ(told({R"({"type":"book_reset","ts":6,"instrument_id":"BTC-USDT"})"}), "D 1, D 2");
  EXPECT_EQ(
      told(
          {R"({"type":"book_order","ts":6,"instrument_id":"BTC-USDT","account_id":"a","order_id":"x","side":"buy","price":"90","quantity":"0.01"})",
           cancel("unknown")}),
      "A 3 B 1 at 180");
}

TEST_F(ItchStreamTest, ANewDayBeginsWithItsFirstEventAndTheBookGoesOn) {
  EXPECT_EQ(told({R"({"type":"tick","ts":86400000000000})", cancel("b")}), "S O, D 1");
  stream.bytes().clear();
  EXPECT_TRUE(stream.finish());
  EXPECT_EQ(itch_texts(stream.bytes()), std::vector<std::string>{"S C"});
  EXPECT_EQ(stream.count('S'), 3U);
  EXPECT_EQ(stream.total(), 7U);
}

TEST_F(ItchStreamTest, WhatHasNoPlaceIsAnErrorThatNamesTheOrder) {
  EXPECT_EQ(feed(order("big", "buy", 1, 2)), "");
  const std::string error = feed(
      R"({"type":"order","ts":5,"instrument_id":"BTC-USDT","account_id":"a","order_id":"big2","side":"buy","quantity":"42949672.96","price":"1"})");
  EXPECT_EQ(error,
            "big2: ITCH has no place for the quantity 42949672.96: 0 to 4294967295 whole lots of "
            "0.01 fit");
}

TEST_F(ItchStreamTest, ATradeBetweenTicksOrLotsIsAnError) {
  EXPECT_EQ(feed(trade(R"("price":"104.3","quantity":"0.07","aggressor":"buy")")),
            "t: ITCH has no place for the price 104.3: 0 to 4294967295 whole ticks of 0.5 fit");
}

TEST(ItchInstrumentsTest, APriceBelowZeroIsAnError) {
  ItchLines lines;
  EXPECT_EQ(
      lines.feed(
          R"({"type":"instrument","ts":1,"instrument_id":"F","kind":"future","base":"B","quote":"U","tick_size":"1","lot_size":"1"})"),
      "");
  EXPECT_EQ(
      lines.feed(
          R"({"type":"order","ts":5,"instrument_id":"F","account_id":"a","order_id":"o","side":"buy","quantity":"1","price":"-3"})"),
      "o: ITCH has no place for the price -3: 0 to 4294967295 whole ticks of 1 fit");
}

TEST(ItchInstrumentsTest, AnIdThatIsNoSymbolHasItsNumber) {
  ItchLines lines;
  const auto instrument = [](const std::string& id) {
    return R"({"type":"instrument","ts":1,"instrument_id":")" + id +
           R"(","kind":"spot","base":"B","quote":"U","tick_size":"1","lot_size":"1"})";
  };
  EXPECT_EQ(lines.told({instrument("A"), instrument("BTC-USDT-PERP"), R"({"type":"tick","ts":3})",
                        instrument("€")}),
            "S O, R 1 A       , R 2 #2      , R 3 #3      ");
  EXPECT_EQ(
      lines.stream.note(),
      "ids that are no symbols of eight characters: 2; # and the instrument's number stand in "
      "their place, #2 for BTC-USDT-PERP");
}

TEST(ItchInstrumentsTest, MoreInstrumentsThanNumbersAreAnError) {
  ItchLines lines;
  for (int i = 1; i <= 65'536; ++i) {
    ASSERT_EQ(lines.feed(R"({"type":"instrument","ts":1,"instrument_id":"i)" + std::to_string(i) +
                         R"(","kind":"spot","base":"B","quote":"U","tick_size":"0.5",)"
                         R"("lot_size":"0.01"})"),
              "");
  }
  EXPECT_EQ(lines.feed(replaced_all(order("o", "buy", 1, 1), "BTC-USDT", "i65536")),
            "instrument i65536: ITCH has numbers for 65535");
  EXPECT_EQ(lines.stream.count('R'), 65'535U);
}

// An engine that goes on from a snapshot: all that rests, in the order of its queues.
TEST(ItchInstrumentsTest, WhatRestsAlreadyIsAddedFirst) {
  ItchLines before;
  before.told(
      {venue, order("b", "buy", 10, 200), order("c", "buy", 4, 200), order("s", "sell", 20, 210)});
  ItchLines lines;
  ASSERT_TRUE(lines.engine.restore(before.engine.snapshot()));
  EXPECT_EQ(lines.told({order("d", "buy", 7, 200), cancel("b")}),
            "S O, R 1 BTC-USDT, A 1 B 10 at 200, A 2 B 4 at 200, A 3 B 7 at 200, A 4 S 20 at 210, "
            "D 1");
}

// The stream's odd lots and prices between ticks are errors, which others test.
std::vector<std::string> stream_on_grid(std::uint64_t seed, int lines) {
  auto stream = random_stream(seed, lines);
  for (std::string& line : stream) {
    line = replaced_all(line, R"("lot_size":"1")", R"("lot_size":"0.01")");
    line = replaced_all(line, "100.3", "100.5");
  }
  return stream;
}

// Orders that meet often: trades between them, hidden remainders, replaces of all kinds, resets.
class BookStream {
 public:
  explicit BookStream(std::uint64_t seed) : random_(seed) {}

  std::vector<std::string> take(int lines) {
    lines_.emplace_back(venue);
    lines_.push_back(replaced_all(std::string(venue), "BTC-USDT", "ETH"));
    for (int i = 0; i < lines; ++i) {
      step(below(2) == 0 ? "BTC-USDT" : "ETH");
    }
    return std::move(lines_);
  }

 private:
  void step(const std::string& instrument) {
    auto& ids = ids_[instrument];
    const std::uint64_t what = below(12);
    if (ids[0].empty() || ids[1].empty() || what < 5) {
      const std::uint64_t side = below(2);
      ids[side].push_back("o" + std::to_string(++last_id_));
      static const char* const more[] = {R"(,"display_quantity":"0.03")",
                                         R"(,"time_in_force":"ioc")", R"(,"trigger_price":"100")"};
      std::string line =
          order(ids[side].back(), side == 0 ? "buy" : "sell", 1 + static_cast<int>(below(20)),
                196 + static_cast<int>(below(5)) + 4 * static_cast<int>(side),
                below(3) == 0 ? more[below(3)] : "");
      if (below(50) == 0) {
        line = replaced_all(line, R"("type":"order")", R"("type":"book_order")");
      }
      lines_.push_back(replaced_all(line, "BTC-USDT", instrument));
    } else if (what < 6) {
      lines_.push_back(cancel(recent(ids[below(2)])));
    } else if (what < 8) {
      change(ids[below(2)]);
    } else if (below(300) == 0) {
      lines_.push_back(R"({"type":"book_reset","ts":5,"instrument_id":")" + instrument + "\"}");
    } else {
      const std::uint64_t maker = below(2);
      const std::string taker = ids[1 - maker].back();  // the newest trades most
      lines_.push_back(
          replaced_all(trade(recent(ids[maker]), below(3) == 0 ? recent(ids[1 - maker]) : taker,
                             std::to_string(98 + below(4)), "0.0" + std::to_string(1 + below(9))),
                       "BTC-USDT", instrument));
    }
  }

  void change(std::vector<std::string>& side) {
    const std::string id = recent(side);
    if (below(8) == 0) {
      return lines_.push_back(R"({"type":"triggered","ts":5,"order_id":")" + id + "\"}");
    }
    std::string rest = "\"" + id + "\"";
    rest += below(2) == 0 ? R"(,"price":)" + std::to_string(98 + below(4)) : "";
    rest += below(2) == 0 ? R"(,"quantity":"0.0)" + std::to_string(1 + below(9)) + "\"" : "";
    if (below(4) == 0) {
      side.push_back("o" + std::to_string(++last_id_));
      rest += R"(,"new_order_id":")" + side.back() + "\"";
    }
    lines_.push_back(replace(rest));
  }

  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  std::string recent(const std::vector<std::string>& ids) {
    return ids[ids.size() - 1 - below(std::min<std::uint64_t>(ids.size(), 15))];
  }

  std::mt19937_64 random_;
  std::vector<std::string> lines_;
  std::map<std::string, std::array<std::vector<std::string>, 2>> ids_;  // by side
  std::uint64_t last_id_ = 0;
};

// What is read again after so many lines, and the first difference to the engine's books, "" where
// there is none.
std::string read_again(const std::vector<std::string>& stream, std::size_t length, ItchTwin& twin) {
  ItchLines lines;
  for (std::size_t i = 0; i < length; ++i) {
    std::string fault = lines.feed(stream[i]);
    fault += twin.read(lines.stream.bytes());
    lines.stream.bytes().clear();
    if (!fault.empty()) {
      return fault + " by " + stream[i];
    }
  }
  if (const auto done = lines.stream.finish(); !done) {
    return done.error();
  }
  const std::string fault = twin.read(lines.stream.bytes());
  for (const char type : std::string_view("SRAECXDUP")) {
    EXPECT_EQ(twin.count(type), lines.stream.count(type)) << type;
  }
  return fault + difference(twin, lines.engine.market());
}

TEST(ItchOracleTest, AnotherReadersBooksAreTheEngines) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const auto stream = stream_on_grid(seed, 4'000);
    for (const std::size_t length : {100U, 500U, 1'000U, 2'000U, 4'000U}) {
      ItchTwin twin;
      ASSERT_EQ(read_again(stream, length, twin), "") << seed << " after " << length;
    }
  }
}

TEST(ItchOracleTest, SoAreThoseOfOrdersThatMeetOften) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const auto stream = BookStream(seed).take(3'000);
    for (std::size_t length = 50; length <= 3'000; length += 50 + length / 2) {
      ItchTwin twin;
      ASSERT_EQ(read_again(stream, length, twin), "") << seed << " after " << length;
    }
    ItchTwin twin;
    ASSERT_EQ(read_again(stream, stream.size(), twin), "") << seed;
    for (const char type : std::string_view("ECXDUP")) {
      EXPECT_GT(twin.count(type), 10U) << type;
    }
  }
}

// Every share that was traded is printed once.
TEST(ItchOracleTest, TheVolumeIsThatOfTheTrades) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    ItchLines lines;
    ItchTwin twin;
    std::uint64_t lots = 0;
    for (const std::string& line :
         seed % 2 == 0 ? stream_on_grid(seed, 4'000) : BookStream(seed).take(3'000)) {
      const Event* event = lines.decoder.decode(line);
      if (event == nullptr) {
        continue;
      }
      const Step step = lines.engine.step(*event);
      if (step.outcome != Step::Outcome::accepted) {
        continue;
      }
      ASSERT_TRUE(lines.stream.take(*event, step));
      if (event->type == EventType::trade) {
        const Decimal& quantity = as<event::Trade>(*event).quantity;
        lots += static_cast<std::uint64_t>(*scaled_int64(quantity, 2));
      }
    }
    ASSERT_EQ(twin.read(lines.stream.bytes()), "");
    EXPECT_EQ(twin.volume(), lots);
    EXPECT_GT(lots, 0U);
  }
}

}  // namespace
}  // namespace marktwacht
