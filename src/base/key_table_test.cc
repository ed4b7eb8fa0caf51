// Random calls against std::map.
#include "base/key_table.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>

namespace marktwacht {
namespace {

using Owned = std::unique_ptr<std::uint64_t>;  // what is erased must go, what moves must stay whole

void expect_equal(const KeyTable<Owned>& table,
                  const std::map<std::uint64_t, std::uint64_t>& twin) {
  ASSERT_EQ(table.size(), twin.size());
  std::map<std::uint64_t, std::uint64_t> visited;
  table.visit([&](std::uint64_t key, const Owned& value) { visited[key] = *value; });
  ASSERT_EQ(visited, twin);
}

TEST(KeyTable, IsAMap) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    std::mt19937_64 random(seed);
    KeyTable<Owned> table;
    std::map<std::uint64_t, std::uint64_t> twin;
    for (std::uint64_t step = 0; step < 40'000; ++step) {
      // High and low halves alike, as accounts and instruments are.
      const std::uint64_t key = random() % 60 << 32 | random() % 60;
      table.look_ahead(Ahead::place, random() % 60 << 32);
      table.look_ahead(Ahead::record, key);
      if (random() % 3 == 0) {
        ASSERT_EQ(table.erase(key), twin.erase(key) == 1);
      } else {
        table[key] = std::make_unique<std::uint64_t>(step);
        twin[key] = step;
      }
      const std::uint64_t other = random() % 60 << 32 | random() % 60;
      const Owned* const found = std::as_const(table).find(other);
      const auto wanted = twin.find(other);
      ASSERT_EQ(found != nullptr, wanted != twin.end());
      ASSERT_TRUE(found == nullptr || **found == wanted->second);
    }
    expect_equal(table, twin);
    table.clear();
    expect_equal(table, {});
  }
}

TEST(KeyTable, AFreshRecordIsEmptyThoughOneWasErased) {
  KeyTable<int> table;
  table[7] = 3;
  table[8] = 4;
  EXPECT_TRUE(table.erase(7));
  EXPECT_FALSE(table.erase(7));
  EXPECT_EQ(table[9], 0);
  EXPECT_EQ(table[8], 4);
  EXPECT_EQ(table.size(), 2U);
}

}  // namespace
}  // namespace marktwacht
