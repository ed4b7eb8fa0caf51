// The packed queue of lots against a plain one.
#include "accounts/lots.h"

#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <random>

namespace marktwacht {
namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

void expect_equal(const Lot& ours, const Lot& expected) {
  ASSERT_EQ(ours.quantity, expected.quantity);
  ASSERT_EQ(ours.price, expected.price);
  ASSERT_EQ(ours.price_known, expected.price_known);
  ASSERT_EQ(ours.opened, expected.opened);
  ASSERT_EQ(ours.fee, expected.fee);
}

void expect_equal(const LotQueue& ours, const std::deque<Lot>& expected) {
  ASSERT_EQ(ours.size(), expected.size());
  ASSERT_EQ(ours.empty(), expected.empty());
  std::size_t at = 0;
  for (const Lot& lot : ours) {
    expect_equal(lot, expected[at++]);
  }
  ASSERT_EQ(at, expected.size());
  if (!expected.empty()) {
    expect_equal(ours.front(), expected.front());
    expect_equal(ours.back(), expected.back());
  }
}

class LotStream {
 public:
  explicit LotStream(std::uint64_t seed) : random_(seed) {}

  Lot any() {
    Int128 fee = static_cast<std::int64_t>(random_() % 2'000) - 1'000;
    if (random_() % 50 == 0) {
      fee = Int128{lowest} * highest;
    }
    return {{odd(1, highest)},
            {odd(lowest, highest)},
            random_() % 8 != 0,
            {odd(lowest, highest)},
            {fee}};
  }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

 private:
  // Mostly small, sometimes one of the two ends of its range.
  std::int64_t odd(std::int64_t first, std::int64_t last) {
    const std::uint64_t kind = random_() % 20;
    return kind == 0 ? first : kind == 1 ? last : static_cast<std::int64_t>(1 + random_() % 9'999);
  }

  std::mt19937_64 random_;
};

TEST(LotQueue, equals_a_plain_queue) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    LotStream stream(seed);
    LotQueue ours;
    std::deque<Lot> expected;
    for (int step = 0; step < 2'000; ++step) {
      // Grows for a while, then shrinks for a while.
      const bool growing = step / 200 % 2 == 0;
      if (stream.below(4) < (growing ? 3U : 1U)) {
        expected.push_back(stream.any());
        ours.push(expected.back());
      } else if (stream.below(3) == 0 && !expected.empty() &&
                 expected.back().quantity.units < highest - 5) {
        ours.grow_back({5}, {-3});
        expected.back().quantity = expected.back().quantity + Quantity{5};
        expected.back().fee = expected.back().fee + Money{-3};
      } else if (stream.below(2) == 0 && !expected.empty() && expected.front().quantity.units > 1) {
        ours.shrink_front({1}, {7});
        expected.front().quantity = expected.front().quantity - Quantity{1};
        expected.front().fee.units -= 7;
      } else {
        const std::size_t count = stream.below(std::min<std::size_t>(expected.size(), 6) + 1);
        ours.pop(count);
        expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(count));
      }
      expect_equal(ours, expected);
      if (HasFatalFailure()) {
        FAIL() << "seed " << seed << ", step " << step;
      }
    }
  }
}

}  // namespace
}  // namespace marktwacht
