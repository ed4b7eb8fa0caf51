// MinHash against sets counted out.
#include "algorithms/min_hash.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

// Splitmix64: of numbers one after the other, hashes as good as random.
std::uint64_t hash_of_number(std::uint64_t number) {
  std::uint64_t mixed = number * 0x9E37'79B9'7F4A'7C15U;
  mixed = (mixed ^ mixed >> 30) * 0xBF58'476D'1CE4'E5B9U;
  mixed = (mixed ^ mixed >> 27) * 0x94D0'49BB'1331'11EBU;
  return mixed ^ mixed >> 31;
}

MinHash set_of(std::uint64_t from, std::uint64_t to, std::uint32_t commonness = 1) {
  MinHash set;
  for (std::uint64_t at = from; at < to; ++at) {
    set.add(hash_of_number(at), commonness);
  }
  return set;
}

// Means over many sets, so that chance plays no part.
TEST(MinHash, is_as_alike_as_the_sets_are) {
  for (const std::uint64_t shared : {0U, 100U, 300U, 400U}) {
    std::uint32_t sum = 0;
    constexpr std::uint32_t rounds = 200;
    for (std::uint64_t round = 0; round < rounds; ++round) {
      const std::uint64_t from = round * 10'000;
      sum += set_of(from, from + 400).likeness(set_of(from + 400 - shared, from + 800 - shared));
    }
    const auto exact = static_cast<int>(shared * 1000 / (800 - shared));
    EXPECT_NEAR(static_cast<int>(sum / rounds), exact, 15) << shared;
  }
}

// 300 elements of weight 1 shared; each has 900 of weight 1/9 more: 300 / (300 + 200).
TEST(MinHash, weighs_elements) {
  std::uint32_t sum = 0;
  constexpr std::uint32_t rounds = 200;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t from = round * 10'000;
    MinHash a = set_of(from, from + 300), b = a;
    a.unite(set_of(from + 1'000, from + 1'900, 9));
    b.unite(set_of(from + 2'000, from + 2'900, 9));
    sum += a.likeness(b);
  }
  EXPECT_NEAR(static_cast<int>(sum / rounds), 600, 25);
}

TEST(MinHash, order_and_repetition_do_not_matter) {
  MinHash forward = set_of(0, 50), backward;
  for (std::uint64_t at = 50; at-- > 0;) {
    backward.add(hash_of_number(at), 1);
    backward.add(hash_of_number(at), 1);
  }
  EXPECT_EQ(forward, backward);
  EXPECT_EQ(forward.likeness(backward), 1000U);
  EXPECT_EQ(MinHash().likeness(MinHash()), 0U);
  EXPECT_EQ(MinHash().likeness(forward), 0U);
}

// 80 of 100 shared: never missed here; nothing shared: taken for it one time in fifty at most.
TEST(MinHash, a_glance_tells_most) {
  int missed = 0, mistaken = 0;
  for (std::uint64_t round = 0; round < 1'000; ++round) {
    const std::uint64_t from = round * 10'000;
    const MinHash a = set_of(from, from + 90), b = set_of(from + 10, from + 100);
    missed += a.glance(b) < 2 ? 1 : 0;
    mistaken += a.glance(set_of(from + 200, from + 290)) >= 2 ? 1 : 0;
  }
  EXPECT_LE(missed, 2);
  EXPECT_LE(mistaken, 20);
}

TEST(MinHash, the_rarest_weights_have_room) {
  MinHash common = set_of(0, 1'000, 0xFFFF'FFFF);
  EXPECT_EQ(common.likeness(common), 1000U);
  MinHash rare = set_of(5'000, 6'000);
  rare.unite(common);
  EXPECT_GE(rare.likeness(set_of(5'000, 6'000)), 900U);
}

}  // namespace
}  // namespace marktwacht
