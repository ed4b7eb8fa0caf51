// Abuse that the shipped rules count: each label stands where the rule's own numbers are reached,
// counted here by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/abuse/flow_twin.h"

namespace marktwacht::sim {
namespace {

// With the labels of other behaviours that an episode shows besides.
Flow run_with_all(std::string_view abuse, std::int64_t severity_per_mille = 600) {
  return Flow(
      {.seed = 12, .events = 500'000, .severity_per_mille = severity_per_mille, .abuse = {abuse}});
}

Flow run(std::string_view abuse, std::int64_t severity_per_mille = 600) {
  Flow flow = run_with_all(abuse, severity_per_mille);
  flow.keep_labels_of(abuse);
  return flow;
}

// The most messages of any window this long.
std::size_t busiest(const std::vector<Time>& messages, Duration window) {
  std::size_t most = 0;
  for (std::size_t from = 0, to = 0; to < messages.size(); ++to) {
    for (; messages[to] - messages[from] >= window; ++from) {
    }
    most = std::max(most, to - from + 1);
  }
  return most;
}

// Trades with both sides in the label.
std::vector<const SeenFill*> within(const Flow& flow, const SeenLabel& label) {
  auto fills = flow.fills_of(label);
  std::erase_if(fills, [&](const SeenFill* fill) {
    return !label.has(fill->buyer) || !label.has(fill->seller);
  });
  return fills;
}

TEST(RuleAbuse, SelfTrade) {
  const Flow flow = run("self_trade");
  const auto labels = flow.labels_of("self_trade");
  ASSERT_GE(labels.size(), 5U);
  for (const SeenLabel* label : labels) {
    double worth = 0;
    for (const SeenFill* fill : within(flow, *label)) {
      worth += fill->quantity * fill->price;
    }
    EXPECT_TRUE(within(flow, *label).size() >= 5 || worth >= 100'000);
    EXPECT_EQ(label->clause, "2.7");
  }
}

TEST(RuleAbuse, FrequentCancel) {
  const Flow flow = run("frequent_cancel");
  ASSERT_GE(flow.labels.size(), 2U);
  for (const SeenLabel& label : flow.labels) {
    int withdrawn = 0;
    double back = 0, filled = 0;
    for (const SeenOrder* order : flow.orders_of(label)) {
      withdrawn += order->withdrawn ? 1 : 0;
      filled += order->filled;
      back += order->withdrawn ? order->quantity - order->filled : 0;
    }
    EXPECT_GE(withdrawn, 500);
    EXPECT_LE(filled, 0.02 * (filled + back));
  }
}

TEST(RuleAbuse, LargeOrderCancel) {
  const Flow flow = run("large_order_cancel");
  ASSERT_GE(flow.labels.size(), 4U);
  for (const SeenLabel& label : flow.labels) {
    const auto orders = flow.orders_of(label);
    EXPECT_GE(std::ranges::count_if(orders, [](auto* o) { return o->withdrawn && o->large; }), 20);
  }
}

TEST(RuleAbuse, MessageBurst) {
  const Flow flow = run("message_burst");
  ASSERT_GE(flow.labels.size(), 5U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_GE(busiest(flow.messages_of(label), second), 200U);
    EXPECT_EQ(flow.fills_of(label).size(), 0U);
  }
}

TEST(RuleAbuse, DailyOpenLimit) {
  const Flow flow = run("daily_open_limit", 1'000);
  ASSERT_GE(flow.labels.size(), 1U);
  for (const SeenLabel& label : flow.labels) {
    double bought = 0, limit = 0;
    for (const SeenFill* fill : flow.fills_of(label)) {
      bought += label.has(fill->buyer) ? fill->quantity : 0;
    }
    for (const SeenLine& line : flow.lines) {
      const std::size_t at = line.text.find("\"daily_open_limit\":\"");
      if (line.type == EventType::instrument && at != line.text.npos &&
          line.says("\"" + label.instrument + "\"")) {
        limit = std::stod(line.text.substr(at + 20));
      }
    }
    EXPECT_GT(limit, 0);
    EXPECT_GT(bought, limit);
  }
}

TEST(RuleAbuse, DailyOpenCountLimit) {
  const Flow flow = run("daily_open_count_limit", 1'000);
  ASSERT_GE(flow.labels.size(), 1U);
  for (const SeenLabel& label : flow.labels) {
    const auto orders = flow.orders_of(label);
    EXPECT_GT(std::ranges::count_if(orders,
                                    [](auto* o) { return o->side == Side::buy && o->filled > 0; }),
              300);
  }
}

TEST(RuleAbuse, HftForbidden) {
  const Flow flow = run("hft_forbidden");
  ASSERT_GE(flow.labels.size(), 4U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_GE(busiest(flow.messages_of(label), Duration{10 * second.ns}), 50U);
  }
}

TEST(RuleAbuse, HftForbiddenDay) {
  const Flow flow = run("hft_forbidden_day", 1'000);
  ASSERT_GE(flow.labels.size(), 1U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_GE(flow.messages_of(label).size(), 5'000U);
    EXPECT_LT(busiest(flow.messages_of(label), Duration{10 * second.ns}), 50U);
  }
}

TEST(RuleAbuse, UnfilledRatio) {
  const Flow flow = run("unfilled_ratio", 1'000);
  ASSERT_GE(flow.labels.size(), 1U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_EQ(label.from.ns / (600 * second.ns), label.to.ns / (600 * second.ns));
    double ordered = 0, filled = 0;
    for (const SeenOrder* order : flow.orders_of(label)) {
      ordered += order->quantity;
      filled += order->filled;
    }
    EXPECT_GE(flow.orders_of(label).size(), 10'000U);
    EXPECT_LE(filled, 0.01 * ordered);
  }
}

TEST(RuleAbuse, InvalidCancelRatio) {
  const Flow flow = run("invalid_cancel_ratio", 1'000);
  ASSERT_GE(flow.labels.size(), 1U);
  for (const SeenLabel& label : flow.labels) {
    const auto orders = flow.orders_of(label);
    const auto young = std::ranges::count_if(orders, [](auto* o) {
      return o->withdrawn && o->ended - o->placed < Duration{5 * second.ns};
    });
    EXPECT_GE(orders.size(), 5'000U);
    EXPECT_GE(static_cast<double>(young), 0.99 * static_cast<double>(orders.size()));
  }
}

TEST(RuleAbuse, ExpireRatio) {
  const Flow flow = run("expire_ratio", 1'000);
  ASSERT_GE(flow.labels.size(), 1U);
  for (const SeenLabel& label : flow.labels) {
    const auto orders = flow.orders_of(label);
    const auto expired = std::ranges::count_if(orders, &SeenOrder::expired_ioc);
    EXPECT_GE(orders.size(), 5'000U);
    EXPECT_GE(static_cast<double>(expired), 0.99 * static_cast<double>(orders.size()));
  }
}

TEST(RuleAbuse, DustRatio) {
  const Flow flow = run("dust_ratio", 1'000);
  ASSERT_GE(flow.labels.size(), 1U);
  for (const SeenLabel& label : flow.labels) {
    const auto orders = flow.orders_of(label);
    const auto dust = std::ranges::count_if(
        orders, [](auto* o) { return o->price > 0 && o->price * o->quantity < 50; });
    EXPECT_GE(orders.size(), 10'000U);
    EXPECT_GE(static_cast<double>(dust), 0.9 * static_cast<double>(orders.size()));
  }
}

// Whoever trades inside a crew, whatever for, may wash.
void expect_washed(std::string_view abuse, std::size_t labels_least) {
  const Flow flow = run_with_all(abuse);
  const auto labels = flow.labels_of("wash_trade");
  ASSERT_GE(labels.size(), labels_least) << abuse;
  for (const SeenLabel* label : labels) {
    std::map<std::string, double> net, inside, all;
    const auto trades = within(flow, *label);
    double volume = 0;
    std::size_t flat = 0;  // so many trades, after which nobody holds more or less than before
    for (std::size_t at = 0; at < trades.size(); ++at) {
      const SeenFill& fill = *trades[at];
      net[fill.buyer] += fill.quantity;
      net[fill.seller] -= fill.quantity;
      inside[fill.buyer] += fill.quantity;
      inside[fill.seller] += fill.quantity;
      volume += fill.quantity;
      const double most = 0.01 * volume / static_cast<double>(at + 1);
      const bool zero =
          std::ranges::all_of(net, [&](const auto& n) { return std::abs(n.second) <= most; });
      flat = zero ? at + 1 : flat;
    }
    EXPECT_GE(flat, 10U);
    for (const SeenFill* fill : flow.fills_of(*label)) {
      all[fill->buyer] += fill->quantity;
      all[fill->seller] += fill->quantity;
    }
    for (const std::string& account : label->accounts) {
      EXPECT_GE(inside[account], 0.5 * all[account]);
    }
  }
}

TEST(RuleAbuse, WashTrade) {
  expect_washed("wash_trade", 5);
  expect_washed("circular_trade", 3);
  expect_washed("fee_farming", 3);
}

// So many trades within each ten minutes, each sold on by who bought it, until it is back; none
// counts twice.
std::size_t circling(const std::vector<const SeenFill*>& trades, std::size_t members) {
  std::size_t found = 0;
  for (std::size_t from = 0; from + members <= trades.size(); ++from) {
    bool closed = trades[from + members - 1]->ts - trades[from]->ts < Duration{600 * second.ns};
    for (std::size_t at = 0; at < members; ++at) {
      const SeenFill& one = *trades[from + at];
      closed = closed && one.buyer == trades[from + (at + 1) % members]->seller &&
               std::abs(one.quantity - trades[from]->quantity) <= 0.011 * one.quantity;
    }
    found += closed ? members : 0;
    from += closed ? members - 1 : 0;
  }
  return found;
}

TEST(RuleAbuse, CircularTrade) {
  const Flow flow = run("circular_trade");
  const auto labels = flow.labels_of("circular_trade");
  ASSERT_GE(labels.size(), 4U);
  for (const SeenLabel* label : labels) {
    EXPECT_GE(circling(within(flow, *label), label->accounts.size()), 10U);
  }
}

// What goes back and forth is a circle of two.
TEST(RuleAbuse, WashTradesAndFeeFarmsGoRound) {
  for (const std::string_view abuse : {"wash_trade", "fee_farming"}) {
    const Flow flow = run_with_all(abuse);
    const auto labels = flow.labels_of("circular_trade");
    EXPECT_GE(labels.size(), 4U);
    int pairs = 0;
    for (const SeenLabel* label : labels) {
      if (label->accounts.size() == 2) {
        EXPECT_GE(circling(within(flow, *label), 2), 10U) << abuse;
        ++pairs;
      }
    }
    EXPECT_GE(pairs, 3);
  }
}

TEST(RuleAbuse, MatchedOrders) {
  const Flow flow = run("matched_orders");
  const auto labels = flow.labels_of("matched_orders");
  ASSERT_GE(labels.size(), 5U);
  for (const SeenLabel* label : labels) {
    int matched = 0;
    for (const SeenFill* fill : within(flow, *label)) {
      const SeenOrder& maker = flow.orders.at(fill->maker_order);
      const SeenOrder& taker = flow.orders.at(fill->taker_order);
      matched += taker.placed - maker.placed < second && taker.price == maker.price &&
                         taker.quantity == maker.quantity
                     ? 1
                     : 0;
    }
    EXPECT_GE(matched, 10);
  }
}

TEST(RuleAbuse, LimitEvasion) {
  const Flow flow = run("limit_evasion");
  ASSERT_GE(flow.labels.size(), 1U);
  for (const SeenLabel& label : flow.labels) {
    double limit = 0, sum = 0;
    for (const SeenLine& line : flow.lines) {
      const std::size_t at = line.text.find("\"position_limit\":\"");
      if (line.type == EventType::instrument && at != line.text.npos &&
          line.says("\"" + label.instrument + "\"")) {
        limit = std::stod(line.text.substr(at + 18));
      }
    }
    std::map<std::string, double> held;
    bool above = false;
    for (const SeenFill* fill : flow.fills_of(label)) {
      held[fill->buyer] += fill->quantity;
      held[fill->seller] -= fill->quantity;
      sum = 0;
      for (const std::string& account : label.accounts) {
        EXPECT_LT(std::abs(held[account]), limit);
        sum += held[account];
      }
      above = above || std::abs(sum) > limit;
    }
    EXPECT_TRUE(above);
  }
}

}  // namespace
}  // namespace marktwacht::sim
