// What verify_journal finds: any changed byte, anything missing, extra or out of order, forgeries.
#include <gtest/gtest.h>

#include <algorithm>

#include "edges/journal/journal_sample.h"

namespace marktwacht {
namespace {

using sample::Folder;
using sample::Made;
using sample::read_file;
using sample::Segment;
using sample::write_file;

// A journal at `path` of `records` records, sealed every third.
void make(const std::string& path, std::uint64_t records, const JournalOptions& options) {
  auto writer = JournalWriter::open(path, options);
  ASSERT_TRUE(writer) << writer.error();
  for (std::uint64_t n = 1; n <= records; ++n) {
    ASSERT_TRUE(writer->append(Made(n).event));
    if (n % 3 == 0) {
      ASSERT_TRUE(writer->record_state_hash(sha256(std::to_string(n))));
      ASSERT_TRUE(writer->seal());
    }
  }
  ASSERT_TRUE(writer->close());
}

std::vector<std::string> files_of(const std::string& path) {
  if (!std::filesystem::is_directory(path)) {
    return {path};
  }
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

bool has(const std::vector<std::string>& texts, std::string_view part) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return text.contains(part); });
}

std::string all(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    joined += text + "\n";
  }
  return joined;
}

void flip_every_byte(const std::string& path) {
  ASSERT_TRUE(verify_journal(path).ok);
  for (const std::string& file : files_of(path)) {
    const std::string bytes = read_file(file);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (const int mask : {0x01, 0x80, 0xFF}) {
        std::string bad = bytes;
        bad[i] = static_cast<char>(bad[i] ^ mask);
        write_file(file, bad);
        const JournalReport report = verify_journal(path);
        ASSERT_FALSE(report.ok) << file << " byte " << i << " mask " << mask;
        ASSERT_FALSE(report.faults.empty());
        ASSERT_TRUE(report.faults.front().contains(".mwj, byte ")) << report.faults.front();
      }
    }
    write_file(file, bytes);
  }
  ASSERT_TRUE(verify_journal(path).ok);
}

TEST(Verify, finds_every_changed_byte_of_a_file) {
  const Folder folder;
  make(folder / "a.mwj", 7, {});
  ASSERT_GE(verify_journal(folder / "a.mwj").blocks, 2u);
  flip_every_byte(folder / "a.mwj");
}

TEST(Verify, finds_every_changed_byte_of_a_signed_file) {
  const Folder folder;
  make(folder / "a.mwj", 4, {.key = sample::key(1)});
  ASSERT_EQ(verify_journal(folder / "a.mwj").signed_blocks, 2u);
  flip_every_byte(folder / "a.mwj");
}

TEST(Verify, finds_every_changed_byte_of_two_segments) {
  const Folder folder;
  make(folder / "plain", 8, {.segment_bytes_max = 450});
  make(folder / "signed", 6, {.segment_bytes_max = 400, .key = sample::key(1)});
  for (const std::string name : {"plain", "signed"}) {
    ASSERT_EQ(files_of(folder / name).size(), 2u);
    flip_every_byte(folder / name);
  }
}

TEST(Verify, finds_every_lost_or_added_byte) {
  const Folder folder;
  make(folder / "a.mwj", 7, {});
  const std::string bytes = read_file(folder / "a.mwj");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    write_file(folder / "a.mwj", bytes.substr(0, i) + bytes.substr(i + 1));
    ASSERT_FALSE(verify_journal(folder / "a.mwj").ok) << i;
    write_file(folder / "a.mwj", bytes.substr(0, i) + "x" + bytes.substr(i));
    ASSERT_FALSE(verify_journal(folder / "a.mwj").ok) << i;
  }
  write_file(folder / "a.mwj", bytes + "x");
  EXPECT_TRUE(has(verify_journal(folder / "a.mwj").faults, "behind the segment's final seal"));
  write_file(folder / "a.mwj", bytes + Segment().event(1).bytes());
  EXPECT_FALSE(verify_journal(folder / "a.mwj").ok);
}

TEST(Verify, finds_each_missing_segment) {
  const Folder folder;
  make(folder / "j", 12, {.segment_bytes_max = 350});
  const auto files = files_of(folder / "j");
  ASSERT_GE(files.size(), 3u);
  for (const std::string& file : files) {
    const std::string bytes = read_file(file);
    std::filesystem::remove(file);
    const JournalReport report = verify_journal(folder / "j");
    EXPECT_FALSE(report.ok) << file;
    EXPECT_TRUE(has(report.faults, "missing") || has(report.faults, "not there"))
        << all(report.faults);
    write_file(file, bytes);
  }
  EXPECT_TRUE(verify_journal(folder / "j").ok);
}

