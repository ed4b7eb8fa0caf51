// Real order-level flow of 2015-05-01: five hours of Bitstamp's order feed, converted to our events
// by the small converter below, against the order types its collector published.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "app/binary_twin.h"
#include "app/gz_twin.h"
#include "engine/engine.h"
#include "market/lines_twin.h"

namespace marktwacht {
namespace {

std::vector<std::vector<std::string>> read_csv(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  for (const std::string& line : read_gz_lines(path)) {
    auto& row = rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) {
      row.push_back(cell);
    }
  }
  rows.erase(rows.begin());  // the header
  return rows;
}

// One row of the feed: what an order looked like after something happened to it.
struct Row {
  std::string id, price, action;
  std::int64_t ts_ms = 0;
  std::int64_t volume = 0;  // remaining, in 1e-8
  bool bid = false;
  std::int64_t taken = 0;          // by which the volume fell
  std::size_t partner = SIZE_MAX;  // the row of the other order of the same trade
};

std::vector<Row> read_rows(const std::string& path) {
  std::vector<Row> rows;
  std::map<std::string, std::int64_t> remaining;
  std::set<std::string> placed;  // the others rested before the feed began
  for (const auto& cells : read_csv(path)) {
    Row row{cells[0],
            cells[3],
            cells[5],
            std::stoll(cells[1]),
            static_cast<std::int64_t>(std::stod(cells[4])),
            cells[6] == "bid"};
    const auto before = remaining.find(row.id);
    if (row.action == "created") {
      placed.insert(row.id);
    } else if (before != remaining.end() && placed.contains(row.id) &&
               (row.action == "changed" || row.volume == 0)) {
      row.taken = std::max<std::int64_t>(0, before->second - row.volume);
    }
    remaining[row.id] = row.volume;
    rows.push_back(row);
  }
  return rows;
}

// The feed names no trades: a bid and an ask that shrank by the same volume within 5 s are one, the
// nearest in time first.
void match_trades(std::vector<Row>& rows) {
  std::map<std::int64_t, std::vector<std::size_t>> asks;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].taken > 0 && !rows[i].bid) {
      asks[rows[i].taken].push_back(i);
    }
  }
  std::vector<std::tuple<std::int64_t, std::size_t, std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const std::size_t j :
         rows[i].taken > 0 && rows[i].bid ? asks[rows[i].taken] : std::vector<std::size_t>{}) {
      const std::int64_t apart = std::abs(rows[i].ts_ms - rows[j].ts_ms);
      if (apart <= 5'000) {
        pairs.emplace_back(apart, std::max(i, j) - std::min(i, j), i, j);
      }
    }
  }
  std::sort(pairs.begin(), pairs.end());
  for (const auto& [apart, distance, i, j] : pairs) {
    if (rows[i].partner == SIZE_MAX && rows[j].partner == SIZE_MAX) {
      rows[i].partner = j;
      rows[j].partner = i;
    }
  }
}

std::string line_of(const std::string& type, const Row& row, const std::string& rest) {
  return R"({"type":")" + type + R"(","ts":)" + std::to_string(row.ts_ms) + "000000," + rest + "}";
}

std::string volume_text(std::int64_t volume) { return std::to_string(volume) + "e-8"; }

// What the market itself says of an order, once all is read.
struct Seen {
  bool placed = false, moved = false, changed = false, made = false, took = false;
  bool cancelled_whole = false;  // by its owner, with nothing filled
};

class Replay {
 public:
  Engine engine;
  std::map<std::string, Seen> seen;
  int trades = 0;
  std::int64_t crossed_ms_max = 0;  // the longest that the book stayed crossed after a trade

  Replay() {
    engine.listen({true, true, true, true});
    feed(
        R"({"type":"instrument","ts":1,"instrument_id":"BTC-USD","kind":"spot","base":"BTC","quote":"USD","tick_size":"0.01","lot_size":"0.00000001"})");
    feed(R"({"type":"book_reset","ts":1,"instrument_id":"BTC-USD"})");
  }

