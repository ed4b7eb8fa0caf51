// The bounded table against a plain map that walks everything.
#include "base/expiring_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>

namespace marktwacht {
namespace {

struct Record {
  std::int64_t count = 0;
};

// By key: what it counts and when it was last moved in the order of ages.
struct SlowTable {
  struct Entry {
    std::int64_t count = 0, stamp = 0;
    std::uint64_t order = 0;
  };
  std::uint32_t entries_max;
  std::int64_t memory_max;
  std::map<std::uint64_t, Entry> entries;
  std::uint64_t orders = 0, evicted = 0;

  Entry& touch(std::uint64_t key, std::int64_t now) {
    std::erase_if(entries, [&](const auto& one) { return now - one.second.stamp > memory_max; });
    if (!entries.contains(key)) {
      if (entries.size() >= entries_max) {
        entries.erase(std::ranges::min_element(entries, {},
                                               [](const auto& one) { return one.second.order; }));
        ++evicted;
      }
      entries[key] = {0, now, ++orders};
    }
    Entry& entry = entries[key];
    if (now - entry.stamp > memory_max / 16) {
      entry.stamp = now;
      entry.order = ++orders;
    }
    return entry;
  }
};

std::string bytes_of(const ExpiringTable<Record>& table) {
  std::string bytes;
  ByteWriter out(bytes);
  table.save(out);
  return bytes;
}

bool any(std::uint64_t, const Record&) { return true; }

TEST(ExpiringTableTest, KeepsWhatASlowOneKeepsAndComesBackFromItsBytes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::uint64_t state = seed;
    const auto next = [&](std::uint64_t below) {
      state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
      return (state >> 33) % below;
    };
    const auto entries_max = static_cast<std::uint32_t>(1 + next(12));
    const auto memory_max = static_cast<std::int64_t>(1 + next(100));
    auto table = std::make_unique<ExpiringTable<Record>>(entries_max, Duration{memory_max});
    SlowTable slow{entries_max, memory_max, {}};
    std::uint64_t evicted = 0;
    Time now;
    for (int round = 0; round < 2'000; ++round) {
      now.ns += static_cast<std::int64_t>(next(4) == 0 ? next(60) : next(3));
      const std::uint64_t key = next(20);
      table->prefetch(next(20));
      table->prefetch_record(next(20), sizeof(Record));
      Record& record = table->touch(key, now, [&] { ++evicted; });
      auto& entry = slow.touch(key, now.ns);
      ++record.count;
      ++entry.count;
      ASSERT_EQ(record.count, entry.count) << "seed " << seed << ", round " << round;
      ASSERT_EQ(evicted, slow.evicted);
      for (std::uint64_t other = 0; other < 20; ++other) {
        const Record* found = table->find(other, now);
        const auto known = slow.entries.find(other);
        ASSERT_EQ(found != nullptr, known != slow.entries.end()) << other;
        ASSERT_TRUE(found == nullptr || found->count == known->second.count);
      }
      if (next(50) == 0) {
        const std::string bytes = bytes_of(*table);
        table = std::make_unique<ExpiringTable<Record>>(entries_max, Duration{memory_max});
        ByteReader in(bytes);
        ASSERT_TRUE(table->load(in, any) && in.done());
        ASSERT_EQ(bytes_of(*table), bytes);
      }
    }
    EXPECT_LE(table->size(), entries_max);
  }
}

TEST(ExpiringTableTest, MalformedBytesAreRefused) {
  ExpiringTable<Record> table(4, second);
  for (std::uint64_t key : {1, 2}) {
    table.touch(key, Time{static_cast<std::int64_t>(key)}, [] {});
  }
  const std::string bytes = bytes_of(table);
  const auto loads = [&](std::string_view part, std::uint32_t entries_max) {
    ExpiringTable<Record> fresh(entries_max, second);
    ByteReader in(part);
    return fresh.load(in, any);
  };
  EXPECT_TRUE(loads(bytes, 2));
  EXPECT_FALSE(loads(bytes, 1));
  EXPECT_FALSE(loads(std::string_view(bytes).substr(0, bytes.size() - 1), 4));
  std::string doubled = bytes;
  std::ranges::copy(bytes.substr(1, 8), doubled.begin() + 1 + 8 + 1 + 8);
  EXPECT_FALSE(loads(doubled, 4));
}

TEST(ExpiringTableTest, AnErasedRecordLeavesRoom) {
  ExpiringTable<Record> table(1, second);
  bool evicted = false;
  table.touch(1, Time{}, [&] { evicted = true; }).count = 5;
  table.erase(1);
  table.erase(7);
  EXPECT_EQ(table.touch(2, Time{}, [&] { evicted = true; }).count, 0);
  EXPECT_FALSE(evicted);
}

}  // namespace
}  // namespace marktwacht
