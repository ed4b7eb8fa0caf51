// Writing, reading back, several segments, continuing after a stop or a crash.
#include "edges/journal/journal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "base/crc32c.h"
#include "edges/journal/journal_sample.h"

namespace marktwacht {
namespace {

using sample::Folder;
using sample::Made;
using sample::payload_of;
using sample::read_file;
using sample::write_file;

// Appends the events of the sample stream from the writer's next seq up to `last`.
void append_to(JournalWriter& writer, std::uint64_t last) {
  while (writer.next_seq() <= last) {
    ASSERT_TRUE(writer.append(Made(writer.next_seq()).event));
  }
}

JournalWriter opened(const std::string& path, const JournalOptions& options = {}) {
  auto writer = JournalWriter::open(path, options);
  EXPECT_TRUE(writer) << writer.error();
  check(writer.has_value(), "the journal opens");
  return std::move(*writer);
}

struct Read {
  std::uint64_t records = 0;
  std::uint64_t torn_bytes = 0;
  std::string error;
};

// Reads all and expects the sample stream from `first`.
Read read_all(const std::string& path, std::uint64_t first = 1) {
  Read result;
  auto reader = JournalReader::open(path);
  if (!reader) {
    result.error = reader.error();
    return result;
  }
  JournalRecord record;
  auto more = reader->next(record);
  for (; more && *more; more = reader->next(record)) {
    const std::uint64_t seq = first + result.records++;
    EXPECT_EQ(record.seq, seq);
    EXPECT_EQ(record.payload, payload_of(seq));
  }
  result.torn_bytes = reader->torn_bytes();
  result.error = more ? "" : more.error();
  if (more) {
    EXPECT_EQ(reader->bytes_read(), reader->bytes_total());
    EXPECT_FALSE(*reader->next(record));
  }
  return result;
}

std::vector<std::string> segments_in(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    names.push_back(entry.path().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string all_bytes(const std::string& directory) {
  std::string bytes;
  for (const std::string& name : segments_in(directory)) {
    bytes += name.substr(directory.size()) + read_file(name);
  }
  return bytes;
}

TEST(Journal, reads_back_what_was_written) {
  const Folder folder;
  const std::string path = folder / "a.mwj";
  JournalWriter writer = opened(path, {.block_bytes_max = 1000});
  append_to(writer, 5000);
  EXPECT_EQ(writer.next_seq(), 5001u);
  ASSERT_TRUE(writer.close());
  EXPECT_FALSE(writer.append(Made(1).event));
  EXPECT_EQ(writer.next_seq(), 5001u);
  const Read read = read_all(path);
  EXPECT_EQ(read.records, 5000u);
  EXPECT_EQ(read.error, "");
  const JournalReport report = verify_journal(path);
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.records, 5000u);
  EXPECT_EQ(report.first_seq, 1u);
  EXPECT_EQ(report.last_seq, 5000u);
  EXPECT_GT(report.blocks, 100u);
  EXPECT_EQ(report.signed_blocks, 0u);
}

TEST(Journal, record_offsets_point_at_their_frames) {
  const Folder folder;
  JournalWriter writer = opened(folder / "a.mwj", {.start_seq = 7});
  ASSERT_TRUE(writer.append(Made(7).event));
  ASSERT_TRUE(writer.append(Made(8).event));
  ASSERT_TRUE(writer.close());
  const std::string bytes = read_file(folder / "a.mwj");
  auto reader = JournalReader::open(folder / "a.mwj");
  JournalRecord record;
  for (std::uint64_t seq = 7; seq <= 8; ++seq) {
    ASSERT_TRUE(*reader->next(record));
    EXPECT_EQ(record.seq, seq);
    EXPECT_EQ(bytes.substr(record.offset + frame_head_bytes, record.payload.size()),
              payload_of(seq));
  }
}

TEST(Journal, seals_at_the_block_limit) {
  const Folder folder;
  JournalWriter writer = opened(folder / "a.mwj", {.block_bytes_max = 1u << 16});
  append_to(writer, 20'000);
  ASSERT_TRUE(writer.close());
  const std::uint64_t size = read_file(folder / "a.mwj").size();
  const JournalReport report = verify_journal(folder / "a.mwj");
  EXPECT_GE(report.blocks, size >> 16);
  EXPECT_LE(report.blocks, (size >> 16) + 2);
}

TEST(Journal, splits_a_directory_into_segments_named_by_seq) {
  const Folder folder;
  const std::string path = folder / "data/journal";
  JournalWriter writer = opened(path, {.segment_bytes_max = 4000});
  append_to(writer, 1000);
  ASSERT_TRUE(writer.close());
  const auto names = segments_in(path);
  ASSERT_GT(names.size(), 5u);
  EXPECT_EQ(names.front(), path + "/00000000000000000001.mwj");
  for (const std::string& name : names) {
    EXPECT_LE(std::filesystem::file_size(name), 4000u + 59u);
  }
  for (const std::string& given : {path, path + "/", folder / "data"}) {
    EXPECT_TRUE(is_journal(given));
    EXPECT_EQ(read_all(given).records, 1000u);
    const JournalReport report = verify_journal(given);
    EXPECT_TRUE(report.ok);
    EXPECT_EQ(report.segments, names.size());
    EXPECT_EQ(report.records, 1000u);
  }
}

TEST(Journal, a_data_directory_may_hold_other_files) {
  const Folder folder;
  JournalWriter writer = opened(folder / "data/journal");
  append_to(writer, 10);
  ASSERT_TRUE(writer.close());
  write_file(folder / "data/export.mwj", "something");
  write_file(folder / "data/journal/README", "something");
  EXPECT_EQ(read_all(folder / "data").records, 10u);
  EXPECT_TRUE(verify_journal(folder / "data").ok);
}

TEST(Journal, each_segment_starts_with_the_input_positions) {
  const Folder folder;
  JournalWriter writer = opened(folder / "j", {.segment_bytes_max = 1});
  append_to(writer, 9);
  ASSERT_TRUE(writer.close());
  const std::string bytes = read_file(folder / "j/00000000000000000009.mwj");
  const std::uint32_t length = load_frame_head(bytes.data() + header_bytes).length;
  const auto positions =
      InputPositions::read(std::string_view(bytes).substr(header_bytes + frame_head_bytes, length));
  ASSERT_TRUE(positions);
  const std::map<std::string, std::uint64_t, std::less<>> expected{{"even", 4}, {"odd", 3}};
  EXPECT_EQ(positions->last(), expected);
}

TEST(Journal, goes_on_after_a_close_in_a_new_segment) {
  const Folder folder;
  for (std::uint64_t last = 10; last <= 50; last += 10) {
    JournalWriter writer = opened(folder / "j");
    EXPECT_EQ(writer.next_seq(), last - 9);
    append_to(writer, last);
    ASSERT_TRUE(writer.record_state_hash(sha256("state")));
    ASSERT_TRUE(writer.close());
  }
  EXPECT_EQ(segments_in(folder / "j").size(), 5u);
  EXPECT_EQ(read_all(folder / "j").records, 50u);
  const JournalReport report = verify_journal(folder / "j");
  EXPECT_TRUE(report.ok);
  ASSERT_EQ(report.state_hashes.size(), 5u);
  EXPECT_EQ(report.state_hashes[1].seq, 20u);
  EXPECT_EQ(report.state_hashes[1].hash, sha256("state"));
}

TEST(Journal, goes_on_without_a_close_in_the_same_segment) {
  const Folder folder;
  for (std::uint64_t last = 10; last <= 50; last += 10) {
    JournalWriter writer = opened(folder / "j");
    append_to(writer, last);
    if (last == 30) {
      ASSERT_TRUE(writer.sync());
    }
  }
  EXPECT_EQ(segments_in(folder / "j").size(), 1u);
  const JournalReport report = verify_journal(folder / "j");
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.blocks, 1u);
  ASSERT_EQ(report.notes.size(), 2u);
  EXPECT_NE(report.notes[0].find("20 records are not sealed yet"), std::string::npos);
  EXPECT_EQ(read_all(folder / "j").records, 50u);
}

TEST(Journal, stopping_changes_no_byte) {
  const Folder folder;
  {
    JournalWriter writer = opened(folder / "once");
    append_to(writer, 100);
    ASSERT_TRUE(writer.close());
  }
  for (const std::uint64_t last : {30, 60, 100}) {
    JournalWriter writer = opened(folder / "often");
    append_to(writer, last);
    if (last == 100) {
      ASSERT_TRUE(writer.close());
    }
  }
  EXPECT_EQ(all_bytes(folder / "once"), all_bytes(folder / "often"));
}

TEST(Journal, a_segment_without_records_is_begun_anew) {
  const Folder folder;
  for (int i = 0; i < 3; ++i) {
    JournalWriter writer = opened(folder / "j");
    ASSERT_TRUE(writer.record_state_hash({}));
    ASSERT_TRUE(writer.close());
    EXPECT_TRUE(verify_journal(folder / "j").ok);
  }
  {
    JournalWriter writer = opened(folder / "j", {.key = sample::key(1)});
    append_to(writer, 10);
    ASSERT_TRUE(writer.close());
  }
  for (int i = 0; i < 3; ++i) {
    JournalWriter writer = opened(folder / "j", {.key = sample::key(1)});
    EXPECT_EQ(writer.next_seq(), 11u);
    ASSERT_TRUE(writer.close());
  }
  EXPECT_EQ(segments_in(folder / "j").size(), 2u);
  EXPECT_TRUE(verify_journal(folder / "j", {sample::key(1).public_key()}).ok);
}

TEST(Journal, same_events_give_the_same_bytes) {
  const Folder folder;
  for (const std::string name : {"a", "b"}) {
    JournalWriter writer =
        opened(folder / name,
               {.segment_bytes_max = 20'000, .block_bytes_max = 3000, .key = sample::key(3)});
    append_to(writer, 2000);
    ASSERT_TRUE(writer.close());
  }
  EXPECT_EQ(all_bytes(folder / "a"), all_bytes(folder / "b"));
}

TEST(Journal, never_overwrites) {
  const Folder folder;
  write_file(folder / "a.mwj", "precious");
  EXPECT_FALSE(JournalWriter::open(folder / "a.mwj", {}));
  EXPECT_EQ(read_file(folder / "a.mwj"), "precious");
  std::filesystem::create_directory(folder / "d");
  write_file(folder / "d/notes.mwj", "precious");
  EXPECT_FALSE(JournalWriter::open(folder / "d", {}));
  EXPECT_FALSE(JournalWriter::open(folder / "new.mwj", {.start_seq = 0}));
  EXPECT_FALSE(JournalWriter::open(folder / "no/such/a.mwj", {}));
}

TEST(Journal, has_one_writer) {
  const Folder folder;
  JournalWriter writer = opened(folder / "j");
  const auto second = JournalWriter::open(folder / "j", {});
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("another writer"), std::string::npos);
  ASSERT_TRUE(writer.close());
  EXPECT_TRUE(JournalWriter::open(folder / "j", {}));
}

TEST(Journal, keys_change_only_between_closed_segments) {
  const Folder folder;
  {
    append_to(*std::make_unique<JournalWriter>(opened(folder / "j")), 5);
  }
  {
    // From now on signed: the open, unsigned segment ends.
    JournalWriter writer = opened(folder / "j", {.key = sample::key(1)});
    EXPECT_EQ(writer.next_seq(), 6u);
    append_to(writer, 10);
  }
  EXPECT_FALSE(JournalWriter::open(folder / "j", {}));
  EXPECT_FALSE(JournalWriter::open(folder / "j", {.key = sample::key(2)}));
  ASSERT_TRUE(opened(folder / "j", {.key = sample::key(1)}).close());
  EXPECT_FALSE(JournalWriter::open(folder / "j", {}));
  {
    JournalWriter writer = opened(folder / "j", {.key = sample::key(2)});
    append_to(writer, 15);
    ASSERT_TRUE(writer.close());
  }
  EXPECT_EQ(segments_in(folder / "j").size(), 3u);
  EXPECT_TRUE(verify_journal(folder / "j").ok);
  EXPECT_FALSE(verify_journal(folder / "j", {sample::key(2).public_key()}).ok);
  EXPECT_EQ(read_all(folder / "j").records, 15u);
}

TEST(Journal, refuses_to_continue_what_does_not_verify) {
  const Folder folder;
  {
    JournalWriter writer = opened(folder / "j", {.segment_bytes_max = 600});
    append_to(writer, 60);
    ASSERT_TRUE(writer.close());
  }
  const auto names = segments_in(folder / "j");
  ASSERT_GT(names.size(), 2u);
  // A whole frame exchanged for another with a right CRC: only the chain shows it.
  std::string bytes = read_file(names[1]);
  const std::uint64_t seq = std::stoull(names[1].substr(names[1].size() - 24, 20)) + 1;
  std::string before;
  std::string after;
  write_frame(FrameType::event, payload_of(seq), before);
  std::string payload;
  write_record(Made(seq, "T" + std::to_string(seq)).event, payload);
  write_frame(FrameType::event, payload, after);
  const std::size_t at = bytes.find(before);
  ASSERT_NE(at, bytes.npos);
  write_file(names[1], bytes.replace(at, before.size(), after));
  const auto writer = JournalWriter::open(folder / "j", {});
  ASSERT_FALSE(writer);
  EXPECT_NE(writer.error().find("the chain breaks"), std::string::npos);
}

// Cuts the last file of `directory` at each length; `before` records stand in earlier files.
void cut_everywhere(const Folder& folder, const std::string& directory, std::uint64_t before,
                    const JournalOptions& options) {
  const std::string file = segments_in(directory).back();
  const std::string bytes = read_file(file);
  std::uint64_t records = before;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    SCOPED_TRACE(size);
    write_file(file, bytes.substr(0, size));
    const Read read = read_all(directory);
    ASSERT_EQ(read.error, "");
    ASSERT_GE(read.records, records);
    ASSERT_LE(read.records, records + 1);
    records = read.records;
    const JournalReport torn = verify_journal(directory);
    ASSERT_EQ(torn.ok, read.torn_bytes == 0 && size > 0);
    const std::string copy = folder / "copy";
    std::filesystem::remove_all(copy);
    std::filesystem::copy(directory, copy);
    {
      JournalWriter writer = opened(copy, options);
      ASSERT_EQ(writer.cut_bytes(), read.torn_bytes);
      ASSERT_EQ(writer.next_seq(), records + 1);
      append_to(writer, records + 3);
      ASSERT_TRUE(writer.close());
    }
    ASSERT_EQ(read_all(copy).records, records + 3);
    const JournalReport report = verify_journal(copy);
    ASSERT_TRUE(report.ok) << report.faults.front();
    ASSERT_EQ(report.records, records + 3);
  }
  write_file(file, bytes);
}

TEST(Journal, survives_a_cut_at_any_length) {
  const Folder folder;
  for (const bool is_signed : {false, true}) {
    const std::string path = folder / (is_signed ? "signed" : "plain");
    const JournalOptions options{.key = is_signed ? std::optional(sample::key(5)) : std::nullopt};
    JournalWriter writer = opened(path, options);
    append_to(writer, 4);
    ASSERT_TRUE(writer.seal());
    append_to(writer, 6);
    ASSERT_TRUE(writer.record_state_hash(sha256("x")));
    ASSERT_TRUE(writer.close());
    cut_everywhere(folder, path, 0, options);
  }
}

TEST(Journal, survives_a_cut_of_the_last_segment_at_any_length) {
  const Folder folder;
  const JournalOptions options{.segment_bytes_max = 400, .key = sample::key(5)};
  JournalWriter writer = opened(folder / "j", options);
  append_to(writer, 12);
  ASSERT_TRUE(writer.close());
  const auto names = segments_in(folder / "j");
  ASSERT_GT(names.size(), 1u);
  const std::uint64_t first = std::stoull(names.back().substr(names.back().size() - 24, 20));
  cut_everywhere(folder, folder / "j", first - 1, {.key = sample::key(5)});
}

TEST(Journal, goes_on_where_the_next_segment_was_never_made) {
  const Folder folder;
  {
    JournalWriter writer = opened(folder / "j", {.segment_bytes_max = 400});
    append_to(writer, 30);
    ASSERT_TRUE(writer.close());
  }
  while (segments_in(folder / "j").size() > 1) {
    std::filesystem::remove(segments_in(folder / "j").back());
  }
  EXPECT_FALSE(verify_journal(folder / "j").ok);
  const std::uint64_t records = read_all(folder / "j").records;
  ASSERT_GT(records, 0u);
  JournalWriter writer = opened(folder / "j");
  EXPECT_EQ(writer.next_seq(), records + 1);
  append_to(writer, records + 1);
  ASSERT_TRUE(writer.close());
  EXPECT_TRUE(verify_journal(folder / "j").ok);
}

// A torn record whose text holds a whole frame is still a torn record.
TEST(Journal, a_frame_inside_a_record_is_data) {
  const Folder folder;
  std::string inner;
  for (int i = 0; i < 3; ++i) {
    write_frame(FrameType::event, payload_of(1), inner);
  }
  {
    JournalWriter writer = opened(folder / "j");
    append_to(writer, 3);
    ASSERT_TRUE(writer.append(Made(4, inner).event));
  }
  const std::string file = segments_in(folder / "j").front();
  const std::string bytes = read_file(file);
  write_file(file, bytes.substr(0, bytes.size() - 3));
  const Read read = read_all(folder / "j");
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.records, 3u);
  JournalWriter writer = opened(folder / "j");
  EXPECT_EQ(writer.cut_bytes(), read.torn_bytes);
  EXPECT_EQ(writer.next_seq(), 4u);
}

TEST(Journal, a_tail_of_zeros_is_torn) {
  const Folder folder;
  {
    append_to(*std::make_unique<JournalWriter>(opened(folder / "j")), 5);
  }
  const std::string file = segments_in(folder / "j").front();
  write_file(file, read_file(file) + std::string(100'000, '\0'));
  const Read read = read_all(folder / "j");
  EXPECT_EQ(read.records, 5u);
  EXPECT_EQ(read.torn_bytes, 100'000u);
  EXPECT_EQ(opened(folder / "j").cut_bytes(), 100'000u);
  EXPECT_TRUE(verify_journal(folder / "j").ok);
}

TEST(Journal, a_fault_before_whole_frames_is_never_cut) {
  const Folder folder;
  {
    append_to(*std::make_unique<JournalWriter>(opened(folder / "j")), 5);
  }
  const std::string file = segments_in(folder / "j").front();
  const std::string bytes = read_file(file);
  std::string frame;
  write_frame(FrameType::event, payload_of(4), frame);
  const std::size_t at = bytes.find(frame);
  ASSERT_NE(at, bytes.npos);
  for (std::size_t i = at; i < at + frame.size(); ++i) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    write_file(file, bad);
    const Read read = read_all(folder / "j");
    EXPECT_EQ(read.records, 3u);
    EXPECT_NE(read.error.find("whole frames follow"), std::string::npos) << i;
    EXPECT_FALSE(JournalWriter::open(folder / "j", {}));
    EXPECT_EQ(read_file(file), bad);
  }
}

TEST(Journal, an_open_journal_can_be_read) {
  const Folder folder;
  JournalWriter writer = opened(folder / "j");
  EXPECT_EQ(read_all(folder / "j").records, 0u);
  append_to(writer, 100);
  ASSERT_TRUE(writer.sync());
  ASSERT_TRUE(writer.sync());
  EXPECT_EQ(read_all(folder / "j").records, 100u);
  EXPECT_EQ(verify_journal(folder / "j").blocks, 1u);
}

TEST(Journal, a_record_over_the_limit_is_an_error_and_nothing_else) {
  const Folder folder;
  JournalWriter writer = opened(folder / "a.mwj");
  EXPECT_FALSE(writer.append(Made(1, std::string(payload_bytes_max + 1, 'x')).event));
  append_to(writer, 3);
  ASSERT_TRUE(writer.close());
  EXPECT_EQ(read_all(folder / "a.mwj").records, 3u);
}

// Runs `act` in a child whose files may not grow beyond `bytes`; true when `act` is.
template <class Act>
bool with_full_disk(rlim_t bytes, Act act) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
    _exit(act() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(Journal, a_full_disk_is_an_error_that_stays) {
  const Folder folder;
  const std::string path = folder / "j";
  EXPECT_TRUE(with_full_disk(100'000, [&] {
    auto writer = JournalWriter::open(path, {});
    if (!writer) {
      return false;
    }
    bool failed = false;
    for (int i = 1; i < 50'000 && !failed; ++i) {
      failed = !writer->append(Made(static_cast<std::uint64_t>(i)).event);
    }
    return failed && !writer->append(Made(1).event) && !writer->sync() && !writer->close();
  }));
  const Read read = read_all(path);
  EXPECT_EQ(read.error, "");
  EXPECT_GT(read.records, 1000u);
  JournalWriter writer = opened(path);
  EXPECT_EQ(writer.next_seq(), read.records + 1);
  append_to(writer, read.records + 10);
  ASSERT_TRUE(writer.close());
  EXPECT_TRUE(verify_journal(path).ok);
}

TEST(Journal, a_disk_full_at_the_start_or_at_sync_is_an_error) {
  const Folder folder;
  EXPECT_TRUE(with_full_disk(20, [&] { return !JournalWriter::open(folder / "j", {}); }));
  EXPECT_TRUE(with_full_disk(400, [&] {
    auto writer = JournalWriter::open(folder / "j", {});
    for (std::uint64_t i = 1; i < 50; ++i) {
      if (!writer || !writer->append(Made(i).event)) {
        return false;
      }
    }
    return !writer->sync();
  }));
}

TEST(Journal, knows_a_journal_by_its_magic) {
  const Folder folder;
  ASSERT_TRUE(opened(folder / "a.mwj").close());
  EXPECT_TRUE(is_journal(folder / "a.mwj"));
  write_file(folder / "b.mwj", "{\"type\":\"tick\"}");
  write_file(folder / "empty.mwj", "");
  EXPECT_FALSE(is_journal(folder / "b.mwj"));
  EXPECT_FALSE(is_journal(folder / "empty.mwj"));
  EXPECT_FALSE(is_journal(folder / "absent.mwj"));
  EXPECT_EQ(read_all(folder / "empty.mwj").records, 0u);
  EXPECT_EQ(read_all(folder / "empty.mwj").error, "");
  EXPECT_NE(read_all(folder / "b.mwj").error.find("no journal"), std::string::npos);
  EXPECT_NE(read_all(folder / "absent.mwj").error, "");
  std::filesystem::create_directory(folder / "d");
  EXPECT_NE(read_all(folder / "d").error.find("holds no journal"), std::string::npos);
}

TEST(Journal, says_that_it_does_not_read_a_version) {
  const Folder folder;
  std::string bytes = sample::Segment().event(1).seal(Mark::closed).bytes();
  for (const int version : {2, 4}) {
    bytes[8] = static_cast<char>(version);
    write_file(folder / "a.mwj", bytes);
    EXPECT_NE(read_all(folder / "a.mwj").error.find("journal version " + std::to_string(version)),
              std::string::npos);
    EXPECT_FALSE(verify_journal(folder / "a.mwj").ok);
  }
}

TEST(Journal, each_segment_names_the_engine_that_wrote_it) {
  const Folder folder;
  for (const std::uint32_t engine : {engine_version, engine_version, 7u, engine_version}) {
    JournalWriter writer = opened(folder / "j", {.engine = engine});
    append_to(writer, writer.next_seq());
    ASSERT_TRUE(writer.sync());  // and left open: the next one goes on where it may
  }
  const JournalReport report = verify_journal(folder / "j");
  EXPECT_TRUE(report.ok);
  EXPECT_FALSE(report.closed);
  EXPECT_EQ(report.engines, (std::vector<std::uint32_t>{engine_version, 7, engine_version}));
  EXPECT_EQ(report.segments, 3u);
  ASSERT_TRUE(opened(folder / "j").close());
  EXPECT_TRUE(verify_journal(folder / "j").closed);
}

TEST(Journal, reads_another_schema_whose_records_decode) {
  const Folder folder;
  sample::Segment segment({.schema = sha256("an older table")});
  write_file(folder / "a.mwj", segment.event(1).event(2).seal(Mark::closed).bytes());
  auto reader = JournalReader::open(folder / "a.mwj");
  ASSERT_TRUE(reader);
  EXPECT_TRUE(reader->other_schema());
  EXPECT_EQ(read_all(folder / "a.mwj").records, 2u);
  const JournalReport report = verify_journal(folder / "a.mwj");
  EXPECT_TRUE(report.ok);
  EXPECT_NE(report.notes.front().find("another event schema"), std::string::npos);
  // The writer ends such a segment, since its header speaks for all that is in it.
  std::filesystem::create_directory(folder / "j");
  sample::Segment open({.schema = sha256("an older table")});
  write_file(folder / "j/00000000000000000001.mwj", open.event(1).bytes());
  JournalWriter writer = opened(folder / "j");
  append_to(writer, 2);
  ASSERT_TRUE(writer.close());
  EXPECT_EQ(segments_in(folder / "j").size(), 2u);
  EXPECT_TRUE(verify_journal(folder / "j").ok);
}

TEST(Journal, hostile_lengths_are_refused) {
  const Folder folder;
  // A head that matches its guard and claims more than a record may have.
  std::string huge(frame_head_bytes, '\0');
  const std::uint32_t word = 0x02FF'FFFF;
  std::memcpy(huge.data(), &word, 4);
  const auto guard = static_cast<std::uint16_t>(crc32c({huge.data(), 4}));
  std::memcpy(huge.data() + 4, &guard, 2);
  sample::Segment segment;
  std::string bytes = segment.event(1).bytes() + huge + std::string(5000, 'x');
  write_file(folder / "a.mwj", bytes);
  EXPECT_EQ(read_all(folder / "a.mwj").torn_bytes, 5000u + frame_head_bytes);
  write_frame(FrameType::event, payload_of(2), bytes);
  write_file(folder / "a.mwj", bytes);
  EXPECT_NE(read_all(folder / "a.mwj").error.find("whole frames follow"), std::string::npos);
}

// Batches of ten records, the nth named "b" + n.
void mark(JournalWriter& writer, std::uint64_t n) {
  ASSERT_TRUE(writer.mark_batch({.at = {static_cast<std::int64_t>(n)},
                                 .source = "feed",
                                 .idempotency_key = "b" + std::to_string(n),
                                 .accepted = 10,
                                 .rejected = n}));
}

constexpr JournalOptions small_service{
    .segment_bytes_max = 4'000, .block_bytes_max = 300, .whole_batches = true};

TEST(Journal, a_batch_is_there_as_a_whole_or_not_at_all) {
  const Folder folder;
  const std::string whole = folder / "whole";
  {
    JournalWriter writer = opened(whole, small_service);
    for (std::uint64_t n = 1; n <= 9; ++n) {
      append_to(writer, 10 * n);
      mark(writer, n);
    }
    ASSERT_TRUE(writer.sync());
  }
  auto segments = std::filesystem::directory_iterator(whole);
  const std::string last = std::max_element(begin(segments), end(segments))->path().string();
  const std::string bytes = read_file(last);
  for (std::size_t size = 0; size <= bytes.size(); size += 7) {  // where a crash may cut it
    const std::string torn = folder / "torn";
    std::filesystem::remove_all(torn);
    std::filesystem::copy(whole, torn);
    write_file(torn + "/" + std::filesystem::path(last).filename().string(),
               std::string_view(bytes).substr(0, size));
    JournalWriter writer = opened(torn, small_service);
    EXPECT_EQ((writer.next_seq() - 1) % 10, 0u) << size;
    append_to(writer, writer.next_seq() + 4);
    ASSERT_TRUE(writer.sync());                               // seals behind the last mark
    std::optional<JournalWriter>(std::move(writer)).reset();  // the lock goes with it
    writer = opened(torn, small_service);
    EXPECT_EQ((writer.next_seq() - 1) % 10, 0u) << size;
    const std::uint64_t batches = (writer.next_seq() - 1) / 10;
    append_to(writer, writer.next_seq() + 9);
    mark(writer, batches + 1);
    ASSERT_TRUE(writer.close());
    EXPECT_TRUE(verify_journal(torn).ok) << size;
    EXPECT_EQ(read_all(torn).records, 10 * (batches + 1));
  }
}

// Marked batches too: nobody was told that they are kept.
TEST(Journal, what_was_not_synced_can_be_taken_back) {
  for (const std::uint64_t more : {0u, 1u, 3u, 40u}) {  // batches; forty fill some segments
    const Folder folder;
    JournalWriter writer = opened(folder / "j", small_service);
    for (std::uint64_t n = 1; n <= 9 + more; ++n) {
      append_to(writer, 10 * n);
      mark(writer, n);
      if (n == 9) {
        ASSERT_TRUE(writer.sync());
      }
    }
    append_to(writer, writer.next_seq() + 5);
    ASSERT_TRUE(writer.seal());
    ASSERT_TRUE(writer.cut_unsynced());
    EXPECT_FALSE(writer.append(Made(1).event));
    std::optional<JournalWriter>(std::move(writer)).reset();
    EXPECT_EQ(read_all(folder / "j").records, 90u) << more;
    writer = opened(folder / "j", small_service);
    EXPECT_EQ(writer.cut_bytes(), 0u);
    EXPECT_EQ(writer.next_seq(), 91u);
    append_to(writer, 100);
    mark(writer, 10);
    ASSERT_TRUE(writer.cut_unsynced());  // back to where it was opened
    std::optional<JournalWriter>(std::move(writer)).reset();
    EXPECT_EQ(opened(folder / "j", small_service).next_seq(), 91u) << more;
    EXPECT_TRUE(verify_journal(folder / "j").ok) << more;
  }
}

TEST(Journal, segments_of_a_service_end_at_marks_only) {
  const Folder folder;
  JournalWriter writer = opened(folder / "j", small_service);
  for (std::uint64_t n = 1; n <= 40; ++n) {
    append_to(writer, 10 * n);
    mark(writer, n);
  }
  ASSERT_TRUE(writer.close());
  std::size_t segments = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder / "j")) {
    EXPECT_EQ(std::stoull(file.path().stem().string()) % 10, 1u);
    ++segments;
  }
  EXPECT_GT(segments, 3u);
  EXPECT_EQ(verify_journal(folder / "j").batches, 40u);
}

TEST(Journal, without_marks_nothing_whole_is_cut) {
  const Folder folder;
  {
    JournalWriter writer = opened(folder / "j");
    append_to(writer, 15);
    ASSERT_TRUE(writer.sync());
  }
  EXPECT_EQ(opened(folder / "j", small_service).next_seq(), 16u);
}

TEST(Journal, a_reader_hears_marks_behind_their_records_and_may_begin_late) {
  const Folder folder;
  JournalWriter writer = opened(folder / "j", small_service);
  for (std::uint64_t n = 1; n <= 40; ++n) {
    append_to(writer, 10 * n);
    mark(writer, n);
  }
  ASSERT_TRUE(writer.sync());
  for (const std::uint64_t from : {1, 57, 211, 400}) {
    auto reader = JournalReader::open(folder / "j", from);
    ASSERT_TRUE(reader) << reader.error();
    JournalRecord record;
    std::uint64_t first = 0;
    std::uint64_t marks = 0;
    reader->on_batch([&](const BatchMark& batch) {
      EXPECT_EQ(batch.last_seq, record.seq);
      EXPECT_EQ(batch, (BatchMark{batch.last_seq,
                                  {static_cast<std::int64_t>(batch.rejected)},
                                  "feed",
                                  "b" + std::to_string(batch.last_seq / 10),
                                  10,
                                  batch.last_seq / 10}));
      ++marks;
    });
    while (*reader->next(record)) {
      first = first == 0 ? record.seq : first;
      EXPECT_EQ(record.payload, payload_of(record.seq));
    }
    EXPECT_LE(first, from);
    EXPECT_GT(first + 120, from);  // one small segment at most
    EXPECT_EQ(record.seq, 400u);
    EXPECT_EQ(marks, (401 - first) / 10);
  }
}

}  // namespace
}  // namespace marktwacht
