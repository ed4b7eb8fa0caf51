// Alert lines and labels out of text: what is taken, and how what is wrong is told.
#include "edges/labels/labels.h"

#include <gtest/gtest.h>

#include "edges/adapters/memory_source.h"

namespace marktwacht {
namespace {

const std::string label_text =
    R"({"clause":"2.8","detector":"spoofing","account_ids":["b","a","b"],"instrument_id":"BTC","from_ts":5,"to_ts":"1970-01-01T00:00:00.000000009Z"})";
const std::string alert_text =
    R"({"alert_id":"x","revision":2,"state":"ended","detector":"d","rulebook":"r@1","clause":"2.8","severity":"low","score":60,"account_ids":["a","b"],"group_id":"g","instrument_id":"BTC","from_ts":5,"to_ts":9,"first_seq":1,"last_seq":2,"facts":[{"name":"n","value":"1"}],"evidence":[1],"evidence_count":1,"score_parts":[],"gain":{"currency":"","amount":"0"},"maturity":"stable"})";

std::expected<LinesRead<Label>, LinesFault> labels_of(const std::string& text,
                                                      std::vector<std::size_t> pieces = {1 << 30}) {
  MemorySource source(text, std::move(pieces));
  return read_labels(source);
}

std::string label_fault(const std::string& text) {
  const auto read = labels_of(text);
  return read ? "" : read.error().text;
}

std::string alert_fault(const std::string& text) {
  MemorySource source(text);
  const auto read = read_alert_lines(source);
  return read ? "" : read.error().text;
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), text.npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

TEST(LabelsTest, ALabel) {
  const auto read = labels_of(label_text);
  ASSERT_TRUE(read) << read.error().text;
  ASSERT_EQ(read->rows.size(), 1u);
  const Label& one = read->rows[0];
  EXPECT_EQ(one.clause, "2.8");
  EXPECT_EQ(one.detector, "spoofing");
  EXPECT_EQ(one.account_ids, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(one.instrument_id, "BTC");
  EXPECT_EQ(one.from.ns, 5);
  EXPECT_EQ(one.to.ns, 9);
  EXPECT_EQ(one.line, 1u);
  EXPECT_TRUE(read->notes.empty());
}

TEST(LabelsTest, WhatMayBeAbsent) {
  for (const std::string& absent :
       {std::string(), std::string(R"(,"account_ids":null,"instrument_id":null)"),
        std::string(R"(,"account_ids":[],"instrument_id":"")")}) {
    const auto read =
        labels_of(R"({"clause":"c","detector":"d","from_ts":0,"to_ts":0)" + absent + "}");
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_TRUE(read->rows[0].account_ids.empty());
    EXPECT_TRUE(read->rows[0].instrument_id.empty());
  }
}

TEST(LabelsTest, HonestLookAlikesAreNoLabels) {
  const auto read =
      labels_of(R"({"look_alike":"market_maker","account_ids":["m"],"from_ts":0,"to_ts":9})"
                "\n" +
                std::string(label_text));
  ASSERT_TRUE(read) << read.error().text;
  ASSERT_EQ(read->rows.size(), 1u);
  EXPECT_EQ(read->rows[0].detector, "spoofing");
  EXPECT_EQ(read->rows[0].line, 2u);
  ASSERT_EQ(read->notes.size(), 1u);
  EXPECT_NE(read->notes[0].find("honest look-alikes skipped: 1"), std::string::npos);
}

TEST(LabelsTest, LinesHoweverTheyCome) {
  const std::string text =
      "\xEF\xBB\xBF" + label_text + "\r\n\n \t\r\n" + label_text + "\n" + label_text + " ";
  for (const std::vector<std::size_t>& pieces :
       {std::vector<std::size_t>{1}, {7, 1, 30}, {1 << 30}}) {
    const auto read = labels_of(text, pieces);
    ASSERT_TRUE(read) << read.error().text;
    ASSERT_EQ(read->rows.size(), 3u);
    EXPECT_EQ(read->rows[0].line, 1u);
    EXPECT_EQ(read->rows[1].line, 4u);
    EXPECT_EQ(read->rows[2].line, 5u);
  }
  EXPECT_TRUE(labels_of("")->rows.empty());
  EXPECT_TRUE(labels_of("\n\n")->rows.empty());
  const std::string group(3'000'000, 'a');  // longer than any line of events may be
  EXPECT_EQ(labels_of(changed(label_text, "BTC", group))->rows[0].instrument_id, group);
}

TEST(LabelsTest, BadLabels) {
  const std::string form =
      "; a label has clause, detector, from_ts, to_ts and may have account_ids and instrument_id";
  EXPECT_EQ(label_fault("\n[1]"), "memory:2: must be one JSON object" + form);
  EXPECT_EQ(label_fault("{\"a\""), "memory:1: is no JSON" + form);
  EXPECT_EQ(label_fault(label_text + label_text), "memory:1: is no JSON" + form);
  const std::string time_form =
      " must be nanoseconds since 1970 as an integer, or a time as \"2026-04-30T20:46:43.5Z\"";
  const std::vector<std::array<std::string, 3>> cases = {
      {R"("clause":"2.8",)", "", "\"clause\" is missing"},
      {R"("clause":"2.8")", R"("clause":null)", "\"clause\" is missing"},
      {R"("clause":"2.8")", R"("clause":2.8)", "\"clause\" must be a text, not empty"},
      {R"("spoofing")", R"("")", "\"detector\" must be a text, not empty"},
      {R"(["b","a","b"])", R"("b")",
       "\"account_ids\" must be an array of texts, none of them empty"},
      {R"(["b","a","b"])", R"(["b",1])",
       "\"account_ids\" must be an array of texts, none of them empty"},
      {R"(["b","a","b"])", R"(["b",""])",
       "\"account_ids\" must be an array of texts, none of them empty"},
      {R"("BTC")", "7", "\"instrument_id\" must be a text"},
      {R"("from_ts":5)", R"("from_ts":-5)", "\"from_ts\"" + time_form},
      {R"("from_ts":5)", R"("from_ts":5.5)", "\"from_ts\"" + time_form},
      {R"("from_ts":5)", R"("from_ts":9223372036854775808)", "\"from_ts\"" + time_form},
      {R"("from_ts":5)", R"("from_ts":"5")", "\"from_ts\"" + time_form},
      {R"("from_ts":5)", R"("from_ts":10)", "\"to_ts\" lies before \"from_ts\""},
      {R"("from_ts":5)", R"("from_ts":5,"from_ts":5)", "\"from_ts\" stands twice"},
  };
  for (const auto& [from, to, says] : cases) {
    EXPECT_EQ(label_fault(changed(label_text, from, to)), "memory:1: " + says + form);
  }
}

TEST(LabelsTest, OfManyBadLinesTheFirstTenAreTold) {
  std::string text;
  for (int i = 0; i < 25; ++i) {
    text += "{\n";
  }
  const auto read = labels_of(text);
  ASSERT_FALSE(read);
  EXPECT_FALSE(read.error().unreadable);
  EXPECT_TRUE(read.error().text.contains("\nmemory:10: "));
  EXPECT_FALSE(read.error().text.contains("memory:11: "));
  EXPECT_TRUE(read.error().text.ends_with("\n15 more bad lines"));
}

TEST(LabelsTest, UnknownFieldsAreNoted) {
  const std::string with = changed(label_text, "{", R"({"note":1,)");
  const auto read = labels_of(label_text + "\n" + with + "\n" + with);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->rows.size(), 3u);
  ASSERT_EQ(read->notes.size(), 1u);
  EXPECT_TRUE(read->notes[0].starts_with("memory:2: unknown field \"note\" skipped, on 2 lines; "))
      << read->notes[0];
}

TEST(LabelsTest, ASourceThatFailsIsNoBadLine) {
  MemorySource source(label_text, {1 << 30}, "broken");
  const auto read = read_labels(source);
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().unreadable);
  EXPECT_EQ(read.error().text, "broken");
}

TEST(AlertLinesTest, AnAlertLine) {
  MemorySource source(alert_text);
  const auto read = read_alert_lines(source);
  ASSERT_TRUE(read) << read.error().text;
  const AlertLine& line = read->rows.at(0);
  EXPECT_EQ(line.alert_id, "x");
  EXPECT_EQ(line.revision, 2u);
  EXPECT_EQ(line.state, AlertState::ended);
  EXPECT_EQ(line.detector, "d");
  EXPECT_EQ(line.rulebook, "r@1");
  EXPECT_EQ(line.clause, "2.8");
  EXPECT_EQ(line.account_ids, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(line.instrument_id, "BTC");
  EXPECT_EQ(line.from.ns, 5);
  EXPECT_EQ(line.to.ns, 9);
}

TEST(AlertLinesTest, BadAlertLines) {
  EXPECT_TRUE(alert_fault(changed(alert_text, R"("ended")", R"("over")"))
                  .starts_with("memory:1: \"state\" must be one of: open, ended, superseded, "
                               "dismissed, confirmed; an alert line has alert_id, "));
  EXPECT_TRUE(alert_fault(changed(alert_text, R"("revision":2)", R"("revision":0)"))
                  .starts_with("memory:1: \"revision\" must be an integer, 1 or more; "));
  EXPECT_TRUE(alert_fault(changed(alert_text, R"("account_ids":["a","b"],)", ""))
                  .starts_with("memory:1: \"account_ids\" is missing; "));
}

TEST(AlertLinesTest, FromAnAlertAsFromItsLine) {
  FindingSource from;
  from.detector = "d";
  from.rulebook = "r@1";
  from.clause = "2.8";
  Alert alert;
  alert.alert_id = "x";
  alert.revision = 3;
  alert.state = AlertState::superseded;
  alert.source = std::make_shared<const FindingSource>(from);
  alert.account_ids = {"a", "b"};
  alert.instrument_id = "BTC";
  alert.from = Time{5};
  alert.to = Time{9};
  std::string text;
  write_alert(alert, nullptr, text);
  MemorySource source(text);
  const auto read = read_alert_lines(source);
  ASSERT_TRUE(read) << read.error().text;
  const AlertLine& a = read->rows.at(0);
  const AlertLine b = make_alert_line(alert);
  EXPECT_EQ(std::tie(a.alert_id, a.revision, a.state, a.detector, a.rulebook, a.clause),
            std::tie(b.alert_id, b.revision, b.state, b.detector, b.rulebook, b.clause));
  EXPECT_EQ(std::tie(a.account_ids, a.instrument_id, a.from, a.to),
            std::tie(b.account_ids, b.instrument_id, b.from, b.to));
}

}  // namespace
}  // namespace marktwacht
