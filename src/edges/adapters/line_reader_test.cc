// The line reader against its twin, whatever the pieces in which the bytes come.
#include "edges/adapters/line_reader.h"

#include <gtest/gtest.h>

#include <random>

#include "edges/adapters/line_reader_twin.h"
#include "edges/adapters/memory_source.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

using Cut = LineReader::Cut;

struct ReadLines {
  TwinLines lines;
  std::string error;
  std::size_t batches = 0;
};

ReadLines read_all(std::unique_ptr<ByteSource> source, Cut cut = Cut::lines) {
  LineReader reader(std::move(source), cut);
  ReadLines result;
  Batch batch;
  std::vector<Line> lines;
  while (true) {
    const auto more = reader.read(batch, lines);
    EXPECT_EQ(more && *more, !lines.empty() || batch.blank_lines > 0);
    if (!more) {
      EXPECT_EQ(reader.read(batch, lines).error(), more.error()) << "an error stays";
      result.error = more.error();
      return result;
    }
    if (!*more) {
      EXPECT_FALSE(*reader.read(batch, lines)) << "the end stays";
      return result;
    }
    ++result.batches;
    EXPECT_LE(lines.size(), LineReader::batch_lines_max);
    result.lines.blank_lines += batch.blank_lines;
    for (const Line& line : lines) {
      const char* bytes_end = batch.bytes.data() + batch.bytes.size();
      EXPECT_GE(line.text.data(), batch.bytes.data());
      EXPECT_LE(line.text.data() + line.text.size() + NdjsonReader::padding, bytes_end);
      result.lines.lines.push_back(
          {std::string(line.text), line.line, line.offset, line.too_large});
    }
  }
}

ReadLines read_pieces(const std::string& stream, std::vector<std::size_t> pieces,
                      Cut cut = Cut::lines) {
  return read_all(std::make_unique<MemorySource>(stream, std::move(pieces)), cut);
}

void expect_as_twin(const std::string& stream, const std::vector<std::size_t>& pieces, Cut cut) {
  const ReadLines read = read_pieces(stream, pieces, cut);
  const TwinLines twin = read_lines_twin(stream, cut);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.lines.blank_lines, twin.blank_lines);
  ASSERT_EQ(read.lines.lines.size(), twin.lines.size());
  for (std::size_t i = 0; i < twin.lines.size(); ++i) {
    ASSERT_TRUE(read.lines.lines[i] == twin.lines[i])
        << "line " << twin.lines[i].line << " of " << testing::PrintToString(stream.substr(0, 999))
        << " in pieces of " << testing::PrintToString(pieces) << ": got line "
        << read.lines.lines[i].line << " at " << read.lines.lines[i].offset;
  }
}

std::vector<TwinLine> lines_of(const std::string& stream, std::size_t piece) {
  return read_pieces(stream, {piece}).lines.lines;
}

TEST(LineReader, NumbersAndOffsetsCountEverything) {
  const std::string stream = "\xEF\xBB\xBF{}\r\n\n \t\r\nab\n\r\nlast";
  for (const std::size_t piece : {1, 2, 3, 4, 5, 1000}) {
    const ReadLines read = read_pieces(stream, {piece});
    const std::vector<TwinLine> expected = {
        {"{}", 1, 3, false}, {"ab", 4, 12, false}, {"last", 6, 17, false}};
    EXPECT_EQ(read.lines.lines, expected) << piece;
    EXPECT_EQ(read.lines.blank_lines, 3u) << piece;
  }
}

TEST(LineReader, EmptyStreamsHaveNoLines) {
  for (const std::string stream : {"", "\xEF\xBB\xBF"}) {
    const ReadLines read = read_pieces(stream, {1});
    EXPECT_TRUE(read.lines.lines.empty());
    EXPECT_EQ(read.lines.blank_lines, 0u);
    EXPECT_EQ(read.batches, 0u);
  }
}

