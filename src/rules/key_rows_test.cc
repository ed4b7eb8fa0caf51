// Keys made in one go are those that are made part by part: what is looked ahead at is what is
// counted in.
#include "rules/key_rows.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(KeyTest, PartsThatAreNotGivenAreUnused) {
  Key one, two;
  one.parts[0] = 7;
  two.parts[0] = 7;
  two.parts[1] = 9;
  EXPECT_EQ(Key::of(7), one);
  EXPECT_EQ(Key::of(7, 9), two);
  EXPECT_EQ(Key::of(7, 9).hash(), two.hash());
}

TEST(KeyRowsTest, ARowIsFoundByTheKeyThatIsLookedAheadAt) {
  KeyRows rows(true, 2);
  const std::uint32_t area = rows.add_area(3);
  Key key;
  key.parts[0] = 7;
  key.parts[1] = 9;
  const std::uint32_t row = rows.place_for(key);
  rows.enter(area, row);
  EXPECT_EQ(rows.find(Key::of(7, 9)), row);
  EXPECT_EQ(rows.find(Key::of(7)), KeyRows::none);
  EXPECT_EQ(rows.find(Key::of(7, 8)), KeyRows::none);
}

TEST(KeyRowsTest, AnAreaIsInTheLinesThatAreLookedAheadAt) {
  KeyRows rows(true, 2);
  constexpr std::uint32_t words[] = {3, 9, 20};
  const std::uint32_t areas[] = {rows.add_area(3), rows.add_area(9), rows.add_area(20)};
  for (std::uint32_t owner = 0; owner < 100; ++owner) {
    const std::uint32_t row = rows.place_for(Key::of(owner, 9));
    const auto head = reinterpret_cast<std::uintptr_t>(&rows.key(row));
    EXPECT_EQ(head % 64, 0U);
    for (const std::uint32_t area : areas) {
      KeyRows::Lines expected = 1;
      const std::uint64_t* const from = rows.words(area, row) - 1;  // its use
      for (const std::uint64_t* word = from; word <= from + words[area]; ++word) {
        expected |= KeyRows::Lines{1} << (reinterpret_cast<std::uintptr_t>(word) - head) / 64;
      }
      EXPECT_EQ(rows.lines_of(area, 0, words[area]), expected);
      const std::uint32_t first = owner % words[area];
      const auto one = reinterpret_cast<std::uintptr_t>(rows.words(area, row) + first) - head;
      const auto use = reinterpret_cast<std::uintptr_t>(from) - head;
      EXPECT_EQ(rows.lines_of(area, first, 1),
                KeyRows::Lines{1} | KeyRows::Lines{1} << use / 64 | KeyRows::Lines{1} << one / 64);
    }
  }
}

// What was looked up or looked ahead at last does not outlive its row.
TEST(KeyRowsTest, AKeyWhoseRowWasGivenBackHasNone) {
  KeyRows rows(true, 2);
  const std::uint32_t area = rows.add_area(3);
  const Key gone = Key::of(1, 9);
  const std::uint32_t first = rows.place_for(gone);
  rows.enter(area, first);
  KeyRows::Coming coming = rows.prefetch(gone);
  rows.prefetch_row(coming, rows.lines_of(area, 0, 3));
  rows.leave(area, first);
  bool again = false;  // the row is another key's
  for (std::uint32_t owner = 2; owner < 10'000; ++owner) {
    EXPECT_EQ(rows.find(gone), again ? KeyRows::none : first);
    const Key key = Key::of(owner, 9);
    const std::uint32_t row = rows.place_for(key);
    again |= row == first;
    rows.enter(area, row);
    EXPECT_EQ(rows.find(key), row);
    EXPECT_EQ(rows.row_of(area, rows.words(area, row)), row);
  }
  EXPECT_TRUE(again);
  EXPECT_EQ(rows.find(gone), KeyRows::none);
  EXPECT_EQ(rows.find(Key::of(2, 9)), first + 1);
}

}  // namespace
}  // namespace marktwacht
