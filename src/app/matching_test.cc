// The matching against trying every one.
#include "app/matching.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace marktwacht {
namespace {

using Choices = std::vector<std::vector<std::size_t>>;

// Of all matchings those with the most pairs, and of these whom on the left the earliest one pairs.
std::vector<bool> paired_twin(const Choices& choices, std::size_t left, std::vector<bool>& taken) {
  if (left == choices.size()) {
    return {};
  }
  const auto with = [&](bool paired, std::vector<bool> rest) {
    rest.insert(rest.begin(), paired);
    return rest;
  };
  const auto better = [](const std::vector<bool>& a, const std::vector<bool>& b) {
    const auto pairs_a = std::ranges::count(a, true), pairs_b = std::ranges::count(b, true);
    return pairs_a != pairs_b ? pairs_a > pairs_b : a > b;
  };
  std::vector<bool> best = with(false, paired_twin(choices, left + 1, taken));
  for (const std::size_t right : choices[left]) {
    if (!taken[right]) {
      taken[right] = true;
      const std::vector<bool> one = with(true, paired_twin(choices, left + 1, taken));
      taken[right] = false;
      best = better(one, best) ? one : best;
    }
  }
  return best;
}

TEST(MatchingTest, PairsTheMostAndTheEarliest) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 3'000; ++round) {
    const std::size_t right_count = random() % 6;
    Choices choices(random() % 7);
    const std::uint64_t density = 1 + random() % 4;
    for (auto& own : choices) {
      for (std::size_t right = 0; right < right_count; ++right) {
        if (random() % 5 < density) {
          own.insert(own.begin() + static_cast<std::ptrdiff_t>(random() % (own.size() + 1)), right);
        }
      }
    }
    const auto partners = match_most(choices, right_count);
    std::vector<bool> paired, taken(right_count), twin_taken(right_count);
    for (std::size_t left = 0; left < choices.size(); ++left) {
      paired.push_back(partners[left].has_value());
      if (partners[left]) {
        EXPECT_NE(std::ranges::find(choices[left], *partners[left]), choices[left].end());
        EXPECT_FALSE(taken[*partners[left]]) << "one partner for two";
        taken[*partners[left]] = true;
      }
    }
    ASSERT_EQ(paired, paired_twin(choices, 0, twin_taken));
  }
}

TEST(MatchingTest, PrefersWhatStandsFirst) {
  EXPECT_EQ(match_most({{2, 0}, {1}}, 3), (std::vector<std::optional<std::size_t>>{2, 1}));
  EXPECT_EQ(match_most({}, 0), std::vector<std::optional<std::size_t>>{});
}

TEST(MatchingTest, ALongChainTakesNoStackAndManyFailuresLittleTime) {
  constexpr std::size_t count = 100'000;
  Choices choices;
  for (std::size_t i = 0; i < count; ++i) {
    choices.push_back({i, i + 1});
  }
  choices.push_back({0});  // all move on by one
  for (std::size_t i = 0; i < count; ++i) {
    choices.push_back({i});  // nobody is free any more
  }
  const auto partners = match_most(choices, count + 1);
  EXPECT_EQ(partners.front(), 1u);
  EXPECT_EQ(partners[count], 0u);
  EXPECT_FALSE(partners[count + 1].has_value());
}

}  // namespace
}  // namespace marktwacht
