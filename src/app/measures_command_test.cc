// The demo's decisions through the program, as README.md shows them: run, measures, cases, verify.
#include <gtest/gtest.h>

#include "app/binary_twin.h"

namespace marktwacht {
namespace {

const std::string demo = MARKTWACHT_SOURCE_DIR "/demo/";

class MeasuresCommandTest : public ::testing::Test {
 protected:
  BinaryRun run(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        "run",      demo + "exchange.ndjson", demo + "decisions.ndjson", "--trust",
        "--alerts", folder_.path("alerts")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_binary(arguments);
  }
  std::string data() const { return folder_.path("day"); }

  const TestFolder folder_;
};

TEST_F(MeasuresCommandTest, TwoPeopleDecideAndTheExchangeObeys) {
  const BinaryRun made =
      run({"--data", data(), "--decisions", "-", "--outbox", folder_.path("outbox"), "--measures",
           folder_.path("measures"), "--cases", folder_.path("cases")});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const auto decisions = split_lines(made.out);
  ASSERT_EQ(decisions.size(), 3u) << made.out;
  EXPECT_TRUE(contains(decisions[0], "\"result\":\"accepted\""));
  EXPECT_TRUE(contains(decisions[1], "\"reason\":\"own_proposal\""));
  EXPECT_TRUE(contains(decisions[2], "\"result\":\"accepted\"")) << decisions[2];
  EXPECT_TRUE(contains(folder_.read("outbox"), "\"command\":\"set_restrictions\""));
  EXPECT_TRUE(contains(folder_.read("measures"), "\"state\":\"applied\""));
  EXPECT_TRUE(contains(folder_.read("cases"), "\"case_id\":\"c-60\""));

  const BinaryRun measure = run_binary({"measures", "show", "m-61", data()});
  EXPECT_EQ(measure.exit_code, 0) << measure.err;
  for (const char* part : {"close_only (clause 3.5): applied", "adopt_proposal by anna",
                           "approve by ben", "cancel_opening_orders, done"}) {
    EXPECT_TRUE(contains(measure.out, part)) << part << "\n" << measure.out;
  }
  EXPECT_TRUE(contains(run_binary({"measures", "show", "m-61", data(), "--json"}).out,
                       "\"preview_hash\":\""));
  EXPECT_TRUE(contains(run_binary({"measures", "list", data()}).out, "anna"));
  EXPECT_TRUE(contains(run_binary({"cases", "show", "c-60", data()}).out, "m-61  close_only"));
  EXPECT_TRUE(contains(run_binary({"cases", "list", data()}).out, "maria, maria-bot"));
  EXPECT_EQ(run_binary({"measures", "stuck", data()}).out, "nobody is stuck\n");
  EXPECT_EQ(run_binary({"verify", data()}).exit_code, 0);
}

TEST_F(MeasuresCommandTest, ThePreviewSaysWhatTheGateWouldHaveRefused) {
  ASSERT_EQ(run({"--data", data()}).exit_code, 0);
  const BinaryRun text = run_binary({"measures", "preview", "m-61", data()});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_TRUE(contains(text.out, "the gate would have refused, from ")) << text.out;
  const BinaryRun json = run_binary({"measures", "preview", "m-61", data(), "--json"});
  EXPECT_TRUE(contains(json.out, "\"refused_before\":{\"from_ts\":")) << json.out;
  EXPECT_TRUE(contains(json.out, "\"action\":\"place_order\"")) << json.out;
  EXPECT_FALSE(
      contains(run_binary({"measures", "show", "m-61", data(), "--json"}).out, "refused_before"));
  const BinaryRun piped = run_binary({"measures", "preview", "m-1", "-"}, "");
  EXPECT_EQ(piped.exit_code, 2);
}

TEST_F(MeasuresCommandTest, WhatDoesNotExistIsSaid) {
  ASSERT_EQ(run({"--data", data()}).exit_code, 0);
  const BinaryRun measure = run_binary({"measures", "show", "m-1", data()});
  EXPECT_EQ(measure.exit_code, 2);
  EXPECT_TRUE(contains(measure.err, "no measure m-1")) << measure.err;
  const BinaryRun of = run_binary({"cases", "show", "c-1", data()});
  EXPECT_EQ(of.exit_code, 2);
  EXPECT_TRUE(contains(of.err, "no case c-1")) << of.err;
}

// Decisions are taken from people who were authenticated: a file may not make any.
TEST_F(MeasuresCommandTest, WithoutTrustAFileDecidesNothing) {
  const BinaryRun made = run_binary({"run", demo + "exchange.ndjson", demo + "decisions.ndjson",
                                     "--alerts", folder_.path("alerts"), "--decisions", "-"});
  EXPECT_EQ(made.exit_code, 0);
  EXPECT_EQ(made.out, "");
  EXPECT_TRUE(contains(made.err, "forbidden_type")) << made.err;
}

}  // namespace
}  // namespace marktwacht
