// Ids in 8 bytes: every kind, its limits, and texts that must not be taken for one another.
#include "books/id_store.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace marktwacht {
namespace {

using Kind = PackedId::Kind;

Kind kind_of(const std::string& text) { return IdStore::key(make_text(text)).id.kind(); }

std::string text_of(const IdStore& ids, PackedId id) {
  std::array<char, IdStore::text_space> space{};
  return std::string(ids.text(id, space));
}

TEST(IdStoreTest, KindsAtTheirLimits) {
  for (const char* const number : {"0", "7", "99999999", "100000000", "1234567890123456",
                                   "12345678901234567", "4611686018427387903"}) {
    EXPECT_EQ(kind_of(number), Kind::number) << number;
  }
  for (const char* const brief :
       {"00", "07", "-1", "+1", "1e3", "a", "abcdefg", " 1", "1 ", ":9"}) {
    EXPECT_EQ(kind_of(brief), Kind::brief) << brief;
  }
  for (const char* const other :
       {"abcdefgh", "00000001", "1234567x", "4611686018427387904", "9999999999999999999",
        "18446744073709551616", "123456789012345678901", "x2345678901234567",
        "1234567890123456/"}) {
    EXPECT_EQ(kind_of(other), Kind::slab) << other;
  }
  EXPECT_EQ(kind_of(std::string(1, '\0')), Kind::brief);
  EXPECT_EQ(kind_of("/"), Kind::brief);
  EXPECT_EQ(kind_of(":"), Kind::brief);
}

TEST(IdStoreTest, AllTextsComeBackAndNoTwoAreEqual) {
  std::mt19937_64 random(1);
  std::set<std::string> texts = {std::string(1, '\0'), std::string(2, '\0'), std::string(8, '\0')};
  for (int i = 0; i < 3'000; ++i) {
    const std::string number = std::to_string(random() >> random() % 64);
    texts.insert(number);
    texts.insert("0" + number);
    texts.insert(number + "x");
    std::string bytes(1 + random() % IdStore::size_max, 'a');
    for (char& byte : bytes) {
      byte = static_cast<char>(random());
    }
    texts.insert(bytes);
    texts.insert(bytes.substr(0, 1 + random() % 9));
    std::string digits(1 + random() % 20, '0');
    for (char& byte : digits) {
      byte = static_cast<char>('.' + random() % 14);  // now and then not a digit
    }
    texts.insert(digits);
  }
  IdStore ids;
  std::map<std::uint64_t, std::string> by_bits;
  for (const std::string& text : texts) {
    const IdKey key = IdStore::key(make_text(text));
    const PackedId id = ids.store(key);
    EXPECT_TRUE(ids.equal(id, key));
    EXPECT_EQ(ids.hash(id), key.hash);
    EXPECT_TRUE(by_bits.emplace(id.bits, text).second) << text;
  }
  for (const auto& [bits, text] : by_bits) {
    EXPECT_EQ(text_of(ids, {bits}), text);
  }
}

TEST(IdStoreTest, EqualOnlyByAllBytes) {
  IdStore ids;
  const auto with_hash = [](const std::string& text) {
    Text made = make_text(text);
    made.hash = 5;
    return IdStore::key(made);
  };
  std::vector<std::string> texts = {"order-number-1", "order-number-2", "order-number-12",
                                    std::string(128, 'a'), std::string(127, 'a')};
  for (const std::string& a : texts) {
    const PackedId stored = ids.store(with_hash(a));
    for (const std::string& b : texts) {
      EXPECT_EQ(ids.equal(stored, with_hash(b)), a == b);
    }
    EXPECT_FALSE(ids.equal(stored, IdStore::key(make_text("12"))));
  }
}

TEST(IdStoreTest, ReleasedCellsAreUsedAgain) {
  IdStore ids;
  std::mt19937_64 random(2);
  std::vector<std::pair<PackedId, std::string>> live;
  std::size_t after_first = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 4'000; ++i) {
      std::string text = "order-" + std::to_string(round) + "-" + std::to_string(i);
      text.resize(20 + static_cast<std::size_t>(i) % 100, 'x');
      live.emplace_back(ids.store(IdStore::key(make_text(text))), text);
    }
    for (const auto& [id, text] : live) {
      ASSERT_EQ(text_of(ids, id), text);
    }
    after_first = round == 0 ? ids.slab_bytes() : after_first;
    std::shuffle(live.begin(), live.end(), random);
    for (const auto& [id, text] : live) {
      ids.release(id);
    }
    live.clear();
  }
  EXPECT_EQ(ids.slab_bytes(), after_first);
}

TEST(IdStoreTest, CellsDoNotCrossChunks) {
  IdStore ids;
  std::vector<PackedId> stored;
  const auto text = [](std::size_t i) {
    std::string made = std::to_string(i);
    made.resize(100 + i % 29, 'y');
    return made;
  };
  for (std::size_t i = 0; i < 40'000; ++i) {  // beyond two chunks of 2 MiB
    stored.push_back(ids.store(IdStore::key(make_text(text(i)))));
  }
  for (std::size_t i = 0; i < stored.size(); ++i) {
    ASSERT_EQ(text_of(ids, stored[i]), text(i));
  }
}

}  // namespace
}  // namespace marktwacht
