// The engine's rules against their slow, clear twin: every alert's first and last revision, on
// streams near every threshold. docs/rules.md says what both do.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <ostream>
#include <set>

#include "engine/engine.h"
#include "market/lines_twin.h"
#include "rules/rules_twin.h"
#include "rules/shipped.h"
#include "rules/threshold_stream_twin.h"

namespace marktwacht {
namespace {

using twin::RevisionTwin;
using twin::RulesTwin;
using twin::RuleTwin;

std::string config_line(Time at, const std::string& rulebook) {
  std::string text;
  for (const char c : rulebook) {
    text += c == '\n' ? "\\n" : c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  }
  return R"({"type":"config","ts":)" + std::to_string(at.ns) + R"(,"name":"rulebook","text":")" +
         text + "\"}";
}

// Rulebooks for both sides, with some params changed.
struct Book {
  std::vector<std::string> texts;
  std::vector<RuleTwin> rules;

  explicit Book(const std::vector<std::string_view>& ids) {
    for (const std::string_view id : ids) {
      const auto books = shipped_rulebooks();
      const auto found = std::ranges::find(books, id, &ShippedRulebook::name);
      check(found != books.end(), "a shipped rulebook");
      texts.push_back(std::string(found->text) + "\n[set]\n");
      std::ranges::copy(twin::shipped_rules(id), std::back_inserter(rules));
    }
  }
  explicit Book(std::string_view id) : Book(std::vector{id}) {}

  // Where the rule has the param.
  void set(RuleTwin& rule, const std::string& param, int top, int bottom = 1) {
    if (rule.params.contains(param)) {
      rule.params[param] = twin::fraction(top, bottom);
      text_of_book(rule.rulebook_id) +=
          "\"" + rule.id + "." + param + "\" = \"" + twin::text_of(rule.params[param]) + "\"\n";
    }
  }

