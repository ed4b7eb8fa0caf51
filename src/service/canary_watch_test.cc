// When the canary runs, and what it makes of what it hears: time and runs are told.
#include "service/canary_watch.h"

#include <gtest/gtest.h>

#include <deque>
#include <semaphore>

namespace marktwacht {
namespace {

constexpr Time midnight{20'000 * day.ns};

Time at(int hour, int minute, int days = 0) {
  return {midnight.ns + days * day.ns + (hour * 60 + minute) * 60 * second.ns};
}

std::string line(const char* id, CanaryOutcome outcome) {
  std::string json;
  write_canary_result({.rulebook = "default@1", .id = id, .outcome = outcome}, json);
  return json + "\n";
}

class CanaryWatchTest : public testing::Test {
 protected:
  using Output = std::expected<std::string, std::string>;

  // The service starts at 03:00.
  void start(const CanaryTimes& times) {
    watch.emplace(
        times, at(3, 0), alarms,
        CanaryWatch::Parts{.in_force = [this] { return in_force; },
                           .run = [this](const std::vector<std::string>&) { return output; },
                           .clock = [this] { return now; },
                           .listener =
                               [this](const CanaryState& state) {
                                 last = state;
                                 ended.release();
                               }});
  }
  // Looks at that time; whether a run began, which has ended then.
  bool runs_at(Time time) {
    now = time;
    return watch->look(time) && (ended.acquire(), true);
  }
  std::string open_alarms() const {
    std::string text;
    for (const Alarm& alarm : alarms.open()) {
      text += (text.empty() ? "" : ", ") + alarm.about;
    }
    return text;
  }

  std::expected<std::vector<std::string>, std::string> in_force{std::vector<std::string>{"a\n"}};
  Output output{line("self_trade", CanaryOutcome::fired)};
  Alarms alarms;
  Time now{};
  std::counting_semaphore<> ended{0};
  CanaryState last;
  std::optional<CanaryWatch> watch;  // its thread ends first
};

TEST_F(CanaryWatchTest, RunsAMinuteAfterTheStartAndThenEachDayAtItsHour) {
  start({});
  EXPECT_FALSE(runs_at(at(3, 0)));
  EXPECT_TRUE(runs_at(at(3, 1)));
  EXPECT_EQ(last.ran_ts, at(3, 1));
  EXPECT_TRUE(last.well());
  EXPECT_FALSE(runs_at(at(3, 2)));
  EXPECT_TRUE(runs_at(at(4, 0)));
  EXPECT_FALSE(runs_at(at(4, 1)));
  EXPECT_FALSE(runs_at(at(3, 59, 1)));
  EXPECT_TRUE(runs_at(at(9, 0, 1)));  // the machine slept
  EXPECT_FALSE(runs_at(at(9, 1, 1)));
  EXPECT_TRUE(runs_at(at(4, 0, 2)));
}

TEST_F(CanaryWatchTest, AClockThatWasSetFarBackDoesNotPutItOff) {
  start({});
  EXPECT_TRUE(runs_at(at(3, 1, 400)));
  EXPECT_TRUE(runs_at(at(3, 1)));
  EXPECT_TRUE(runs_at(at(4, 0)));
}

TEST_F(CanaryWatchTest, RunsWhenAskedEvenWhereItNeverRunsByItself) {
  start({.hour = -1});
  EXPECT_FALSE(runs_at(at(4, 0, 1)));
  EXPECT_FALSE(watch->state().ran_ts);
  EXPECT_TRUE(watch->ask());
  ended.acquire();
  EXPECT_TRUE(watch->state().well());
}

TEST_F(CanaryWatchTest, AMissIsAnAlarmUntilARunFindsItWell) {
  start({});
  output = line("self_trade", CanaryOutcome::missed) + line("spoofing", CanaryOutcome::broken) +
           line("layering", CanaryOutcome::off) + line("mine", CanaryOutcome::untested);
  EXPECT_TRUE(runs_at(at(3, 1)));
  EXPECT_FALSE(last.well());
  EXPECT_EQ(last.count(CanaryOutcome::off), 1u);
  EXPECT_EQ(open_alarms(), "default/self_trade, default/spoofing");
  output = std::unexpected("no room");
  EXPECT_TRUE(runs_at(at(4, 0)));
  EXPECT_EQ(last.error, "no room");
  EXPECT_FALSE(last.well());
  EXPECT_EQ(open_alarms(), "default/self_trade, default/spoofing, the canary itself");
  EXPECT_FALSE(runs_at(at(4, 9)));  // tried again before tomorrow
  output = line("self_trade", CanaryOutcome::fired) + line("spoofing", CanaryOutcome::broken);
  EXPECT_TRUE(runs_at(at(4, 10)));
  EXPECT_EQ(open_alarms(), "default/spoofing");
  output = line("self_trade", CanaryOutcome::fired) + line("spoofing", CanaryOutcome::off);
  EXPECT_TRUE(runs_at(at(4, 0, 1)));  // switched off is no miss
  EXPECT_EQ(open_alarms(), "");
  EXPECT_TRUE(last.well());
}

TEST_F(CanaryWatchTest, WhatIsNoResultOrNoneAtAllIsAFailure) {
  start({});
  output = "";
  EXPECT_TRUE(runs_at(at(3, 1)));
  EXPECT_EQ(last.error, "it said nothing");
  output = line("self_trade", CanaryOutcome::fired) + "Killed\n";
  EXPECT_TRUE(runs_at(at(4, 0)));
  EXPECT_EQ(last.error, "it said something else: Killed");
  in_force = std::unexpected("the engine does not answer now");
  EXPECT_TRUE(runs_at(at(5, 0)));
  EXPECT_EQ(last.error, "the engine does not answer now");
  EXPECT_EQ(open_alarms(), "the canary itself");
}

TEST_F(CanaryWatchTest, WhereNothingIsInForceAllIsOff) {
  in_force = std::vector<std::string>{};
  output = std::unexpected("is not asked");
  start({});
  EXPECT_TRUE(runs_at(at(3, 1)));
  EXPECT_EQ(last.error, "");
  EXPECT_GT(last.count(CanaryOutcome::off), 20u);
  EXPECT_EQ(last.results.size(), last.count(CanaryOutcome::off));
}

}  // namespace
}  // namespace marktwacht
