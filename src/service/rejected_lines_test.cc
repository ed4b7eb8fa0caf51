// What was refused can be read, and nothing of a person that stood in it is on the disk.
#include "service/rejected_lines.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "edges/journal/journal_sample.h"
#include "service/admission.h"
#include "service/demo_day_twin.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

// All bytes of all files below.
std::string bytes_below(const std::string& folder) {
  std::string bytes;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) {
      std::ifstream in(file.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(in), {});
    }
  }
  return bytes;
}

IntakeBatch batch_of(const std::string& text, Permissions may) {
  IntakeBatch batch;
  batch.source = "feed";
  batch.events = decode_lines(text);
  admit({.source = "feed", .may = may, .received = {INT64_MAX / 2}}, batch.events);
  return batch;
}

// Each is refused, for a reason of its own, and has something of a person in it.
struct Personal {
  const char *line, *secret;
};
constexpr Personal personal[] = {
    {R"({"type":"login","ts":1,"account_id":"a","result":"perhaps","ip":"203.0.113.77"})",
     "203.0.113.77"},
    {R"({"type":"login","ts":1,"account_id":"a","device_id":"Helens-iPhone-XK7"})",
     "Helens-iPhone-XK7"},
    {R"({"type":"login","ts":1,"account_id":"a","result":"ok","user_agent":"Lynx/Helen-42",})",
     "Lynx/Helen-42"},
    {R"({"type":"account","ts":1,"person_id":"passport-C01X00T47"})", "passport-C01X00T47"},
    {R"({"type":"withdrawal","ts":1,"account_id":"a","asset":"BTC","amount":"x",)"
     R"("destination":"bc1qhelenshelens"})",
     "bc1qhelenshelens"},
    {R"({"type":"post","ts":1,"post_id":"p","author":"helen.of.troy","channel":"x")",
     "helen.of.troy"},
    {R"({"type":"appeal","ts":1,"account_id":"a","text":"my daughter is ill"})",
     "my daughter is ill"},
    {"login;203.0.113.78;Helen", "203.0.113.78"},
    {R"({"type":"login" "ip":203.0.113.79})", "203.0.113.79"},
    {R"({'type':'login','ip':'203.0.113.80'})", "203.0.113.80"},
    {R"({"type":"loggin","ts":1,"ip":"203.0.113.81"})", "203.0.113.81"},
    {R"({"type":"order","ts":1,"Helen Miller":"born 1971-02-03"})", "Helen Miller"},
    {R"({"type":"address_label","ts":1,"address":"bc1qhelenstoo","kind":"own"})", "bc1qhelenstoo"},
    {"\"ip\":\"203.0.113.82", "203.0.113.82"},
};

TEST(RejectedLines, NothingPersonalOfARefusedLineIsOnTheDisk) {
  const sample::Folder folder;
  const std::string data_dir = folder / "d";
  auto core = opened(demo_options(data_dir), 0, nullptr);
  auto lines = RejectedLines::open(data_dir);
  ASSERT_TRUE(lines) << lines.error();
  std::string text;
  for (const Personal& each : personal) {
    text += std::string(each.line) + "\n";
  }
  const auto answer = core->take(batch_of(text, {}));  // not trusted: address_label is forbidden
  ASSERT_TRUE(answer) << answer.error();
  ASSERT_EQ(answer->rejected, std::size(personal));
  (*lines)->add("feed", Time{5}, *answer);
  (*lines)->flush();
  const auto kept = (*lines)->rows({});
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->items.size(), std::size(personal));
  EXPECT_EQ(kept->items.back().line, 1u);  // the oldest is the last
  EXPECT_TRUE(kept->items.back().head.contains(R"("account_id":"a")")) << kept->items.back().head;
  (*lines)->stop();
  ASSERT_TRUE(core->commit());
  ASSERT_TRUE(core->keep_snapshot());
  ASSERT_TRUE(core->close());
  const std::string all = bytes_below(data_dir);
  EXPECT_TRUE(all.contains("***"));
  for (const Personal& each : personal) {
    EXPECT_FALSE(all.contains(each.secret)) << each.line;
  }
}

TEST(RejectedLines, WhatFindsNoRoomIsCounted) {
  const sample::Folder folder;
  fs::create_directories(folder / "d");
  auto core = opened(demo_options(folder / "d"), 0, nullptr);
  auto lines = RejectedLines::open(folder / "d", 500);
  ASSERT_TRUE(lines) << lines.error();
  std::string text;
  for (std::size_t at = 0; at < IntakeAnswer::lines_max + 200; ++at) {
    text += "{}\n";
  }
  const auto answer = core->take(batch_of(text, {}));
  ASSERT_EQ(answer->refused.size(), IntakeAnswer::lines_max);
  (*lines)->add("feed", Time{5}, *answer);
  EXPECT_EQ((*lines)->lost(), 200u);
  (*lines)->flush();
  EXPECT_EQ((*lines)->rows({.part = {.limit = 1'000}})->items.size(), 500u);
  IntakeAnswer again = *answer;
  again.is_first = false;  // an answer that is given once more refuses nothing anew
  (*lines)->add("feed", Time{6}, again);
  EXPECT_EQ((*lines)->lost(), 200u);
}

}  // namespace
}  // namespace marktwacht
