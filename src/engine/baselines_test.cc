// What days teach: written for the journal, and taken from it. docs/rules.md, "Baselines".
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/engine.h"
#include "market/lines_twin.h"

namespace marktwacht {
namespace {

using Outcome = Step::Outcome;
using Texts = std::vector<std::string>;

constexpr std::int64_t day_start = 1'700'006'400;  // midnight, in seconds
constexpr std::int64_t a_day = 86'400;

// Orders above what one account had on earlier days, three at least.
std::string book(const std::string& more = "") {
  return R"([rulebook]\nid = \"own\"\n[[rule]]\nid = \"busy\"\nclause = \"1.1\"\non = [\"order\"]\n)"
         R"(by = [\"account\", \"instrument\"]\nwindow = \"day\"\nlet = { n = \"count()\" }\n)"
         R"(when = \"n >= 3 and n > baseline('n')\"\n)" +
         more;
}

struct Days {
  Engine engine;
  LineDecoder decoder;
  std::vector<Alert> alerts;
  std::vector<BaselinesMade> baselines;
  int orders_sent = 0;

  explicit Days(const std::string& rulebook = book()) {
    for (const char* id : {"X", "Y"}) {
      line(0, R"("type":"instrument","kind":"spot","base":"B","quote":"Q","tick_size":"1",)"
              R"("lot_size":"1","instrument_id":")" +
                  std::string(id) + "\"");
    }
    config(0, "rulebook", rulebook);
    line(0, R"("type":"tick")");
  }

  Step line(std::int64_t at, const std::string& rest) {
    const std::string text =
        "{\"ts\":" + std::to_string((day_start + at) * second.ns) + "," + rest + "}";
    const Event* event = decoder.decode(text);
    EXPECT_NE(event, nullptr) << text;
    const Step step = engine.step(*event);
    alerts.insert(alerts.end(), engine.alerts().begin(), engine.alerts().end());
    baselines.insert(baselines.end(), engine.baselines().begin(), engine.baselines().end());
    return step;
  }
  Step config(std::int64_t at, const std::string& name, const std::string& text) {
    return line(at, R"("type":"config","name":")" + name + R"(","text":")" + text + "\"");
  }
  // A record as it stands in a journal: before the event whose time ends the day.
  Step record(std::int64_t day_end, const std::string& text) {
    std::string escaped;
    for (const char c : text) {
      escaped += c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
    }
    return config(day_end, "baselines", escaped);
  }
  void orders(std::int64_t at, const std::string& account, int times, const char* on = "X") {
    for (int i = 0; i < times; ++i) {
      line(at, R"("type":"order","side":"buy","price":5,"quantity":1,"account_id":")" + account +
                   R"(","instrument_id":")" + on + R"(","order_id":")" +
                   std::to_string(++orders_sent) + "\"");
    }
  }
  Texts texts() const {
    Texts made;
    for (const BaselinesMade& one : baselines) {
      made.push_back(one.text);
    }
    return made;
  }
  // Those whose leading number was `n` when they opened.
  std::size_t opened_at(const std::string& n) const {
    std::size_t count = 0;
    for (const Alert& alert : alerts) {
      count += alert.revision == 1 && alert.facts[0].value == n ? 1 : 0;
    }
    return count;
  }
};

// The first line of a record: whose numbers they are.
std::string subject(const Days& days) {
  const std::string hash = hex(days.engine.rules().rules()[0]->spec().hash).substr(0, 16);
  return "own busy " + hash + " n\n";
}

TEST(BaselinesTest, ADayThatTaughtSomethingSaysSo) {
  Days days;
  days.orders(1, "a", 5);
  days.orders(2, "b", 2, "Y");
  const Step step = days.line(3 * a_day + 7, R"("type":"tick")");
  ASSERT_EQ(days.texts(), Texts{subject(days) + "5 X\n2 Y\n"});  // two days taught nothing
  EXPECT_EQ(days.baselines[0].at.ns, (day_start + a_day) * second.ns);
  // The alert of "a" ended with the day; every seq is somebody's.
  ASSERT_EQ(days.alerts.size(), 2u);
  EXPECT_EQ(days.alerts[1].state, AlertState::ended);
  EXPECT_EQ(days.baselines[0].seq + 1, days.alerts[1].seq);
  EXPECT_EQ(days.alerts[1].seq + 1, step.seq);
  days.orders(3 * a_day + 8, "c", 6);
  EXPECT_EQ(days.opened_at("6"), 1u);
}

TEST(BaselinesTest, WhatTheJournalStatesIsInForceWhateverWouldBeLearnt) {
  for (const auto& [stated, opens] : std::vector<std::pair<std::string, std::string>>{
           {"5", "6"}, {"7", "8"}, {"3.5", "4"}, {"22/3", "8"}, {"-1", "3"}}) {
    SCOPED_TRACE(stated);
    Days days;
    days.orders(1, "a", 5);
    const std::string text = subject(days) + stated + " X\n";
    const std::uint64_t before = days.engine.last_seq();
    const Step step = days.record(a_day, text);
    EXPECT_EQ(step.outcome, Outcome::recorded);
    EXPECT_EQ(days.engine.last_seq(), before);
    days.orders(a_day - 1, "b", 3);  // the day goes on
    EXPECT_EQ(days.opened_at("3"), 2u);
    days.alerts.clear();
    days.orders(a_day + 1, "c", 9);
    EXPECT_EQ(days.texts(), Texts{text});
    EXPECT_EQ(days.opened_at(opens), 1u);
    const BaselinesCompared& compared = days.engine.rules().baselines_compared();
    EXPECT_EQ(compared.same, stated == "5" ? 1u : 0u);
    EXPECT_EQ(compared.different, stated == "5" ? 0u : 1u);
  }
}

