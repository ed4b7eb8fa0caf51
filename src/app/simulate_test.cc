// `simulate` as a user meets it.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/binary_twin.h"

namespace marktwacht {
namespace {

std::vector<std::string> asked(const std::string& out, const std::string& seed = "1") {
  return {"simulate", "--seed", seed, "--events",      "5000", "--accounts",
          "500",      "--out",  out,  "--instruments", "4"};
}

TEST(SimulateTest, WritesAsManyEventsAsAsked) {
  const BinaryRun run = run_binary(asked("-"), "");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(std::ranges::count(run.out, '\n'), 5000);
  EXPECT_EQ(run.out, run_binary(asked("-"), "").out);
  EXPECT_NE(run.out, run_binary(asked("-", "2"), "").out);
}

TEST(SimulateTest, TheJournalHoldsTheSame) {
  const TestFolder folder;
  const std::string journal = folder.path("s.mwj");
  ASSERT_EQ(run_binary(asked(journal), "").exit_code, 0);
  const BinaryRun text = run_binary({"convert", "--to", "ndjson", journal, "-"}, "");
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_EQ(text.out, run_binary(asked("-"), "").out);
  EXPECT_EQ(run_binary({"run", journal, "--strict"}, "").exit_code, 0);
}

std::vector<std::string> with_analysts(const std::string& out) {
  return {"simulate", "--seed",        "3", "--events",   "60000",     "--accounts", "500", "--out",
          out,        "--instruments", "4", "--analysts", "--density", "0.2"};
}

// The decisions are about what `run` finds in the same stream: under the same ids.
TEST(SimulateTest, AnalystsWorkOnWhatTheDefaultRulebookFinds) {
  const TestFolder folder;
  const std::string stream = folder.path("s.ndjson");
  ASSERT_EQ(run_binary(with_analysts(stream), "").exit_code, 0);
  EXPECT_EQ(folder.read("s.ndjson"), run_binary(with_analysts("-"), "").out) << "same seed";
  const BinaryRun made =
      run_binary({"run", stream, "--trust", "--strict", "--alerts", folder.path("alerts"),
                  "--decisions", "-", "--measures", folder.path("measures"), "--cases",
                  folder.path("cases"), "--outbox", folder.path("outbox")});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const auto decisions = split_lines(made.out);
  const auto having = [&](const std::string& part) {
    return std::ranges::count_if(decisions,
                                 [&](const std::string& line) { return contains(line, part); });
  };
  EXPECT_GE(decisions.size(), 20U);
  EXPECT_GE(having("\"result\":\"accepted\""), 20);
  EXPECT_EQ(having("\"reason\":\"unknown_"), 0) << made.out;
  EXPECT_EQ(having("\"reason\":\"bad_value\""), 0) << made.out;
  for (const char* kind : {"assign", "note", "adopt_proposal", "approve"}) {
    EXPECT_GE(having(std::string("\"kind\":\"") + kind + "\",\"result\":\"accepted\""), 1) << kind;
  }
  EXPECT_TRUE(contains(folder.read("measures"), "\"state\":\"applied\""));
  EXPECT_TRUE(contains(folder.read("cases"), "\"assignee_id\":\"a"));
}

TEST(SimulateTest, WithoutTrustTheDecisionsOfAStreamAreRefused) {
  const TestFolder folder;
  const std::string stream = folder.path("s.ndjson");
  ASSERT_EQ(run_binary(with_analysts(stream), "").exit_code, 0);
  const BinaryRun made = run_binary(
      {"run", stream, "--strict", "--alerts", folder.path("alerts"), "--decisions", "-"});
  EXPECT_EQ(made.exit_code, 3);
  EXPECT_EQ(made.out, "");
}

TEST(SimulateTest, WrongUsageIsExplained) {
  auto arguments = asked("-");
  arguments.insert(arguments.end(), {"--abuse", "self_trade,arson"});
  const BinaryRun run = run_binary(arguments, "");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("unknown abuse arson; allowed: none, all, or of"), std::string::npos);
}

}  // namespace
}  // namespace marktwacht
