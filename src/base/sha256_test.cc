// SHA-256 against the vectors of FIPS 180-4.
#include "base/sha256.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(Sha256, KnownVectors) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesEqualTheWholeAndFinishStartsAnew) {
  Sha256 hash;
  hash.add("ab");
  hash.add("");
  hash.add("c");
  EXPECT_EQ(hash.finish(), sha256("abc"));
  EXPECT_EQ(hash.finish(), sha256(""));
  hash.add("abc");
  Sha256 moved = std::move(hash);
  EXPECT_EQ(moved.finish(), sha256("abc"));
}

TEST(Sha256, Hex) {
  EXPECT_EQ(hex(std::string_view("\x00\x9f\xff", 3)), "009fff");
  EXPECT_EQ(bytes_of(sha256("abc")).size(), 32U);
}

}  // namespace
}  // namespace marktwacht
