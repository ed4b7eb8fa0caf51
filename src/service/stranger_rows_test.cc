// A flood of strangers fills so many rows a minute, and the rest is counted.
#include "service/stranger_rows.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(StrangerRows, BeyondTheMinutesShareAreCountedAndTold) {
  StrangerRows rows;
  const Time now{1'800'000'000 * second.ns};
  std::uint64_t listed = 0;
  for (int i = 0; i < 1'000; ++i) {
    const StrangerRows::Verdict verdict = rows.take(now);
    listed += verdict.is_listed ? 1 : 0;
    EXPECT_EQ(verdict.left_out, 0U);
  }
  EXPECT_EQ(listed, StrangerRows::a_minute_max);
  const StrangerRows::Verdict next = rows.take(now + Duration{60 * second.ns});
  EXPECT_TRUE(next.is_listed);
  EXPECT_EQ(next.left_out, 1'000 - StrangerRows::a_minute_max);
  EXPECT_EQ(rows.take(now + Duration{60 * second.ns}).left_out, 0U);
}

}  // namespace
}  // namespace marktwacht
