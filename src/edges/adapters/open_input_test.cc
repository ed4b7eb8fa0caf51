// Options to inputs, over real files.
#include <gtest/gtest.h>

#include "edges/adapters/input.h"
#include "edges/adapters/test_files.h"
#include "edges/journal/journal.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

struct Read {
  std::vector<std::string> items;
  std::vector<std::string> notes;
  std::uint64_t blank_lines = 0;
  std::string error;
};

Read read_all(const InputOptions& options) {
  Read read;
  const auto input = open_input(options);
  if (!input) {
    read.error = input.error();
    return read;
  }
  Batch batch;
  while (true) {
    const auto more = (*input)->read(batch);
    if (!more || !*more) {
      read.error = more ? "" : more.error();
      read.notes = (*input)->notes();
      return read;
    }
    read.blank_lines += batch.blank_lines;
    for (const Item& item : batch.items) {
      std::string text = std::to_string(item.line) + "@" + std::to_string(item.offset) +
                         (item.journaled ? " journaled " : " ");
      if (item.event != nullptr) {
        write_ndjson(*item.event, text);
      } else {
        text += std::string(word_of(item.fault.reason)) + " " + std::string(item.text);
      }
      read.items.push_back(text);
    }
  }
}

Read read_paths(std::vector<std::string> paths, const std::string& from = "auto", int threads = 1) {
  InputOptions options;
  options.from = from;
  options.paths = std::move(paths);
  options.threads = threads;
  return read_all(options);
}

std::string tick(std::int64_t ts) { return R"({"type":"tick","ts":)" + std::to_string(ts) + "}"; }

std::string many_ticks(std::int64_t first, std::int64_t step, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += i % 50 == 7 ? "not json\n" : i % 50 == 9 ? "\r\n" : "";
    text += tick(first + i * step) + "\n";
  }
  return text;
}

void write_journal(const std::string& path, std::int64_t first, int count) {
  auto writer = JournalWriter::open(path, {});
  ASSERT_TRUE(writer) << writer.error();
  for (int i = 0; i < count; ++i) {
    event::Tick event;
    event.type = event::Tick::event_type;
    event.ts = {first + i};
    ASSERT_TRUE(writer->append(event));
  }
  ASSERT_TRUE(writer->close());
}

TEST(OpenInput, NdjsonPlainAndPacked) {
  const TestFolder folder;
  const std::string text = tick(1) + "\n\nnonsense\n" + tick(2);
  const std::vector<std::string> expected = {"1@0 " + tick(1), "3@24 json nonsense",
                                             "4@33 " + tick(2)};
  for (const std::string& path : {folder.write("a", text), folder.write("a.gz", gzip(text)),
                                  folder.write("a.ndjson.zst", zstd(text))}) {
    for (const std::string from : {"auto", "ndjson"}) {
      const Read read = read_paths({path}, from);
      EXPECT_EQ(read.error, "");
      EXPECT_EQ(read.items, expected) << path;
      EXPECT_EQ(read.blank_lines, 1u);
    }
  }
}

TEST(OpenInput, LinesBeyondTheLimitAreTooLarge) {
  const TestFolder folder;
  const std::string line(line_bytes_max + 1, 'x');
  const Read read = read_paths({folder.write("a", line + "\n" + tick(1))});
  ASSERT_EQ(read.items.size(), 2u);
  EXPECT_EQ(read.items[0], "1@0 too_large " + line.substr(0, 200));
  EXPECT_EQ(read.items[1], "2@1048578 " + tick(1));
}

TEST(OpenInput, JournalsAreKnownByTheirMagic) {
  const TestFolder folder;
  const std::string path = folder.path("a.mwj");
  write_journal(path, 100, 3000);
  for (const std::string from : {"auto", "journal"}) {
    const Read read = read_paths({path}, from);
    EXPECT_EQ(read.error, "");
    ASSERT_EQ(read.items.size(), 3000u);
    EXPECT_TRUE(read.items[0].starts_with("1@")) << read.items[0];
    EXPECT_TRUE(read.items[2999].ends_with(" journaled " + tick(3099))) << read.items[2999];
    EXPECT_TRUE(read.items[2999].starts_with("3000@"));
  }
}

