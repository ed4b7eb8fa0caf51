// Time, numbering, timers and the state as a whole.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include "engine/stream_twin.h"
#include "market/lines_twin.h"

namespace marktwacht {
namespace {

using Outcome = Step::Outcome;

struct EngineLines {
  Engine engine;
  LineDecoder decoder;

  explicit EngineLines(const EngineConfig& config = {}) : engine(config) {}

  // What became of the line; a line that does not decode is rejected.
  Step feed(std::string_view line) {
    const Event* event = decoder.decode(line);
    return event == nullptr ? Step{Outcome::rejected, decoder.fault(), 0, {}, false}
                            : engine.step(*event);
  }
};

TEST(EngineTest, DescriptionsDoNotStartTheClock) {
  EngineLines lines;
  lines.feed(R"({"type":"asset","ts":900,"asset":"BTC","decimals":8})");
  EXPECT_FALSE(lines.engine.clock());
  const Step first = lines.feed(R"({"type":"tick","ts":100})");
  EXPECT_EQ(first.seq, 2u);
  EXPECT_FALSE(first.late);
  EXPECT_EQ(lines.engine.clock()->ns, 100);
  lines.feed(R"({"type":"asset","ts":900,"asset":"ETH","decimals":8})");
  EXPECT_EQ(lines.engine.clock()->ns, 900);
}

TEST(EngineTest, AnOlderEventIsAppliedAtTheClocksTime) {
  EngineLines lines;
  lines.feed(R"({"type":"tick","ts":100})");
  const Step late = lines.feed(R"({"type":"tick","ts":99})");
  EXPECT_EQ(late.outcome, Outcome::accepted);
  EXPECT_TRUE(late.late);
  EXPECT_EQ(late.now.ns, 100);
  EXPECT_EQ(lines.engine.clock()->ns, 100);
}

TEST(EngineTest, ARejectedLineMovesNothing) {
  EngineLines lines;
  lines.feed(R"({"type":"tick","ts":100})");
  const Digest before = lines.engine.state_hash();
  EXPECT_EQ(
      lines
          .feed(
              R"({"type":"cancel","ts":500,"source":"s","source_seq":9,"order_id":"x","reason":"user"})")
          .outcome,
      Outcome::rejected);
  EXPECT_EQ(lines.engine.state_hash(), before);
  EXPECT_EQ(lines.engine.clock()->ns, 100);
}

TEST(EngineTest, ARepeatedNumberIsDroppedAndTakesNoSeq) {
  EngineLines lines;
  EXPECT_EQ(lines.feed(R"({"type":"tick","ts":1,"source":"s","source_seq":1})").seq, 1u);
  const Digest before = lines.engine.state_hash();
  EXPECT_EQ(lines.feed(R"({"type":"tick","ts":9,"source":"s","source_seq":1})").outcome,
            Outcome::repeated);
  EXPECT_EQ(lines.engine.state_hash(), before);
  EXPECT_EQ(lines.feed(R"({"type":"tick","ts":1,"source":"t","source_seq":1})").seq, 2u);
}

TEST(EngineTest, TheTradingDayStartsWhereItIsSet) {
  EngineLines midnight;
  EngineLines eight(EngineConfig{Duration{8 * 3'600 * second.ns}});
  for (EngineLines* lines : {&midnight, &eight}) {
    lines->feed(R"({"type":"tick","ts":"2026-03-01T07:59:59.999999999Z"})");
  }
  EXPECT_EQ(midnight.engine.day(), eight.engine.day() + 1);
  for (EngineLines* lines : {&midnight, &eight}) {
    lines->feed(R"({"type":"tick","ts":"2026-03-01T08:00:00Z"})");
  }
  EXPECT_EQ(midnight.engine.day(), eight.engine.day());
}

TEST(EngineTest, ExemptionsEndByTimer) {
  EngineLines lines;
  lines.feed(R"({"type":"tick","ts":1})");
  lines.feed(R"({"type":"exemption","ts":1,"account_id":"mm","kind":"hedging","until_ts":50})");
  lines.feed(R"({"type":"exemption","ts":2,"account_id":"mm","kind":"hedging","until_ts":80})");
  lines.feed(R"({"type":"tick","ts":60})");
  EXPECT_EQ(lines.engine.market().exemptions().size(), 1u);
  lines.feed(R"({"type":"tick","ts":80})");
  EXPECT_EQ(lines.engine.market().exemptions().size(), 0u);
}

TEST(EngineTest, TimersFireByDueThenKindThenKey) {
  Timers timers;
  timers.set({Time{5}, TimerKind::exemption_end, 1});
  timers.set({Time{5}, TimerKind::day_start, 9});
  timers.set({Time{5}, TimerKind::day_start, 2});
  timers.set({Time{4}, TimerKind::exemption_end, 7});
  timers.set({Time{6}, TimerKind::day_start, 0});
  std::vector<std::uint64_t> keys;
  while (const auto timer = timers.take_due(Time{5})) {
    keys.push_back(timer->key);
  }
  EXPECT_EQ(keys, (std::vector<std::uint64_t>{7, 2, 9, 1}));
  EXPECT_EQ(timers.size(), 1u);
}

TEST(EngineTest, AFarTimeIsTakenWithoutOverflow) {
  EngineLines lines;
  EXPECT_EQ(lines.feed(R"({"type":"tick","ts":9223372036854775807})").outcome, Outcome::accepted);
  EXPECT_EQ(lines.feed(R"({"type":"tick","ts":0})").outcome, Outcome::accepted);
}

TEST(EngineTest, TheSameLinesGiveTheSameState) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    EngineLines a, b;
    for (const std::string& line : random_stream(seed, 2'000)) {
      a.feed(line);
      b.feed(line);
    }
    EXPECT_EQ(a.engine.snapshot(), b.engine.snapshot());
  }
}

// The stream must try what it claims to try.
TEST(EngineTest, RandomStreamsReachEveryOutcome) {
  EngineLines lines;
  lines.engine.listen({true, true, true, true});
  std::set<RejectReason> reasons;
  std::set<std::size_t> kinds;
  std::array<int, 3> outcomes{};
  for (const std::string& line : random_stream(1, 20'000)) {
    const Step step = lines.feed(line);
    ++outcomes[static_cast<std::size_t>(step.outcome)];
    if (step.outcome == Outcome::rejected) {
      reasons.insert(step.fault.reason);
    } else if (step.outcome == Outcome::accepted) {
      for (const Derived& one : lines.engine.market().derived()) {
        kinds.insert(one.index());
      }
    }
  }
  EXPECT_GT(outcomes[0], 10'000);
  EXPECT_GT(outcomes[1], 20);
  EXPECT_GT(outcomes[2], 1'000);
  for (const RejectReason reason :
       {RejectReason::json, RejectReason::missing_field, RejectReason::bad_value,
        RejectReason::unknown_type, RejectReason::unknown_instrument, RejectReason::unknown_order,
        RejectReason::duplicate_order, RejectReason::mismatch, RejectReason::overfill,
        RejectReason::off_tick}) {
    EXPECT_TRUE(reasons.contains(reason)) << word_of(reason);
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Derived>);
  EXPECT_GT(lines.engine.market().feeds().gaps(), 5u);
}

// Cut anywhere, restore, go on: the end is the same, and every step on the way.
TEST(EngineTest, ASnapshotAtAnyEventGoesOnToTheSameEnd) {
  for (std::uint64_t seed = 10; seed < 14; ++seed) {
    const auto stream = random_stream(seed, 400);
    EngineLines whole;
    std::vector<std::string> snapshots;
    for (const std::string& line : stream) {
      snapshots.push_back(whole.engine.snapshot());
      whole.feed(line);
    }
    const std::string end = whole.engine.snapshot();
    for (std::size_t cut = 0; cut < stream.size(); cut += 3) {
      EngineLines resumed;
      ASSERT_TRUE(resumed.engine.restore(snapshots[cut]).has_value());
      ASSERT_EQ(resumed.engine.snapshot(), snapshots[cut]) << "cut at " << cut;
      for (std::size_t i = cut; i < stream.size(); ++i) {
        resumed.feed(stream[i]);
      }
      ASSERT_EQ(resumed.engine.snapshot(), end) << "seed " << seed << ", cut at " << cut;
    }
  }
}

TEST(EngineTest, RefusedLinesChangeNoState) {
  for (std::uint64_t seed = 20; seed < 23; ++seed) {
    EngineLines all, accepted_only;
    for (const std::string& line : random_stream(seed, 3'000)) {
      if (all.feed(line).outcome == Outcome::accepted) {
        ASSERT_EQ(accepted_only.feed(line).outcome, Outcome::accepted) << line;
      }
    }
    EXPECT_EQ(all.engine.snapshot(), accepted_only.engine.snapshot());
  }
}

TEST(EngineTest, ADamagedSnapshotIsRefused) {
  EngineLines lines;
  for (const std::string& line : random_stream(3, 300)) {
    lines.feed(line);
  }
  const std::string bytes = lines.engine.snapshot();
  EXPECT_TRUE(Engine{}.restore(bytes).has_value());
  EXPECT_FALSE(Engine{}.restore(bytes + "x").has_value());
  EXPECT_FALSE(Engine{}.restore(bytes.substr(0, bytes.size() - 1)).has_value());
  EXPECT_FALSE(Engine{}.restore("").has_value());
  const EngineConfig other{Duration{1}};
  EXPECT_FALSE(Engine{other}.restore(bytes).has_value());
}

TEST(EngineTest, ARestoredEngineHasTheConfigOfTheOneThatMadeTheSnapshot) {
  const Duration eight{day.ns / 3};
  EngineLines lines({eight});
  for (const std::string& line : random_stream(4, 300)) {
    lines.feed(line);
  }
  const std::string bytes = lines.engine.snapshot();
  const auto restored = Engine::restored(bytes);
  ASSERT_TRUE(restored.has_value());
  EXPECT_EQ((*restored)->snapshot(), bytes);
  EXPECT_FALSE(Engine::restored("").has_value());
  EXPECT_FALSE(Engine::restored(bytes + "x").has_value());
  // The start of its day stands behind magic and schema hash: never out of a day's range.
  const std::string start(reinterpret_cast<const char*>(&eight.ns), sizeof eight.ns);
  const std::size_t place = bytes.find(start);
  ASSERT_NE(place, std::string::npos);
  for (const std::int64_t wrong : {std::int64_t{-1}, day.ns}) {
    std::string damaged = bytes;
    damaged.replace(place, sizeof wrong, reinterpret_cast<const char*>(&wrong), sizeof wrong);
    EXPECT_FALSE(Engine::restored(damaged).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace marktwacht