TEST(BaselinesTest, ReplayedWithItsRecordsADayEndsInTheSameState) {
  Days live;
  live.orders(1, "a", 5);
  live.orders(1, "b", 2, "Y");
  Days replayed;
  replayed.orders(1, "a", 5);
  replayed.orders(1, "b", 2, "Y");
  live.line(a_day, R"("type":"tick")");
  replayed.record(a_day, live.baselines[0].text);
  // A snapshot between the record and the end of its day keeps it.
  Days resumed;
  resumed.engine.~Engine();
  new (&resumed.engine) Engine();
  ASSERT_TRUE(resumed.engine.restore(replayed.engine.snapshot()).has_value());
  EXPECT_EQ(resumed.engine.snapshot(), replayed.engine.snapshot());
  for (Days* days : {&replayed, &resumed}) {
    days->line(a_day, R"("type":"tick")");
    EXPECT_EQ(days->texts(), live.texts());
    EXPECT_EQ(days->baselines[0].seq, live.baselines[0].seq);
    EXPECT_EQ(days->engine.snapshot(), live.engine.snapshot());
    EXPECT_EQ(days->engine.rules().baselines_compared().same, 2u);
  }
}

TEST(BaselinesTest, ARecordOfAnotherRuleOrDayChangesNothing) {
  Days days;
  days.orders(1, "a", 5);
  const std::string other = "own busy 0123456789abcdef n\n1 X\n";
  EXPECT_EQ(days.record(a_day, other).outcome, Outcome::recorded);
  EXPECT_EQ(days.record(a_day - 1, subject(days) + "1 X\n").outcome, Outcome::recorded);
  EXPECT_EQ(days.record(a_day, subject(days) + "1 Z\n").outcome, Outcome::recorded);
  days.line(a_day, R"("type":"tick")");
  days.orders(a_day + 1, "b", 9);
  EXPECT_EQ(days.engine.rules().baselines_compared().different, 2u);  // Z stated, X not
  EXPECT_EQ(days.opened_at("3"), 2u);  // a journal of another making: X had nothing
}

TEST(BaselinesTest, AMalformedRecordIsRefused) {
  Days days;
  const std::string head = subject(days);
  const std::string before = days.engine.snapshot();
  for (const std::string& text :
       Texts{"", "x", "own busy n\n5 X\n", head.substr(0, head.size() - 1), head + "5 X",
             head + "5\n", head + "x X\n", head + "5/0 X\n", head + "5/-1 X\n", head + "5/1.5 X\n",
             head + "/2 X\n", head + "5 X\n5 X\n", head + "5 X\\\n", head + "\n", " " + head,
             head + "1e200 X\n"}) {
    const Step step = days.record(a_day, text);
    EXPECT_EQ(step.outcome, Outcome::rejected) << text;
    EXPECT_EQ(fault_text(step.fault), "bad_value text");
  }
  EXPECT_EQ(days.engine.snapshot(), before);
}

// More instruments than one record takes, and names that need care.
TEST(BaselinesTest, ManyInstruments) {
  Days days;
  const auto id = [](int i) { return "i" + std::to_string(i) + (i % 2 == 0 ? "\\n x\\\\" : "ß"); };
  for (int i = 0; i < 1'500; ++i) {
    days.line(0, R"("type":"instrument","kind":"spot","base":"B","quote":"Q","tick_size":"1",)"
                 R"("lot_size":"1","instrument_id":")" +
                     id(i) + "\"");
    days.orders(1, "a", 1 + i % 3, id(i).c_str());
  }
  Days replayed;
  for (int i = 0; i < 1'500; ++i) {
    replayed.line(0, R"("type":"instrument","kind":"spot","base":"B","quote":"Q","tick_size":"1",)"
                     R"("lot_size":"1","instrument_id":")" +
                         id(i) + "\"");
    replayed.orders(1, "a", 1 + i % 3, id(i).c_str());
  }
  days.line(a_day, R"("type":"tick")");
  ASSERT_EQ(days.baselines.size(), 2u);
  for (const BaselinesMade& one : days.baselines) {
    EXPECT_EQ(replayed.record(a_day, one.text).outcome, Outcome::recorded);
  }
  replayed.line(a_day, R"("type":"tick")");
  EXPECT_EQ(replayed.texts(), days.texts());
  EXPECT_EQ(replayed.engine.snapshot(), days.engine.snapshot());
  EXPECT_EQ(replayed.engine.rules().baselines_compared().same, 1'500u);
}

}  // namespace
}  // namespace marktwacht
