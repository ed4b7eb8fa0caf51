// Records of orders as files that others read.
#include "edges/reports/order_record.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace marktwacht {
namespace {

OrderRecord a_cancel() {
  OrderRecord record;
  record.seq = 12;
  record.ts = Time{1'772'438'400'000'000'002};
  record.type = "cancel";
  record.account_id = "a \"b\", c";
  record.order_id = "o1";
  record.quantity = "5";
  record.line = R"({"type":"cancel"})";
  return record;
}

TEST(OrderRecordTest, JsonLeavesOutWhatThereIsNot) {
  std::string line, record;
  write_order_line(a_cancel(), line);
  write_order_record(a_cancel(), record);
  EXPECT_EQ(record, R"({"seq":12,"ts":1772438400000000002,"type":"cancel",)"
                    R"("account_id":"a \"b\", c","quantity":"5","order_id":"o1"})");
  EXPECT_EQ(line, record.substr(0, record.size() - 1) + R"(,"event":{"type":"cancel"}})");
}

TEST(OrderRecordTest, CsvQuotesAndHasACellForEachColumn) {
  std::string line;
  write_order_csv(a_cancel(), line);
  EXPECT_TRUE(line.starts_with("12,2026-03-02T08:00:00.000000002Z,cancel,\"a \"\"b\"\", c\","))
      << line;
  EXPECT_TRUE(line.ends_with("\r\n"));
  const std::string head = order_csv_head();
  EXPECT_EQ(std::ranges::count(head, ',') + 1, std::ranges::count(line, ','));  // one is quoted
}

}  // namespace
}  // namespace marktwacht