TEST(Verify, finds_extra_and_reordered_segments) {
  const Folder folder;
  make(folder / "j", 12, {.segment_bytes_max = 350});
  const auto files = files_of(folder / "j");
  const std::string extra = folder / "j/00000000000000000099.mwj";
  write_file(extra, read_file(files[1]));
  EXPECT_FALSE(verify_journal(folder / "j").ok);
  write_file(
      extra,
      Segment({.segment = 9, .start_seq = 99, .schema = schema_hash()}).seal(Mark::closed).bytes());
  EXPECT_FALSE(verify_journal(folder / "j").ok);
  std::filesystem::remove(extra);
  write_file(folder / "j/copy.mwj", read_file(files[0]));
  EXPECT_FALSE(verify_journal(folder / "j").ok);
  std::filesystem::remove(folder / "j/copy.mwj");
  const std::string first = read_file(files[0]);
  write_file(files[0], read_file(files[1]));
  write_file(files[1], first);
  EXPECT_FALSE(verify_journal(folder / "j").ok);
}

TEST(Verify, one_segment_alone_is_valid_with_notes) {
  const Folder folder;
  make(folder / "j", 12, {.segment_bytes_max = 350});
  const JournalReport report = verify_journal(files_of(folder / "j")[1]);
  EXPECT_TRUE(report.ok) << all(report.faults);
  EXPECT_TRUE(has(report.notes, "one segment of a journal"));
  EXPECT_TRUE(has(report.notes, "another segment follows"));
}

TEST(Verify, tells_a_torn_tail_from_a_change) {
  const Folder folder;
  const std::string bytes = Segment().event(1).seal().event(2).bytes();
  write_file(folder / "a.mwj", bytes);
  const JournalReport whole = verify_journal(folder / "a.mwj");
  EXPECT_TRUE(whole.ok);
  EXPECT_TRUE(has(whole.notes, "1 records are not sealed"));
  EXPECT_TRUE(has(whole.notes, "not signed"));
  write_file(folder / "a.mwj", bytes.substr(0, bytes.size() - 1));
  const JournalReport torn = verify_journal(folder / "a.mwj");
  EXPECT_FALSE(torn.ok);
  ASSERT_EQ(torn.faults.size(), 1u);
  EXPECT_TRUE(has(torn.faults, "torn tail"));
  EXPECT_EQ(torn.records, 1u);
  std::string changed = bytes;
  changed[header_bytes + 20] ^= 1;
  write_file(folder / "a.mwj", changed);
  EXPECT_FALSE(has(verify_journal(folder / "a.mwj").faults, "torn tail"));
}

TEST(Verify, reports_the_head_and_counts) {
  const Folder folder;
  Segment segment;
  segment.event(1).event(2).state_hash(sha256("s")).seal().event(3).seal(Mark::closed);
  write_file(folder / "a.mwj", segment.bytes());
  const JournalReport report = verify_journal(folder / "a.mwj");
  EXPECT_TRUE(report.ok) << all(report.faults);
  EXPECT_EQ(report.head, segment.chain());
  EXPECT_EQ(report.blocks, 2u);
  EXPECT_EQ(report.records, 3u);
  EXPECT_EQ(report.last_seq, 3u);
  ASSERT_EQ(report.state_hashes.size(), 1u);
  EXPECT_EQ(report.state_hashes[0].seq, 2u);
  EXPECT_EQ(report.state_hashes[0].hash, sha256("s"));
}

SegmentHeader named(const PublicKey& key) { return {.schema = schema_hash(), .key = key}; }

TEST(Verify, finds_forgeries_by_the_public_key) {
  const Folder folder;
  const PublicKey owner = sample::key(1).public_key();
  const auto report_of = [&](const Segment& segment, const PublicKeys& keys) {
    write_file(folder / "a.mwj", segment.bytes());
    return verify_journal(folder / "a.mwj", keys);
  };
  const auto signed_by = [](std::uint8_t number, const PublicKey& name) {
    Segment segment(named(name), sample::key(number));
    segment.event(1).seal().event(2).seal(Mark::closed);
    return segment;
  };
  const JournalReport genuine = report_of(signed_by(1, owner), {owner});
  EXPECT_TRUE(genuine.ok);
  EXPECT_EQ(genuine.signed_blocks, 2u);

  // Chained anew without a key: sound in itself, but not the owner's.
  Segment unsigned_copy;
  unsigned_copy.event(1).event(9).seal(Mark::closed);
  EXPECT_TRUE(report_of(unsigned_copy, {}).ok);
  EXPECT_TRUE(has(report_of(unsigned_copy, {owner}).faults, "not signed, though a key was given"));
  // Signed by somebody else, under his name and under the owner's.
  const PublicKey other = sample::key(2).public_key();
  EXPECT_TRUE(report_of(signed_by(2, other), {}).ok);
  EXPECT_TRUE(has(report_of(signed_by(2, other), {owner}).faults, "another key"));
  EXPECT_TRUE(has(report_of(signed_by(2, owner), {}).faults, "signature does not match"));
  EXPECT_TRUE(has(report_of(signed_by(2, owner), {owner}).faults, "signature does not match"));
  // The right journal, the wrong key.
  EXPECT_FALSE(report_of(signed_by(1, owner), {other}).ok);
}

