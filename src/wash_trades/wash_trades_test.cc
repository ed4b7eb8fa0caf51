// The wash-trade algorithm: what decides, one by one, and random files against the twin.
#include "wash_trades/wash_trades.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "wash_trades/wash_trades_twin.h"

namespace marktwacht {
namespace {

// A number below `end`.
std::uint32_t pick(std::mt19937& random, std::uint32_t end) {
  return static_cast<std::uint32_t>(random() % end);
}

constexpr auto wash = WashLabel::wash;
constexpr auto checked = WashLabel::checked_not_wash;
constexpr auto outside = WashLabel::not_in_relevant_scc;
constexpr auto self = WashLabel::self_trade;
using Labels = std::vector<WashLabel>;

constexpr std::int64_t midnight = 1'599'955'200;  // 2020-09-13, a Sunday

// With a low threshold, so that examples are short.
WashOptions options_of(std::uint64_t occurrence_min,
                       std::vector<std::int64_t> windows_s = {3'600}) {
  return {occurrence_min, {1, 100}, std::move(windows_s)};
}

Labels labels_of(const std::vector<WashTrade>& trades, const WashOptions& options) {
  const Labels labels = label_wash_trades(trades, options);
  EXPECT_EQ(labels, label_wash_trades_twin(trades, options));
  return labels;
}

WashTrade at(std::int64_t seconds, std::uint32_t buyer, std::uint32_t seller, int amount,
             std::uint32_t token = 0) {
  return {midnight + seconds, token, buyer, seller, amount};
}

TEST(WashTradesTest, NoTradesNoLabels) { EXPECT_EQ(labels_of({}, options_of(1)), Labels{}); }

TEST(WashTradesTest, DefaultsAreThePublishedOnes) {
  const WashOptions options;
  EXPECT_EQ(options.occurrence_min, 100u);
  EXPECT_EQ(options.margin.numerator * 100, options.margin.denominator);
  EXPECT_EQ(options.windows_s, (std::vector<std::int64_t>{3'600, 86'400, 604'800}));
}

TEST(WashTradesTest, AccountsMustTradeInCirclesOftenEnough) {
  // Two there and back: two layers.
  const std::vector<WashTrade> trades = {at(0, 0, 1, 7), at(1, 1, 0, 7), at(2, 0, 1, 7),
                                         at(3, 1, 0, 7)};
  EXPECT_EQ(labels_of(trades, options_of(2)), Labels(4, wash));
  EXPECT_EQ(labels_of(trades, options_of(3)), Labels(4, outside));
}

TEST(WashTradesTest, OccurrencesAddUpOverTokens) {
  EXPECT_EQ(labels_of({at(0, 0, 1, 7, 0), at(1, 1, 0, 7, 0), at(2, 0, 1, 9, 5), at(3, 1, 0, 9, 5)},
                      options_of(2)),
            Labels(4, wash));
}

TEST(WashTradesTest, ASetIsJudgedInEveryTokenButEachTokenByItself) {
  // The set comes from token 0; in token 1 nothing comes back.
  EXPECT_EQ(labels_of({at(0, 0, 1, 7, 0), at(1, 1, 0, 7, 0), at(2, 0, 1, 7, 1)}, options_of(1)),
            (Labels{wash, wash, checked}));
}

TEST(WashTradesTest, SelfTradesAreDroppedBeforeAllElse) {
  // The one of the day before does not move the windows' beginning, nor is it a circle.
  EXPECT_EQ(labels_of({at(-86'000, 2, 2, 7), at(0, 0, 1, 7), at(7'000, 1, 0, 7)},
                      options_of(1, {129'600})),
            (Labels{self, wash, wash}));
}

TEST(WashTradesTest, WindowsStartAtTheFirstDaysMidnight) {
  const std::vector<WashTrade> trades = {at(3'599, 0, 1, 7), at(3'600, 1, 0, 7),
                                         at(9'000, 2, 3, 1)};
  EXPECT_EQ(labels_of(trades, options_of(1, {3'600})), (Labels{checked, checked, outside}));
  EXPECT_EQ(labels_of(trades, options_of(1, {3'600, 86'400})), (Labels{wash, wash, outside}));
}

TEST(WashTradesTest, TheLastTradesSecondBeginsNoWindow) {
  EXPECT_EQ(labels_of({at(3'599, 0, 1, 7), at(3'600, 1, 0, 7)}, options_of(1)), Labels(2, wash));
}

TEST(WashTradesTest, TiesAreOrderedByBuyerThenSellerThenRow) {
  // In order of account numbers 0 buys, 1 sells back, 2 is left over: rows 2, 1, 0.
  EXPECT_EQ(
      labels_of({at(5, 2, 0, 9), at(5, 1, 0, 7), at(5, 0, 1, 7), at(9, 0, 2, 3)}, options_of(1)),
      (Labels{checked, wash, wash, checked}));
}

TEST(WashTradesTest, LabelledTradesLeaveLaterPasses) {
  // Beside the large trades of the first hour, the difference of the small ones would not matter.
  EXPECT_EQ(labels_of({at(0, 0, 1, 1'000), at(1, 1, 0, 1'000), at(4'000, 0, 1, 5),
                       at(9'000, 1, 0, 4), at(90'000, 2, 3, 1)},
                      options_of(1, {3'600, 86'400})),
            (Labels{wash, wash, checked, checked, outside}));
}

TEST(WashTradesTest, SetsAreTriedInTheOrderOfTheirDiscovery) {
  // A circle of three in token 0, and a trade that fits its first; a pair in token 1.
  std::vector<WashTrade> trades = {at(10, 1, 0, 6), at(11, 2, 1, 6),    at(12, 0, 2, 6),
                                   at(13, 0, 1, 6), at(20, 1, 0, 6, 1), at(21, 0, 1, 6, 1)};
  EXPECT_EQ(labels_of(trades, options_of(1)), (Labels{wash, wash, wash, checked, wash, wash}));
  trades[4].time_s = midnight;  // token 1 is first, and with it the pair
  EXPECT_EQ(labels_of(trades, options_of(1)), (Labels{wash, checked, checked, wash, wash, wash}));
}

// Few accounts, tokens and seconds, so that all that can meet does.
std::vector<WashTrade> random_trades(std::mt19937& random) {
  const std::uint32_t accounts = 2 + pick(random, 6);
  const std::uint32_t tokens = 1 + pick(random, 3);
  const std::int64_t span_s = std::int64_t{1} << (3 + pick(random, 18));
  std::vector<WashTrade> trades(pick(random, 60));
  for (WashTrade& trade : trades) {
    trade = {midnight + static_cast<std::int64_t>(random() % span_s) / 600 * 600,
             pick(random, tokens), pick(random, accounts), pick(random, accounts),
             1 + pick(random, 2)};
  }
  return trades;
}

TEST(WashTradesTest, EqualsTheTwinOnRandomFiles) {
  std::mt19937 random(4);
  std::map<WashLabel, int> counts;
  for (int round = 0; round < 1'500; ++round) {
    const std::vector<WashTrade> trades = random_trades(random);
    const WashOptions options{1 + pick(random, 4), {pick(random, 3), 4}, {3'600, 86'400, 604'800}};
    const Labels labels = label_wash_trades(trades, options);
    ASSERT_EQ(labels, label_wash_trades_twin(trades, options)) << "round " << round;
    for (const WashLabel label : labels) {
      ++counts[label];
    }
  }
  for (const WashLabel label : {wash, checked, outside, self}) {
    EXPECT_GT(counts[label], 1'000) << static_cast<int>(label);
  }
}

TEST(WashTradesTest, EqualsTheTwinOnFilesWithManySmallSets) {
  std::mt19937 random(6);
  std::map<WashLabel, int> counts;
  for (int round = 0; round < 2; ++round) {
    std::vector<WashTrade> trades(1'500);  // twelve of most pairs, so that places are compared
    for (WashTrade& trade : trades) {
      const std::uint32_t buyer = pick(random, 240);
      const std::uint32_t seller = pick(random, 30) == 0 ? pick(random, 240) : buyer ^ 1;
      trade = {midnight + pick(random, 200'000), 0, buyer, seller, 1};
    }
    const WashOptions options{4, {pick(random, 3), 4}, {3'600, 86'400}};
    const Labels labels = label_wash_trades(trades, options);
    ASSERT_EQ(labels, label_wash_trades_twin(trades, options)) << "round " << round;
    for (const WashLabel label : labels) {
      ++counts[label];
    }
  }
  for (const WashLabel label : {wash, checked, outside}) {
    EXPECT_GT(counts[label], 200) << static_cast<int>(label);
  }
}

TEST(WashTradesTest, TheOrderOfTheFileDecidesOnlyTies) {
  std::mt19937 random(5);
  for (int round = 0; round < 100; ++round) {
    std::vector<WashTrade> trades = random_trades(random);
    for (std::size_t row = 0; row < trades.size(); ++row) {
      trades[row].time_s += static_cast<std::int64_t>(row);  // no ties
    }
    std::vector<std::pair<std::int64_t, WashLabel>> labels, shuffled;
    const WashOptions options = options_of(2, {3'600, 86'400});
    for (auto* into : {&labels, &shuffled}) {
      const Labels made = label_wash_trades(trades, options);
      for (std::size_t row = 0; row < trades.size(); ++row) {
        into->emplace_back(trades[row].time_s, made[row]);
      }
      std::ranges::sort(*into);
      std::ranges::shuffle(trades, random);
    }
    ASSERT_EQ(labels, shuffled) << "round " << round;
  }
}

}  // namespace
}  // namespace marktwacht
