// Against a plain list of everything that was told: random telling, settling and joining.
#include "cases/case_gains.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <utility>

namespace marktwacht {
namespace {

using Plain = std::map<std::pair<std::string, std::uint64_t>, Int128>;

Int128 sum_of(const Plain& plain, const std::string& account) {
  Int128 sum = 0;
  for (const auto& [key, units] : plain) {
    sum += account.empty() || key.first == account ? units : Int128{0};
  }
  return sum;
}

void expect_equal(const CaseGains& gains, const Plain& plain) {
  ASSERT_TRUE(gains.sum() == sum_of(plain, ""));
  for (const std::string account : {"a", "b", "c"}) {
    ASSERT_TRUE(gains.sum_of(account) == sum_of(plain, account)) << account;
  }
}

TEST(CaseGains, SumsAreThoseOfEverythingToldOnce) {
  std::mt19937_64 random(1);
  const auto below = [&](std::uint64_t end) { return random() % end; };
  for (int round = 0; round < 200; ++round) {
    CaseGains gains;
    Plain plain;
    std::uint64_t oldest = 0;  // that may be told again
    for (int step = 0; step < 40; ++step) {
      const std::string account(1, static_cast<char>('a' + below(3)));
      std::map<std::uint64_t, Int128> told;
      for (std::uint64_t i = below(20); i > 0; --i) {
        told[oldest * 2 + below(60)] =
            below(50) == 0 ? -(Int128{1} << 100)
                           : Int128{static_cast<std::int64_t>(below(2'000)) - 1'000};
      }
      std::vector<CaseGain> list;
      for (const auto& [entry, units] : told) {
        list.push_back({entry, units});
        plain[{account, entry}] = units;
      }
      gains.count(account, list);
      if (below(4) == 0) {
        oldest += below(10);
        for (const char* each : {"a", "b", "c"}) {
          gains.settle(each, oldest);
        }
      }
      expect_equal(gains, plain);
    }
    for (const auto& [account, of] : gains.by_account()) {
      const auto each = of.each();
      ASSERT_TRUE(each.empty() || each.front().seq() >= oldest);
      ASSERT_TRUE(std::ranges::is_sorted(each, {}, &CaseGain::entry));
      for (const CaseGain& gain : each) {
        ASSERT_TRUE(plain.at({account, gain.entry}) == gain.units);
      }
    }
  }
}

TEST(CaseGains, TwoCasesJoinedCountWhatBothKnewOnce) {
  CaseGains one, other;
  one.count("a", std::vector<CaseGain>{{2, 10}, {4, 20}});
  other.count("a", std::vector<CaseGain>{{4, 20}, {5, 7}});
  other.count("b", std::vector<CaseGain>{{5, -3}});
  one.join(other);
  expect_equal(one, {{{"a", 2}, 10}, {{"a", 4}, 20}, {{"a", 5}, 7}, {{"b", 5}, -3}});
}

TEST(CaseGains, WhatTwoCasesHaveSettledNeverCountsTwice) {
  CaseGains one, other;
  one.count("a", std::vector<CaseGain>{{2, 10}, {4, 20}});
  other.count("a", std::vector<CaseGain>{{2, 10}, {4, 20}, {6, 30}});
  one.settle("a", 4);
  other.settle("a", 4);
  one.join(other);
  EXPECT_TRUE(one.sum_of("a") == 60);
  EXPECT_EQ(one.by_account().at("a").settled, 3U);
}

}  // namespace
}  // namespace marktwacht
