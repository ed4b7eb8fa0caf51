// The index of ids against a plain multimap, with hashes that collide much.
#include "base/id_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace marktwacht {
namespace {

void insert(IdIndex& index, std::uint32_t hash, std::uint32_t number) {
  index.insert(hash, number, [=](std::uint32_t at) { return at == number; });
}

std::uint32_t find(const IdIndex& index, std::uint32_t hash, std::uint32_t number) {
  return index.find(hash, [=](std::uint32_t at) { return at == number; });
}

// `spread` narrows the hashes; the high bits make the homes wrap around the end.
void compare(std::uint64_t seed, std::uint32_t spread, std::size_t live_max, int steps) {
  std::mt19937_64 random(seed);
  IdIndex index;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> live;  // hash, number
  std::uint32_t next = 0;
  for (int step = 0; step < steps; ++step) {
    if (live.empty() || (random() % 100 < 52 && live.size() < live_max)) {
      const auto hash = static_cast<std::uint32_t>(0xFFFF'FFF8U + random() % spread);
      ASSERT_EQ(find(index, hash, next), IdIndex::none);
      insert(index, hash, next);
      live.emplace_back(hash, next++);
    } else {
      std::swap(live[random() % live.size()], live.back());
      const auto [hash, number] = live.back();
      index.erase(hash, number);
      live.pop_back();
      ASSERT_EQ(find(index, hash, number), IdIndex::none);
    }
    ASSERT_EQ(index.size(), live.size());
    if (step % 101 == 0) {
      for (const auto& [hash, number] : live) {
        ASSERT_EQ(find(index, hash, number), number);
      }
    }
  }
}

TEST(IdIndexTest, FindsAllAndOnlyWhatIsThere) {
  compare(1, 1, 60, 4'000);
  compare(2, 16, 300, 10'000);
  compare(3, 2'000, 1'500, 20'000);
  compare(4, 0xFFFF'FFFF, 3'000, 20'000);
}

TEST(IdIndexTest, AsksOnlyAboutEqualHashes) {
  IdIndex index;
  for (std::uint32_t i = 0; i < 100; ++i) {
    insert(index, i << 20, i);  // one home, other hashes
  }
  int asked = 0;
  index.find(50U << 20, [&](std::uint32_t at) {
    ++asked;
    return at == 50;
  });
  EXPECT_EQ(asked, 1);
}

TEST(IdIndexTest, ASecondEntryForOneIdStopsTheProcess) {
  IdIndex index;
  insert(index, 7, 70);
  insert(index, 7, 71);
  EXPECT_DEATH(insert(index, 7, 70), "not live");
}

TEST(IdIndexTest, ReserveKeepsWhatIsThere) {
  IdIndex index;
  insert(index, 7, 70);
  index.reserve(1'000'000);
  EXPECT_EQ(find(index, 7, 70), 70U);
  const std::size_t bytes = index.bytes();
  for (std::uint32_t i = 0; i < 999'000; ++i) {
    insert(index, i * 2'654'435'761U, i + 100);
  }
  EXPECT_EQ(index.bytes(), bytes);
}

}  // namespace
}  // namespace marktwacht
