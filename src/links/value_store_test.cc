// ValueStore: texts of all lengths stay what they are while others come and go.
#include "links/value_store.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace marktwacht {
namespace {

constexpr std::uint32_t none = 0xFFFF'FFFF;

TEST(ValueStore, KeepsTextsWhileOthersComeAndGo) {
  std::mt19937 random(1);
  ValueStore store;
  std::map<std::uint32_t, std::pair<SharedKind, std::string>> twin;
  const auto length = [&]() -> std::size_t {
    return random() % 2'000 == 0 ? 700'000 : random() % 60;  // some end a chunk early
  };
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 5 < 3 || twin.empty()) {
      const std::string text(length(), static_cast<char>('a' + random() % 26));
      const auto what = static_cast<SharedKind>(random() % shared_kinds);
      const std::uint32_t number = store.make(what, text, none);
      ASSERT_TRUE(twin.emplace(number, std::pair(what, text)).second) << "a number given twice";
      ASSERT_EQ(store[number].degree, 0U);
      ASSERT_EQ(store[number].first, none);
    } else {
      auto gone =
          twin.lower_bound(static_cast<std::uint32_t>(random() % (twin.rbegin()->first + 1)));
      store.free(gone->first);
      twin.erase(gone);
    }
  }
  for (const auto& [number, kept] : twin) {
    ASSERT_EQ(store[number].what(), kept.first);
    ASSERT_EQ(store[number].text(), kept.second);
  }
}

TEST(ValueStore, GivesRoomAgain) {
  ValueStore store;
  const std::uint32_t first = store.make(SharedKind::device, "device-1234567-browser", none);
  store.free(first);
  EXPECT_EQ(store.make(SharedKind::address, "device-7654321-browser", none), first);
  EXPECT_EQ(store[first].what(), SharedKind::address);
}

}  // namespace
}  // namespace marktwacht
