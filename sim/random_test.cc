// Draws: as likely as they should be, and the same everywhere.
#include "sim/random.h"

#include <gtest/gtest.h>

#include <set>

namespace marktwacht::sim {
namespace {

TEST(Random, WeightedDrawsFollowTheirWeights) {
  const Weighted weighted({1, 2, 3, 10, 84});
  Random random(1);
  std::vector<int> seen(5);
  for (int draw = 0; draw < 100'000; ++draw) {
    ++seen[weighted.draw(random)];
  }
  const int expected[] = {1'000, 2'000, 3'000, 10'000, 84'000};
  for (std::size_t at = 0; at < 5; ++at) {
    EXPECT_NEAR(seen[at], expected[at], 250) << at;
  }
}

TEST(Random, ScatteredNumbersNeverRepeat) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t number = 0; number < 100'000; ++number) {
    const std::uint64_t scattered_number = scattered(number);
    EXPECT_LT(scattered_number, std::uint64_t{1} << 62);
    EXPECT_TRUE(seen.insert(scattered_number).second);
  }
}

TEST(Random, WaitsAndBellsHaveTheirMeans) {
  Random random(7);
  std::int64_t waited = 0, bells = 0;
  double squares = 0;
  for (int draw = 0; draw < 200'000; ++draw) {
    waited += random.wait(second).ns;
    const std::int64_t bell = random.bell();
    bells += bell;
    squares += static_cast<double>(bell) * static_cast<double>(bell);
  }
  EXPECT_NEAR(static_cast<double>(waited) / 200'000, 1e9, 1e7);
  EXPECT_NEAR(static_cast<double>(bells) / 200'000, 0, 500);
  EXPECT_NEAR(squares / 200'000 / 65536 / 65536, 1, 0.01);
}

TEST(Random, IsTheSameOnEveryMachine) {
  Random random(1);
  EXPECT_EQ(random.next(), 0x910A'2DEC'8902'5CC1);
  EXPECT_EQ(random.wait(second).ns, 293380738);
  EXPECT_EQ(random.bell(), 104677);
}

}  // namespace
}  // namespace marktwacht::sim
