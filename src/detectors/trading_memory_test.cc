// What several detectors share: told to each, taken in once.
#include "detectors/trading_memory.h"

#include <gtest/gtest.h>

#include "detectors/findings_twin.h"

namespace marktwacht {
namespace {

Occurrence bought(const Fill& fill, std::uint64_t seq) {
  Occurrence event;
  event.kind = EventKind::fill;
  event.moment.seq = seq;
  event.account = fill.account;
  event.instrument = InstrumentIndex{0};
  event.fill = &fill;
  return event;
}

Fill fill_of(std::uint32_t account, std::uint32_t counterparty) {
  Fill fill;
  fill.account = {account};
  fill.counterparty = {counterparty};
  fill.side = Side::buy;
  fill.quantity.units = 3;
  return fill;
}

std::string saved(const TradingMemory& memory) {
  std::string bytes;
  ByteWriter out(bytes);
  memory.save(out);
  return bytes;
}

// Three ask of each fill: what is kept is what it is when one asks, and all are told the same.
TEST(TradingMemoryTest, AFillIsTakenInOnceHoweverManyAsk) {
  const DetectorSetup setup{{}, 2};  // a third account has no room
  TradingMemory shared(setup, {}), alone(setup, {});
  QuietFindings findings[3], own;
  for (std::uint64_t seq = 1; seq <= 60; ++seq) {
    const auto account = static_cast<std::uint32_t>(seq % 3);
    const Fill fill = fill_of(account, (account + 1) % 3);
    const bool again = alone.take(bought(fill, seq), own);
    if (again) {
      alone.keep_purchase(bought(fill, seq), own);
    }
    for (QuietFindings& asking : findings) {
      ASSERT_EQ(shared.take(bought(fill, seq), asking), again);
      if (again) {
        shared.keep_purchase(bought(fill, seq), asking);
      }
      ASSERT_EQ(asking.forgotten, own.forgotten);
    }
    ASSERT_EQ(saved(shared), saved(alone));
  }
  EXPECT_GT(own.forgotten, 10);
}

// Both sides of a trade have one seq.
TEST(TradingMemoryTest, EachSideOfATradeIsTakenIn) {
  TradingMemory memory({{}, 10}, {});
  QuietFindings findings;
  Fill buyer = fill_of(0, 1), seller = fill_of(1, 0);
  buyer.maker = true;
  seller.side = Side::sell;
  for (std::uint64_t seq = 1; seq <= 2; ++seq) {
    const bool again = seq == 2;
    EXPECT_EQ(memory.take(bought(buyer, seq), findings), again);
    EXPECT_EQ(memory.take(bought(seller, seq), findings), again);
  }
}

TEST(TradingMemoriesTest, AreSharedByThoseWithTheSameNumbersAsLongAsSomebodyHoldsThem) {
  TradingMemories memories;
  const DetectorSetup setup{{}, 10};
  auto first = memories.of(setup);
  EXPECT_EQ(memories.of({{param_of("7")}, 10}), first);  // its own parameters are not the memory's
  EXPECT_NE(memories.of({{}, 11}), first);
  EXPECT_NE(memories.of(setup, {Duration{2 * second.ns}}), first);
  QuietFindings findings;
  const Fill fill = fill_of(0, 1);
  first->take(bought(fill, 1), findings);
  const std::string bytes = saved(*first);
  std::string all;
  ByteWriter out(all);
  memories.save(out);
  EXPECT_EQ(all, bytes);  // the two that nobody holds any more are gone

  TradingMemories fresh;
  const auto restored = fresh.of(setup);
  ByteReader in(all);
  EXPECT_TRUE(fresh.load(in) && in.done());
  EXPECT_EQ(saved(*restored), bytes);

  first.reset();
  EXPECT_NE(saved(*memories.of(setup)), bytes);
}

}  // namespace
}  // namespace marktwacht
