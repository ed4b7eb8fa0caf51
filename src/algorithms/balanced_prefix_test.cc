// Balanced prefixes: the edges of the definition, and random lists against the twin.
#include "algorithms/balanced_prefix.h"

#include <gtest/gtest.h>

#include <random>

#include "algorithms/balanced_prefix_twin.h"

namespace marktwacht {
namespace {

// A number below `end`.
std::uint32_t pick(std::mt19937& random, std::uint32_t end) {
  return static_cast<std::uint32_t>(random() % end);
}

constexpr Ratio one_percent{1, 100};

TEST(BalancedPrefixTest, IsTheLongestOfTwoOrMore) {
  const struct {
    const char* what;
    std::vector<UnitTransfer> transfers;
    std::size_t length;
  } cases[] = {
      {"nothing", {}, 0},
      {"one is never tested", {{0, 1, 5}}, 0},
      {"there and back", {{0, 1, 5}, {1, 0, 5}}, 2},
      {"one way", {{0, 1, 5}, {0, 1, 5}}, 0},
      {"a circle of three", {{0, 1, 5}, {1, 2, 5}, {2, 0, 5}}, 3},
      {"what follows is cut off", {{0, 1, 5}, {1, 0, 5}, {0, 2, 9}}, 2},
      {"the longer of two", {{0, 1, 5}, {1, 0, 5}, {0, 2, 9}, {2, 0, 9}}, 4},
      {"only a prefix", {{0, 2, 9}, {0, 1, 5}, {1, 0, 5}}, 0},
      // The mean is 1000, so a net of 10 is 1 %, which is allowed.
      {"just within the margin", {{0, 1, 1005}, {1, 0, 995}}, 2},
      {"just beyond it", {{0, 1, 1006}, {1, 0, 995}}, 0},
  };
  BalancedPrefix prefix(3, one_percent);
  for (const auto& one : cases) {
    EXPECT_EQ(prefix.find(one.transfers), one.length) << one.what;
  }
}

TEST(BalancedPrefixTest, NoMarginMeansToTheLastUnit) {
  BalancedPrefix prefix(2, {0, 1});
  EXPECT_EQ(prefix.find(std::vector<UnitTransfer>{{0, 1, 1'000'000}, {1, 0, 999'999}}), 0u);
  EXPECT_EQ(prefix.find(std::vector<UnitTransfer>{{0, 1, 1'000'000}, {1, 0, 1'000'000}}), 2u);
}

// Products of these do not fit 128 bits.
TEST(BalancedPrefixTest, HugeUnitsAreComparedExactly) {
  const Int128 huge = power_of_ten(37) * 4;
  const Ratio margin{10'000'000, 1'000'000'000};  // 1 %
  BalancedPrefix prefix(2, margin);
  // net = d, mean = huge - d / 2: balanced when 200 d <= 2 huge - d.
  const Int128 most = 2 * huge / 201;
  EXPECT_EQ(prefix.find(std::vector<UnitTransfer>{{0, 1, huge}, {1, 0, huge - most}}), 2u);
  EXPECT_EQ(prefix.find(std::vector<UnitTransfer>{{0, 1, huge}, {1, 0, huge - most - 1}}), 0u);
}

TEST(BalancedPrefixTest, EqualsTheTwinOnRandomLists) {
  std::mt19937 random(3);
  const Ratio margins[] = {{0, 1}, one_percent, {1, 2}, {3, 1}};
  int balanced = 0;
  for (int round = 0; round < 4'000; ++round) {
    const Ratio margin = margins[pick(random, 4)];
    const std::uint32_t holders = 2 + pick(random, 7);
    std::vector<UnitTransfer> transfers(pick(random, 20));
    for (UnitTransfer& transfer : transfers) {
      transfer.from = pick(random, holders);
      transfer.to = (transfer.from + 1 + pick(random, holders - 1)) % holders;
      transfer.units = 1 + pick(random, 3);
    }
    BalancedPrefix prefix(holders, margin);
    const std::size_t length = prefix.find(transfers);
    ASSERT_EQ(length, balanced_prefix_twin(transfers, margin)) << "round " << round;
    balanced += length > 0 ? 1 : 0;
  }
  EXPECT_GT(balanced, 500);
}

}  // namespace
}  // namespace marktwacht
