// Texts in one piece of memory come back as they went in.
#include "base/packed_texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/archive.h"

namespace marktwacht {
namespace {

std::vector<std::string> read(const PackedTexts& texts) { return {texts.begin(), texts.end()}; }

TEST(PackedTexts, AreReadAsTheyWereGiven) {
  const std::vector<std::vector<std::string>> lists = {
      {}, {""}, {"a"}, {"", ""}, {"a", "", std::string(300, 'b'), std::string("\0c", 2)}};
  for (const auto& list : lists) {
    EXPECT_EQ(read(PackedTexts(list)), list);
    EXPECT_EQ(PackedTexts(list).empty(), list.empty());
  }
  EXPECT_EQ(read(PackedTexts()), std::vector<std::string>());
}

TEST(PackedTexts, OutliveASnapshotAndWhatIsDamagedEndsThem) {
  std::string bytes;
  ByteWriter out(bytes);
  Saver{out}(PackedTexts(std::vector<std::string>{"one", "two"}));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char changed : {'\0', '\x7F', '\xFF'}) {
      std::string damaged = bytes;
      damaged[at] = changed;
      ByteReader in(damaged);
      PackedTexts texts;
      Loader{in}(texts);
      EXPECT_LE(std::ranges::distance(texts.begin(), texts.end()), 9);
    }
  }
  ByteReader in(bytes);
  PackedTexts texts;
  Loader{in}(texts);
  EXPECT_EQ(read(texts), (std::vector<std::string>{"one", "two"}));
}

}  // namespace
}  // namespace marktwacht
