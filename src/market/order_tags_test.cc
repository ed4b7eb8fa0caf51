// Snapshots hold the bits.
#include "market/order_tags.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(OrderTagsTest, EachHasItsBits) {
  EXPECT_EQ(OrderTags{}.pack(), 0);
  EXPECT_EQ((OrderTags{.time_in_force = static_cast<TimeInForce>(5)}.pack()), 5);
  EXPECT_EQ((OrderTags{.position_effect = static_cast<PositionEffect>(2)}.pack()), 2 << 3);
  EXPECT_EQ((OrderTags{.leg = leg_of(PositionSide::long_)}.pack()), 1 << 5);
  EXPECT_EQ((OrderTags{.leg = leg_of(PositionSide::short_)}.pack()), 2 << 5);
  EXPECT_EQ(OrderTags{.reduce_only = true}.pack(), 1 << 7);
  EXPECT_EQ(OrderTags{.copied = true}.pack(), 1 << 8);
  EXPECT_EQ(OrderTags{.liquidation = true}.pack(), 1 << 9);
  EXPECT_EQ(OrderTags{.from_snapshot = true}.pack(), 1 << 10);
  EXPECT_EQ(OrderTags{.untriggered = true}.pack(), 1 << 11);
  EXPECT_EQ(OrderTags{.by_quote = true}.pack(), 1 << 12);
  EXPECT_EQ(OrderTags{.has_extra = true}.pack(), 1 << 13);
  for (unsigned bits = 0; bits < 1U << 14; ++bits) {
    EXPECT_EQ(OrderTags::unpack(static_cast<std::uint16_t>(bits)).pack(), bits);
  }
}

}  // namespace
}  // namespace marktwacht