  // So low that a stream of some thousand lines is near every threshold.
  void lower() {
    for (RuleTwin& rule : rules) {
      set(rule, "limit", rule.id == "ban_count" ? 3 : rule.id == "program_day" ? 20 : 5);
      set(rule, "orders_min", 3);
      set(rule, "ratio_min", 6, 10);
      set(rule, "filled_share_max", 3, 10);
      set(rule, "fill_share_max", 2, 10);
      set(rule, "notional_min", 3'000);
    }
  }

  std::vector<std::string> config_lines(Time at) const {
    std::vector<std::string> lines;
    for (const std::string& text : texts) {
      lines.push_back(config_line(at, text));
    }
    return lines;
  }

 private:
  std::string& text_of_book(const std::string& id) {
    return *std::ranges::find_if(texts, [&](const std::string& text) {
      return text.find("id = \"" + id + "\"\n") != text.npos;
    });
  }
};

// --- one revision as text, the same from both sides

template <class Texts>
std::string joined(const Texts& texts) {
  std::string made;
  for (const auto& text : texts) {
    if constexpr (requires { std::to_string(text); }) {
      made += (made.empty() ? "" : " ") + std::to_string(text);
    } else {
      made += (made.empty() ? "" : " ") + text;
    }
  }
  return made;
}

std::string facts_text(const std::vector<Fact>& facts) {
  std::string made;
  for (const Fact& fact : facts) {
    made += " " + fact.name + "=" + fact.value + (fact.limit.empty() ? "" : "/" + fact.limit);
  }
  return made;
}

Evidence evidence_of(const std::vector<std::uint64_t>& seqs) {
  constexpr std::size_t each = Evidence::kept_each_end;
  Evidence made{seqs, seqs.size()};
  if (seqs.size() > 2 * each) {
    made.seqs.erase(made.seqs.begin() + each, made.seqs.end() - each);
  }
  return made;
}

std::string text_of(const RevisionTwin& r) {
  const Evidence evidence = evidence_of(r.seqs);
  return r.rulebook_id + "/" + r.detector + " " + r.state + " [" + joined(r.account_ids) + "] " +
         r.group_id + " " + r.instrument_id + " from " + std::to_string(r.from.ns) + " to " +
         std::to_string(r.to.ns) + " at " + std::to_string(r.at.ns) + " score " +
         std::to_string(r.score) + facts_text(r.facts) + " evidence " +
         std::to_string(evidence.count) + ": " + joined(evidence.seqs);
}

// But for the fact `superseded_by`, which names an alert.
std::string text_of(const Alert& a) {
  std::vector<Fact> facts = a.facts;
  std::erase_if(facts, [](const Fact& fact) { return fact.name == "superseded_by"; });
  return a.source->rulebook_id + "/" + a.source->detector + " " + std::string(word_of(a.state)) +
         " [" + joined(a.account_ids) + "] " + a.group_id + " " + a.instrument_id + " from " +
         std::to_string(a.from.ns) + " to " + std::to_string(a.to.ns) + " at " +
         std::to_string(a.at.ns) + " score " + std::to_string(a.score) + facts_text(facts) +
         " evidence " + std::to_string(a.evidence.count) + ": " + joined(a.evidence.seqs);
}

// An alert's first and last revision, how many there were, and the first one of the alert that it
// was superseded by.
struct Life {
  std::string first, last;
  std::uint64_t revisions = 0;
  std::string successor;
  auto operator<=>(const Life&) const = default;
};

std::string text_of(const Life& life) {
  return std::to_string(life.revisions) + " revisions\n    first " + life.first + "\n    last  " +
         life.last + (life.successor.empty() ? "" : "\n    superseded by " + life.successor);
}

// By alert, whatever names them: `name` and `successor` give a revision's.
template <class Revisions, class NameOf, class SuccessorOf>
std::vector<Life> lives_of(const Revisions& revisions, NameOf name_of, SuccessorOf successor_of) {
  using Name = std::decay_t<decltype(name_of(revisions.front()))>;
  std::map<Name, Life> lives;
  std::map<Name, Name> successors;
  for (const auto& revision : revisions) {
    Life& life = lives[name_of(revision)];
    life.first = life.revisions == 0 ? text_of(revision) : life.first;
    life.last = text_of(revision);
    ++life.revisions;
    if (successor_of(revision) != Name{}) {
      successors[name_of(revision)] = successor_of(revision);
    }
  }
  for (const auto& [name, successor] : successors) {
    lives[name].successor = lives[successor].first;
  }
  std::vector<Life> made;
  for (const auto& [name, life] : lives) {
    made.push_back(life);
  }
  std::ranges::sort(made);
  return made;
}

// --- both sides over one stream

constexpr std::string_view load_here = "(the rulebook)", remove_here = "(no rulebook)";

class Both {
 public:
  explicit Both(const Book& book, Duration day_start = {})
      : engine_(EngineConfig{day_start}), twin_(book.rules, day_start), book_(book) {}

  // The rulebook comes where `load_here` stands, at the time of the clock, else before all lines.
  void run(const std::vector<std::string>& lines) {
    if (std::ranges::find(lines, load_here) == lines.end()) {
      load();
    }
    for (const std::string& line : lines) {
      line == load_here ? load() : line == remove_here ? remove() : feed(line, false);
    }
    engine_.close();
    take_alerts();
    twin_.close();
  }

  std::vector<Life> of_engine() const {
    return lives_of(
        alerts_, [](const Alert& a) { return a.alert_id; },
        [](const Alert& a) {
          const auto found = std::ranges::find(a.facts, "superseded_by", &Fact::name);
          return found == a.facts.end() ? std::string() : found->value;
        });
  }
  std::vector<Life> of_twin() const {
    return lives_of(
        twin_.revisions(), [](const RevisionTwin& r) { return r.alert; },
        [](const RevisionTwin& r) { return r.superseded_by; });
  }

 private:
  void load() {
    for (const std::string& line : book_.config_lines(engine_.clock().value_or(Time{1}))) {
      feed(line, true);
    }
  }

  void remove() {
    std::set<std::string> ids;
    for (const RuleTwin& rule : book_.rules) {
      ids.insert(rule.rulebook_id);
    }
    const Time now = engine_.clock().value_or(Time{1});
    for (const std::string& id : ids) {
      feed(config_line(now, "[rulebook]\nid = \"" + id + "\"\n"), false);
      twin_.remove(id, now);
    }
  }