TEST(LineReader, StreamsOfBlankLinesAreCounted) {
  const std::string stream(600'000, '\n');
  const ReadLines read = read_pieces(stream, {100'000});
  EXPECT_TRUE(read.lines.lines.empty());
  EXPECT_EQ(read.lines.blank_lines, 600'000u);
}

TEST(LineReader, OnlyOneWholeBomIsSkipped) {
  const std::string bom = "\xEF\xBB\xBF";
  for (const std::size_t piece : {1, 2, 100}) {
    EXPECT_EQ(lines_of(bom + bom + "a", piece), (std::vector<TwinLine>{{bom + "a", 1, 3, false}}));
    EXPECT_EQ(lines_of("\xEF\xBB", piece), (std::vector<TwinLine>{{"\xEF\xBB", 1, 0, false}}));
    EXPECT_EQ(lines_of("\xEF\xBB\n", piece), (std::vector<TwinLine>{{"\xEF\xBB", 1, 0, false}}));
    EXPECT_EQ(lines_of("a\n" + bom, piece)[1], (TwinLine{bom, 2, 2, false}));
  }
}

TEST(LineReader, LinesAtTheLimitAndBeyond) {
  for (const int beyond : {-1, 0, 1, 2, 3, 300'000}) {
    for (const std::string line_end : {"\n", "\r\n", ""}) {
      const std::string line(static_cast<std::size_t>(static_cast<int>(line_bytes_max) + beyond),
                             'x');
      const std::string stream = "first\n" + line + line_end + (line_end.empty() ? "" : "{}\n\nz");
      for (const std::size_t piece : {1000, 4096, 65'536, 262'144, 1 << 30}) {
        expect_as_twin(stream, {piece}, Cut::lines);
      }
      const auto lines = lines_of(stream, 65'536);
      ASSERT_GE(lines.size(), 2u);
      EXPECT_EQ(lines[1].too_large, beyond > 0);
      EXPECT_EQ(lines[1].text.size(), beyond > 0 ? rejected_head_bytes : line.size());
    }
  }
}

TEST(LineReader, AGiantLineByteByByte) {
  expect_as_twin("a\n" + std::string(line_bytes_max + 5, 'x') + "\r\nb", {1}, Cut::lines);
}

TEST(LineReader, LargeLinesOneAfterTheOther) {
  std::string stream;
  for (int i = 0; i < 12; ++i) {
    stream += std::string(line_bytes_max - 5 + static_cast<std::size_t>(i), 'a') + "\n{}\n";
  }
  expect_as_twin(stream, {262'144}, Cut::lines);
  expect_as_twin(stream, {99'991, 7, 300'000}, Cut::lines);
}

TEST(LineReader, ErrorsComeAfterTheWholeLines) {
  const ReadLines read = read_all(std::make_unique<MemorySource>(
      "a\nb\nhalf", std::vector<std::size_t>{1000}, "the disk is gone"));
  EXPECT_EQ(read.lines.lines.size(), 2u);
  EXPECT_EQ(read.error, "the disk is gone");
}

TEST(LineReader, LinesAreHandedOnAsTheyCome) {
  LineReader reader(std::make_unique<MemorySource>("ab\ncd\n", std::vector<std::size_t>{3}));
  Batch batch;
  std::vector<Line> lines;
  ASSERT_TRUE(*reader.read(batch, lines));
  EXPECT_EQ(lines.size(), 1u);
  EXPECT_EQ(reader.progress().bytes_done, 3u);
}

TEST(LineReader, RandomStreamsAreAsTheirTwin) {
  std::mt19937 random(7);
  const std::string letters = "ab,\"\n\r \t{}";
  for (int trial = 0; trial < 3000; ++trial) {
    std::string stream = random() % 4 == 0 ? "\xEF\xBB\xBF" : "";
    for (auto left = random() % 60; left > 0; --left) {
      stream.push_back(letters[random() % letters.size()]);
    }
    std::vector<std::size_t> pieces(1 + random() % 4);
    for (std::size_t& piece : pieces) {
      piece = 1 + random() % 9;
    }
    expect_as_twin(stream, pieces, Cut::lines);
    expect_as_twin(stream, pieces, Cut::csv_rows);
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(LineReader, LongRandomStreamsAreAsTheirTwin) {
  std::mt19937 random(8);
  for (int trial = 0; trial < 6; ++trial) {
    std::string stream;
    while (stream.size() < 900'000) {
      stream.append(random() % (random() % 50 == 0 ? 9000 : 120), 'x');
      stream += random() % 9 == 0 ? ",\"q\n\"\"\"" : "";
      stream += random() % 5 == 0 ? "\r\n" : "\n";
    }
    const std::size_t most = trial % 2 == 0 ? 5000 : 400'000;
    const std::vector<std::size_t> pieces = {1 + random() % most, 1 + random() % most};
    expect_as_twin(stream, pieces, Cut::lines);
    expect_as_twin(stream, pieces, Cut::csv_rows);
  }
}

TEST(LineReader, QuotedBreaksBelongToTheirRow) {
  const std::string stream = "a,\"1\n2\"\nb\n";
  const std::vector<TwinLine> rows = {{"a,\"1\n2\"", 1, 0, false}, {"b", 3, 8, false}};
  EXPECT_EQ(read_pieces(stream, {1}, Cut::csv_rows).lines.lines, rows);
  EXPECT_EQ(lines_of(stream, 1).size(), 3u);
}

TEST(LineReader, AQuoteThatNeverClosesCostsOneLine) {
  std::string stream = "a,\"b\n";
  for (int i = 0; i < 200'000; ++i) {
    stream += "1,2,3,4\n";
  }
  expect_as_twin(stream, {65'536}, Cut::csv_rows);
  EXPECT_EQ(read_pieces(stream, {65'536}, Cut::csv_rows).lines.lines.size(), 200'001u);
}

TEST(LineReader, QuotedRowsAtTheLimit) {
  for (const int beyond : {-1, 0, 1, 2}) {
    std::string row = "a,\"";
    row.append(static_cast<std::size_t>(static_cast<int>(line_bytes_max) + beyond) - 5, '\n');
    row += "x\"";
    ASSERT_EQ(row.size(), line_bytes_max + static_cast<std::size_t>(beyond + 0));
    for (const std::string line_end : {"\n", "\r\n", ""}) {
      expect_as_twin(row + line_end + (line_end.empty() ? "" : "z\n"), {100'000}, Cut::csv_rows);
    }
  }
}

}  // namespace
}  // namespace marktwacht
