// Alarms begin and end by the time that is told: no clock is asked.
#include "service/source_watch.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

constexpr Time start{1'000'000 * second.ns};

Time after(std::int64_t seconds) { return {start.ns + seconds * second.ns}; }

class SourceWatchTest : public testing::Test {
 protected:
  // A batch of ten events at that second.
  void send(const std::string& source, std::int64_t seconds) {
    SourceFigures& figures = sources[source];
    figures.events += 10;
    figures.received = after(seconds);
    figures.last_at = after(seconds);
  }
  void lose(const std::string& source, std::uint64_t numbers, std::int64_t seconds) {
    SourceFigures& figures = sources[source];
    ++figures.gaps;
    figures.missing += numbers;
    figures.last_gap_at = after(seconds);
  }
  void look(std::int64_t seconds) { watch->look(sources, after(seconds)); }
  void watch_with(const SourceLimits& limits, Time started = start) {
    watch.emplace(limits, started, alarms);
  }
  std::string open_alarms() const {
    std::string text;
    for (const Alarm& alarm : alarms.open()) {
      text += (text.empty() ? "" : " ") + std::string(word_of(alarm.kind)) + ":" + alarm.about;
    }
    return text;
  }

  std::map<std::string, SourceFigures> sources;
  std::vector<Alarm> told;
  Alarms alarms{[this](const Alarm& alarm) { told.push_back(alarm); }};
  std::optional<SourceWatch> watch;
};

TEST_F(SourceWatchTest, SilenceIsAnAlarmUntilSomethingComes) {
  watch_with({.silence_max = {60 * second.ns}});
  send("north", 1);
  look(1);
  look(61);
  EXPECT_EQ(open_alarms(), "");
  look(62);
  EXPECT_EQ(open_alarms(), "source_silent:north");
  look(63);
  EXPECT_EQ(told.size(), 1u);  // said once
  EXPECT_TRUE(watch->states()[0].is_silent);
  send("north", 70);
  look(71);
  EXPECT_EQ(open_alarms(), "");
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].begin_ts, after(62));
  EXPECT_EQ(told[1].end_ts, after(71));
  ASSERT_EQ(alarms.ended().size(), 1u);
}

TEST_F(SourceWatchTest, EachSourceHasItsOwnMeasureAndSomeHaveNone) {
  watch_with(
      {.silence_max = {60 * second.ns},
       .silence_max_of = {
           {"gateway", {5 * second.ns}}, {"posts", {0}}, {"nightly", {90'000 * second.ns}}}});
  send("gateway", 0);
  send("posts", 0);
  send("other", 0);
  look(6);
  EXPECT_EQ(open_alarms(), "source_silent:gateway");
  look(61);
  EXPECT_EQ(open_alarms(), "source_silent:gateway source_silent:other");
  look(90'001);  // it has never been heard, and is missed
  EXPECT_EQ(open_alarms(), "source_silent:gateway source_silent:nightly source_silent:other");
}

TEST_F(SourceWatchTest, PeopleAndSendersOfAnswersMayBeSilent) {
  watch_with({.silence_max = {60 * second.ns}});
  send("user:otto", 0);
  send("exchange", 0);
  sources["exchange"].results = sources["exchange"].events;
  look(1'000);
  EXPECT_EQ(open_alarms(), "");
}

TEST_F(SourceWatchTest, AfterARestartAFeedIsMissedFromTheStartOn) {
  send("north", -30);
  sources["north"].received = {};  // not of this process
  send("retired", -8 * 86'400);
  sources["retired"].received = {};
  watch_with({.silence_max = {60 * second.ns}});
  look(59);
  EXPECT_EQ(open_alarms(), "");
  look(61);
  EXPECT_EQ(open_alarms(), "source_silent:north");
  look(7 * 86'400);  // nobody expects it any more
  EXPECT_EQ(open_alarms(), "");
}

TEST_F(SourceWatchTest, AClockThatStepsBackRaisesNothing) {
  watch_with({.silence_max = {60 * second.ns}});
  send("north", 1'000);
  look(1'001);
  look(-5'000);
  EXPECT_EQ(open_alarms(), "");
  EXPECT_EQ(watch->states()[0].silent.ns, 0);
  look(1'061);
  EXPECT_EQ(open_alarms(), "source_silent:north");
}

TEST_F(SourceWatchTest, AGapIsAnAlarmForAWhile) {
  watch_with({.silence_max = {0}, .gap_alarm = {3'600 * second.ns}});
  send("north", 0);
  look(0);
  lose("north", 3, 10);
  look(10);
  EXPECT_EQ(open_alarms(), "source_gap:north");
  lose("north", 2, 3'000);
  look(3'000);
  look(6'600);
  EXPECT_EQ(open_alarms(), "source_gap:north");  // the second one keeps it open
  EXPECT_TRUE(alarms.open()[0].what.contains("5 numbers in 2 gaps")) << alarms.open()[0].what;
  look(6'601);
  EXPECT_EQ(open_alarms(), "");
  EXPECT_EQ(told.size(), 2u);
}

TEST_F(SourceWatchTest, AGapOfASourceThatIsNewIsOneWhateverTheEnginesClockSays) {
  watch_with({.silence_max = {0}});
  look(0);
  lose("backfill", 3, -1'000'000);  // it sends what was long ago
  look(1);
  EXPECT_EQ(open_alarms(), "source_gap:backfill");
}

TEST_F(SourceWatchTest, AGapFromBeforeTheStartIsStillAnAlarmIfItIsFresh) {
  lose("north", 1, -100);
  lose("south", 1, -4'000);
  watch_with({.silence_max = {0}});
  look(1);
  EXPECT_EQ(open_alarms(), "source_gap:north");
  look(3'501);
  EXPECT_EQ(open_alarms(), "");
}

TEST_F(SourceWatchTest, NoAlarmForGapsWhereNoneIsWanted) {
  watch_with({.silence_max = {0}, .gap_alarm = {0}});
  look(0);
  lose("north", 1, 1);
  look(1);
  EXPECT_TRUE(told.empty());
}

TEST_F(SourceWatchTest, TheRateIsThatOfTheLastTenSeconds) {
  watch_with({});
  for (std::int64_t at = 0; at <= 20; ++at) {
    send("north", at);
    look(at);
  }
  EXPECT_EQ(watch->states()[0].events_per_s, 10u);
  for (std::int64_t at = 21; at <= 31; ++at) {
    look(at);
  }
  EXPECT_EQ(watch->states()[0].events_per_s, 0u);
}

}  // namespace
}  // namespace marktwacht
