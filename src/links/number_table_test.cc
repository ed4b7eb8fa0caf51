// NumberTable against a multimap, with few hashes so that keys meet, and at every fill.
#include "links/number_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <vector>

namespace marktwacht {
namespace {

struct Key {
  std::uint32_t of = 0, spread = 0;

  std::uint32_t hash() const { return of * spread; }
  bool operator==(const Key& other) const { return of == other.of; }
};

// spread 1: all want the first place; 2^28: they crowd at sixteen; else all over.
TEST(NumberTable, HoldsWhatAMultimapHolds) {
  for (const std::uint32_t spread : {1U, 1U << 28U, 0x9E37'79B9U, 0xFFFF'FFFFU}) {
    std::mt19937 random(spread);
    NumberTable<Key> table;
    std::multimap<std::uint32_t, std::uint32_t> twin;
    for (std::uint32_t step = 0; step < 6'000; ++step) {
      const Key key{static_cast<std::uint32_t>(random() % 200), spread};
      if (random() % 1'000 < (step < 3'000 ? 600U : 400U)) {
        table.insert(key, step);
        twin.emplace(key.of, step);
      } else if (const auto gone = twin.lower_bound(key.of); gone != twin.end()) {
        table.erase({gone->first, spread}, gone->second);
        twin.erase(gone);
      }
      ASSERT_EQ(table.size(), twin.size());
      std::set<std::uint32_t> found, expected;
      table.find(key, [&](std::uint32_t number) {
        EXPECT_TRUE(found.insert(number).second);
        return false;  // all of them
      });
      for (auto [at, end] = twin.equal_range(key.of); at != end; ++at) {
        expected.insert(at->second);
      }
      ASSERT_EQ(found, expected) << "spread " << spread << " step " << step;
      ASSERT_EQ(table.find(key) == NumberTable<Key>::none, expected.empty());
    }
    std::set<std::uint32_t> all;
    table.visit([&](std::uint32_t number) { EXPECT_TRUE(all.insert(number).second); });
    EXPECT_EQ(all.size(), twin.size());
  }
}

}  // namespace
}  // namespace marktwacht
