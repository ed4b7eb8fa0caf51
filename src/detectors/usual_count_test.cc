// Counts by spans, against a list of all times.
#include "detectors/usual_count.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace marktwacht {
namespace {

TEST(UsualCount, is_the_mean_of_the_ended_spans) {
  std::mt19937_64 random(5);
  UsualCount count;
  std::vector<std::int64_t> spans;  // of each event
  Time now{1'000'000 * UsualCount::span.ns};
  int known = 0;
  for (int at = 0; at < 5'000; ++at) {
    const std::uint64_t jump = random() % 500 == 0 ? 200 : random() % 40 == 0 ? 1 : 0;
    now = now + Duration{static_cast<std::int64_t>(jump) * UsualCount::span.ns + second.ns};
    count.add(now);
    const std::int64_t present = now.ns / UsualCount::span.ns;
    spans.push_back(present);
    const std::int64_t ended = std::min<std::int64_t>(present - spans[0], UsualCount::kept - 1);
    const auto inside = std::ranges::count_if(
        spans, [&](std::int64_t span) { return span < present && span >= present - ended; });
    const std::int64_t expected =
        ended < UsualCount::needed ? 0 : std::max<std::int64_t>(inside, 1) * Param::one / ended;
    ASSERT_EQ(count.usual(now), expected) << at;
    ASSERT_TRUE(count.sound());
    known += expected > 0 ? 1 : 0;
  }
  EXPECT_EQ(count.all, 5'000);
  EXPECT_GT(known, 4'000);
  EXPECT_EQ(UsualCount{}.usual(now), 0);
}

}  // namespace
}  // namespace marktwacht
