// The streams: the same from a seed, with the shares and shapes they promise, and valid throughout.
#include "bench/streams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace marktwacht::bench {
namespace {

constexpr StreamOptions small{.events = 100'000, .seed = 3, .instruments = 20, .accounts = 1'000};

// Sum over all fields, by place: any other stream gives another one.
std::uint64_t fingerprint(const Stream& stream) {
  std::uint64_t sum = 0;
  for (const Command& command : stream.commands) {
    for (const std::uint64_t part :
         {static_cast<std::uint64_t>(command.ts.ns), command.order_id, command.new_order_id,
          static_cast<std::uint64_t>(command.price), std::uint64_t{command.quantity},
          std::uint64_t{command.account}, std::uint64_t{command.maker},
          std::uint64_t{command.instrument}, static_cast<std::uint64_t>(command.kind),
          static_cast<std::uint64_t>(command.side)}) {
      sum = (sum ^ part) * 0x100'0000'01B3;
    }
  }
  return sum;
}

TEST(Streams, AreTheSameFromASeed) {
  const Stream stream = make_stream(Shape::deep, small);
  EXPECT_EQ(fingerprint(stream), fingerprint(make_stream(Shape::deep, small)));
  EXPECT_NE(fingerprint(stream), fingerprint(make_stream(Shape::tight, small)));
  StreamOptions other = small;
  other.seed = 4;
  EXPECT_NE(fingerprint(stream), fingerprint(make_stream(Shape::deep, other)));
}

// On every machine, with every compiler. When the streams are changed on purpose, so are all
// figures made with them: say so in docs/performance.md.
TEST(Streams, AreTheKnownOnes) {
  EXPECT_EQ(fingerprint(make_stream(Shape::tight, small)), 18311598101662584525u);
  EXPECT_EQ(fingerprint(make_stream(Shape::deep, small)), 4309380702188923010u);
}

TEST(Streams, HaveTheSharesTheyPromise) {
  const Stream stream = make_stream(Shape::tight, small);
  const StreamFacts& facts = stream.facts;
  EXPECT_EQ(stream.commands.size(), stream.warm_up + small.events);
  EXPECT_EQ(facts.orders + facts.cancels + facts.replaces + facts.trades, small.events);
  const auto share = [](std::uint32_t part) { return 100.0 * part / small.events; };
  EXPECT_NEAR(share(facts.orders), 46, 1);
  EXPECT_NEAR(share(facts.cancels), 44, 1);
  EXPECT_NEAR(share(facts.replaces), 6, 0.5);
  EXPECT_NEAR(share(facts.trades), 4, 0.5);
  EXPECT_NEAR(static_cast<double>(facts.seconds), 100, 2);
  EXPECT_NEAR(facts.live_orders, 95'000, 3'000);
}

TEST(Streams, DeepHasManyMoreLevels) {
  const StreamFacts tight = make_stream(Shape::tight, small).facts;
  const StreamFacts deep = make_stream(Shape::deep, small).facts;
  EXPECT_GT(deep.levels, 4 * tight.levels);
  EXPECT_GT(deep.levels_most, 4 * tight.levels_most);
}

// Another plain book follows the stream: every order named is live, nothing overfills or crosses,
// trades hit the best price, and the facts are so.
TEST(Streams, AreValidThroughout) {
  struct Known {
    Command command;
    std::uint32_t quantity;
  };
  const Stream stream = make_stream(Shape::deep, small);
  std::map<std::uint64_t, Known> live;
  std::map<std::pair<std::uint16_t, Side>, std::multiset<std::int32_t>> prices;
  const auto of = [&](const Command& command) -> auto& {
    return prices[{command.instrument, command.side}];
  };
  const auto add = [&](std::uint64_t id, const Command& command) {
    ASSERT_TRUE(live.emplace(id, Known{command, command.quantity}).second);
    of(command).insert(command.price);
    const auto& other = prices[{command.instrument, opposite(command.side)}];
    if (!other.empty()) {
      ASSERT_TRUE(command.side == Side::buy ? command.price < *other.begin()
                                            : command.price > *other.rbegin());
    }
  };
  const auto remove = [&](std::uint64_t id) {
    const auto found = live.find(id);
    ASSERT_NE(found, live.end());
    auto& side = of(found->second.command);
    side.erase(side.find(found->second.command.price));
    live.erase(found);
  };
  Time last;
  for (const Command& command : stream.commands) {
    ASSERT_GE(command.ts, last);
    last = command.ts;
    ASSERT_GT(command.price, 0);
    ASSERT_GT(command.quantity, 0u);
    ASSERT_LT(command.account, small.accounts);
    if (command.kind == CommandKind::place) {
      add(command.order_id, command);
    } else if (command.kind == CommandKind::cancel) {
      remove(command.order_id);
    } else if (command.kind == CommandKind::replace) {
      remove(command.order_id);
      add(command.new_order_id, command);
    } else {
      Known& maker = live.at(command.order_id);
      const auto& side = of(maker.command);
      ASSERT_EQ(command.price, command.side == Side::buy ? *side.rbegin() : *side.begin());
      ASSERT_LE(command.quantity, maker.quantity);
      maker.quantity -= command.quantity;
      if (maker.quantity == 0) {
        remove(command.order_id);
      }
    }
  }
  std::uint32_t levels = 0;
  for (const auto& [book, side] : prices) {
    levels += static_cast<std::uint32_t>(std::set(side.begin(), side.end()).size());
  }
  EXPECT_EQ(live.size(), stream.facts.live_orders);
  EXPECT_EQ(levels, stream.facts.levels);
}

}  // namespace
}  // namespace marktwacht::bench
