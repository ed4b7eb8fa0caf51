// How guessing is slowed down, and who is not.
#include "edges/auth/throttle.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

constexpr Time start{1'700'000'000'000'000'000};

Time after(std::int64_t seconds) { return start + Duration{seconds * second.ns}; }

TEST(Throttle, OfAnAddressGrows) {
  Throttle throttle;
  for (int i = 0; i < 6; ++i) {
    EXPECT_FALSE(throttle.begin("u" + std::to_string(i), "10.0.0.1", start).has_value()) << i;
  }
  EXPECT_EQ(throttle.begin("u", "10.0.0.1", start), after(1));
  EXPECT_EQ(throttle.begin("u", "10.0.0.1", start), after(1));  // what is refused does not count
  EXPECT_FALSE(throttle.begin("u", "10.0.0.2", start).has_value());
  EXPECT_FALSE(throttle.begin("u", "10.0.0.1", after(1)).has_value());
  EXPECT_EQ(throttle.begin("u", "10.0.0.1", after(1)), after(3));
  EXPECT_FALSE(throttle.begin("u", "10.0.0.1", after(3)).has_value());
  EXPECT_EQ(throttle.begin("u", "10.0.0.1", after(3)), after(7));
}

TEST(Throttle, NeverWaitsLongerThanItsLimitAndForgets) {
  Throttle throttle;
  Time now = start;
  Duration longest{};
  for (int i = 0; i < 100; ++i) {
    if (const auto until = throttle.begin("u", "10.0.0.1", now)) {
      longest = std::max(longest, *until - now);
      now = *until;
    }
  }
  EXPECT_LE(longest, Duration{900 * second.ns});
  EXPECT_GT(longest, Duration{200 * second.ns});
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(throttle.begin("x", "10.0.0.1", now + day).has_value()) << i;
  }
}

// A thousand addresses that guess one name keep it waiting, never for long, and not its owner.
TEST(Throttle, StrangersLockNobodyOut) {
  Throttle throttle;
  ASSERT_FALSE(throttle.begin("ann", "203.0.113.9", start).has_value());
  throttle.forgive("ann", "203.0.113.9", start);
  Duration longest{};
  for (int i = 0; i < 1'000; ++i) {
    const std::string stranger = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
    const Time now = after(i);
    if (const auto until = throttle.begin("ann", stranger, now)) {
      longest = std::max(longest, *until - now);
    }
  }
  EXPECT_GT(longest, Duration{20 * second.ns});
  EXPECT_LE(longest, Duration{30 * second.ns});
  EXPECT_FALSE(throttle.begin("ann", "203.0.113.9", after(1'000)).has_value());
  EXPECT_FALSE(throttle.begin("ann", "198.51.100.1", after(1'030)).has_value());
  EXPECT_TRUE(throttle.begin("ann", "198.51.100.2", after(1'031)).has_value());
}

TEST(Throttle, RightOnesAreForgiven) {
  Throttle throttle;
  for (int i = 0; i < 100; ++i) {
    ASSERT_FALSE(throttle.begin("ann", "10.0.0.1", start).has_value()) << i;
    throttle.forgive("ann", "10.0.0.1", start);
  }
  // But who knows one password cannot use it to guess others without end.
  int tries = 0;
  while (tries < 100 && !throttle.begin("bob", "10.0.0.1", start)) {
    ++tries;
    if (!throttle.begin("ann", "10.0.0.1", start)) {
      throttle.forgive("ann", "10.0.0.1", start);
    }
  }
  EXPECT_LT(tries, 12);
}

TEST(Throttle, OfIpv6CountsTheNetwork) {
  Throttle throttle;
  for (int i = 0; i < 6; ++i) {
    throttle.begin("u" + std::to_string(i), "2001:db8::" + std::to_string(i + 1), start);
  }
  EXPECT_TRUE(throttle.begin("u", "2001:db8:0:7::1", start).has_value());
  EXPECT_FALSE(throttle.begin("u", "2001:db8:1::1", start).has_value());
}

TEST(Throttle, IsBounded) {
  Throttle throttle;
  for (std::size_t i = 0; i < Throttle::entries_max + 100; ++i) {
    throttle.begin("user" + std::to_string(i), "10.0.0.1",
                   start + Duration{static_cast<std::int64_t>(i) * day.ns});
    ASSERT_LE(throttle.entries(), Throttle::entries_max);
  }
  EXPECT_EQ(throttle.entries(), Throttle::entries_max);
}

}  // namespace
}  // namespace marktwacht
