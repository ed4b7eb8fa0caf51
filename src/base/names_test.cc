// Interning against std::map.
#include "base/names.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace marktwacht {
namespace {

TEST(Names, NumbersAreDenseInOrderOfFirstSight) {
  Names<AccountIndex> names;
  EXPECT_FALSE(names.find("a").exists());
  EXPECT_EQ(names.intern("a").value, 0U);
  EXPECT_EQ(names.intern("b").value, 1U);
  EXPECT_EQ(names.intern("a").value, 0U);
  EXPECT_EQ(names.intern(std::string_view()).value, 2U);
  EXPECT_EQ(names.size(), 3U);
  EXPECT_EQ(names.text(AccountIndex{1}), "b");
  EXPECT_EQ(names.find("b").value, 1U);
  EXPECT_FALSE(names.find("c").exists());
}

TEST(Names, LikeAMap) {
  std::mt19937_64 random(5);
  Names<AccountIndex> names;
  std::map<std::string, std::uint32_t> twin;
  for (int i = 0; i < 60'000; ++i) {
    const std::string name = "account-" + std::to_string(random() % 20'000);
    if (random() % 2 == 0) {
      const auto number = twin.try_emplace(name, static_cast<std::uint32_t>(twin.size()));
      ASSERT_EQ(names.intern(name).value, number.first->second);
    } else {
      const auto known = twin.find(name);
      ASSERT_EQ(names.find(name),
                known == twin.end() ? AccountIndex::none() : AccountIndex{known->second});
    }
  }
  ASSERT_EQ(names.size(), twin.size());
  for (const auto& [name, number] : twin) {
    ASSERT_EQ(names.text(AccountIndex{number}), name);
  }
}

// Texts stay where they are while others come.
TEST(Names, TextsStay) {
  Names<AccountIndex> names;
  const std::string* const first = &names.text(names.intern("first"));
  for (int i = 0; i < 1'000; ++i) {
    names.intern(std::to_string(i));
  }
  EXPECT_EQ(&names.text(AccountIndex{0}), first);
  EXPECT_EQ(*first, "first");
}

TEST(Names, SameBytes) {
  const std::string text = "the quick brown fox jumps over the lazy dog";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    EXPECT_TRUE(same_bytes(text.data(), std::string(text).data(), size)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = static_cast<char>(other[at] ^ 1);
      EXPECT_FALSE(same_bytes(text.data(), other.data(), size)) << size << " at " << at;
    }
    std::string beyond = text + "!";
    beyond[size] = '?';
    EXPECT_TRUE(same_bytes(text.data(), beyond.data(), size)) << size;
  }
}

// The hash only spreads keys: names of equal hash stay apart.
TEST(Names, EqualHashes) {
  Names<AccountIndex> names;
  const Text one{"one", 3, 77}, two{"two", 3, 77};
  EXPECT_EQ(names.intern(one).value, 0U);
  EXPECT_EQ(names.intern(two).value, 1U);
  EXPECT_EQ(names.find(one).value, 0U);
  EXPECT_EQ(names.find(two).value, 1U);
}

}  // namespace
}  // namespace marktwacht
