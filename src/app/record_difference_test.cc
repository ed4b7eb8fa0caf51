// What `verify` says about the first record that differs.
#include "app/record_difference.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(RecordDifferenceTest, NamesTheRecordAndTheMember) {
  const std::string alert = R"({"alert_id":"a-7","revision":2,"detector":"self_trade","score":60})";
  const std::string lower = R"({"alert_id":"a-7","revision":2,"detector":"self_trade","score":50})";
  const std::string other = R"({"alert_id":"a-9","revision":1,"detector":"layering","score":50})";
  EXPECT_EQ(difference_in_words("alert", alert, lower),
            "alert a-7 revision 2 of self_trade: score was 60, is now 50");
  EXPECT_EQ(difference_in_words("alert", alert, other),
            "alert a-7 revision 2 of self_trade is recorded where alert a-9 revision 1 of layering "
            "is made now");
  EXPECT_EQ(difference_in_words("alert", alert, ""),
            "alert a-7 revision 2 of self_trade is recorded and is not made now");
  EXPECT_EQ(difference_in_words("alert", "", other),
            "alert a-9 revision 1 of layering is made now and is not recorded");
}

TEST(RecordDifferenceTest, ProposalsStandInTheirCase) {
  EXPECT_EQ(difference_in_words("proposal", R"(c-3{"kind":"warn","clause":"3.8"})",
                                R"(c-3{"kind":"warn","clause":"3.8","reason":"x"})"),
            "proposal of warn in c-3: reason was nothing, is now \"x\"");
  EXPECT_EQ(difference_in_words("proposal", R"(c-3{"kind":"warn"})", R"(c-4{"kind":"warn"})"),
            "proposal of warn in c-3 is recorded where proposal of warn in c-4 is made now");
}

}  // namespace
}  // namespace marktwacht
