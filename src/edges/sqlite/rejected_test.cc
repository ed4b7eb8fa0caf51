// Refused lines page by page, the newest first; the file stays bounded.
#include "edges/sqlite/rejected.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "edges/sqlite/database_folder.h"

namespace marktwacht {
namespace {

class Rejected : public DatabaseFolder {};

RejectedRow row(std::uint64_t line, const std::string& source, RejectReason reason) {
  return {.received = Time{1'000},
          .source = source,
          .line = line,
          .offset = 7 * line,
          .reason = reason,
          .field = "price",
          .head = R"({"type":"order"})"};
}

std::vector<std::uint64_t> lines_of(const std::vector<RejectedRow>& rows) {
  std::vector<std::uint64_t> lines;
  for (const RejectedRow& one : rows) {
    lines.push_back(one.line);
  }
  return lines;
}

TEST_F(Rejected, ListsTheNewestFirstPageByPageByFilter) {
  auto table = RejectedTable::open(file("rejected.db"));
  ASSERT_TRUE(table) << table.error();
  std::vector<RejectedRow> rows;
  for (std::uint64_t line = 1; line <= 5; ++line) {
    rows.push_back(row(line, line % 2 == 0 ? "even" : "odd",
                       line == 5 ? RejectReason::scale : RejectReason::bad_value));
  }
  ASSERT_TRUE(table->append(rows, 100));
  auto reader = RejectedReader::open(file("rejected.db"));
  ASSERT_TRUE(reader) << reader.error();
  const auto first = reader->rows({.part = {.limit = 2}});
  ASSERT_TRUE(first);
  EXPECT_EQ(lines_of(first->items), (std::vector<std::uint64_t>{5, 4}));
  const auto second = reader->rows({.part = {.cursor = first->next_cursor, .limit = 9}});
  EXPECT_EQ(lines_of(second->items), (std::vector<std::uint64_t>{3, 2, 1}));
  EXPECT_EQ(second->next_cursor, "");
  EXPECT_EQ(lines_of(reader->rows({.source = "even"})->items), (std::vector<std::uint64_t>{4, 2}));
  const auto scale = reader->rows({.reason = "scale"});
  ASSERT_EQ(scale->items.size(), 1u);
  std::string json;
  write_rejected_row(scale->items[0], json);
  EXPECT_EQ(json, R"({"rejected_id":"5","received_ts":1000,"source":"odd","line":5,"offset":35,)"
                  R"("reason":"scale","field":"price","head":"{\"type\":\"order\"}"})");
}

TEST_F(Rejected, KeepsTheNewestRowsAndNeverGivesAnIdTwice) {
  for (std::uint64_t round = 0; round < 4; ++round) {  // opened anew each time
    auto table = RejectedTable::open(file("rejected.db"));
    ASSERT_TRUE(table) << table.error();
    const std::vector<RejectedRow> rows(30, row(round, "feed", RejectReason::json));
    ASSERT_TRUE(table->append(rows, 50));
  }
  auto reader = RejectedReader::open(file("rejected.db"));
  const auto all = reader->rows({.part = {.limit = 1'000}});
  ASSERT_EQ(all->items.size(), 50u);
  EXPECT_EQ(all->items.front().rejected_id, 120u);
  EXPECT_EQ(all->items.back().rejected_id, 71u);
  namespace fs = std::filesystem;
  EXPECT_EQ(fs::status(file("rejected.db")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace marktwacht
