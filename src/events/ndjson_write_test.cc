// The canonical line, rejected records and JSON strings.
#include <gtest/gtest.h>

#include "events/event_twin.h"

namespace marktwacht {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  write_json_string(text, out);
  return out;
}

TEST(NdjsonWrite, CanonicalLine) {
  const DecodedLine line(
      R"({"quantity":0.250,"order_id":77,"side":"buy","ts":"1970-01-01T00:00:00.5Z","price":1e3,)"
      R"("instrument_id":"a\/b","account_id":"\u00e9","source_seq":3,"type":"order","source":"s",)"
      R"("unknown":1,"reduce_only":false,"ip":null})");
  ASSERT_EQ(line.outcome(), "accepted");
  EXPECT_EQ(line_of(*line.event()),
            R"({"type":"order","ts":500000000,"source":"s","source_seq":3,"order_id":"77",)"
            R"("account_id":"é","instrument_id":"a/b","side":"buy","price":"1000",)"
            R"("quantity":"0.25","reduce_only":false})");
}

TEST(NdjsonWrite, ArraysAndSets) {
  for (const char* line :
       {R"({"type":"account","ts":1,"account_id":"a","kyc_level":0,"opened_ts":0,"roles":[]})",
        R"({"type":"account","ts":1,"account_id":"a","roles":["market_maker","internal"]})",
        R"({"type":"control_group","ts":1,"group_id":"g","account_ids":[],"status":"active"})",
        R"({"type":"control_group","ts":1,"group_id":"g","account_ids":["a","b"]})",
        R"({"type":"position","ts":1,"account_id":"a","instrument_id":"i","quantity":"-3",)"
        R"("position_side":"long"})",
        R"({"type":"instrument","ts":1,"instrument_id":"i","kind":"spot","base":"A","quote":"B",)"
        R"("tick_size":"0.01","lot_size":"1","settlement_times":["00:00","08:05","23:59"]})"}) {
    const DecodedLine read(line);
    ASSERT_EQ(read.outcome(), "accepted") << line;
    EXPECT_EQ(line_of(*read.event()), line);
  }
}

TEST(NdjsonWrite, JsonStrings) {
  EXPECT_EQ(json_string(""), "\"\"");
  EXPECT_EQ(json_string("plain é€𝄞 \x7F"), "\"plain é€𝄞 \x7F\"");
  EXPECT_EQ(json_string("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(json_string(std::string_view("\0\x01\x1F", 3)), R"("\u0000\u0001\u001f")");
}

// One U+FFFD for each longest part that begins a character, as Python and browsers do.
TEST(NdjsonWrite, BytesThatAreNotUtf8) {
  const std::pair<std::string, std::string> cases[] = {
      {"\x80", "\uFFFD"},
      {"a\xFFz", "a\uFFFDz"},
      {"\xC0\x80", "\uFFFD\uFFFD"},
      {"\xE2\x82", "\uFFFD"},
      {"\xE2\x82z", "\uFFFDz"},
      {"\xE2\x82\xAC\xE2", "€\uFFFD"},
      {"\xF0\x9D\x84", "\uFFFD"},
      {"\xF0\x80\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
      {"\xE0\x9F\xBF", "\uFFFD\uFFFD\uFFFD"},
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xF5\x80", "\uFFFD\uFFFD"},
      {"\xC3\xC3\xA9", "\uFFFDé"},
  };
  for (const auto& [bytes, expected] : cases) {
    EXPECT_EQ(json_string(bytes), "\"" + expected + "\"");
  }
}

TEST(NdjsonWrite, RejectedRecords) {
  std::string out;
  write_rejected({3, 120, {RejectReason::bad_value, "price"}, "{\"a\":\"\xE2\x82"}, out);
  EXPECT_EQ(out,
            "{\"line\":3,\"offset\":120,\"reason\":\"bad_value\",\"field\":\"price\","
            "\"head\":\"{\\\"a\\\":\\\"\uFFFD\"}");
  out.clear();
  write_rejected({18'446'744'073'709'551'615U, 0, {RejectReason::json, {}}, ""}, out);
  EXPECT_EQ(out, R"({"line":18446744073709551615,"offset":0,"reason":"json","head":""})");
}

}  // namespace
}  // namespace marktwacht
