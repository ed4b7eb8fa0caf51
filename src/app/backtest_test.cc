// `backtest` as a user meets it: each side finds what a run with its rules finds.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "alerts/alert.h"
#include "app/binary_twin.h"
#include "app/json_twin.h"
#include "app/what_if.h"

namespace marktwacht {
namespace {

// The alerts of one run, the slow way.
std::vector<FoundAlert> alerts_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"run"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const BinaryRun run = run_binary(all);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  FoundAlerts found;
  std::istringstream in(run.out);
  for (std::string line; std::getline(in, line);) {
    const auto alert = read_alert(line);
    EXPECT_TRUE(alert) << line;
    found.take(*alert);
  }
  return found.found();
}

std::set<std::string> ids_in(JsonElement from, std::string_view name) {
  std::set<std::string> ids;
  for (const JsonElement each : elements_of(from, name)) {
    ids.emplace(text_of(each, "alert_id"));
  }
  return ids;
}

std::set<std::string> ids_at(const std::vector<FoundAlert>& alerts,
                             const std::vector<std::size_t>& places) {
  std::set<std::string> ids;
  for (const std::size_t place : places) {
    ids.insert(alerts[place].alert_id);
  }
  return ids;
}

void expect_counts(JsonElement shown, const WhatIfCounts& counts) {
  EXPECT_EQ(number_of(shown, "a"), counts.a());
  EXPECT_EQ(number_of(shown, "b"), counts.b());
  EXPECT_EQ(number_of(shown, "only_a"), counts.only_a);
  EXPECT_EQ(number_of(shown, "both_a"), counts.both_a);
  EXPECT_EQ(number_of(shown, "both_b"), counts.both_b);
  EXPECT_EQ(number_of(shown, "only_b"), counts.only_b);
}

// The shown comparison is that of two runs.
void expect_what_if(const BinaryRun& run, const WhatIf& expected) {
  ASSERT_EQ(run.exit_code, 0) << run.err;
  simdjson::dom::parser parser;
  const JsonElement shown = parser.parse(run.out).value();
  expect_counts(member_of(shown, "all"), expected.all);
  std::size_t rules = 0, accounts = 0;
  for (const JsonElement row : elements_of(shown, "rules")) {
    expect_counts(row, expected.by_rule.at({text_of(row, "clause"), text_of(row, "detector")}));
    ++rules;
  }
  for (const JsonElement row : elements_of(shown, "accounts")) {
    expect_counts(row, expected.by_account.at(text_of(row, "account_id")));
    ++accounts;
  }
  EXPECT_EQ(rules, expected.by_rule.size());
  EXPECT_EQ(accounts, expected.by_account.size());
  EXPECT_EQ(ids_in(shown, "only_a"), ids_at(expected.a, expected.only_a));
  EXPECT_EQ(ids_in(shown, "only_b"), ids_at(expected.b, expected.only_b));
}

class Backtested : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_binary({"simulate", "--seed", "3", "--events", "30000", "--accounts", "400",
                          "--instruments", "4", "--out", market_})
                  .exit_code,
              0);
  }
  BinaryRun backtest(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"backtest", market_});
    return run_binary(arguments);
  }

  TestFolder folder_;
  std::string market_ = folder_.path("market.ndjson");
  const std::vector<std::string> all_of_it_ = {"--json", "--rows", "100000", "--examples",
                                               "100000"};
};

TEST_F(Backtested, TwoRulebooksFindWhatTwoRunsFind) {
  for (const char* other : {"cn-futures", "spoofing"}) {
    const WhatIf expected = compare(alerts_of({market_, "--rulebook", "default"}),
                                    alerts_of({market_, "--rulebook", other}));
    EXPECT_GT(expected.all.only_a, 0u);
    std::vector<std::string> arguments = {"--rulebook", "default", "--rulebook", other};
    arguments.insert(arguments.end(), all_of_it_.begin(), all_of_it_.end());
    const BinaryRun run = backtest(arguments);
    expect_what_if(run, expected);
    arguments.insert(arguments.end(), {"--threads", "1"});
    EXPECT_EQ(backtest(arguments).out, run.out);
  }
}

TEST_F(Backtested, SetMovesALimitInBOnly) {
  const std::string setting = "self_trade.limit=2";
  const WhatIf expected = compare(alerts_of({market_}), alerts_of({market_, "--set", setting}));
  EXPECT_GT(expected.all.only_b, 0u);
  EXPECT_GT(expected.all.both_a, 0u);
  std::vector<std::string> arguments = {"--set", setting};
  arguments.insert(arguments.end(), all_of_it_.begin(), all_of_it_.end());
  const BinaryRun run = backtest(arguments);
  expect_what_if(run, expected);
  arguments.insert(arguments.end(), {"--rulebook", "default", "--rulebook", "default"});
  expect_what_if(backtest(arguments), expected);
}

