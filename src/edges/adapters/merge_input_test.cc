// Merging inputs by time.
#include <gtest/gtest.h>

#include <random>

#include "edges/adapters/fake_input.h"
#include "edges/adapters/inputs.h"

namespace marktwacht {
namespace {

using Lists = std::vector<std::vector<FakeItem>>;

std::unique_ptr<Input> merged(const Lists& lists, std::size_t batch_items) {
  std::vector<std::unique_ptr<Input>> inputs;
  for (const std::vector<FakeItem>& list : lists) {
    inputs.push_back(std::make_unique<FakeInput>(list, batch_items));
  }
  return merge_inputs(std::move(inputs));
}

// One item at a time: the first fault at a head, else the earliest head, the first given of equals.
std::vector<std::string> merge_twin(const Lists& lists) {
  std::vector<std::size_t> at(lists.size());
  std::vector<std::string> items;
  while (true) {
    std::size_t best = lists.size();
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (at[i] == lists[i].size()) {
        continue;
      }
      const std::int64_t ts = lists[i][at[i]].ts;
      if (best == lists.size() || ts < lists[best][at[best]].ts) {
        best = i;
      }
    }
    if (best == lists.size()) {
      return items;
    }
    const FakeItem& item = lists[best][at[best]];
    const std::string time = item.ts < 0 ? "fault" : std::to_string(item.ts);
    items.push_back(time + ":" + item.text + "/" + std::to_string(at[best] + 1) + "/" +
                    std::to_string(at[best] * 10));
    ++at[best];
  }
}

TEST(Merge, TiesGoInTheOrderGiven) {
  const Lists lists = {{{5, "a"}, {7, "b"}}, {{5, "c"}, {6, "d"}}, {{4, "e"}, {7, "f"}}};
  for (const std::size_t size : {1, 2, 10}) {
    EXPECT_EQ(take_all(*merged(lists, size)).items,
              (std::vector<std::string>{"4:e/1/0", "5:a/1/0", "5:c/1/0", "6:d/2/10", "7:b/2/10",
                                        "7:f/2/10"}));
  }
}

TEST(Merge, FaultsGoOnAtTheHead) {
  const Lists lists = {{{5, "a"}, {-1, "bad"}, {9, "b"}}, {{-1, "worse"}, {6, "c"}}};
  for (const std::size_t size : {1, 2, 10}) {
    EXPECT_EQ(take_all(*merged(lists, size)).items,
              (std::vector<std::string>{"fault:worse/1/0", "5:a/1/0", "fault:bad/2/10", "6:c/2/10",
                                        "9:b/3/20"}));
  }
}

TEST(Merge, TimesThatGoBackStayInTheirInputsOrder) {
  const Lists lists = {{{5, "a"}, {1, "b"}}, {{2, "c"}, {6, "d"}}};
  EXPECT_EQ(take_all(*merged(lists, 10)).items,
            (std::vector<std::string>{"2:c/1/0", "5:a/1/0", "1:b/2/10", "6:d/2/10"}));
}

TEST(Merge, RandomInputsAreAsOneAtATime) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 300; ++trial) {
    Lists lists(1 + random() % 5);
    std::size_t total = 0;
    for (std::vector<FakeItem>& list : lists) {
      std::int64_t ts = random() % 50;
      for (auto left = random() % 200; left > 0; --left) {
        ts += random() % 3;
        const bool bad = random() % 10 == 0;
        list.push_back({bad ? -1 : ts - (random() % 20 == 0 ? 1 : 0),
                        std::string(random() % 20, static_cast<char>('a' + random() % 26))});
      }
      total += list.size();
    }
    const Taken taken = take_all(*merged(lists, 1 + random() % 40));
    EXPECT_EQ(taken.items, merge_twin(lists));
    EXPECT_EQ(taken.unknown_fields, total);
  }
}

TEST(Merge, LongInputsAreAsOneAtATime) {
  for (const std::int64_t step : {1, 3000}) {
    Lists lists(3);
    for (std::int64_t i = 0; i < 30'000; ++i) {
      lists[static_cast<std::size_t>(i / step % 3)].push_back({i, std::to_string(i)});
    }
    EXPECT_TRUE(take_all(*merged(lists, 1000)).items == merge_twin(lists)) << step;
  }
}

TEST(Merge, CountsAreKept) {
  const Taken taken = take_all(*merged({{{1, "a"}, {3, "b"}}, {{2, "c"}}}, 1));
  EXPECT_EQ(taken.blank_lines, 3u);
  EXPECT_EQ(taken.unknown_fields, 3u);
}

TEST(Merge, AnErrorComesAfterWhatWasBefore) {
  std::vector<std::unique_ptr<Input>> inputs;
  inputs.push_back(
      std::make_unique<FakeInput>(std::vector<FakeItem>{{1, "a"}, {5, "b"}}, 1, "torn"));
  inputs.push_back(std::make_unique<FakeInput>(std::vector<FakeItem>{{2, "c"}, {9, "d"}}, 10));
  const auto input = merge_inputs(std::move(inputs));
  const Taken taken = take_all(*input);
  EXPECT_EQ(taken.items, (std::vector<std::string>{"1:a/1/0", "2:c/1/0", "5:b/2/10"}));
  EXPECT_EQ(taken.error, "torn");
  EXPECT_EQ(take_all(*input).error, "torn") << "an error stays";
}

TEST(Merge, ProgressAndNotesAreThoseOfAll) {
  const auto input = merged({{{1, "a"}, {2, "b"}}, {{3, "c"}}}, 1);
  EXPECT_EQ(input->progress().bytes_total, 3u);
  take_all(*input);
  EXPECT_EQ(input->progress().bytes_done, 3u);
  EXPECT_EQ(input->notes().size(), 2u);
  const auto unknown = merged({{{1, "a"}}, {}}, 1);
  EXPECT_EQ(unknown->progress().bytes_total, 0u) << "one of them does not know";
}

}  // namespace
}  // namespace marktwacht
