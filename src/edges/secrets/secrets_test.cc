// Random bytes, key files and sealed boxes.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "edges/secrets/key_file.h"
#include "edges/secrets/random.h"
#include "edges/secrets/sealed.h"

namespace marktwacht {
namespace {

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string pattern = std::filesystem::temp_directory_path().string() + "/marktwacht-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~KeyFile() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& text, mode_t mode) const {
    const std::string path = folder_ + "/key";
    std::ofstream(path, std::ios::binary) << text;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }
  static std::string why(const std::string& path) {
    const auto key = load_key(path, "MARKTWACHT_TEST_KEY");
    return key ? "" : key.error();
  }

  std::string folder_;
};

TEST(Random, IsNeverTheSame) {
  EXPECT_EQ(random_hex(32).size(), 64U);
  EXPECT_NE(random_hex(16), random_hex(16));
}

TEST(Random, SecretsAreComparedWhole) {
  EXPECT_TRUE(equal_secrets("abc", "abc"));
  EXPECT_TRUE(equal_secrets("", ""));
  EXPECT_FALSE(equal_secrets("abc", "abd"));
  EXPECT_FALSE(equal_secrets("abc", "ab"));
}

TEST_F(KeyFile, IsMadeAndRead) {
  const std::string path = folder_ + "/new";
  const auto made = make_key_file(path);
  ASSERT_TRUE(made.has_value()) << made.error();
  EXPECT_EQ(made->size(), 64U);
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(load_key(path, "X").value_or(""), *made);
  EXPECT_FALSE(make_key_file(path).has_value());  // never overwritten
  EXPECT_EQ(load_key(path, "X").value_or(""), *made);
}

TEST_F(KeyFile, OfOthersIsRefused) {
  const std::string good(40, 'k');
  EXPECT_EQ(why(write(good + "\r\n", 0600)), "");
  EXPECT_EQ(why(write(good, 0400)), "");
  for (const mode_t mode : {0640, 0604, 0660, 0644}) {
    EXPECT_NE(why(write(good, mode)).find("its mode must be 0600"), std::string::npos) << mode;
  }
  EXPECT_NE(why(folder_ + "/none").find("No such file"), std::string::npos);
  EXPECT_NE(why(folder_).find("plain file"), std::string::npos);
}

TEST_F(KeyFile, ThatIsNoKeyIsRefusedAndNotTold) {
  for (const std::string& bad :
       {std::string(""), std::string(31, 'k'), std::string(1025, 'k'), std::string(40, ' '),
        std::string(40, 'k') + "\nsecond", std::string(40, '\xE4')}) {
    const std::string text = why(write(bad, 0600));
    EXPECT_NE(text.find("a key is one line"), std::string::npos) << bad;
    EXPECT_EQ(text.find("kkkk"), std::string::npos);
  }
}

TEST_F(KeyFile, OfTheEnvironment) {
  const std::string good(40, 'e');
  unsetenv("MARKTWACHT_TEST_KEY");
  EXPECT_NE(why("").find("MARKTWACHT_TEST_KEY"), std::string::npos);
  setenv("MARKTWACHT_TEST_KEY", good.c_str(), 1);
  EXPECT_EQ(load_key("", "MARKTWACHT_TEST_KEY").value_or(""), good);
  setenv("MARKTWACHT_TEST_KEY", "short", 1);
  EXPECT_NE(why("").find("a key is one line"), std::string::npos);
  unsetenv("MARKTWACHT_TEST_KEY");
}

TEST(Sealed, OpensWithItsKeyAtItsPlaceOnly) {
  const SealKey key = SealKey::random(), other = SealKey::random();
  const std::string sealed = seal(key, "203.0.113.9", "row 1");
  EXPECT_EQ(sealed.find("203.0"), std::string::npos);
  EXPECT_EQ(unseal(key, sealed, "row 1"), "203.0.113.9");
  EXPECT_FALSE(unseal(other, sealed, "row 1").has_value());
  EXPECT_FALSE(unseal(key, sealed, "row 2").has_value());
  EXPECT_FALSE(unseal(key, "", "row 1").has_value());
  EXPECT_NE(seal(key, "203.0.113.9", "row 1"), sealed);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(unseal(key, changed, "row 1").has_value()) << i;
  }
  EXPECT_EQ(unseal(key, seal(key, "", ""), ""), "");
}

TEST(Sealed, KeysAreMadeOfSecretsForAPurpose) {
  EXPECT_EQ(SealKey::of("s", "a").bytes(), SealKey::of("s", "a").bytes());
  EXPECT_NE(SealKey::of("s", "a").bytes(), SealKey::of("s", "b").bytes());
  EXPECT_EQ(SealKey::from(SealKey::of("s", "a").bytes())->bytes(), SealKey::of("s", "a").bytes());
  EXPECT_FALSE(SealKey::from("short").has_value());
}

}  // namespace
}  // namespace marktwacht