  void feed(const std::string& line, bool loads) {
    const Event* event = decoder_.decode(line);
    if (event == nullptr) {
      ASSERT_FALSE(loads) << fault_text(decoder_.fault());
      return;
    }
    const Step step = engine_.step(*event);
    if (step.outcome != Step::Outcome::accepted) {
      ASSERT_FALSE(loads) << fault_text(step.fault);
      return;
    }
    take_alerts();
    twin_.step(*event, step.now, step.seq, engine_.clock().has_value(), loads, seq_of_);
  }

  // Of the rules that have a twin: one that was just added has its scenario only.
  void take_alerts() {
    std::ranges::copy_if(engine_.alerts(), std::back_inserter(alerts_), [&](const Alert& alert) {
      return std::ranges::any_of(book_.rules, [&](const RuleTwin& rule) {
        return rule.id == alert.source->detector && rule.rulebook_id == alert.source->rulebook_id;
      });
    });
  }

  // What the engine numbered the alert's record, 0 where it has no such alert.
  std::uint64_t find_seq(const RevisionTwin& revision) const {
    const std::string text = text_of(revision);
    for (auto it = alerts_.rbegin(); it != alerts_.rend(); ++it) {
      if (it->revision == 1 && text_of(*it) == text) {
        return it->seq;
      }
    }
    return 0;
  }

