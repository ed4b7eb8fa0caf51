// What is kept, shown and destroyed, down to the bytes of the files.
#include "edges/vault/vault.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "base/token.h"
#include "edges/sqlite/database.h"
#include "events/commitment.h"

namespace marktwacht {
namespace {

constexpr Time start{1'700'000'000'000'000'000};
const std::string key(64, 'k');

Time after(std::int64_t days) { return start + Duration{days * day.ns}; }

PersonalValue ip_of(const std::string& account, const std::string& ip) {
  return {PersonalKind::ip, account_subject(account), token_of(key, ip), ip, ""};
}

class VaultTest : public testing::Test {
 protected:
  VaultTest() {
    std::string pattern = std::filesystem::temp_directory_path().string() + "/marktwacht-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    open();
  }
  ~VaultTest() override {
    vault_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open(const VaultTerms& terms = {}) {
    vault_.reset();
    auto opened = Vault::open(folder_, key, terms);
    ASSERT_TRUE(opened.has_value()) << opened.error();
    vault_ = *std::move(opened);
  }
  void keep(std::vector<PersonalValue> values, Time now = start) {
    const auto kept = vault_->keep(values, now);
    ASSERT_TRUE(kept.has_value()) << kept.error();
  }
  std::string shown(std::string_view token) {
    const auto found = vault_->reveal(token);
    return !found ? "error: " + found.error() : *found ? (*found)->plain : "nothing";
  }
  bool erased(std::string_view subject) {
    const auto done = vault_->erase(subject);
    EXPECT_TRUE(done.has_value()) << done.error();
    return done.value_or(false);
  }
  std::string all_bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
  // The sealed bytes of all rows and keys of a subject, by another connection.
  std::vector<std::string> sealed_bytes(const std::string& subject) const {
    auto database = Database::open(folder_ + "/vault.db", {DatabaseOptions::Access::read, {}, {}});
    auto rows = database->prepare(
        "SELECT key FROM subjects WHERE subject = ?1 UNION ALL SELECT sealed FROM personal WHERE "
        "subject = ?1");
    rows->query(subject);
    std::vector<std::string> all;
    while (*rows->step()) {
      all.emplace_back(rows->blob(0));
    }
    return all;
  }

  std::string folder_;
  std::unique_ptr<Vault> vault_;
};

TEST_F(VaultTest, ShowsWhatItKept) {
  keep({ip_of("a", "203.0.113.9"), ip_of("a", "203.0.113.10")});
  EXPECT_EQ(shown(token_of(key, "203.0.113.9")), "203.0.113.9");
  EXPECT_EQ(shown(token_of(key, "203.0.113.10")), "203.0.113.10");
  EXPECT_EQ(shown(token_of(key, "203.0.113.11")), "nothing");
  EXPECT_EQ(shown("203.0.113.9"), "nothing");
  const auto found = vault_->reveal(token_of(key, "203.0.113.9"));
  EXPECT_EQ((*found)->kind, PersonalKind::ip);
  EXPECT_EQ((*found)->subject, "account:a");
  EXPECT_EQ((*found)->first_ts, start);
  open();
  EXPECT_EQ(shown(token_of(key, "203.0.113.9")), "203.0.113.9");
}

TEST_F(VaultTest, TheFileIsPrivateAndSaysNothing) {
  keep({ip_of("a", "203.0.113.9")});
  struct stat status{};
  ASSERT_EQ(stat((folder_ + "/vault.db").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(all_bytes().find("203.0.113.9"), std::string::npos);
  EXPECT_EQ(all_bytes().find(key), std::string::npos);
}

TEST_F(VaultTest, AnotherKeyIsRefused) {
  keep({ip_of("a", "203.0.113.9")});
  vault_.reset();
  const auto other = Vault::open(folder_, std::string(64, 'x'));
  ASSERT_FALSE(other.has_value());
  EXPECT_NE(other.error().find("another deployment key"), std::string::npos);
}

TEST_F(VaultTest, TextsAreCheckedAgainstTheirCommitment) {
  PrivacyTokens tokens(key);
  Arena arena;
  event::Post post;
  post.type = EventType::post;
  post.author = make_text("x");
  post.text = make_text("They are insolvent");
  post.present = ~std::uint64_t{0} >> (64 - static_cast<int>(event::Post::Field::end_));
  std::vector<PersonalValue> kept;
  const auto& journaled = as<event::Post>(*tokens.tokenize(post, arena, kept));
  keep(kept);
  EXPECT_EQ(shown(journaled.text.view()), "They are insolvent");  // with its SimHash behind
  EXPECT_EQ(shown(journaled.author.view()), "x");
  PersonalValue forged = kept.back();
  ASSERT_EQ(forged.kind, PersonalKind::text);
  forged.plain = "They are solvent";
  forged.token = commitment_text(sha256("another"));
  keep({forged});
  EXPECT_NE(shown(forged.token).find("not what was journaled"), std::string::npos);
}

TEST_F(VaultTest, ErasingASubjectLeavesOthersAlone) {
  keep({ip_of("a", "203.0.113.9"), ip_of("b", "203.0.113.9"), ip_of("a", "10.0.0.1")});
  EXPECT_TRUE(erased("account:a"));
  EXPECT_EQ(shown(token_of(key, "10.0.0.1")), "nothing");
  EXPECT_EQ(shown(token_of(key, "203.0.113.9")), "203.0.113.9");  // b's
  EXPECT_FALSE(erased("account:a"));
  EXPECT_TRUE(erased("account:b"));
  EXPECT_EQ(shown(token_of(key, "203.0.113.9")), "nothing");
  keep({ip_of("a", "10.0.0.1")});  // who comes again is kept again, under another key
  EXPECT_EQ(shown(token_of(key, "10.0.0.1")), "10.0.0.1");
}

// Of many, in any order, with texts that need pages of their own: no byte of a key or a row is
// left.
TEST_F(VaultTest, NothingIsLeftInTheFiles) {
  std::mt19937_64 random(3);
  std::vector<PersonalValue> values;
  for (int i = 0; i < 1'500; ++i) {
    values.push_back(ip_of("a" + std::to_string(random() % 300),
                           "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)));
  }
  for (int i = 0; i < 20; ++i) {
    const std::string text(20'000, static_cast<char>('a' + i));
    values.push_back({PersonalKind::text, "account:a7", "c." + std::to_string(i), text, "salt"});
    values.push_back({PersonalKind::text, "account:b", "c.b" + std::to_string(i), text, "salt"});
  }
  std::ranges::shuffle(values, random);
  for (std::size_t at = 0; at < values.size(); at += 100) {
    keep({values.begin() + static_cast<std::ptrdiff_t>(at),
          values.begin() + static_cast<std::ptrdiff_t>(std::min(at + 100, values.size()))});
  }
  std::vector<std::string> gone;
  for (int i = 0; i < 40; ++i) {
    const std::string subject = "account:a" + std::to_string(i);
    const auto sealed = sealed_bytes(subject);
    ASSERT_GE(sealed.size(), 2U) << subject;
    gone.insert(gone.end(), sealed.begin(), sealed.end());
    ASSERT_NE(all_bytes().find(sealed[0]), std::string::npos);
    EXPECT_TRUE(erased(subject));
  }
  const std::string bytes = all_bytes();
  for (const std::string& sealed : gone) {
    // Any piece of it: long ones are spread over pages.
    for (std::size_t at = 0; at + 24 <= sealed.size(); at += 500) {
      ASSERT_EQ(bytes.find(sealed.substr(at, 24)), std::string::npos) << at;
    }
  }
  EXPECT_NE(bytes.find(sealed_bytes("account:b")[0]), std::string::npos);
  EXPECT_EQ(shown("c.3"), "nothing");
}

TEST_F(VaultTest, ALegalHoldForbidsToErase) {
  keep({ip_of("a", "10.0.0.1")});
  ASSERT_TRUE(vault_->hold("account:a", "court order 7", start).has_value());
  ASSERT_TRUE(vault_->hold("account:new", "court order 8", start).has_value());
  const auto refused = vault_->erase("account:a");
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().find("legal hold"), std::string::npos);
  EXPECT_EQ(shown(token_of(key, "10.0.0.1")), "10.0.0.1");
  const auto holds = vault_->holds();
  ASSERT_EQ(holds->size(), 2U);
  EXPECT_EQ((*holds)[0].reason, "court order 7");
  EXPECT_EQ(*vault_->drop_old(after(9'999)), 0U);
  EXPECT_TRUE(*vault_->lift_hold("account:a"));
  EXPECT_FALSE(*vault_->lift_hold("account:a"));
  EXPECT_TRUE(erased("account:a"));
}

TEST_F(VaultTest, OldOnesAreDroppedByKind) {
  VaultTerms terms;
  terms.kept_max[static_cast<std::size_t>(PersonalKind::ip)] = {30 * day.ns};
  open(terms);
  PersonalValue device{PersonalKind::device, "account:a", token_of(key, "phone"), "phone", ""};
  keep({ip_of("a", "10.0.0.1"), ip_of("b", "10.0.0.2"), device});
  keep({ip_of("b", "10.0.0.2")}, after(20));  // seen again
  const auto sealed = sealed_bytes("account:a");
  EXPECT_EQ(*vault_->drop_old(after(30)), 0U);
  EXPECT_EQ(*vault_->drop_old(after(31)), 1U);
  EXPECT_EQ(shown(token_of(key, "10.0.0.1")), "nothing");
  EXPECT_EQ(shown(token_of(key, "10.0.0.2")), "10.0.0.2");
  EXPECT_EQ(shown(token_of(key, "phone")), "phone");
  EXPECT_EQ(*vault_->drop_old(after(51)), 1U);
  EXPECT_EQ(*vault_->drop_old(after(5 * 365)), 0U);
  EXPECT_EQ(*vault_->drop_old(after(5 * 365 + 1)), 1U);
  EXPECT_TRUE(sealed_bytes("account:a").empty());  // its key too
  EXPECT_EQ(all_bytes().find(sealed[0]), std::string::npos);
}

TEST_F(VaultTest, WhatComesAgainIsNotWrittenAgain) {
  std::vector<PersonalValue> values;
  for (int i = 0; i < 1'000; ++i) {
    values.push_back(ip_of("a", "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)));
  }
  keep(values);
  const std::string before = all_bytes();
  keep(values);
  EXPECT_EQ(all_bytes() == before, true);
  keep(values, after(1));
  EXPECT_EQ((*vault_->reveal(values[0].token))->last_ts, after(1));
}

TEST_F(VaultTest, DamageIsSaid) {
  keep({ip_of("a", "10.0.0.1"), ip_of("b", "10.0.0.2")});
  vault_.reset();
  {
    auto database = Database::open(folder_ + "/vault.db");
    ASSERT_TRUE(
        database->run("UPDATE personal SET sealed = (SELECT sealed FROM personal WHERE "
                      "subject = 'account:b') WHERE subject = 'account:a'"));
  }
  open();
  EXPECT_NE(shown(token_of(key, "10.0.0.1")).find("damaged"), std::string::npos);
  EXPECT_EQ(shown(token_of(key, "10.0.0.2")), "10.0.0.2");
}

}  // namespace
}  // namespace marktwacht
