// What stayed inside a set, in its order.
#include "detectors/purchases.h"

#include <gtest/gtest.h>

#include <string>

#include "detectors/findings_twin.h"

namespace marktwacht {
namespace {

class PurchasesTest : public testing::Test {
 protected:
  void buy(std::uint32_t buyer, std::uint32_t seller, std::int64_t quantity) {
    findings_.at = findings_.at + second;
    Fill fill;
    fill.side = Side::buy;
    fill.counterparty = AccountIndex{seller};
    fill.quantity.units = quantity;
    Occurrence event;
    event.kind = EventKind::fill;
    event.moment = {findings_.at, ++seq_, 0};
    event.account = AccountIndex{buyer};
    event.instrument = InstrumentIndex{0};
    event.fill = &fill;
    purchases_.take(event, findings_);
    fill.side = Side::sell;
    event.account = AccountIndex{seller};
    purchases_.take(event, findings_);
  }
  std::vector<Inside> inside(Time since) {
    return purchases_.inside(set_, InstrumentIndex{0}, since, findings_.at);
  }

  TradingSet set_{.members = {{AccountIndex{1}, {}, {}}, {AccountIndex{4}, {}, {}}},
                  .chance = {},
                  .tie = Tie::none};
  QuietFindings findings_;
  Purchases purchases_{{{}, 100}};
  std::uint64_t seq_ = 0;
};

TEST_F(PurchasesTest, TheSetsOwnTradesTheLatestFirst) {
  buy(1, 4, 10);
  buy(1, 7, 20);
  buy(4, 1, 30);
  buy(7, 4, 40);
  const auto trades = inside(Time{});
  ASSERT_EQ(trades.size(), 2u);
  EXPECT_EQ(trades[0].seq, 3u);  // 4 buys from 1
  EXPECT_EQ(trades[0].moved.from, 0u);
  EXPECT_EQ(trades[0].moved.to, 1u);
  EXPECT_TRUE(trades[0].moved.units == 30);
  EXPECT_EQ(trades[1].seq, 1u);
  EXPECT_EQ(inside(Time{2 * second.ns}).size(), 1u);
}

TEST_F(PurchasesTest, TheLast32OfABuyerAreKept) {
  for (int at = 0; at < 50; ++at) {
    buy(1, 4, 1 + at);
  }
  const auto trades = inside(Time{});
  ASSERT_EQ(trades.size(), 32u);
  EXPECT_EQ(trades.front().seq, 50u);
  EXPECT_EQ(trades.back().seq, 19u);
}

TEST_F(PurchasesTest, AnOpenAlertHasTheOldOnesAlready) {
  buy(1, 4, 10);
  buy(4, 1, 10);
  Report report;
  add_evidence(inside(Time{}), findings_, report);
  EXPECT_EQ(report.evidence, (std::vector<std::uint64_t>{1, 2}));
  findings_.open = 1;
  add_evidence(inside(Time{}), findings_, report);
  EXPECT_EQ(report.evidence, std::vector<std::uint64_t>{2});
}

TEST_F(PurchasesTest, SavedAndLoaded) {
  buy(1, 4, 10);
  buy(4, 1, 30);
  std::string bytes;
  ByteWriter out(bytes);
  purchases_.save(out);
  Purchases copy{{{}, 100}};
  ByteReader in(bytes);
  ASSERT_TRUE(copy.load(in));
  EXPECT_EQ(copy.inside(set_, InstrumentIndex{0}, Time{}, findings_.at).size(), 2u);
}

}  // namespace
}  // namespace marktwacht
