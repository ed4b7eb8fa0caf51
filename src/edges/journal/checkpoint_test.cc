// A journal whose older segments were dropped: what is left verifies, is read and goes on, and who
// changes what it stands on is found out.
#include "edges/journal/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "edges/journal/head.h"
#include "edges/journal/journal_sample.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;
using sample::Folder;
using sample::Made;

const SigningKey owner = sample::key(1), other = sample::key(2);
constexpr std::uint64_t batches = 40, batch_records = 3;

// The clock after batch n, from 1.
Time time_of(std::uint64_t n) { return {static_cast<std::int64_t>(n) * second.ns}; }

JournalOptions options_of(const std::optional<SigningKey>& key) {
  return {.segment_bytes_max = 900, .key = key, .whole_batches = true};
}

void append_batches(JournalWriter& writer, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t n = first; n <= last; ++n) {
    for (std::uint64_t record = 0; record < batch_records; ++record) {
      ASSERT_TRUE(writer.append(Made((n - 1) * batch_records + record + 1).event));
    }
    ASSERT_TRUE(writer.mark_batch({.at = time_of(n)}));
    ASSERT_TRUE(writer.sync());
  }
}

// A journal at `folder`/j; the head after each batch.
void write_journal(const std::string& journal, const std::optional<SigningKey>& key) {
  auto writer = JournalWriter::open(journal, options_of(key));
  ASSERT_TRUE(writer) << writer.error();
  append_batches(*writer, 1, batches);
  ASSERT_TRUE(writer->close());
}

EngineSnapshot state_of(const Checkpoint& of) {
  return {.seq = of.seq, .taken_keys = "keys", .sources = "sources", .engine = "engine"};
}

Checkpoint begun_behind(const std::string& journal, Time before,
                        const std::optional<SigningKey>& key) {
  const auto found = find_checkpoint(journal, before);
  EXPECT_TRUE(found && *found) << (found ? "none" : found.error());
  const auto made = put_checkpoint(journal, **found, state_of(**found), key);
  EXPECT_TRUE(made) << made.error();
  return *made;
}

std::vector<std::string> segments_of(const std::string& journal) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(journal)) {
    if (entry.path().extension() == ".mwj") {
      files.push_back(entry.path().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

std::string all(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    joined += text + "\n";
  }
  return joined;
}

std::vector<std::uint64_t> seqs_of(const std::string& journal) {
  auto reader = JournalReader::open(journal);
  EXPECT_TRUE(reader) << reader.error();
  std::vector<std::uint64_t> seqs;
  JournalRecord record;
  while (reader->next(record).value_or(false)) {
    EXPECT_EQ(record.payload, sample::payload_of(record.seq));
    seqs.push_back(record.seq);
  }
  return seqs;
}

class Checkpoints : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    key = GetParam() ? std::optional(owner) : std::nullopt;
    write_journal(journal, key);
  }
  const Folder folder;
  const std::string journal = folder / "j";
  std::optional<SigningKey> key;
};

INSTANTIATE_TEST_SUITE_P(SignedAndNot, Checkpoints, testing::Bool());

TEST_P(Checkpoints, StandAtTheEndOfTheLastSegmentThatIsOldEnough) {
  const auto segments = segments_of(journal);
  ASSERT_GT(segments.size(), 5U);
  for (std::uint64_t n = 0; n <= batches + 1; ++n) {
    const auto found = find_checkpoint(journal, time_of(n));
    ASSERT_TRUE(found) << found.error();
    std::uint64_t seq = 0;  // of the last record that may go
    for (std::size_t next = 1; next < segments.size(); ++next) {
      const std::uint64_t end = std::stoull(fs::path(segments[next]).stem()) - 1;
      seq = end / batch_records < n ? end : seq;
    }
    EXPECT_EQ(*found ? (*found)->seq : 0, seq) << n;
    if (*found) {
      EXPECT_EQ((*found)->at, time_of(seq / batch_records));
    }
  }
}

