// Rules that come, change and go while running, keys and limits: docs/rules.md, "Changing rules".
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "market/lines_twin.h"

namespace marktwacht {
namespace {

using Outcome = Step::Outcome;

constexpr std::int64_t day_start = 1'700'006'400;  // midnight, in seconds

// One rule on deposits; what differs from "three of an account on a day" is set.
struct RuleText {
  std::string id = "many", by = "account", window = "day", let = "n = \"count()\"", when = "n >= 3",
              more = "", on = "deposit", where = "";

  std::string text() const {
    return "[[rule]]\nid = \"" + id + "\"\nclause = \"1.1\"\non = [\"" + on + "\"]\nby = [\"" + by +
           "\"]\nwindow = \"" + window + "\"\n" +
           (where.empty() ? "" : "where = \"" + where + "\"\n") + "let = { " + let +
           " }\nwhen = \"" + when + "\"\n" + more + "\n";
  }
};

std::string book(const std::vector<RuleText>& rules, std::string_view id = "own") {
  std::string text = "[rulebook]\nid = \"" + std::string(id) + "\"\n";
  for (const RuleText& rule : rules) {
    text += rule.text();
  }
  return text;
}

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    made += c == '\n' ? "\\n" : c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  }
  return made;
}

// Times are seconds after midnight.
struct RuleLines {
  Engine engine;
  LineDecoder decoder;
  std::vector<Alert> alerts;

  RuleLines() {
    line(0, R"("type":"asset","asset":"BTC","decimals":8)");
    line(0, R"("type":"asset","asset":"ETH","decimals":8)");
    line(0, R"("type":"tick")");
  }

  Step line(std::int64_t at, const std::string& rest) {
    const std::string text =
        "{\"ts\":" + std::to_string((day_start + at) * second.ns) + "," + rest + "}";
    const Event* event = decoder.decode(text);
    EXPECT_NE(event, nullptr) << text << " " << fault_text(decoder.fault());
    if (event == nullptr) {
      return {};
    }
    const Step step = engine.step(*event);
    take_alerts();
    return step;
  }
  void good(std::int64_t at, const std::string& rest) {
    EXPECT_EQ(line(at, rest).outcome, Outcome::accepted) << rest;
  }
  Step publish(std::int64_t at, const std::string& text) {
    return line(at, R"("type":"config","name":"rulebook","text":")" + escaped(text) + "\"");
  }
  void put(std::int64_t at, const std::string& text) {
    EXPECT_EQ(publish(at, text).outcome, Outcome::accepted)
        << format_errors("", engine.config_errors());
  }
  void deposit(std::int64_t at, const std::string& account, const std::string& more = "",
               const std::string& amount = "1", const std::string& asset = "BTC") {
    good(at, R"("type":"deposit","account_id":")" + account + R"(","asset":")" + asset +
                 R"(","amount":")" + amount + "\"" + more);
  }
  void deposits(std::int64_t at, const std::string& account, int times) {
    for (int i = 0; i < times; ++i) {
      deposit(at, account);
    }
  }
  void login(std::int64_t at, const std::string& account, const std::string& more) {
    good(at, R"("type":"login","result":"ok","account_id":")" + account + "\"," + more);
  }
  void person(std::int64_t at, const std::string& account, const std::string& person) {
    good(at, R"("type":"account","account_id":")" + account + R"(","person_id":")" + person + "\"");
  }
  void close() {
    engine.close();
    take_alerts();
  }

  // "rule state accounts name=value…", what was made since the last call.
  std::vector<std::string> said() {
    std::vector<std::string> texts;
    for (; told_ < alerts.size(); ++told_) {
      const Alert& alert = alerts[told_];
      std::string text = alert.source->detector + " " + std::string(word_of(alert.state));
      for (const std::string& id : alert.account_ids) {
        text += " " + id;
      }
      for (const Fact& fact : alert.facts) {
        text += " " + fact.name + "=" + fact.value;
      }
      texts.push_back(text);
    }
    return texts;
  }

 private:
  void take_alerts() {
    alerts.insert(alerts.end(), engine.alerts().begin(), engine.alerts().end());
  }
  std::size_t told_ = 0;
};

using Texts = std::vector<std::string>;

