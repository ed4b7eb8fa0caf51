// SimHash against a slow twin that takes a text apart first, and on texts that people would call
// the same or not.
#include "algorithms/sim_hash.h"

#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "algorithms/stable_hash.h"

namespace marktwacht {
namespace {

// Of ASCII texts: the words first, then each bit by itself.
std::uint64_t twin(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else {
      words.emplace_back();
    }
  }
  std::map<std::string, long> weights;
  for (const std::string& word : words) {
    const long length = std::min<long>(12, std::ssize(word));
    weights[word] += length * length * length;
  }
  std::uint64_t bits = 0;
  for (int bit = 63; bit >= 0; --bit) {
    long votes = 0;
    for (const auto& [word, weight] : weights) {
      votes += (stable_hash(word) >> bit) % 2 == 1 ? weight : -weight;
    }
    bits = 2 * bits + (votes > 0 ? 1 : 0);
  }
  return bits;
}

TEST(SimHash, agrees_with_the_twin) {
  std::mt19937_64 random(7);
  constexpr std::string_view letters = "abcXYZ019 ,.-!";
  std::size_t differ = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (std::uint64_t length = random() % 80; length > 0; --length) {
      text += letters[random() % letters.size()];
    }
    ASSERT_EQ(sim_hash(text), twin(text)) << text;
    differ += sim_hash(text) != sim_hash(text + " withdrawals") ? 1 : 0;
  }
  EXPECT_GT(differ, 1'900U);
}

TEST(SimHash, is_the_same_for_ever) {
  EXPECT_EQ(stable_hash(""), 0xEFD0'1F60'BA99'2926U);
  EXPECT_EQ(stable_hash("withdrawals"), 0xE9E4'E543'D5EB'8C51U);
  EXPECT_EQ(sim_hash("withdrawals"), stable_hash("withdrawals"));
  EXPECT_EQ(sim_hash(" - !"), 0U);
}

TEST(SimHash, the_same_in_other_words_around_it_is_near) {
  const std::uint64_t said = sim_hash("ACME has lost the keys of its treasury and does not answer");
  EXPECT_EQ(
      distance(said, sim_hash("acme HAS lost the keys of its treasury, and does not answer!")), 0);
  EXPECT_LE(
      distance(said,
               sim_hash("Just in: ACME has lost the keys of its treasury and does not answer")),
      3);
}

TEST(SimHash, something_else_is_far) {
  const std::uint64_t said = sim_hash("ACME has lost the keys of its treasury and does not answer");
  EXPECT_GT(distance(said, sim_hash("ACME will be listed by two of the largest exchanges")), 10);
  EXPECT_GT(distance(said, sim_hash("good morning everybody")), 10);
}

TEST(SimHash, signs_without_spaces_count_by_neighbours) {
  const std::uint64_t said = sim_hash("交易所今天晚上停止提现大家快跑");
  EXPECT_LE(distance(said, sim_hash("交易所今天晚上停止提现，大家快跑！")), 8);
  EXPECT_GT(distance(said, sim_hash("比特币价格创下新高")), 10);
  EXPECT_EQ(sim_hash("Банк закрыт"), sim_hash("Банк — закрыт…"));
  EXPECT_NE(sim_hash("Банк закрыт"), sim_hash("Банк открыт"));
}

TEST(SimHash, cut_characters_do_no_harm) {
  const std::string text = "Банк 交易所 \xF0\x9F\x98\x80";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    for (std::size_t from = 0; from <= length; ++from) {
      sim_hash(std::string_view(text).substr(from, length - from));
    }
  }
  EXPECT_EQ(sim_hash("\xE4"), 0U);
}

}  // namespace
}  // namespace marktwacht
