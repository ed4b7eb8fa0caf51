// One at a time of each name, in order.
#include "service/turns.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace marktwacht {
namespace {

TEST(Turns, TheNextOfANameBeginsWhenTheOneBeforeIsOver) {
  Turns turns;
  std::string begun;
  std::vector<Turns::Turn> held;
  held.reserve(8);  // it grows while one of it ends
  const auto work = [&](char what) {
    return [&begun, &held, what](Turns::Turn turn) {
      begun += what;
      held.push_back(std::move(turn));
    };
  };
  EXPECT_TRUE(turns.take("a", work('1')));
  EXPECT_TRUE(turns.take("a", work('2')));
  EXPECT_TRUE(turns.take("a", work('3')));
  EXPECT_TRUE(turns.take("b", work('x')));
  EXPECT_EQ(begun, "1x");
  Turns::Turn copy = held.front();
  held.front().reset();
  EXPECT_EQ(begun, "1x") << "somebody still has it";
  copy.reset();
  EXPECT_EQ(begun, "1x2");
  held[2].reset();
  EXPECT_EQ(begun, "1x23");
  held[3].reset();
  EXPECT_TRUE(turns.take("a", work('4')));  // it is free again
  EXPECT_EQ(begun, "1x234");
}

TEST(Turns, WhatIsOverAtOnceLetsAllOthersGo) {
  Turns turns;
  Turns::Turn held;
  std::size_t done = 0, taken = 0;
  EXPECT_TRUE(turns.take("a", [&](Turns::Turn turn) { held = std::move(turn); }));
  while (turns.take("a", [&](const Turns::Turn&) { ++done; })) {
    ++taken;
  }
  EXPECT_EQ(taken, Turns::waiting_max);
  EXPECT_EQ(done, 0U);
  held.reset();
  EXPECT_EQ(done, taken);
}

}  // namespace
}  // namespace marktwacht
