// Abuse of the order book: each label is true of the stream, as clause 2 words it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/abuse/flow_twin.h"

namespace marktwacht::sim {
namespace {

Flow run(std::string_view abuse, std::uint64_t events = 500'000) {
  Flow flow({.seed = 11, .events = events, .severity_per_mille = 600, .abuse = {abuse}});
  flow.keep_labels_of(abuse);
  return flow;
}

Time after(Time ts, double seconds) {
  return ts + Duration{static_cast<std::int64_t>(seconds * 1e9)};
}

// One standard deviation of what a price moves by in so many seconds, at 4 % a day.
double usual_move(double price, double seconds) {
  return price * 0.04 * std::sqrt(seconds / 86'400);
}

// Fills after which interest on the other side is gone within seconds, at least four times as much
// as was filled and on so many orders.
int tricks(const Flow& flow, const SeenLabel& label, std::size_t orders) {
  int found = 0;
  const auto all = flow.orders_of(label);
  for (const SeenFill* fill : flow.fills_of(label)) {
    const Side side = label.has(fill->buyer) ? Side::buy : Side::sell;
    double shown = 0;
    std::size_t count = 0;
    for (const SeenOrder* order : all) {
      if (order->side != side && order->withdrawn && order->placed <= fill->ts &&
          order->ended > fill->ts && order->ended < after(fill->ts, 7)) {
        shown += order->quantity - order->filled;
        ++count;
      }
    }
    found += shown >= 4 * fill->quantity && count >= orders ? 1 : 0;
  }
  return found;
}

TEST(MarketAbuse, Spoofing) {
  const Flow flow = run("spoofing", 700'000);
  ASSERT_GE(flow.labels.size(), 6U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_GE(tricks(flow, label, 1), 1) << label.instrument;
  }
  EXPECT_TRUE(
      std::ranges::any_of(flow.labels, [](const auto& l) { return l.accounts.size() > 1; }));
}

TEST(MarketAbuse, Layering) {
  const Flow flow = run("layering");
  ASSERT_GE(flow.labels.size(), 6U);
  int lasting = 0;
  for (const SeenLabel& label : flow.labels) {
    int moves = 0;
    double shown = 0, filled = 0;
    for (const SeenOrder* order : flow.orders_of(label)) {
      moves += order->moves;
      shown += order->quantity;
      filled += order->filled;
    }
    const bool lasts =
        moves >= 50 && filled <= shown / 100 && label.to - label.from >= Duration{60 * second.ns};
    lasting += lasts ? 1 : 0;
    EXPECT_TRUE(lasts || tricks(flow, label, 3) >= 1) << label.instrument;
  }
  EXPECT_GE(lasting, 2);
}

TEST(MarketAbuse, WallPull) {
  const Flow flow = run("wall_pull");
  ASSERT_GE(flow.labels.size(), 5U);
  for (const SeenLabel& label : flow.labels) {
    std::vector<const SeenOrder*> wall;
    double shown = 0, filled = 0;
    for (const SeenOrder* order : flow.orders_of(label)) {
      if (order->withdrawn && order->ended - order->placed > Duration{10 * second.ns} &&
          order->moves == 0 && order->quantity > 0) {
        wall.push_back(order);
        shown += order->quantity;
        filled += order->filled;
      }
    }
    ASSERT_GE(wall.size(), 3U);
    EXPECT_LE(filled, 0.2 * shown);
    const Time pulled = wall.back()->ended;
    const double before = flow.price_at(label.instrument, pulled);
    const double sign = wall.back()->side == Side::buy ? -1 : 1;
    EXPECT_GE((flow.price_at(label.instrument, label.to) - before) * sign,
              3.5 * usual_move(before, 60));
    EXPECT_LE(label.to, after(pulled, 75));
  }
}

TEST(MarketAbuse, QuoteStuffing) {
  const Flow flow = run("quote_stuffing");
  ASSERT_GE(flow.labels.size(), 7U);
  for (const SeenLabel& label : flow.labels) {
    const auto messages = flow.messages_of(label);
    EXPECT_GE(messages.size(), 100U);
    const double seconds = static_cast<double>((label.to - label.from).ns) / 1e9;
    EXPECT_GE(static_cast<double>(messages.size()) / seconds, 30);
    for (const SeenOrder* order : flow.orders_of(label)) {
      EXPECT_LT(order->ended - order->placed, second);
    }
  }
}

TEST(MarketAbuse, MomentumIgnition) {
  const Flow flow = run("momentum_ignition");
  ASSERT_GE(flow.labels.size(), 5U);
  for (const SeenLabel& label : flow.labels) {
    const double before = flow.price_at(label.instrument, label.from);
    double most = 0, bought = 0, sold = 0;
    for (const SeenFill* fill : flow.fills_of(label)) {
      most = std::max(most, std::abs(fill->price - before));
      (label.has(fill->buyer) ? bought : sold) += fill->quantity;
    }
    EXPECT_GE(most, 3.1 * usual_move(before, 30));
    EXPECT_GT(std::min(bought, sold), 0.4 * std::max(bought, sold));
  }
}

TEST(MarketAbuse, MarkingTheClose) {
  const Flow flow = run("marking_the_close", 1'000'000);
  ASSERT_GE(flow.labels.size(), 2U);
  for (const SeenLabel& label : flow.labels) {
    constexpr std::int64_t hour = 3600 * second.ns;
    const Time close{(label.from.ns / hour + 1) * hour};
    double own = 0, all = 0;
    for (const SeenFill& fill : flow.fills) {
      if (fill.instrument == label.instrument && close - fill.ts < Duration{600 * second.ns} &&
          fill.ts <= close) {
        all += fill.quantity;
        own += label.has(fill.taker()) ? fill.quantity : 0;
      }
    }
    EXPECT_LT(close - label.from, Duration{720 * second.ns});
    EXPECT_GE(own, 0.2 * all) << label.instrument;
  }
}

TEST(MarketAbuse, IndexPush) {
  const Flow flow = run("index_push");
  ASSERT_GE(flow.labels.size(), 5U);
  for (const SeenLabel& label : flow.labels) {
    double own = 0, all = 0, bought = 0, sold = 0;
    for (const SeenFill& fill : flow.fills) {
      if (!label.during(fill.ts)) {
        continue;
      }
      if (fill.instrument == label.instrument) {
        all += fill.quantity;
        own += label.has(fill.taker()) ? fill.quantity : 0;
      } else {
        bought += label.has(fill.buyer) ? fill.quantity : 0;
        sold += label.has(fill.seller) ? fill.quantity : 0;
      }
    }
    EXPECT_GE(own, 0.3 * all);
    EXPECT_GT(bought, 0);
    EXPECT_GT(sold, 0.3 * bought);
    EXPECT_GT(flow.price_at(label.instrument, label.to),
              flow.price_at(label.instrument, label.from));
  }
}

TEST(MarketAbuse, PumpAndDump) {
  const Flow flow = run("pump_and_dump", 1'000'000);  // an hour comes first
  ASSERT_GE(flow.labels.size(), 4U);
  for (const SeenLabel& label : flow.labels) {
    double bought = 0, sold = 0, high = 0;
    for (const SeenFill* fill : flow.fills_of(label)) {
      (label.has(fill->buyer) ? bought : sold) += fill->quantity;
    }
    for (const SeenFill& fill : flow.fills) {  // of the crew or of those who were called
      high = fill.instrument == label.instrument && label.during(fill.ts)
                 ? std::max(high, fill.price)
                 : high;
    }
    EXPECT_GT(bought, 0);
    EXPECT_TRUE(label.accounts.empty() || sold > 0.5 * bought);
    EXPECT_GE(high, 1.003 * flow.price_at(label.instrument, label.from));
    std::map<std::int64_t, std::set<std::string>> buyers;  // by millisecond
    for (const auto& [id, order] : flow.orders) {
      if (order.instrument == label.instrument && label.during(order.placed) &&
          order.side == Side::buy && order.price == 0) {
        buyers[order.placed.ns / millisecond.ns].insert(order.account);
      }
    }
    EXPECT_GE(std::ranges::count_if(buyers, [](const auto& b) { return b.second.size() >= 2; }),
              20);
  }
}

TEST(MarketAbuse, OffIndexGain) {
  const Flow flow = run("off_index_gain");
  ASSERT_GE(flow.labels.size(), 5U);
  for (const SeenLabel& label : flow.labels) {
    double index = 0, gain = 0, held = 0, farthest = 0;
    bool disturbed = false;
    for (const SeenLine& line : flow.lines) {
      if (line.type == EventType::index_price && line.ts <= label.to &&
          line.says("\"" + label.instrument + "\"")) {
        const std::size_t at = line.text.find("\"price\":\"");
        index = std::stod(line.text.substr(at + 9));
        disturbed = disturbed || (line.ts >= label.from && line.says("disturbed"));
      }
    }
    for (const SeenFill* fill : flow.fills_of(label)) {
      const double sign = label.has(fill->buyer) ? 1 : -1;
      farthest = label.has(fill->maker()) ? std::max(farthest, std::abs(fill->price / index - 1))
                                          : farthest;
      held += sign * fill->quantity;
      gain -= sign * fill->quantity * fill->price;
    }
    EXPECT_TRUE(disturbed);
    EXPECT_GT(farthest, 0.008);
    EXPECT_GT(gain + held * index, 0);
  }
}

TEST(MarketAbuse, ShortHolding) {
  const Flow flow = run("short_holding");
  ASSERT_GE(flow.labels.size(), 3U);
  for (const SeenLabel& label : flow.labels) {
    int trips = 0, quick = 0;
    double gain = 0, held = 0;
    Time opened = label.from;
    for (const SeenFill* fill : flow.fills_of(label)) {
      const double sign = label.has(fill->buyer) ? 1 : -1;
      opened = std::abs(held) < 1e-9 ? fill->ts : opened;
      held += sign * fill->quantity;
      gain -= sign * fill->quantity * fill->price;
      if (std::abs(held) < 1e-9) {
        ++trips;
        quick += fill->ts - opened < Duration{180 * second.ns} ? 1 : 0;
      }
    }
    EXPECT_GE(trips, 20);
    EXPECT_GT(2 * quick, trips);
    EXPECT_GT(gain, 0) << label.instrument;
  }
}

TEST(MarketAbuse, MarketStress) {
  const Flow flow = run("market_stress");
  ASSERT_GE(flow.labels.size(), 2U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_TRUE(label.accounts.empty());
    const double before = flow.price_at(label.instrument, label.from);
    double high = before;
    for (const SeenFill& fill : flow.fills) {
      if (fill.instrument == label.instrument && label.during(fill.ts)) {
        high = std::max(high, fill.price);
      }
    }
    EXPECT_GE(high, 1.007 * before) << label.instrument;
  }
}

}  // namespace
}  // namespace marktwacht::sim
