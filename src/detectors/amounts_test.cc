// Amounts in ten-thousandths.
#include "detectors/amounts.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(Amounts, are_ten_thousandths) {
  EXPECT_EQ(ten_thousandths(*make_decimal(125, -2)), 12'500);
  EXPECT_EQ(ten_thousandths(*make_decimal(3, 3)), 30'000'000);
  EXPECT_EQ(ten_thousandths(*make_decimal(-15, -5)), -2);
  EXPECT_EQ(ten_thousandths(7, 4), 7);
  EXPECT_EQ(ten_thousandths(*make_decimal(9, 37)), amount_most);
  EXPECT_EQ(ten_thousandths(*make_decimal(-9, 37)), -amount_most);
}

}  // namespace
}  // namespace marktwacht