  void apply(const std::vector<Row>& rows, std::size_t i) {
    const Row& row = rows[i];
    const std::string order = R"("order_id":")" + row.id + "\"";
    const bool matched = row.partner != SIZE_MAX;
    if (row.action == "created") {
      place(row, order);
      if (gone_.contains(row.id)) {  // the feed told its end before its beginning
        cancel(row, order);
      }
      return;
    }
    if (row.action == "deleted") {
      gone_.insert(row.id);
    }
    if (matched && row.partner < i) {
      trade(rows, i);
    }
    if (row.action == "deleted") {
      if (!matched) {
        cancel(row, order);
      }
      return;
    }
    reprice(row, order, matched);
  }

  bool live(const std::string& id) const {
    return engine.market().books().find(make_text(id)).exists();
  }

 private:
  bool feed(const std::string& line) {
    const Event* event = decoder_.decode(line);
    EXPECT_NE(event, nullptr) << line;
    const Step step = event == nullptr ? Step{} : engine.step(*event);
    EXPECT_EQ(step.outcome, Step::Outcome::accepted) << line << fault_text(step.fault);
    watch_crossing(event->ts);
    return step.outcome == Step::Outcome::accepted;
  }

  void place(const Row& row, const std::string& order) {
    seen[row.id].placed = true;
    feed(line_of("order", row,
                 order + R"(,"account_id":"unknown","instrument_id":"BTC-USD","side":")" +
                     (row.bid ? "buy" : "sell") + R"(","price":")" + row.price +
                     R"(","quantity":")" + volume_text(row.volume) + "\""));
  }

  void trade(const std::vector<Row>& rows, std::size_t i) {
    const Row& a = rows[i];
    const Row& b = rows[a.partner];
    const bool a_older = std::stoll(a.id) < std::stoll(b.id);
    const Row& maker = a_older ? a : b;
    const Row& taker = a_older ? b : a;
    ++trades;
    feed(line_of("trade", a,
                 R"("trade_id":")" + std::to_string(trades) +
                     R"(","instrument_id":"BTC-USD","price":")" + maker.price +
                     R"(","quantity":")" + volume_text(a.taken) + R"(","maker_order_id":")" +
                     maker.id + R"(","taker_order_id":")" + taker.id + "\""));
    for (const Derived& one : engine.market().derived()) {
      if (const Fill* fill = std::get_if<Fill>(&one)) {
        (fill->maker ? seen[maker.id].made : seen[taker.id].took) = true;
      }
    }
    traded_ = Time{a.ts_ms * millisecond.ns};
  }

  // Volume 0 without a partner was filled against somebody unseen; else its owner took it back.
  void cancel(const Row& row, const std::string& order) {
    const bool known = live(row.id);
    feed(line_of("cancel", row,
                 order + R"(,"reason":")" + (row.volume > 0 ? "user" : "system") + "\""));
    for (const Derived& one : engine.market().derived()) {
      if (const OrderClosed* closed = std::get_if<OrderClosed>(&one); closed != nullptr && known) {
        seen[row.id].cancelled_whole =
            closed->reason == CancelReason::user && closed->order.filled.units == 0;
      }
    }
  }

  void reprice(const Row& row, const std::string& order, bool matched) {
    const OrderSlot slot = engine.market().books().find(make_text(row.id));
    const bool was_known = slot.exists();
    const Price before = was_known ? engine.market().books().order(slot).price : Price{};
    std::string rest = order + R"(,"price":")" + row.price + "\"";
    if (!matched && row.volume > 0) {
      rest += R"(,"quantity":")" + volume_text(row.volume) + "\"";
    }
    feed(line_of("replace", row, rest));
    Seen& it = seen[row.id];
    it.changed = true;
    it.moved = it.moved || (was_known && engine.market().books().order(slot).price != before);
  }

  void watch_crossing(Time now) {
    const bool crossed = engine.market().books().crossed(InstrumentIndex{0});
    if (!crossed) {
      traded_ = std::nullopt;
    } else if (traded_) {
      crossed_ms_max = std::max(crossed_ms_max, (now - *traded_).ns / millisecond.ns);
    }
  }

  LineDecoder decoder_;
  std::set<std::string> gone_;
  std::optional<Time> traded_;  // the last trade, while the book has been crossed since
};

std::string type_of(const Replay& replay, const std::string& id) {
  const auto found = replay.seen.find(id);
  const Seen seen = found == replay.seen.end() ? Seen{} : found->second;
  if (seen.moved) {
    return "pacman";
  }
  if (seen.made && seen.took) {
    return "market-limit";
  }
  if (seen.took) {
    return "market";
  }
  if (seen.made || (seen.placed && replay.live(id))) {
    return "resting-limit";
  }
  return seen.placed && seen.cancelled_whole && !seen.changed ? "flashed-limit" : "unknown";
}

TEST(BitstampTest, OrderTypesAreThoseThatWerePublishedAndBooksUncross) {
  const std::string data = development_data() + "/bitstamp-l3-20150501";
  if (development_data().empty()) {
    GTEST_SKIP() << "skipped: no development data";
  }
  std::vector<Row> rows = read_rows(data + "/order_events.csv.gz");
  match_trades(rows);
  Replay replay;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    replay.apply(rows, i);
  }
  const auto expected = read_csv(data + "/expected_order_types.csv.gz");
  std::map<std::pair<std::string, std::string>, int> differ;
  int same = 0;
  for (const auto& cells : expected) {
    const std::string type = type_of(replay, cells[0]);
    type == cells[1] ? ++same : ++differ[{cells[1], type}];
  }
  std::printf(
      "%d trades; %d of %zu order types as published; crossed at most %lld ms after a trade\n",
      replay.trades, same, expected.size(), static_cast<long long>(replay.crossed_ms_max));
  for (const auto& [types, count] : differ) {
    std::printf("  published %s, ours %s: %d\n", types.first.c_str(), types.second.c_str(), count);
  }
  EXPECT_GE(same * 100, static_cast<int>(expected.size()) * 99);
  EXPECT_GE(replay.trades, 470);
  EXPECT_LE(replay.crossed_ms_max, 1'000);
}

}  // namespace
}  // namespace marktwacht
