// A head that somebody else keeps shows a journal that was written anew, also one that is signed.
#include "edges/journal/head.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "edges/journal/journal_sample.h"

namespace marktwacht {
namespace {

using sample::Folder;
using sample::Made;

const SigningKey owner = SigningKey::from_seed(sha256("owner")),
                 other = SigningKey::from_seed(sha256("other"));

// `count` events, synced three at a time; the head after each sync.
std::vector<SignedHead> written(const std::string& folder, std::uint64_t count,
                                const std::optional<SigningKey>& key,
                                const std::string& first_id = "") {
  JournalOptions options{.segment_bytes_max = 700};
  options.key = key;
  auto writer = JournalWriter::open(folder, options);
  EXPECT_TRUE(writer) << writer.error();
  std::vector<SignedHead> heads;
  for (std::uint64_t n = 1; n <= count; ++n) {
    EXPECT_TRUE(writer->append(Made(n, n == 1 ? first_id : "").event));
    if (n % 3 == 0) {
      EXPECT_TRUE(writer->sync());
      heads.push_back(sign_head({writer->next_seq() - 1, writer->chain()}, key));
    }
  }
  EXPECT_TRUE(writer->close());
  return heads;
}

std::vector<SignedHead> read(const std::vector<SignedHead>& heads, const PublicKeys& key = {}) {
  std::string lines;
  for (const SignedHead& head : heads) {
    lines += head.json() + "\n";
  }
  auto read = read_heads(lines, key);
  EXPECT_TRUE(read) << read.error();
  return read.value_or(std::vector<SignedHead>());
}

TEST(Head, a_journal_holds_the_heads_that_were_published) {
  for (const auto& key : {std::optional<SigningKey>(), std::optional(owner)}) {
    const Folder folder;
    const auto heads = written(folder / "j", 40, key);
    ASSERT_EQ(heads.size(), 13U);
    const JournalReport report = verify_journal_holds(folder / "j", {}, read(heads));
    EXPECT_TRUE(report.ok) << (report.faults.empty() ? "" : report.faults.front());
    EXPECT_GT(report.segments, 2U);
  }
}

// By who has the key: all signatures hold.
TEST(Head, finds_a_chain_that_was_signed_anew) {
  const Folder folder;
  const auto heads = written(folder / "j", 40, owner);
  std::filesystem::remove_all(folder / "j");
  written(folder / "j", 40, owner, "another first trade");
  EXPECT_TRUE(verify_journal(folder / "j", {owner.public_key()}).ok);
  const JournalReport report =
      verify_journal_holds(folder / "j", {owner.public_key()}, read(heads));
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.faults.size(), heads.size());
  EXPECT_TRUE(report.faults.front().contains("written anew")) << report.faults.front();
}

TEST(Head, finds_an_end_that_was_cut_off) {
  const Folder folder;
  const auto heads = written(folder / "j", 40, owner);
  std::filesystem::remove_all(folder / "j");
  written(folder / "j", 20, owner);
  const JournalReport report = verify_journal_holds(folder / "j", {}, read(heads));
  EXPECT_EQ(report.faults.size(), 7U);  // of 21 to 39
}

TEST(Head, a_head_must_be_whole_and_its_signature_hold) {
  const Folder folder;
  const SignedHead head = written(folder / "j", 3, owner).front();
  EXPECT_EQ(read({head}, {owner.public_key()}).size(), 1U);
  const auto wrong = [](const SignedHead& each, auto key) {
    const auto read = read_heads("\n" + each.json(), key);
    return read ? "" : read.error();
  };
  const PublicKeys anybody, the_owner{owner.public_key()};
  EXPECT_TRUE(wrong(sign_head(head.at, other), the_owner).contains("another key"));
  EXPECT_TRUE(wrong(sign_head(head.at, {}), the_owner).contains("not signed"));
  EXPECT_EQ(wrong(sign_head(head.at, {}), anybody), "");
  SignedHead moved = head;
  ++moved.at.seq;
  EXPECT_TRUE(wrong(moved, anybody).contains("line 2: the signature"));
  moved = head;
  moved.at.chain[0] ^= 1;
  EXPECT_TRUE(wrong(moved, anybody).contains("does not hold"));
  moved = head;
  moved.signature[0] = moved.signature[0] == '0' ? '1' : '0';
  EXPECT_TRUE(wrong(moved, anybody).contains("does not hold"));
  for (const char* line : {"no head", "{}", R"({"seq":1})", R"({"seq":1,"chain":"ab"})"}) {
    EXPECT_FALSE(read_heads(line, {})) << line;
  }
}

}  // namespace
}  // namespace marktwacht
