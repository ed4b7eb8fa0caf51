// The form of commitments: written, read, and told from texts.
#include "events/commitment.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(Commitment, IsReadAsItWasWritten) {
  const Digest digest = sha256("salt and text");
  const std::string plain = commitment_text(digest);
  EXPECT_EQ(plain, "c." + hex(digest));
  ASSERT_TRUE(read_commitment(plain).has_value());
  EXPECT_EQ(read_commitment(plain)->digest, plain);
  EXPECT_FALSE(read_commitment(plain)->sim_hash.has_value());
  for (const std::uint64_t hash : {0ULL, 1ULL, 0xABCULL, ~0ULL}) {
    const std::string of_post = commitment_text(digest, hash);
    EXPECT_EQ(of_post.size(), 83U);
    const auto read = read_commitment(of_post);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->digest, plain);
    EXPECT_EQ(read->sim_hash, hash);
  }
  EXPECT_TRUE(commitment_text(digest, 0xABC).ends_with(".0000000000000abc"));
}

TEST(Commitment, IsToldFromTexts) {
  const std::string plain = commitment_text(sha256("x")), post = commitment_text(sha256("x"), 7);
  for (const std::string& text :
       {std::string(""), std::string("c."), std::string("a plain text"), plain + "0",
        "d" + plain.substr(1), plain.substr(0, 65) + "G", "C" + plain.substr(1),
        plain + ":" + post.substr(67), post.substr(0, 82) + " ", post.substr(0, 82)}) {
    EXPECT_FALSE(read_commitment(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace marktwacht