TEST(Verify, a_signature_of_one_block_does_not_fit_another) {
  const Folder folder;
  const SigningKey key = sample::key(1);
  Segment segment(named(key.public_key()), key);
  segment.event(1).seal().event(2).seal(Mark::closed);
  // The same seal as "closed" instead of "block": cuts the journal short, CRC made right.
  Segment cut(named(key.public_key()), key);
  cut.event(1).seal();
  const std::size_t at = cut.bytes().size() - 113;
  std::string payload = cut.bytes().substr(at);
  payload[0] = static_cast<char>(Mark::closed);
  std::string bytes = cut.bytes().substr(0, at - frame_head_bytes);
  write_frame(FrameType::seal, payload, bytes);
  write_file(folder / "a.mwj", bytes);
  EXPECT_TRUE(has(verify_journal(folder / "a.mwj").faults, "signature does not match"));
}

// As a journal is whose key came after its first records, and was replaced later.
TEST(Verify, one_key_after_the_other_vouches_for_what_came_before) {
  const Folder folder;
  const SigningKey one = sample::key(1), two = sample::key(2);
  std::filesystem::create_directory(folder / "j");
  InputPositions positions;
  Segment first(SegmentHeader{.schema = schema_hash()});
  first.event(1).seal(Mark::closed);
  positions.note(Made(1).event);
  const auto next = [&](std::uint32_t number, const Segment& before, const SigningKey& key) {
    return Segment({.segment = number,
                    .start_seq = number,
                    .schema = schema_hash(),
                    .previous = before.chain(),
                    .key = key.public_key()},
                   key, positions);
  };
  Segment second = next(2, first, one);
  second.event(2).seal(Mark::closed);
  positions.note(Made(2).event);
  Segment third = next(3, second, two);
  third.event(3).seal(Mark::closed);
  write_file(folder / "j/00000000000000000001.mwj", first.bytes());
  const auto faults = [&](const PublicKeys& keys) {
    return verify_journal(folder / "j", keys).faults;
  };
  EXPECT_TRUE(has(faults({one.public_key()}), "not signed, though a key was given"));
  write_file(folder / "j/00000000000000000002.mwj", second.bytes());
  write_file(folder / "j/00000000000000000003.mwj", third.bytes());
  EXPECT_TRUE(faults({}).empty()) << all(faults({}));
  EXPECT_TRUE(faults({one.public_key(), two.public_key()}).empty());
  EXPECT_TRUE(has(faults({one.public_key()}), "another key"));
  EXPECT_TRUE(has(faults({two.public_key()}), "another key"));
  EXPECT_TRUE(has(verify_journal(folder / "j").notes, "the first 1 blocks are not signed"));
}

TEST(Verify, a_signed_journal_stays_signed) {
  const Folder folder;
  const SigningKey key = sample::key(1);
  std::filesystem::create_directory(folder / "j");
  Segment first(named(key.public_key()), key);
  first.event(1).seal(Mark::closed);
  InputPositions positions;
  positions.note(Made(1).event);
  Segment second({.segment = 2, .start_seq = 2, .schema = schema_hash(), .previous = first.chain()},
                 {}, positions);
  second.event(2).seal(Mark::closed);
  write_file(folder / "j/00000000000000000001.mwj", first.bytes());
  write_file(folder / "j/00000000000000000002.mwj", second.bytes());
  const JournalReport report = verify_journal(folder / "j");
  ASSERT_EQ(report.faults.size(), 1u) << all(report.faults);
  EXPECT_TRUE(has(report.faults, "not signed, though a segment before it is"));
}

// A segment after `first`, with one thing wrong.
JournalReport second_is(const Segment& first, const SegmentHeader& header,
                        const InputPositions& positions) {
  const Folder folder;
  std::filesystem::create_directory(folder / "j");
  Segment second(header, {}, positions);
  second.event(2).seal(Mark::closed);
  write_file(folder / "j/00000000000000000001.mwj", first.bytes());
  write_file(folder / ("j/" + segment_name(header.start_seq)), second.bytes());
  return verify_journal(folder / "j");
}