  Engine engine_;
  LineDecoder decoder_;
  RulesTwin twin_;
  const Book& book_;
  std::vector<Alert> alerts_;
  RulesTwin::SeqOf seq_of_ = [this](const RevisionTwin& r) { return find_seq(r); };
};

// What one side has and the other has not; "" when they are equal.
std::string difference(const std::vector<Life>& engine, const std::vector<Life>& twin) {
  std::vector<Life> only_engine, only_twin;
  std::ranges::set_difference(engine, twin, std::back_inserter(only_engine));
  std::ranges::set_difference(twin, engine, std::back_inserter(only_twin));
  std::string made;
  for (const Life& life : only_engine) {
    made += "  only the engine: " + text_of(life) + "\n";
  }
  for (const Life& life : only_twin) {
    made += "  only the twin: " + text_of(life) + "\n";
  }
  return made;
}

std::string compare(const Book& book, const std::vector<std::string>& lines, Duration day_start) {
  Both both(book, day_start);
  both.run(lines);
  return difference(both.of_engine(), both.of_twin());
}

// Takes lines away while the two still differ.
std::vector<std::string> smallest(const Book& book, std::vector<std::string> lines,
                                  Duration day_start) {
  for (std::size_t chunk = lines.size() / 2; chunk > 0; chunk /= 2) {
    for (std::size_t at = 0; at < lines.size();) {
      std::vector<std::string> fewer = lines;
      const auto first = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(first, first + static_cast<std::ptrdiff_t>(std::min(chunk, lines.size() - at)));
      if (!fewer.empty() && !compare(book, fewer, day_start).empty()) {
        lines = std::move(fewer);
      } else {
        at += chunk;
      }
    }
  }
  return lines;
}

void expect_equal(const Book& book, const std::vector<std::string>& lines,
                  Duration day_start = {}) {
  if (compare(book, lines, day_start).empty()) {
    return;
  }
  const auto few = smallest(book, lines, day_start);
  std::string text;
  for (const std::string& line : few) {
    text += line + "\n";
  }
  ADD_FAILURE() << few.size() << " lines:\n" << text << compare(book, few, day_start);
}

// How many seeds each test takes; more by hand: MARKTWACHT_SEEDS=500.
std::uint64_t seeds(std::uint64_t usual) {
  const char* given = std::getenv("MARKTWACHT_SEEDS");
  return given == nullptr ? usual : std::strtoull(given, nullptr, 10);
}

class RulesOracleTest : public testing::TestWithParam<const char*> {};

TEST_P(RulesOracleTest, LowLimits) {
  Book book(GetParam());
  book.lower();
  for (std::uint64_t seed = 1; seed <= seeds(12) && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_equal(book, threshold_stream(seed, 800));
  }
}

TEST_P(RulesOracleTest, LoadedWhileWindowsAreRunning) {
  Book book(GetParam());
  book.lower();
  for (std::uint64_t seed = 1'001; seed <= 1'000 + seeds(4) && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    auto lines = threshold_stream(seed, 600);
    lines.insert(lines.begin() + 20 + static_cast<std::ptrdiff_t>(seed % 7 * 40),
                 std::string(load_here));
    expect_equal(book, lines);
  }
}

TEST_P(RulesOracleTest, RemovedWhileAlertsAreOpen) {
  Book book(GetParam());
  book.lower();
  for (std::uint64_t seed = 5'001; seed <= 5'000 + seeds(4) && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    auto lines = threshold_stream(seed, 600);
    lines.insert(lines.begin() + 300 + static_cast<std::ptrdiff_t>(seed % 7 * 40),
                 std::string(remove_here));
    lines.insert(lines.begin(), std::string(load_here));
    expect_equal(book, lines);
  }
}

TEST_P(RulesOracleTest, AnotherTradingDay) {
  Book book(GetParam());
  book.lower();
  for (std::uint64_t seed = 2'001; seed <= 2'000 + seeds(3) && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_equal(book, threshold_stream(seed, 600), Duration{8 * 3'600 * second.ns});
  }
}

// Whatever a stream reaches of the limits as they ship.
TEST_P(RulesOracleTest, ShippedLimits) {
  const Book book(GetParam());
  for (std::uint64_t seed = 3'001; seed <= 3'000 + seeds(3) && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_equal(book, threshold_stream(seed, 1'500));
  }
}

// Whether the twin has raised an alert whose first revision says all of `words`.
bool raised(const std::vector<Life>& lives, const std::vector<std::string>& words) {
  return std::ranges::any_of(lives, [&](const Life& life) {
    return std::ranges::all_of(
        words, [&](const std::string& word) { return life.first.find(word) != life.first.npos; });
  });
}

// The 99.9th percentile of the last seven closed days; days without anything do not count.
TEST(RulesTogetherTest, Baselines) {
  Book book("default");
  book.lower();
  for (const int quiet_days : {0, 6, 7}) {
    for (const int count : {4, 5, 6, 7}) {
      SCOPED_TRACE(std::to_string(quiet_days) + " quiet days, " + std::to_string(count));
      Both both(book);
      both.run(baseline_stream(quiet_days, count));
      EXPECT_EQ(difference(both.of_engine(), both.of_twin()), "");
      EXPECT_EQ(raised(both.of_twin(), {"default/frequent_cancel", "[last]"}),
                count >= (quiet_days < 7 ? 7 : 5));
    }
  }
}

// A rule that comes at the instant at which a window starts knows all of it.
TEST(RulesTogetherTest, LoadedAsAWindowStarts) {
  Book book(std::vector<std::string_view>{"cn-futures", "binance-quant"});
  book.lower();
  const std::int64_t hour = 3'600 * second.ns, midnight = 1'700'006'400 * second.ns;
  for (const std::int64_t late : {0, 1}) {
    for (const std::int64_t at : {midnight, midnight + hour}) {
      for (const char* detector : {"self_trade", "unfilled_ratio"}) {
        auto lines = threshold_edge(detector, 6);
        lines.insert(lines.begin(), std::string(load_here));
        lines.insert(lines.begin(), R"({"type":"tick","ts":)" + std::to_string(at + late) + "}");
        Both both(book);
        both.run(lines);
        EXPECT_EQ(difference(both.of_engine(), both.of_twin()), "");
        const bool day = std::string_view(detector) == "self_trade";
        const bool knows = day ? at + late <= midnight : at + late <= midnight + hour;
        EXPECT_TRUE(raised(both.of_twin(), {detector}));
        EXPECT_EQ(raised(both.of_twin(), {detector, "warming=true"}), !knows);
      }
    }
  }
}

// All at once: rules share window tables, and hear alerts of other rulebooks.
TEST(RulesTogetherTest, AllRulebooks) {
  Book book(std::vector<std::string_view>{"default", "cn-futures", "binance-quant",
                                          "cn-futures-index", "cn-program", "mifid-hft"});
  book.lower();
  for (std::uint64_t seed = 4'001; seed <= 4'000 + seeds(3) && !testing::Test::HasFailure();
       ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_equal(book, threshold_stream(seed, 800));
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, RulesOracleTest,
                         testing::Values("cn-futures", "cn-futures-index", "binance-quant",
                                         "mifid-hft", "cn-program", "default"),
                         [](const auto& param) {
                           std::string name = param.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// One below, at, and one above the limits as they ship.
struct EdgeCase {
  const char* rulebook;
  const char* detector;
  int limit;

  friend void PrintTo(const EdgeCase& edge, std::ostream* out) { *out << edge.detector; }
};

class RulesEdgeTest : public testing::TestWithParam<EdgeCase> {};

TEST_P(RulesEdgeTest, OneBelowAtAndOneAbove) {
  const EdgeCase& edge = GetParam();
  const Book book(edge.rulebook);
  for (const int count : {edge.limit - 1, edge.limit, edge.limit + 1, 2 * edge.limit}) {
    SCOPED_TRACE(count);
    Both both(book);
    both.run(threshold_edge(edge.detector, count));
    const auto engine = both.of_engine(), of_twin = both.of_twin();
    EXPECT_EQ(difference(engine, of_twin), "");
    EXPECT_EQ(raised(of_twin, {std::string(edge.rulebook) + "/" + edge.detector + " "}),
              count >= edge.limit);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shipped, RulesEdgeTest,
    testing::Values(
        EdgeCase{"cn-futures", "self_trade", 5}, EdgeCase{"cn-futures", "frequent_cancel", 500},
        EdgeCase{"cn-futures", "large_order_cancel", 50},
        EdgeCase{"cn-futures", "daily_open_limit", 11},  // both sides open: 22 > 20
        EdgeCase{"cn-futures", "daily_open_count_limit", 7},
        EdgeCase{"cn-futures-index", "frequent_cancel", 400},
        EdgeCase{"cn-futures-index", "large_order_cancel", 100},
        EdgeCase{"binance-quant", "unfilled_ratio", 10'000},
        EdgeCase{"binance-quant", "invalid_cancel_ratio", 5'000},
        EdgeCase{"binance-quant", "expire_ratio", 5'000},
        EdgeCase{"binance-quant", "dust_ratio", 10'000},
        EdgeCase{"cn-program", "program_second", 300}, EdgeCase{"default", "self_trade", 5},
        EdgeCase{"default", "frequent_cancel", 500}, EdgeCase{"default", "large_order_cancel", 20},
        EdgeCase{"default", "hft_forbidden", 50}, EdgeCase{"default", "message_burst", 200}),
    [](const auto& param) {
      std::string name = std::string(param.param.rulebook) + "_" + param.param.detector;
      std::ranges::replace(name, '-', '_');
      return name;
    });

// The streams must try what they claim to try: every rule raises alerts, and they end in every way.
TEST(RulesTogetherTest, StreamsReachEveryRule) {
  std::set<std::string> raised, superseded, revised;
  std::size_t rules = 0;
  for (const char* id :
       {"cn-futures", "cn-futures-index", "binance-quant", "mifid-hft", "cn-program", "default"}) {
    Book book(id);
    book.lower();
    rules += book.rules.size();
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      Both both(book);
      both.run(threshold_stream(seed, 800));
      for (const Life& life : both.of_twin()) {
        const std::string rule = life.first.substr(0, life.first.find(' '));
        raised.insert(rule);
        if (!life.successor.empty()) {
          superseded.insert(rule);
        }
        if (life.revisions > 2) {
          revised.insert(rule);
        }
      }
    }
  }
  EXPECT_EQ(raised.size(), rules);
  EXPECT_GE(superseded.size(), 12u);
  EXPECT_GE(revised.size(), 12u);
}

}  // namespace
}  // namespace marktwacht