TEST_F(Backtested, AJournalsOwnRulebooksArePassedOverAndStandardInputIsReadOnce) {
  const std::string data = folder_.path("data");
  ASSERT_EQ(run_binary({"run", market_, "--rulebook", "cn-futures", "--data", data}).exit_code, 0);
  const std::vector<std::string> asked = {"--rulebook", "default", "--rulebook", "mifid-hft",
                                          "--json"};
  const BinaryRun direct = backtest(asked);
  ASSERT_EQ(direct.exit_code, 0) << direct.err;
  std::vector<std::string> kept = {"backtest", data}, piped = {"backtest", "-"};
  kept.insert(kept.end(), asked.begin(), asked.end());
  piped.insert(piped.end(), asked.begin(), asked.end());
  simdjson::dom::parser one, two;
  const BinaryRun from_journal = run_binary(kept);
  ASSERT_EQ(from_journal.exit_code, 0) << from_journal.err;
  const JsonElement a = one.parse(direct.out).value(), b = two.parse(from_journal.out).value();
  EXPECT_EQ(simdjson::minify(member_of(a, "all")), simdjson::minify(member_of(b, "all")));
  EXPECT_EQ(simdjson::minify(member_of(a, "only_a")), simdjson::minify(member_of(b, "only_a")));
  EXPECT_EQ(run_binary(piped, folder_.read("market.ndjson")).out, direct.out);
}

TEST_F(Backtested, VaryFindsWhatARunWithEachValueFinds) {
  for (const char* threads : {"1", "2", "3"}) {
    const BinaryRun run =
        backtest({"--vary", "self_trade.limit=2:6:2", "--json", "--threads", threads});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    simdjson::dom::parser parser;
    const JsonElement shown = parser.parse(run.out).value();
    std::vector<std::string> values;
    for (const JsonElement row : elements_of(shown, "values")) {
      values.emplace_back(text_of(row, "value"));
      const auto found = alerts_of({market_, "--set", "self_trade.limit=" + values.back()});
      std::set<std::string> accounts;
      std::uint64_t alerts = 0, events = 0;
      for (const FoundAlert& alert : found) {
        if (alert.detector == "self_trade") {
          ++alerts;
          events += alert.evidence_count;
          accounts.insert(alert.account_ids.begin(), alert.account_ids.end());
        }
      }
      EXPECT_EQ(number_of(row, "alerts"), alerts);
      EXPECT_EQ(number_of(row, "accounts"), accounts.size());
      EXPECT_EQ(number_of(row, "events"), events);
      EXPECT_EQ(number_of(row, "alerts_all"), found.size());
    }
    EXPECT_EQ(values, (std::vector<std::string>{"2", "4", "6"}));
  }
}

TEST_F(Backtested, TheTablesSayWhatTheJsonSays) {
  const BinaryRun run = backtest({"--set", "self_trade.limit=2", "--rows", "2", "--examples", "1"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  for (const char* part : {"A = default (default@", "B = default with self_trade.limit=2 (default@",
                           "only A", "self_trade", "more accounts with alerts", "only in"}) {
    EXPECT_TRUE(contains(run.out, part)) << part << "\n" << run.out;
  }
  EXPECT_TRUE(contains(run.err, "events: 30000\nrejected: 0\n")) << run.err;
  const BinaryRun varied = backtest({"--vary", "self_trade.limit=3:4:1"});
  EXPECT_TRUE(contains(varied.out, "self_trade.limit")) << varied.out;
  EXPECT_EQ(std::ranges::count(varied.out, '\n'), 3) << varied.out;
}

TEST_F(Backtested, WrongUsageIsExplained) {
  const struct {
    std::vector<std::string> arguments;
    std::string says;
  } cases[] = {
      {{}, "name two rulebooks"},
      {{"--rulebook", "default"}, "name two rulebooks"},
      {{"--rulebook", "default", "--rulebook", "default", "--rulebook", "default"}, "name two"},
      {{"--rulebook", "nobody", "--rulebook", "nothing"}, "no rulebook nothing"},
      {{"--set", "self_trade.nonsense=1"}, "nonsense"},
      {{"--vary", "self_trade.limit=1:2"}, "from:to:step"},
      {{"--vary", "self_trade.nonsense=1:2:1"}, "nonsense"},
      {{"--vary", "self_trade.limit=1:2:1", "--rulebook", "default", "--rulebook", "default"},
       "one --rulebook"},
      {{"--set", "self_trade.limit=2", "--from", "csv"}, "hyperliquid"},
  };
  for (const auto& one : cases) {
    const BinaryRun run = backtest(one.arguments);
    EXPECT_EQ(run.exit_code, 2) << one.says << "\n" << run.err;
    EXPECT_TRUE(contains(run.err, one.says)) << one.says << "\n" << run.err;
  }
  const BinaryRun piped = run_binary({"backtest", "-", "--vary", "self_trade.limit=1:3:1"}, "");
  EXPECT_EQ(piped.exit_code, 2);
  EXPECT_TRUE(contains(piped.err, "--threads 3")) << piped.err;
  std::ofstream(market_, std::ios::app) << "{\n";
  EXPECT_EQ(backtest({"--set", "self_trade.limit=2", "--strict"}).exit_code, 3);
}

}  // namespace
}  // namespace marktwacht
