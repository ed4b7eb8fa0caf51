// Ed25519 keys: the published test vector, key files, and what a signature does not cover.
#include "edges/journal/signature.h"

#include <gtest/gtest.h>

#include "edges/journal/journal_sample.h"

namespace marktwacht {
namespace {

constexpr std::string_view seed_hex =
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";

std::string hex_of(const PublicKey& key) {
  return hex(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()));
}

std::string load_error(const std::string& path) {
  const auto key = SigningKey::load(path);
  return key ? "" : key.error();
}

// RFC 8032, section 7.1, test 3.
TEST(Signature, agrees_with_rfc_8032) {
  const sample::Folder folder;
  sample::write_file(folder / "key", std::string(seed_hex).append("\n"));
  chmod((folder / "key").c_str(), 0600);
  const auto key = SigningKey::load(folder / "key");
  ASSERT_TRUE(key) << key.error();
  EXPECT_EQ(hex_of(key->public_key()),
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  const Signature signature = key->sign("\xaf\x82");
  EXPECT_EQ(hex(bytes_of(signature)),
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
  EXPECT_TRUE(SignatureCheck(key->public_key()).holds("\xaf\x82", signature));
}

TEST(Signature, holds_only_for_its_bytes_and_key) {
  const SigningKey key = sample::key(1);
  const Signature signature = key.sign("head");
  const SignatureCheck own(key.public_key());
  EXPECT_TRUE(own.holds("head", signature));
  EXPECT_FALSE(own.holds("heaD", signature));
  EXPECT_FALSE(own.holds("", signature));
  EXPECT_FALSE(SignatureCheck(sample::key(2).public_key()).holds("head", signature));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    Signature bad = signature;
    bad[i] ^= 1;
    EXPECT_FALSE(own.holds("head", bad));
  }
  PublicKey nonsense;
  nonsense.fill(0xFF);
  EXPECT_FALSE(SignatureCheck(nonsense).holds("head", signature));
}

TEST(Signature, key_files_are_private) {
  const sample::Folder folder;
  sample::write_file(folder / "key", seed_hex);
  for (const mode_t mode : {0640u, 0604u, 0660u, 0644u, 0601u}) {
    chmod((folder / "key").c_str(), mode);
    EXPECT_NE(load_error(folder / "key").find("0600"), std::string::npos) << mode;
  }
  for (const mode_t mode : {0600u, 0400u}) {
    chmod((folder / "key").c_str(), mode);
    EXPECT_EQ(load_error(folder / "key"), "") << mode;
  }
  EXPECT_NE(load_error(folder / "absent"), "");
  std::filesystem::create_directory(folder / "d");
  chmod((folder / "d").c_str(), 0700);
  EXPECT_NE(load_error(folder / "d").find("plain file"), std::string::npos);
}

TEST(Signature, key_files_hold_64_hex_digits) {
  const sample::Folder folder;
  const std::string good(seed_hex);
  const auto error_of = [&](const std::string& text) {
    sample::write_file(folder / "key", text);
    chmod((folder / "key").c_str(), 0600);
    return load_error(folder / "key");
  };
  EXPECT_EQ(error_of(good + "\r\n"), "");
  EXPECT_EQ(error_of(std::string(64, 'F')), "");
  for (const std::string& bad : {std::string(), good.substr(1), good + "0", "g" + good.substr(1),
                                 " " + good, good + "\n" + good, "0x" + good}) {
    const std::string error = error_of(bad);
    EXPECT_NE(error.find("64 hex digits"), std::string::npos) << bad;
    EXPECT_EQ(error.find(good.substr(0, 8)), std::string::npos) << "no key text in an error";
  }
}

}  // namespace
}  // namespace marktwacht