TEST_P(Checkpoints, WhatIsLeftVerifiesIsReadAndGoesOn) {
  const auto before = segments_of(journal);
  const Checkpoint made = begun_behind(journal, time_of(20), key);
  EXPECT_EQ(segments_of(journal), before);
  for (int stopped = 0; stopped < 2; ++stopped) {  // before the old segments went, and after
    const JournalReport report = verify_journal(journal);
    EXPECT_TRUE(report.ok) << all(report.faults);
    EXPECT_EQ(report.first_seq, made.seq + 1);
    EXPECT_EQ(report.last_seq, batches * batch_records);
    EXPECT_TRUE(all(report.notes).contains(std::to_string(made.seq))) << all(report.notes);
    EXPECT_EQ(seqs_of(journal).front(), made.seq + 1);
    EXPECT_EQ(seqs_of(journal).size(), batches * batch_records - made.seq);
    const auto dropped = drop_segments(journal, "");
    ASSERT_TRUE(dropped) << dropped.error();
    EXPECT_EQ(*dropped, stopped == 0 ? made.segment : 0U);
  }
  EXPECT_EQ(segments_of(journal).size(), before.size() - made.segment);
  auto writer = JournalWriter::open(journal, options_of(key));
  ASSERT_TRUE(writer) << writer.error();
  EXPECT_EQ(writer->next_seq(), batches * batch_records + 1);
  append_batches(*writer, batches + 1, batches + 5);
  ASSERT_TRUE(writer->close());
  EXPECT_TRUE(verify_journal(journal).ok);

  const Checkpoint later = begun_behind(journal, time_of(30), key);
  EXPECT_GT(later.seq, made.seq);
  EXPECT_GT(*drop_segments(journal, ""), 0U);
  EXPECT_TRUE(verify_journal(journal).ok);
  EXPECT_EQ(seqs_of(journal).front(), later.seq + 1);
  const auto state = first_state(journal);
  ASSERT_TRUE(state && *state);
  EXPECT_EQ((*state)->seq, later.seq);
  EXPECT_EQ((*state)->engine, "engine");
}

TEST_P(Checkpoints, SegmentsThatAreKeptElsewhereMakeTheJournalWholeAgain) {
  fs::create_directory(folder / "old");
  const JournalReport whole = verify_journal(journal);
  begun_behind(journal, time_of(20), key);
  const auto old = segments_of(journal);
  fs::copy_file(old.front(), fs::path(folder / "old") / fs::path(old.front()).filename());
  ASSERT_TRUE(drop_segments(journal, folder / "old"));  // though a stop came after the first copy
  EXPECT_EQ(segments_of(journal).size() + segments_of(folder / "old").size(), old.size());
  for (const std::string& file : segments_of(folder / "old")) {
    fs::rename(file, fs::path(journal) / fs::path(file).filename());
  }
  fs::remove(fs::path(journal) / "checkpoint.json");
  const JournalReport again = verify_journal(journal);
  EXPECT_TRUE(again.ok) << all(again.faults);
  EXPECT_EQ(again.head, whole.head);
  EXPECT_EQ(again.records, whole.records);
}

TEST_P(Checkpoints, AnotherFileOfThatNameElsewhereIsNotWrittenOver) {
  fs::create_directory(folder / "old");
  begun_behind(journal, time_of(20), key);
  const std::string first = segments_of(journal).front();
  sample::write_file(fs::path(folder / "old") / fs::path(first).filename(), "another");
  EXPECT_FALSE(drop_segments(journal, folder / "old"));
  EXPECT_TRUE(fs::exists(first));
  EXPECT_TRUE(verify_journal(journal).ok);
}

TEST_P(Checkpoints, WithoutItTheSegmentsBeforeAreMissing) {
  begun_behind(journal, time_of(20), key);
  ASSERT_TRUE(drop_segments(journal, ""));
  fs::remove(fs::path(journal) / "checkpoint.json");
  EXPECT_TRUE(all(verify_journal(journal).faults).contains("missing"));
  EXPECT_FALSE(JournalReader::open(journal));
  EXPECT_FALSE(JournalWriter::open(journal, options_of(key)));
}

TEST_P(Checkpoints, NothingIsDroppedFromAJournalThatDoesNotVerify) {
  const std::string first = segments_of(journal).front();
  std::string bytes = sample::read_file(first);
  bytes[bytes.size() / 2] ^= 1;
  sample::write_file(first, bytes);
  EXPECT_FALSE(find_checkpoint(journal, time_of(20)));
}

