// What a good password is, and that its hash is Argon2id with the named cost.
#include "edges/auth/passwords.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(Passwords, MustBeGood) {
  const auto fault = [](std::string_view password) { return password_fault(password, "annabel"); };
  EXPECT_EQ(fault("twelve chars"), "");
  EXPECT_EQ(fault("a longer sentence, with spaces"), "");
  EXPECT_NE(fault("eleven char").find("at least 12"), std::string::npos);
  EXPECT_NE(fault("äöüäöüäöüäö").find("at least 12"),
            std::string::npos);  // 22 bytes, 11 characters
  EXPECT_EQ(fault("äöüßéèçñåøæœ"), "");
  EXPECT_NE(fault(std::string(1025, 'x')).find("at most"), std::string::npos);
  EXPECT_NE(fault("abababababab").find("different"), std::string::npos);
  EXPECT_NE(fault("Password1234").find("first"), std::string::npos);
  EXPECT_NE(fault("i-am-AnnaBel-7").find("name"), std::string::npos);
  EXPECT_EQ(password_fault("banana split 9", "an"), "");  // so short a name is in every word
}

TEST(Passwords, HashesAreArgon2id) {
  const auto hash = hash_password("correct horse", {.memory_kib = 64, .passes = 1});
  ASSERT_TRUE(hash.has_value());
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << *hash;
  EXPECT_TRUE(is_password(*hash, "correct horse"));
  EXPECT_FALSE(is_password(*hash, "correct horsf"));
  EXPECT_FALSE(is_password(*hash, ""));
  EXPECT_NE(hash_password("correct horse", {.memory_kib = 64, .passes = 1}), hash);  // salted
  EXPECT_FALSE(is_password("no hash", "correct horse"));
  const auto usual = hash_password("correct horse", {});
  ASSERT_TRUE(usual.has_value());
  EXPECT_TRUE(usual->starts_with("$argon2id$v=19$m=65536,t=3,p=1$")) << *usual;
}

}  // namespace
}  // namespace marktwacht
