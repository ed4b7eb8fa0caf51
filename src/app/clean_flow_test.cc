// A busy market in which nobody colludes: makers meet each other and strangers meet again by
// chance, and none of that is an alert.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "app/binary_twin.h"

namespace marktwacht {
namespace {

std::string simulated(const TestFolder& folder, const std::string& abuse,
                      const std::string& density) {
  std::string path = folder.path(abuse + density + ".mwj");
  const BinaryRun run =
      run_binary({"simulate", "--seed", "5", "--events", "150000", "--accounts", "2000",
                  "--instruments", "6", "--density", density, "--abuse", abuse, "--out", path},
                 "");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return path;
}

std::ptrdiff_t alerts_of(const std::string& detector, const std::string& journal) {
  const BinaryRun run = run_binary({"run", journal, "--rulebook", detector, "--alerts", "-"}, "");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return std::ranges::count(run.out, '\n');
}

TEST(CleanFlowTest, NobodyColludes) {
  const TestFolder folder;
  for (const std::string density : {"1", "10"}) {
    const std::string journal = simulated(folder, "none", density);
    for (const std::string detector :
         {"wash_trade", "circular_trade", "matched_orders", "fee_farming"}) {
      EXPECT_EQ(alerts_of(detector, journal), 0) << detector << " at density " << density;
    }
  }
}

TEST(CleanFlowTest, ThoseWhoDoAreSeenInTheSameFlow) {
  const TestFolder folder;
  const std::string journal = simulated(folder, "circular_trade", "1");
  for (const std::string detector : {"wash_trade", "circular_trade", "matched_orders"}) {
    EXPECT_GT(alerts_of(detector, journal), 0) << detector;
  }
}

}  // namespace
}  // namespace marktwacht
