// Division without dividing, against plain division.
#include "books/tick_grid.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace marktwacht {
namespace {

TEST(TickGridTest, EqualsDivision) {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
  std::mt19937_64 random(1);
  for (int i = 0; i < 3'000; ++i) {
    const std::int64_t tick = static_cast<std::int64_t>((random() >> 1) >> random() % 63) | (i & 1);
    if (tick == 0) {
      continue;
    }
    const TickGrid grid(tick);
    const auto compare = [&](std::int64_t price) {
      std::int64_t ticks = 0;
      const bool divides = grid.divides(price, ticks);
      ASSERT_EQ(divides, price % tick == 0) << price << " / " << tick;
      if (divides) {
        ASSERT_EQ(ticks, price / tick) << price << " / " << tick;
      }
    };
    for (const std::int64_t price :
         {std::int64_t{0}, tick, -tick, tick - 1, 1 - tick, largest, smallest, smallest + 1,
          largest / tick * tick, smallest / tick * tick}) {
      compare(price);
    }
    for (int j = 0; j < 50; ++j) {
      const auto any = static_cast<std::int64_t>(random()) >> random() % 64;
      compare(any);
      compare(any / tick * tick);
    }
  }
}

}  // namespace
}  // namespace marktwacht
