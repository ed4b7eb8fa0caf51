// The moving σ of rush orders, against sums anew.
#include "detectors/rush_orders.h"

#include <gtest/gtest.h>

#include <random>

namespace marktwacht {
namespace {

TEST(RushOrdersTest, TheWindowIsThatOfTheLast900Chunks) {
  RushWindow window;
  std::vector<std::uint64_t> all;
  std::mt19937_64 random(5);
  for (int i = 0; i < 2'000; ++i) {
    const std::uint64_t rushes = i % 700 == 13 ? 70'000 : random() % 9;
    window.push(rushes);
    all.push_back(std::min<std::uint64_t>(rushes, 65'535));
    Int128 sum = 0, squares = 0;
    const std::size_t held = std::min<std::size_t>(all.size(), 900);
    for (std::size_t at = all.size() - held; at < all.size(); ++at) {
      sum += all[at];
      squares += Int128{all[at]} * all[at];
    }
    ASSERT_EQ(window.held, held);
    ASSERT_TRUE(window.spread() == Int128{held} * squares - sum * sum);
    ASSERT_TRUE(window.sound());
  }
  window.sum += 1;
  EXPECT_FALSE(window.sound());
}

RushWindow window_of(std::initializer_list<std::uint64_t> counts) {
  RushWindow window;
  for (const std::uint64_t count : counts) {
    window.push(count);
  }
  return window;
}

TEST(RushOrdersTest, TheChangeIsOfTheSampleSigma) {
  // σ of 0, 2 is √2; of 0, 2, 7 it is √13: 1.5495 more.
  const RushWindow before = window_of({0, 2}), after = window_of({0, 2, 7});
  const SigmaChange change = sigma_change(before, after, param_of("1.5495"));
  EXPECT_TRUE(change.reached);
  EXPECT_EQ(change.units, 15'495);
  EXPECT_FALSE(sigma_change(before, after, param_of("1.5496")).reached);
  EXPECT_FALSE(sigma_change(after, before, param_of("0.01")).reached);
  const SigmaChange from_none = sigma_change(window_of({1, 1}), window_of({1, 1, 2}), Param{});
  EXPECT_TRUE(from_none.reached);
  EXPECT_EQ(from_none.units, sigma_change_max);
  EXPECT_FALSE(sigma_change(window_of({1, 1}), window_of({1, 1, 1}), Param{}).reached);
  EXPECT_FALSE(sigma_change(window_of({1}), window_of({1, 5}), Param{}).reached);
}

// Chunks without a buy are dropped: 900 with one buy each, far apart, then one with three rushes.
TEST(RushOrdersTest, ThePublishedFormCountsMillisecondsWithTwoBuys) {
  std::vector<std::int64_t> buys;
  for (std::int64_t i = 0; i < 900; ++i) {
    buys.push_back(i * 100'000);
    if (i == 450) {
      buys.push_back(i * 100'000);
    }
  }
  const std::int64_t last = 900 * 100'000;
  for (const std::int64_t ms : {0, 0, 0, 5, 5, 9, 10, 10}) {
    buys.push_back(last + ms);
  }
  const auto alarms = rush_alarms(buys, param_of("0.3032"));
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].chunk_ms, last);
  // σ² · 900 · 899 goes from 899 (one 1) to 900 · 10 − 16 (a 1 and a 3): √(8984 / 899) − 1.
  EXPECT_EQ(alarms[0].change, 21'612);
  buys.erase(buys.begin());  // one chunk less: the window is not full before the last
  EXPECT_TRUE(rush_alarms(buys, param_of("0.3032")).empty());
}

}  // namespace
}  // namespace marktwacht
