// What a source begins with, and that looking at it takes nothing away.
#include "edges/adapters/peeked_source.h"

#include <gtest/gtest.h>

#include "edges/adapters/memory_source.h"

namespace marktwacht {
namespace {

std::string read_whole(ByteSource& source) {
  std::string whole;
  char piece[7];
  for (;;) {
    const auto count = source.read(piece, sizeof piece);
    EXPECT_TRUE(count.has_value());
    if (!count || *count == 0) {
      return whole;
    }
    whole.append(piece, *count);
  }
}

TEST(PeekedSourceTest, TellsObjectsFromTablesAndGivesEveryByte) {
  const struct {
    std::string bytes;
    bool object;
  } cases[] = {
      {"", false},
      {"{", true},
      {"trade_id,timestamp\n{", false},
      {"\xEF\xBB\xBF{\"type\":1}", true},
      {"\xEF\xBB\xBFtrade_id", false},
      {" \t\r\n\n{}\n", true},
      {"\xEF\xBB", false},
      {std::string(10'000, ' ').append("{}"), true},
      {std::string(100'000, ' ').append("{}"), false},  // too far to look
  };
  for (const auto& one : cases) {
    for (const std::size_t piece : {1u, 2u, 5u, 1'000'000u}) {
      PeekedSource source(std::make_unique<MemorySource>(one.bytes, std::vector{piece}));
      const auto object = source.begins_with_object();
      ASSERT_TRUE(object.has_value());
      EXPECT_EQ(*object, one.object) << one.bytes.substr(0, 20);
      EXPECT_EQ(read_whole(source), one.bytes);
    }
  }
}

TEST(PeekedSourceTest, HandsOnAFailure) {
  PeekedSource source(
      std::make_unique<MemorySource>("  ", std::vector<std::size_t>{1}, "disk gone"));
  const auto object = source.begins_with_object();
  ASSERT_FALSE(object.has_value());
  EXPECT_EQ(object.error(), "disk gone");
}

}  // namespace
}  // namespace marktwacht