// --- a rule that stays

TEST(RulesChangeTest, AnUnchangedRuleKeepsItsCountsWhateverComesAndGoesBesideIt) {
  const RuleText other{.id = "other", .when = "n >= 9"};
  const RuleText changed{.id = "other", .when = "n >= 8"};
  const RuleText summed{.id = "summed", .let = "s = \"sum(amount)\"", .when = "s > 99"};
  for (const std::string window : {"day", "sliding 1000s", "cycle 10h"}) {
    for (const std::string by : {"account", "group", "person"}) {
      SCOPED_TRACE(window + " by " + by);
      const auto fit = [&](RuleText rule) {
        rule.window = window;
        rule.by = by;
        return rule;
      };
      const RuleText kept = fit({});
      const std::vector<std::string> steps = {book({kept}), book({fit(other), kept}),
                                              book({fit(changed), fit(summed), kept}),
                                              book({kept, fit(summed)}), book({kept})};
      RuleLines lines;
      lines.put(1, steps[0]);
      lines.person(1, "a", "p");
      lines.person(1, "b", "p");
      lines.deposit(2, "a");
      lines.deposit(3, by == "account" ? "a" : "b");
      for (const std::string& text : steps) {
        lines.put(4, text);
      }
      EXPECT_EQ(lines.said(), Texts{});
      lines.deposit(5, "a");
      lines.line(36'000, R"("type":"tick")");
      const Texts said = lines.said();
      ASSERT_FALSE(said.empty());
      const std::string who = by == "account" ? "a" : "a b";
      const bool cycle = window.starts_with("cycle");
      EXPECT_EQ(said[0],
                "many " + std::string(cycle ? "ended " : "open ") + who + " n=3 warming=true");
      EXPECT_EQ(lines.alerts[0].evidence.count, 3u);
    }
  }
}

TEST(RulesChangeTest, AnUnchangedRuleKeepsItsOpenAlert) {
  for (const std::string window : {"day", "sliding 100s"}) {
    RuleLines lines;
    lines.put(1, book({{.window = window}}));
    lines.deposits(2, "a", 3);
    EXPECT_EQ(lines.said(), Texts{"many open a n=3 warming=true"});
    lines.put(3, book({{.id = "new", .window = window, .when = "n >= 50"}, {.window = window}}));
    EXPECT_EQ(lines.said(), Texts{});
    lines.deposits(4, "a", 3);
    EXPECT_EQ(lines.said(), Texts{"many open a n=6 warming=true"});
    lines.line(86'400, R"("type":"tick")");
    EXPECT_EQ(lines.said(), Texts{"many ended a n=6 warming=true"});
    EXPECT_EQ(lines.engine.rules().open_alerts(), 0u);
  }
}

TEST(RulesChangeTest, ACycleGoesOnInEachTableOfItsKeyAndWindow) {
  // More aggregates than one table holds: the second table has other rules and no rows.
  std::vector<RuleText> rules = {{.window = "cycle 10m"}};
  for (int i = 0; i < 70; ++i) {
    rules.push_back({.id = "r" + std::to_string(i),
                     .window = "cycle 10m",
                     .let = "n = \"count_if(amount > " + std::to_string(1'000 + i) + ")\"",
                     .on = i < 40 ? "deposit" : "withdrawal"});
  }
  RuleLines lines;
  lines.put(1, book(rules));
  EXPECT_GE(lines.engine.rules().tables().size(), 2u);
  lines.deposits(2, "a", 3);
  rules.push_back({.id = "last", .window = "cycle 10m", .when = "n >= 4"});
  lines.put(3, book(rules));
  lines.line(600, R"("type":"tick")");
  EXPECT_EQ(lines.said(), Texts{"many ended a n=3 warming=true"});
}

// --- a rule that changes or goes

TEST(RulesChangeTest, AChangedRuleStartsEmptyAndWarmsUpUntilAWindowBeganAfterIt) {
  RuleLines lines;
  lines.put(1, book({{}}));
  lines.deposits(2, "a", 2);
  lines.put(3, book({{.when = "n > 2"}}));
  lines.deposits(4, "a", 2);
  EXPECT_EQ(lines.said(), Texts{});
  lines.deposit(5, "a");
  EXPECT_EQ(lines.said(), Texts{"many open a n=3 warming=true"});
  lines.deposits(86'401, "a", 3);
  EXPECT_EQ(lines.said(), (Texts{"many ended a n=3 warming=true", "many open a n=3"}));
}

TEST(RulesChangeTest, ASlidingRuleIsWarmOneLengthAfterLoading) {
  for (const auto& [at, warming] : {std::pair{109, true}, {110, false}, {111, false}}) {
    RuleLines lines;
    lines.put(100, book({{.window = "sliding 10s"}}));
    lines.deposits(at, "a", 3);
    EXPECT_EQ(lines.said(),
              Texts{std::string("many open a n=3") + (warming ? " warming=true" : "")})
        << at;
  }
}

TEST(RulesChangeTest, ACycleRuleIsWarmInTheNextCycle) {
  RuleLines lines;
  lines.put(1, book({{.window = "cycle 10s"}}));
  lines.deposits(2, "a", 3);
  lines.deposits(12, "a", 3);
  lines.line(20, R"("type":"tick")");
  EXPECT_EQ(lines.said(), (Texts{"many ended a n=3 warming=true", "many ended a n=3"}));
}

TEST(RulesChangeTest, AlertsOfChangedAndRemovedRulesSayWhyTheyEnd) {
  for (const std::string window : {"day", "sliding 100s"}) {
    for (const std::string by : {"account", "group"}) {
      RuleLines lines;
      const RuleText rule{.by = by, .window = window};
      const RuleText other{.id = "other", .by = by, .window = window, .when = "n >= 3"};
      lines.put(1, book({rule, other}));
      lines.person(1, "a", "p");
      lines.person(1, "b", "p");
      lines.deposits(2, "a", 4);
      const std::string who = by == "account" ? "a" : "a b";
      EXPECT_EQ(lines.said(), (Texts{"many open " + who + " n=3 warming=true",
                                     "other open " + who + " n=3 warming=true"}));
      RuleText changed = rule;
      changed.when = "n >= 30";
      lines.put(5, book({changed}));
      Texts said = lines.said();
      std::ranges::sort(said);
      EXPECT_EQ(said, (Texts{"many ended " + who + " n=4 warming=true closed_by=rule_changed",
                             "other ended " + who + " n=4 warming=true closed_by=rule_removed"}));
      EXPECT_EQ(lines.alerts.back().to.ns, (day_start + 5) * second.ns);
      EXPECT_EQ(lines.alerts.back().evidence.count, 4u);
      lines.close();
      EXPECT_EQ(lines.said(), Texts{});
    }
  }
}

// `when` of three deposits at 2 is false from 12 on.
TEST(RulesChangeTest, AnEpisodeThatIsOverEndsAtTheInstantAtWhichTheCountFell) {
  const RuleText rule{.window = "sliding 10s"};
  RuleText changed = rule;
  changed.when = "n >= 4";
  const std::vector<std::string> books = {book({changed}), book({}), ""};
  for (const auto& [at, ended] : {std::pair{11, 11}, {12, 12}, {15, 12}, {21, 12}}) {
    for (const std::string& text : books) {  // "": the input ends
      SCOPED_TRACE(std::to_string(at) + " " + text);
      RuleLines lines;
      lines.put(1, book({rule}));
      lines.deposits(2, "a", 3);
      lines.line(at, R"("type":"tick")");
      text.empty() ? lines.close() : lines.put(at, text);
      ASSERT_EQ(lines.alerts.size(), 2u);
      EXPECT_EQ(lines.alerts.back().to.ns, (day_start + ended) * second.ns);
      EXPECT_EQ(lines.alerts.back().at.ns, (day_start + at) * second.ns);
      EXPECT_EQ(lines.alerts.back().state, AlertState::ended);
    }
  }
}

TEST(RulesChangeTest, ARulebookWithoutRulesRemovesItsRules) {
  RuleLines lines, never;
  for (RuleLines* one : {&lines, &never}) {
    one->put(1, book({{.by = "person"}}, "stays"));
  }
  lines.put(1, book({{}, {.id = "sliding", .by = "person", .window = "sliding 9s"}}));
  for (RuleLines* one : {&lines, &never}) {
    one->deposits(2, "a", 3);
  }
  EXPECT_EQ(lines.engine.rules().open_alerts(), 3u);
  lines.put(3, book({}));
  EXPECT_EQ(lines.engine.rules().open_alerts(), 1u);
  EXPECT_EQ(lines.engine.rules().rules().size(), 1u);
  lines.put(4, book({}, "stays"));
  EXPECT_TRUE(lines.engine.rules().rules().empty());
  EXPECT_TRUE(lines.engine.rules().tables().empty());
  lines.said();
  lines.deposits(5, "a", 9);
  lines.close();
  EXPECT_EQ(lines.said(), Texts{});
}

// --- a text with errors

TEST(RulesChangeTest, ABrokenRulebookIsRefusedAsAWholeWithAllItsErrors) {
  RuleLines lines;
  lines.put(1, book({{}}));
  lines.deposits(2, "a", 2);
  const Digest before = lines.engine.state_hash();
  std::string text = book({{.id = "one", .window = "week"}, {.id = "two", .when = "m >= 3"}, {}});
  text += "[other]\n";
  const Step step = lines.publish(3, text);
  EXPECT_EQ(step.outcome, Outcome::rejected);
  EXPECT_EQ(fault_text(step.fault), "bad_value text");
  const auto& errors = lines.engine.config_errors();
  ASSERT_EQ(errors.size(), 3u) << format_errors("x", errors);
  EXPECT_EQ(errors[0].rule, "one");
  EXPECT_EQ(errors[0].line, 8);
  EXPECT_EQ(errors[1].rule, "two");
  EXPECT_EQ(errors[1].line, 19);
  EXPECT_EQ(errors[2].line, 30);
  EXPECT_EQ(lines.engine.state_hash(), before);
  lines.deposit(4, "a");
  EXPECT_EQ(lines.said(), Texts{"many open a n=3 warming=true"});
  lines.put(5, book({{}}));
  EXPECT_TRUE(lines.engine.config_errors().empty());
}

// --- several rulebooks

TEST(RulesChangeTest, TwoRulebooksMayHaveRulesOfOneId) {
  RuleLines lines;
  lines.put(1, book({{}}, "first"));
  lines.put(1, book({{.when = "n >= 4"}}, "second"));
  lines.deposits(2, "a", 4);
  ASSERT_EQ(lines.alerts.size(), 2u);
  EXPECT_EQ(lines.alerts[0].source->rulebook_id, "first");
  EXPECT_EQ(lines.alerts[1].source->rulebook_id, "second");
  EXPECT_NE(lines.alerts[0].alert_id, lines.alerts[1].alert_id);
  lines.put(3, book({}, "first"));
  ASSERT_EQ(lines.alerts.size(), 3u);
  EXPECT_EQ(lines.alerts[2].alert_id, lines.alerts[0].alert_id);
  EXPECT_EQ(lines.alerts[2].facts.back().value, "rule_removed");
  EXPECT_EQ(lines.engine.rules().open_alerts(), 1u);
}

TEST(RulesChangeTest, RulesHearAlerts) {
  RuleLines lines;
  lines.put(1, book({{.window = "sliding 5s"}}, "first"));
  lines.put(1, book({{.id = "often",
                      .when = "n >= 2",
                      .on = "alert",
                      .where = "detector == 'many' and severity == 'medium'"}},
                    "second"));
  lines.deposits(2, "a", 3);
  lines.deposits(20, "b", 3);
  EXPECT_EQ(lines.engine.rules().open_alerts(), 1u);
  lines.said();
  lines.deposits(40, "a", 3);
  EXPECT_EQ(lines.said(),
            (Texts{"many ended b n=3", "many open a n=3", "often open a n=2 warming=true"}));
}

TEST(RulesChangeTest, NoRuleFeedsItself) {
  const auto hearing = [](const std::string& id, const std::string& heard) {
    return RuleText{
        .id = id, .when = "n >= 1", .on = "alert", .where = "detector == '" + heard + "'"};
  };
  RuleLines lines;
  EXPECT_EQ(lines.publish(1, book({hearing("x", "x")})).outcome, Outcome::rejected);
  EXPECT_EQ(
      lines.publish(1, book({hearing("x", "y"), hearing("y", "z"), hearing("z", "x")})).outcome,
      Outcome::rejected);
  EXPECT_EQ(lines.engine.config_errors().size(), 3u);
  lines.put(1, book({hearing("x", "y"), hearing("y", "z"), {.id = "z"}}));
}

TEST(RulesChangeTest, NoRuleFeedsItselfByWayOfAnotherRulebook) {
  const auto hearing = [](const std::string& id, const std::string& heard) {
    return RuleText{
        .id = id, .when = "n >= 1", .on = "alert", .where = "detector == '" + heard + "'"};
  };
  RuleLines lines;
  lines.put(1, book({hearing("x", "y")}, "first"));
  EXPECT_EQ(lines.publish(1, book({hearing("y", "x")}, "second")).outcome, Outcome::rejected);
}

TEST(RulesChangeTest, AWarningRaisesNoAlert) {
  RuleLines lines;
  lines.put(1, book({{.more = "warn_when = \"n >= 2\""}}));
  lines.deposits(2, "a", 2);
  lines.deposit(2, "b");
  EXPECT_EQ(lines.said(), Texts{});
  EXPECT_EQ(lines.engine.rules().rules()[0]->warnings, 1u);
}

// Canonical texts of expressions name what they count: different words, different counts.
TEST(RulesChangeTest, RulesWithQuotesInTheirTextsDoNotShareCounts) {
  RuleLines lines;
  lines.put(1, book({{.id = "both", .where = "source_address in ['x', 'y']"},
                     {.id = "odd", .where = R"(source_address == \"x''y\")"}}));
  for (int i = 0; i < 3; ++i) {
    lines.deposit(2, "a", R"(,"source_address":"x")");
  }
  EXPECT_EQ(lines.said(), Texts{"both open a n=3 warming=true"});
}

// An event is asked the same `where` once for all rules, unless it says another thing in another
// window.
TEST(RulesChangeTest, AWhereAboutTheWindowIsAskedInThatOfEachRule) {
  RuleLines lines;
  lines.good(0, R"("type":"instrument","instrument_id":"X","kind":"spot","base":"BTC",)"
                R"("quote":"ETH","tick_size":"1","lot_size":"1")");
  const auto rule = [](const std::string& id, const std::string& window) -> RuleText {
    return {
        .id = id, .window = window, .when = "n >= 1", .on = "cancel", .where = "order.in_window"};
  };
  lines.put(1, book({rule("short", "sliding 10s"), rule("cycle", "cycle 10m"),
                     rule("long", "sliding 10m")}));
  const auto order = [&](std::int64_t placed, std::int64_t canceled, const std::string& id) {
    lines.good(placed, R"("type":"order","account_id":"a","instrument_id":"X","side":"buy",)"
                       R"("price":"5","quantity":"1","order_id":")" +
                           id + "\"");
    lines.good(canceled,
               R"("type":"cancel","reason":"user","instrument_id":"X","order_id":")" + id + "\"");
  };
  order(500, 610, "o");
  EXPECT_EQ(lines.said(), Texts{"long open a n=1"});
  order(620, 630, "p");  // just outside the shortest
  lines.line(1'200, R"("type":"tick")");
  const Texts said = lines.said();
  ASSERT_FALSE(said.empty());
  EXPECT_NE(std::ranges::find(said, "cycle ended a n=1"), said.end()) << said[0];
  EXPECT_TRUE(std::ranges::none_of(
      said, [](const std::string& text) { return text.starts_with("short"); }));
}

// --- snapshots

TEST(RulesChangeTest, ASnapshotRightAfterAChangeGoesOnToTheSameEnd) {
  std::vector<RuleText> rules;
  for (const std::string window : {"day", "sliding 10s", "cycle 10s"}) {
    for (const std::string by : {"account", "group", "person", "address", "asset"}) {
      rules.push_back({.id = by + "_" + window.substr(0, 3),
                       .by = by,
                       .window = window,
                       .let = "n = \"count()\", top = \"max(amount)\", low = \"min(amount)\", "
                              "kinds = \"distinct(source_address)\"",
                       .when = "n >= 3 and top > 2"});
    }
  }
  std::vector<RuleText> changed = rules;
  for (std::size_t i = 0; i < changed.size(); i += 4) {
    changed[i].when = "n >= 2";
  }
  changed.erase(changed.begin() + 5, changed.begin() + 8);
  changed.push_back({.id = "new", .by = "group", .window = "sliding 10s"});
  const auto fill = [](RuleLines& lines, std::int64_t from) {
    for (int i = 0; i < 60; ++i) {
      lines.deposit(from + i / 3, std::string(1, static_cast<char>('a' + i * 7 % 5)),
                    R"(,"source_address":"s)" + std::to_string(i * 5 % 7) + "\"",
                    std::to_string(1 + i * 11 % 13), i % 3 == 0 ? "BTC" : "ETH");
      if (i % 20 == 19) {
        lines.person(from + i / 3, i % 40 == 19 ? "a" : "c", i < 40 ? "p" : "q");
        lines.person(from + i / 3, "b", "p");
      }
    }
  };
  const std::vector<std::vector<RuleText>> books = {changed, {}, {rules[7]}};
  for (const auto& next : books) {
    RuleLines whole;
    whole.put(1, book({{.id = "beside"}}, "beside"));
    whole.put(1, book(rules));
    fill(whole, 3);
    whole.put(24, book(next));
    RuleLines resumed;
    resumed.engine.~Engine();
    new (&resumed.engine) Engine();
    ASSERT_TRUE(resumed.engine.restore(whole.engine.snapshot()).has_value());
    EXPECT_EQ(resumed.engine.snapshot(), whole.engine.snapshot());
    whole.said();
    for (RuleLines* lines : {&whole, &resumed}) {
      fill(*lines, 25);
      lines->put(46, book(rules));
      fill(*lines, 47);
      lines->line(86'500, R"("type":"tick")");
      lines->close();
    }
    const Texts said = whole.said();
    EXPECT_GT(said.size(), 3u);
    const Texts said_resumed = resumed.said();
    ASSERT_EQ(said_resumed.size(), said.size());
    for (std::size_t i = 0; i < said.size(); ++i) {
      EXPECT_EQ(said_resumed[i], said[i]) << "alert " << i;
    }
    EXPECT_EQ(resumed.engine.snapshot(), whole.engine.snapshot());
  }
}

// Texts are numbered as they come; the order of a cycle's alerts must not depend on that.
TEST(RulesChangeTest, ACyclesAlertsComeInOneOrderAfterARestore) {
  RuleLines whole;
  whole.put(1, book({{.by = "address", .window = "cycle 10s", .when = "n >= 1"}}));
  const auto from = [](RuleLines& lines, std::int64_t at, const std::string& address) {
    lines.deposit(at, address, R"(,"source_address":")" + address + "\"");
  };
  from(whole, 2, "x");
  from(whole, 2, "y");
  from(whole, 12, "y");  // both were let go at 10
  RuleLines resumed;
  resumed.engine.~Engine();
  new (&resumed.engine) Engine();
  ASSERT_TRUE(resumed.engine.restore(whole.engine.snapshot()).has_value());
  whole.said();
  for (RuleLines* lines : {&whole, &resumed}) {
    from(*lines, 13, "x");
    lines->line(20, R"("type":"tick")");
  }
  EXPECT_EQ(resumed.said(), whole.said());
  EXPECT_EQ(resumed.engine.snapshot(), whole.engine.snapshot());
}

// --- limits

TEST(RulesLimitsTest, TheKeyFarthestBelowGoesFirstAndOpenAlertsStay) {
  RuleLines lines;
  lines.put(1, book({{.more = "entries_max = 3"}}));
  lines.deposits(2, "open", 3);
  lines.deposits(3, "one", 1);
  lines.deposits(4, "two", 2);
  const auto& tables = lines.engine.rules().tables();
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0]->evictions.times, 0u);
  lines.deposit(5, "new");
  EXPECT_EQ(tables[0]->evictions.times, 1u);
  EXPECT_EQ(tables[0]->evictions.first.ns, (day_start + 5) * second.ns);
  lines.said();
  lines.deposit(6, "two");
  EXPECT_EQ(lines.said(), Texts{"many open two n=3 warming=true"});
  lines.deposits(7, "one", 2);  // its first is forgotten; "new" goes for it
  EXPECT_EQ(lines.said(), Texts{});
  EXPECT_EQ(tables[0]->evictions.times, 2u);
  lines.deposit(8, "one");
  EXPECT_EQ(lines.said(), Texts{"many open one n=3 warming=true"});
  lines.deposit(9, "more");  // all have open alerts
  EXPECT_EQ(tables[0]->evictions.times, 2u);
  lines.deposit(86'401, "a");
  EXPECT_EQ(lines.said().size(), 3u);
}

TEST(RulesLimitsTest, TheLargerShareOfTheLimitsOfItsRulesCounts) {
  RuleLines lines;
  lines.put(1, book({{.when = "n >= 10", .more = "entries_max = 2"},
                     {.id = "large", .let = "s = \"sum(amount)\"", .when = "s >= 100"}}));
  lines.deposits(2, "often", 4);
  lines.deposit(3, "much", "", "90");
  lines.deposit(4, "new");  // 4 of 10 goes, 90 of 100 stays
  lines.deposit(5, "much", "", "10");
  EXPECT_EQ(lines.said(), Texts{"large open much s=100 warming=true"});
  EXPECT_EQ(lines.engine.rules().tables()[0]->evictions.times, 1u);
}

TEST(RulesLimitsTest, EvictionsStayCountedOverAChange) {
  RuleLines lines;
  lines.put(1, book({{.more = "entries_max = 2"}}));
  for (const char* account : {"a", "b", "c", "d"}) {
    lines.deposit(2, account);
  }
  EXPECT_EQ(lines.engine.rules().tables()[0]->evictions.times, 2u);
  lines.put(3, book({{.more = "entries_max = 2"}, {.id = "other"}}));
  EXPECT_EQ(lines.engine.rules().tables()[0]->evictions.times, 2u);
  Engine resumed;
  ASSERT_TRUE(resumed.restore(lines.engine.snapshot()).has_value());
  EXPECT_EQ(resumed.rules().tables()[0]->evictions.times, 2u);
  EXPECT_EQ(resumed.rules().tables()[0]->evictions.last,
            lines.engine.rules().tables()[0]->evictions.last);
}

TEST(RulesLimitsTest, ASmallerLimitThatComesLaterHolds) {
  RuleLines lines;
  lines.put(1, book({{}}));
  for (int i = 0; i < 20; ++i) {
    lines.deposit(2, "a" + std::to_string(i));
  }
  lines.put(3, book({{}, {.id = "other", .more = "entries_max = 5"}}));
  lines.deposit(4, "new");
  EXPECT_LE(lines.engine.rules().tables()[0]->rows->size(RowsOf::accounts), 5u);
}

TEST(RulesLimitsTest, ASlidingKeyWithNothingLeftGoesWithoutAWord) {
  RuleLines lines;
  lines.put(1, book({{.window = "sliding 10s", .more = "entries_max = 2"}}));
  lines.deposit(2, "a");
  lines.deposit(3, "b");
  lines.deposit(13, "c");
  EXPECT_EQ(lines.engine.rules().tables()[0]->evictions.times, 0u);
}

// --- keys and aggregates

class RulesKeyTest : public testing::TestWithParam<std::string> {
 protected:
  RuleText rule(const std::string& by) const {
    return {.by = by, .window = GetParam(), .when = "n >= 3"};
  }
};

TEST_P(RulesKeyTest, Person) {
  RuleLines lines;
  lines.put(1, book({rule("person")}));
  lines.person(1, "a", "p");
  lines.person(1, "b", "p");
  lines.person(1, "c", "q");
  lines.deposit(1'000, "a");
  lines.deposit(1'000, "c");
  lines.deposit(1'000, "b");
  EXPECT_EQ(lines.said(), Texts{});
  lines.deposit(1'000, "b");
  const Texts said = lines.said();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].starts_with("many open a b n=3")) << said[0];
}

TEST_P(RulesKeyTest, DeviceAndIp) {
  for (const std::string by : {"device", "ip"}) {
    RuleLines lines;
    RuleText of = rule(by);
    of.on = "login";
    lines.put(1, book({of}));
    const std::string field = by == "ip" ? "ip" : "device_id";
    lines.login(1'000, "a", "\"" + field + R"(":"x")");
    lines.login(1'000, "b", "\"" + field + R"(":"x")");
    lines.login(1'000, "b", "\"" + field + R"(":"y")");
    lines.login(1'000, "b", R"("ip_country":"DE")");
    EXPECT_EQ(lines.said(), Texts{});
    lines.login(1'000, "c", "\"" + field + R"(":"x")");
    const Texts said = lines.said();
    ASSERT_EQ(said.size(), 1u);
    EXPECT_TRUE(said[0].starts_with("many open a b c n=3")) << said[0];
  }
}

TEST_P(RulesKeyTest, Asset) {
  RuleLines lines;
  lines.put(1, book({rule("asset")}));
  lines.deposit(1'000, "a");
  lines.deposit(1'000, "b");
  lines.deposit(1'000, "b", "", "1", "ETH");
  EXPECT_EQ(lines.said(), Texts{});
  lines.deposit(1'000, "c");
  EXPECT_EQ(lines.said().size(), 1u);
}

TEST_P(RulesKeyTest, Address) {
  RuleLines lines;
  RuleText of = rule("address");
  of.on = R"(deposit", "withdrawal)";
  lines.put(1, book({of}));
  lines.deposit(1'000, "a", R"(,"source_address":"x")");
  lines.deposit(1'000, "b", R"(,"source_address":"y")");
  lines.deposit(1'000, "b");
  for (const char* account : {"b", "c"}) {
    EXPECT_EQ(lines.said(), Texts{});
    lines.good(
        1'000,
        R"("type":"withdrawal","asset":"BTC","amount":"1","status":"requested","destination":"x","account_id":")" +
            std::string(account) + "\"");
  }
  const Texts said = lines.said();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].starts_with("many open a b c n=3")) << said[0];
}

TEST_P(RulesKeyTest, MaxMinAndDistinct) {
  for (const std::string by : {"account", "group", "person"}) {
    SCOPED_TRACE(by);
    RuleLines lines;
    RuleText of = rule(by);
    of.let = "n = \"distinct(source_address)\", top = \"max(amount)\", low = \"min(amount)\"";
    lines.put(1, book({of}));
    const std::string other = by == "account" ? "a" : "b";
    lines.person(1, "a", "p");
    lines.person(1, "b", "p");
    lines.deposit(1'000, "a", R"(,"source_address":"x")", "2.5");
    lines.deposit(1'001, other, R"(,"source_address":"y")", "0.125");
    lines.deposit(1'002, other, R"(,"source_address":"x")", "7");
    lines.deposit(1'003, "a", "", "8");
    EXPECT_EQ(lines.said(), Texts{});
    lines.deposit(1'003, "a", R"(,"source_address":"z")", "3");
    const Texts said = lines.said();
    ASSERT_EQ(said.size(), 1u);
    EXPECT_NE(said[0].find(" n=3 top=8 low=0.125"), said[0].npos) << said[0];
    lines.close();
  }
}

TEST(RulesAggregateTest, WhatLeavesTheWindowIsNoLongerTheLargest) {
  RuleLines lines;
  lines.put(1, book({{.window = "sliding 10s",
                      .let = "top = \"max(amount)\", low = \"min(amount)\", "
                             "kinds = \"distinct(source_address)\", n = \"count()\"",
                      .when = "n >= 3"}}));
  lines.deposit(100, "a", R"(,"source_address":"x")", "9");
  lines.deposit(101, "a", R"(,"source_address":"y")", "1");
  lines.deposit(110, "a", R"(,"source_address":"y")", "4");  // the first has left
  EXPECT_EQ(lines.said(), Texts{});
  lines.deposit(110, "a", R"(,"source_address":"z")", "5");
  EXPECT_EQ(lines.said(), Texts{"many open a n=3 top=5 low=1 kinds=2"});
}

INSTANTIATE_TEST_SUITE_P(Windows, RulesKeyTest, testing::Values("day", "sliding 60s"),
                         [](const auto& param) {
                           return param.param.substr(0, param.param.find(' '));
                         });

}  // namespace
}  // namespace marktwacht