TEST(Verify, segments_join) {
  Segment first;
  first.event(1).seal(Mark::continued);
  InputPositions positions;
  positions.note(Made(1).event);
  const SegmentHeader good{
      .segment = 2, .start_seq = 2, .schema = schema_hash(), .previous = first.chain()};
  EXPECT_TRUE(second_is(first, good, positions).ok);
  SegmentHeader bad = good;
  bad.segment = 3;
  EXPECT_TRUE(has(second_is(first, bad, positions).faults, "out of order"));
  bad = good;
  bad.start_seq = 3;
  EXPECT_TRUE(has(second_is(first, bad, positions).faults, "instead of 2"));
  bad = good;
  bad.previous[7] ^= 1;
  EXPECT_TRUE(has(second_is(first, bad, positions).faults, "does not continue the chain"));
  EXPECT_TRUE(has(second_is(first, good, {}).faults, "input positions"));
  Segment open;
  open.event(1).seal();
  SegmentHeader after_open = good;
  after_open.previous = open.chain();
  EXPECT_TRUE(has(second_is(open, after_open, positions).faults, "without its final seal"));
}

TEST(Verify, each_frame_is_what_it_must_be) {
  const Folder folder;
  const auto faults_of = [&](const Segment& segment) {
    write_file(folder / "a.mwj", segment.bytes());
    return all(verify_journal(folder / "a.mwj").faults);
  };
  const auto framed = [](FrameType type, std::string_view payload) {
    Segment segment;
    segment.event(1).frame(type, payload).seal(Mark::closed);
    return segment;
  };
  EXPECT_TRUE(faults_of(framed(FrameType{9}, "x")).contains("unknown type 9"));
  EXPECT_TRUE(faults_of(framed(FrameType{0}, "")).contains("unknown type 0"));
  EXPECT_TRUE(faults_of(framed(FrameType::event, "nonsense")).contains("record 2 is no event"));
  EXPECT_TRUE(faults_of(framed(FrameType::seal, "x")).contains("wrong size"));
  EXPECT_TRUE(faults_of(framed(FrameType::state_hash, "x")).contains("malformed state hash"));
  EXPECT_TRUE(faults_of(framed(FrameType::positions, "x")).contains("not at the segment's start"));
  std::string seal;
  write_seal({.mark = Mark{3}, .first_seq = 1, .records = 1}, false, seal);
  EXPECT_TRUE(faults_of(framed(FrameType::seal, seal)).contains("unknown mark"));
  seal.clear();
  write_seal({.first_seq = 1, .records = 2}, false, seal);
  EXPECT_TRUE(faults_of(framed(FrameType::seal, seal)).contains("does not count"));
  Segment newer({.schema = sha256("another")});
  newer.frame(FrameType::event, "nonsense").seal(Mark::closed);
  EXPECT_TRUE(faults_of(newer).contains("newer version"));
}

TEST(Verify, positions_are_bounded_and_canonical) {
  InputPositions positions;
  for (std::uint64_t n = 0; n <= InputPositions::sources_max; ++n) {
    Made made(n);
    const std::string source = "s" + std::to_string(n);
    made.event.source = make_text(source);
    EXPECT_TRUE(positions.complete());
    positions.note(made.event);
  }
  EXPECT_FALSE(positions.complete());
  EXPECT_EQ(positions.last().size(), InputPositions::sources_max);
  std::string bytes;
  positions.write(bytes);
  const auto back = InputPositions::read(bytes);
  ASSERT_TRUE(back);
  EXPECT_TRUE(*back == positions);
  using namespace std::string_literals;
  for (const std::string& bad :
       {""s, "\1"s, "\2\0"s, "\1\0x"s, "\1\2\1a\1\1a\1"s, "\1\2\1b\1\1a\1"s, "\1\xff\xff\x7f"s}) {
    EXPECT_FALSE(InputPositions::read(bad)) << hex(bad);
  }
  EXPECT_TRUE(InputPositions::read("\1\2\1a\1\1b\1"s));
}

TEST(Verify, what_is_no_journal_is_a_fault) {
  const Folder folder;
  EXPECT_FALSE(verify_journal(folder / "absent").ok);
  write_file(folder / "empty.mwj", "");
  EXPECT_FALSE(verify_journal(folder / "empty.mwj").ok);
  std::filesystem::create_directory(folder / "d");
  EXPECT_FALSE(verify_journal(folder / "d").ok);
}

}  // namespace
}  // namespace marktwacht
