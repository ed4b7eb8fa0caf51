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

TEST(SimulateTest, WrongUsageIsExplained) {
  auto arguments = asked("-");
  arguments.insert(arguments.end(), {"--abuse", "self_trade,arson"});
  const BinaryRun run = run_binary(arguments, "");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("unknown abuse arson; allowed: none, all, or of"), std::string::npos);
}

}  // namespace
}  // namespace marktwacht
