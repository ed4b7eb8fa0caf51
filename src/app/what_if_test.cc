// Which alerts are alike, against a slow comparison of all pairs; and what --vary takes.
#include "app/what_if.h"

#include <gtest/gtest.h>

#include <random>

namespace marktwacht {
namespace {

FoundAlert alert(std::string id, std::int64_t from, std::int64_t to) {
  FoundAlert result;
  result.alert_id = std::move(id);
  result.detector = "spoofing";
  result.clause = "2.8";
  result.account_ids = {"ann"};
  result.instrument_id = "S";
  result.from.ns = from;
  result.to.ns = to;
  return result;
}

bool are_alike(const FoundAlert& a, const FoundAlert& b) {
  const bool subject = a.group_id.empty() && b.group_id.empty() ? a.account_ids == b.account_ids
                                                                : a.group_id == b.group_id;
  return subject && a.detector == b.detector && a.instrument_id == b.instrument_id &&
         std::max(a.from, b.from) <= std::min(a.to, b.to);
}

TEST(WhatIf, AlikeAreDetectorSubjectInstrumentAndASharedInstant) {
  const FoundAlert one = alert("1", 10, 20);
  const auto alike = [&](const FoundAlert& other) { return compare({one}, {other}).all.both_a; };
  EXPECT_EQ(alike(alert("2", 20, 30)), 1u) << "they share one instant";
  EXPECT_EQ(alike(alert("2", 21, 30)), 0u);
  EXPECT_EQ(alike(alert("2", 0, 9)), 0u);
  EXPECT_EQ(alike(alert("2", 12, 13)), 1u);
  FoundAlert other = one;
  other.clause = "2.9";
  EXPECT_EQ(alike(other), 1u) << "the clause is no condition";
  other.detector = "layering";
  EXPECT_EQ(alike(other), 0u);
  other = one;
  other.instrument_id = "";
  EXPECT_EQ(alike(other), 0u);
  other = one;
  other.account_ids = {"ann", "bob"};
  EXPECT_EQ(alike(other), 0u);
  other.group_id = "g-ann";
  EXPECT_EQ(alike(other), 0u);
  FoundAlert grown = other;
  grown.account_ids = {"ann", "bob", "cat"};
  EXPECT_EQ(compare({other}, {grown}).all.both_b, 1u) << "a group is who it is called";
}

TEST(WhatIf, OneMayBeLikeSeveral) {
  const WhatIf found =
      compare({alert("1", 0, 100)}, {alert("2", 5, 6), alert("3", 50, 60), alert("4", 101, 102)});
  EXPECT_EQ(found.all.both_a, 1u);
  EXPECT_EQ(found.all.both_b, 2u);
  EXPECT_EQ(found.all.only_a, 0u);
  EXPECT_EQ(found.only_b, std::vector<std::size_t>{2});
  EXPECT_EQ(found.by_account.at("ann").b(), 3u);
}

TEST(WhatIf, RandomSetsAgreeWithAllPairs) {
  std::mt19937_64 random(8);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  for (int round = 0; round < 200; ++round) {
    const auto draw = [&] {
      std::vector<FoundAlert> alerts;
      for (std::int64_t left = below(30); left > 0; --left) {
        const std::int64_t from = below(60);
        FoundAlert& one = alerts.emplace_back(alert("x", from, from + below(8)));
        one.detector = below(2) == 0 ? "spoofing" : "layering";
        one.group_id = below(3) == 0 ? "g" : "";
        one.account_ids = {below(2) == 0 ? "ann" : "bob"};
      }
      return alerts;
    };
    const std::vector<FoundAlert> a = draw(), b = draw();
    const auto alone = [](const std::vector<FoundAlert>& of, const std::vector<FoundAlert>& in) {
      std::vector<std::size_t> places;
      for (std::size_t i = 0; i < of.size(); ++i) {
        if (std::ranges::none_of(in, [&](const auto& each) { return are_alike(of[i], each); })) {
          places.push_back(i);
        }
      }
      return places;
    };
    const WhatIf found = compare(a, b);
    EXPECT_EQ(found.only_a, alone(a, b));
    EXPECT_EQ(found.only_b, alone(b, a));
    EXPECT_EQ(found.all.a(), a.size());
    EXPECT_EQ(found.all.b(), b.size());
    std::uint64_t of_rules = 0;
    for (const auto& [rule, counts] : found.by_rule) {
      of_rules += counts.a() + counts.b();
    }
    EXPECT_EQ(of_rules, a.size() + b.size());
  }
}

TEST(Vary, IsExactInEveryStep) {
  const auto values = [](const std::string& range) {
    const auto variation = parse_variation("rule.limit=" + range);
    return variation ? variation->values : std::vector<std::string>{variation.error()};
  };
  EXPECT_EQ(values("1:3:1"), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(values("0.1:0.35:0.1"), (std::vector<std::string>{"0.1", "0.2", "0.3"}));
  EXPECT_EQ(values("3:1:-1"), (std::vector<std::string>{"3", "2", "1"}));
  EXPECT_EQ(values("-0.5:0.5:0.5"), (std::vector<std::string>{"-0.5", "0", "0.5"}));
  EXPECT_EQ(values("7:7:1"), std::vector<std::string>{"7"});
  EXPECT_EQ(values("1:1000:1").size(), 1'000u);
  const auto dotted = parse_variation("a.b.c=1:1:1");
  ASSERT_TRUE(dotted);
  EXPECT_EQ(dotted->rule, "a.b");
  EXPECT_EQ(dotted->param, "c");
  for (const char* bad : {"rule=1:2:1", "rule.=1:2:1", ".p=1:2:1", "rule.p=1:2", "rule.p=1:x:1",
                          "rule.p=1:2:0", "rule.p=2:1:1", "rule.p=1:1001:1", "rule.p", ""}) {
    EXPECT_FALSE(parse_variation(bad)) << bad;
  }
}

}  // namespace
}  // namespace marktwacht