TEST_P(Checkpoints, AStateThatIsNotTheirsDoesNotServe) {
  const Checkpoint made = begun_behind(journal, time_of(20), key);
  for (const auto& entry : fs::directory_iterator(journal)) {
    if (entry.path().extension() != ".mws") {
      continue;
    }
    EngineSnapshot changed = state_of(made);
    changed.engine = "another";
    ASSERT_TRUE(write_state_file(entry.path(), changed));
    EXPECT_FALSE(first_state(journal));
    fs::remove(entry.path());
    break;
  }
  EXPECT_FALSE(first_state(journal));
}

// Any changed byte of it is found, but for what says nothing: white space, and hexadecimal of the
// key where there is none.
TEST(Checkpoint, ThatIsSignedCannotBeChanged) {
  const Folder folder;
  write_journal(folder / "j", owner);
  begun_behind(folder / "j", time_of(20), owner);
  ASSERT_TRUE(drop_segments(folder / "j", ""));
  const std::string path = folder / "j/checkpoint.json";
  const std::string bytes = sample::read_file(path);
  for (std::size_t at = bytes.find("\"seq\""); at + 2 < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = changed[at] == '1' ? '2' : '1';
    sample::write_file(path, changed);
    EXPECT_FALSE(verify_journal(folder / "j").ok) << changed;
  }
  sample::write_file(path, bytes);
  EXPECT_TRUE(verify_journal(folder / "j").ok);
  EXPECT_TRUE(verify_journal(folder / "j", {owner.public_key()}).ok);
}

TEST(Checkpoint, OfASignedJournalIsTheOwners) {
  for (const auto& forger : {std::optional<SigningKey>(), std::optional(other)}) {
    const Folder folder;
    write_journal(folder / "j", owner);
    begun_behind(folder / "j", time_of(20), forger);
    EXPECT_FALSE(verify_journal(folder / "j", {owner.public_key()}).ok);
    EXPECT_EQ(verify_journal(folder / "j").ok, forger.has_value());  // whose key it says
  }
}

// It is signed by the right key, and of another journal.
TEST(Checkpoint, OfAnotherJournalDoesNotFit) {
  const Folder folder;
  write_journal(folder / "a", owner);
  {
    auto writer = JournalWriter::open(folder / "b", options_of(owner));
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append(Made(1, "another").event));
    ASSERT_TRUE(writer->append(Made(2).event));
    ASSERT_TRUE(writer->append(Made(3).event));
    ASSERT_TRUE(writer->mark_batch({.at = time_of(1)}));
    append_batches(*writer, 2, batches);
    ASSERT_TRUE(writer->close());
  }
  for (const char* name : {"a", "b"}) {
    begun_behind(folder / name, time_of(20), owner);
    ASSERT_TRUE(drop_segments(folder / name, ""));
  }
  fs::copy_file(folder / "a/checkpoint.json", folder / "b/checkpoint.json",
                fs::copy_options::overwrite_existing);
  EXPECT_TRUE(verify_journal(folder / "a").ok);
  EXPECT_FALSE(verify_journal(folder / "b").ok);
}

TEST(Checkpoint, AHeadFromBeforeItIsNoted) {
  const Folder folder;
  std::vector<SignedHead> heads;
  {
    auto writer = JournalWriter::open(folder / "j", options_of(owner));
    ASSERT_TRUE(writer);
    for (std::uint64_t n = 1; n <= batches; ++n) {
      append_batches(*writer, n, n);
      heads.push_back(sign_head({writer->next_seq() - 1, writer->chain()}, owner));
    }
    ASSERT_TRUE(writer->close());
  }
  begun_behind(folder / "j", time_of(20), owner);
  ASSERT_TRUE(drop_segments(folder / "j", ""));
  const JournalReport report = verify_journal_holds(folder / "j", {owner.public_key()}, heads);
  EXPECT_TRUE(report.ok) << all(report.faults);
  EXPECT_TRUE(all(report.notes).contains("older than the first record")) << all(report.notes);
}

}  // namespace
}  // namespace marktwacht