TEST(OpenInput, ATornJournalIsNoted) {
  const TestFolder folder;
  const std::string path = folder.path("a.mwj");
  write_journal(path, 100, 300);
  const Read whole = read_paths({path});
  EXPECT_TRUE(whole.notes.empty());
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2 + 1);
  for (const int threads : {1, 2}) {
    const Read read = read_paths({path}, "auto", threads);
    EXPECT_EQ(read.error, "");
    EXPECT_LT(read.items.size(), 300u);
    EXPECT_GT(read.items.size(), 100u);
    ASSERT_EQ(read.notes.size(), 1u);
    EXPECT_NE(read.notes[0].find(path), std::string::npos);
  }
}

TEST(OpenInput, FormsMixAndMerge) {
  const TestFolder folder;
  const std::string journal = folder.path("b.mwj");
  write_journal(journal, 2, 2);
  const Read read = read_paths({folder.write("a", tick(2) + "\n" + tick(4)), journal,
                                folder.write("c.gz", gzip(tick(1) + "\nbad\n" + tick(9)))});
  EXPECT_EQ(read.error, "");
  std::vector<std::string> ends;
  for (const std::string& item : read.items) {
    ends.push_back(item.substr(item.rfind(' ') + 1));
  }
  EXPECT_EQ(ends, (std::vector<std::string>{tick(1), "bad", tick(2), tick(2), tick(3), tick(4),
                                            tick(9)}));
  EXPECT_EQ(read.items[2], "1@0 " + tick(2)) << "ties in the order given";
}

TEST(OpenInput, ThreadsMakeNoDifference) {
  const TestFolder folder;
  const std::vector<std::string> paths = {folder.write("a", many_ticks(0, 3, 20'000)),
                                          folder.write("b.gz", gzip(many_ticks(10'000, 1, 9'000))),
                                          folder.write("c.zst", zstd(many_ticks(5, 30, 2'000)))};
  const Read plain = read_paths(paths);
  EXPECT_EQ(plain.error, "");
  EXPECT_GT(plain.items.size(), 31'000u);
  for (const int threads : {2, 8}) {
    const Read threaded = read_paths(paths, "auto", threads);
    EXPECT_TRUE(threaded.items == plain.items);
    EXPECT_EQ(threaded.blank_lines, plain.blank_lines);
  }
}

TEST(OpenInput, BrokenFilesGiveWhatCameBefore) {
  const TestFolder folder;
  std::string text = many_ticks(0, 1, 20'000);
  const std::string packed = gzip(text);
  const std::string path = folder.write("a.gz", packed.substr(0, packed.size() / 2));
  for (const int threads : {1, 2}) {
    const Read read = read_paths({path}, "auto", threads);
    EXPECT_NE(read.error.find("a.gz: the gzip data ends too early"), std::string::npos);
    EXPECT_GT(read.items.size(), 5000u);
  }
}

TEST(OpenInput, SaysWhatIsWrongAndAllowed) {
  const TestFolder folder;
  const auto error = [](std::vector<std::string> paths, const std::string& from = "auto") {
    return read_paths(std::move(paths), from).error;
  };
  const std::string unknown = error({"x"}, "fix");
  EXPECT_NE(unknown.find("'fix'"), std::string::npos);
  EXPECT_NE(unknown.find("ndjson, journal, trades-csv, hyperliquid"), std::string::npos);
  EXPECT_NE(error({}).find("name one or more files"), std::string::npos);
  EXPECT_NE(error({"-", "-"}).find("only once"), std::string::npos);
  EXPECT_NE(error({"-"}, "journal").find("standard input"), std::string::npos);
  EXPECT_NE(error({folder.path("none")}).find("none: cannot be opened"), std::string::npos);
  EXPECT_NE(error({folder.path("none")}, "journal").find("none"), std::string::npos);
  EXPECT_NE(error({folder.path("none")}, "hyperliquid"), "");
  EXPECT_NE(error({folder.path("")}, "ndjson").find("is a folder"), std::string::npos);
}

}  // namespace
}  // namespace marktwacht
