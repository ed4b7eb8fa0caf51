// Files and compressed streams: what comes through, and what is refused.
#include "edges/adapters/byte_source.h"

#include <gtest/gtest.h>

#include <random>

#include "edges/adapters/memory_source.h"
#include "edges/adapters/test_files.h"

namespace marktwacht {
namespace {

struct Bytes {
  std::string bytes;
  std::string error;
};

Bytes read_all(ByteSource& source, std::size_t room = 10'000) {
  Bytes result;
  std::string buffer(room, '\0');
  while (true) {
    const auto count = source.read(buffer.data(), room);
    if (!count) {
      const auto again = source.read(buffer.data(), room);
      EXPECT_TRUE(!again && again.error() == count.error()) << "an error stays";
      result.error = count.error();
      return result;
    }
    if (*count == 0) {
      EXPECT_EQ(source.read(buffer.data(), room).value_or(1), 0u) << "the end stays";
      return result;
    }
    result.bytes.append(buffer, 0, *count);
  }
}

std::string random_text(std::size_t size) {
  std::mt19937 random(3);
  std::string text;
  while (text.size() < size) {
    text += std::to_string(random() % 1000) + (random() % 5 == 0 ? "\n" : ",");
  }
  return text;
}

// The same for both formats.
struct Format {
  const char* name;
  std::string (*pack)(const std::string&);
  std::unique_ptr<ByteSource> (*unpack)(std::unique_ptr<ByteSource>);
};
void PrintTo(const Format& format, std::ostream* out) { *out << format.name; }

class Packed : public testing::TestWithParam<Format> {
 protected:
  static Bytes unpack(const std::string& packed, std::size_t piece = 1 << 20,
                      std::size_t room = 10'000) {
    const auto source =
        GetParam().unpack(std::make_unique<MemorySource>(packed, std::vector<std::size_t>{piece}));
    return read_all(*source, room);
  }
  static std::string pack(const std::string& bytes) { return GetParam().pack(bytes); }
};
INSTANTIATE_TEST_SUITE_P(Formats, Packed,
                         testing::Values(Format{"gzip", gzip, unpack_gzip},
                                         Format{"zstd", zstd, unpack_zstd}),
                         [](const auto& test) { return test.param.name; });

TEST_P(Packed, ComesThroughInAnyPieces) {
  const std::string text = random_text(50'000);
  for (const std::size_t piece : {1, 7, 1000, 1 << 20}) {
    for (const std::size_t room : {1, 100, 1 << 20}) {
      const Bytes result = unpack(pack(text), piece, room);
      EXPECT_EQ(result.error, "");
      EXPECT_TRUE(result.bytes == text) << piece << " " << room;
    }
  }
  EXPECT_EQ(unpack(pack("")).error, "");
}

TEST_P(Packed, MembersFollowEachOther) {
  const std::string packed = pack("one\n") + pack("") + pack("two\n");
  for (const std::size_t piece : {1, 5, 1 << 20}) {
    const Bytes result = unpack(packed, piece);
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.bytes, "one\ntwo\n");
  }
}

TEST_P(Packed, CutOffAnywhereIsAnError) {
  const std::string first = pack("first\n"), text = random_text(300), packed = first + pack(text);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const Bytes result = unpack(packed.substr(0, size), 64);
    if (size == first.size()) {
      EXPECT_EQ(result.error, "");
      continue;
    }
    EXPECT_NE(result.error.find("cut off"), std::string::npos) << size << " " << result.error;
    EXPECT_NE(result.error.find("memory: "), std::string::npos);
    EXPECT_TRUE(("first\n" + text).starts_with(result.bytes)) << "what came before is valid";
  }
}

TEST_P(Packed, CorruptDataIsAnError) {
  const std::string text = random_text(100'000);
  std::string packed = pack(text);
  packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
  const Bytes result = unpack(packed);
  EXPECT_NE(result.error, "");
  EXPECT_NE(unpack("neither of them").error.find("broken"), std::string::npos);
  EXPECT_NE(unpack(pack("a") + "garbage").error.find("broken"), std::string::npos);
  EXPECT_EQ(unpack(pack("a") + "garbage").bytes, "a") << "what came before is handed over";
}

TEST_P(Packed, BombsAreRefused) {
  const Bytes result = unpack(pack(std::string(100 << 20, 'x')));
  EXPECT_NE(result.error.find("200:1"), std::string::npos) << result.error;
  EXPECT_LT(result.bytes.size(), std::size_t{30} << 20);
}

TEST_P(Packed, SmallFilesMayBeEmptyOfNews) {
  const std::string text(unpack_free_bytes, ' ');
  ASSERT_GT(text.size() / pack(text).size(), unpack_ratio_max);
  EXPECT_EQ(unpack(pack(text)).error, "");
  EXPECT_NE(unpack(pack(text + " ")).error, "");
}

TEST_P(Packed, ErrorsBelowComeThrough) {
  const std::string packed = pack(random_text(1000));
  const auto source = GetParam().unpack(std::make_unique<MemorySource>(
      packed.substr(0, 100), std::vector<std::size_t>{10}, "the disk is gone"));
  EXPECT_EQ(read_all(*source).error, "the disk is gone");
}

TEST(Gzip, ZerosBehindTheEndAreIgnored) {
  const auto source =
      unpack_gzip(std::make_unique<MemorySource>(gzip("a") + std::string(100, '\0') + gzip("b")));
  const Bytes result = read_all(*source);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.bytes, "ab");
}

TEST(Files, AreOpenedByTheirEnding) {
  const TestFolder folder;
  const std::string text = random_text(1000);
  for (const std::string& path : {folder.write("a.ndjson", text), folder.write("a.gz", gzip(text)),
                                  folder.write("a.csv.zst", zstd(text))}) {
    const auto source = open_bytes(path);
    ASSERT_TRUE(source) << source.error();
    EXPECT_EQ((*source)->name(), path);
    EXPECT_EQ((*source)->progress().bytes_done, 0u);
    EXPECT_TRUE(read_all(**source).bytes == text);
    EXPECT_EQ((*source)->progress().bytes_done, std::filesystem::file_size(path));
    EXPECT_EQ((*source)->progress().bytes_total, std::filesystem::file_size(path));
  }
}

TEST(Files, ThatCannotBeReadAreNamed) {
  const TestFolder folder;
  const auto missing = open_bytes(folder.path("none.gz"));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().find("none.gz: cannot be opened: No such file"), std::string::npos);
  const auto directory = open_bytes(folder.path("."));
  ASSERT_FALSE(directory);
  EXPECT_NE(directory.error().find("is a folder"), std::string::npos);
}

}  // namespace
}  // namespace marktwacht
