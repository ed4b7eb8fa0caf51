// schema.json against what write_alert writes: fields, order, words, and nothing besides.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <random>
#include <set>

#include "alerts/alert.h"
#include "events/schema_twin.h"

namespace marktwacht {
namespace {

using schema_json::keys;
using schema_json::texts;
using simdjson::dom::element;

const Schema& schema() {
  static const Schema loaded(
      std::filesystem::path(__FILE__).replace_filename("schema.json").string());
  return loaded;
}

std::string line_violation(const std::string& line) { return schema().violation(line); }

std::string line_of(const Alert& alert, const AlertText* text = nullptr) {
  std::string line;
  write_alert(alert, text, line);
  return line;
}

Alert contract_example() {
  FindingSource source{"frequent_cancel",
                       "cn-futures",
                       "cn-futures@3f2a",
                       "2.8",
                       Severity::medium,
                       Maturity::stable,
                       "",
                       ""};
  Alert alert;
  alert.alert_id = "x";
  alert.revision = 1;
  alert.state = AlertState::open;
  alert.source = std::make_shared<const FindingSource>(source);
  alert.score = 60;
  alert.account_ids = {"a1", "a7"};
  alert.group_id = "g-a1";
  alert.instrument_id = "BTC-USDT";
  alert.from = Time{1'761'523'200'000'000'000};
  alert.to = Time{1'761'530'000'000'000'000};
  alert.first_seq = 10;
  alert.last_seq = 90'211;
  alert.facts = {{"cancels", "500", "500"}};
  alert.evidence = {{10, 17, 29}, 500};
  alert.score_parts = {{"cancels", 60}};
  alert.gain = {"USDT", "0"};
  return alert;
}

TEST(AlertJsonTest, TheContractsExampleByteForByte) {
  const AlertText text{"…", "„…“"};
  EXPECT_EQ(line_of(contract_example(), &text),
            R"({"alert_id":"x","revision":1,"state":"open","detector":"frequent_cancel",)"
            R"("rulebook":"cn-futures@3f2a","clause":"2.8","severity":"medium","score":60,)"
            R"("account_ids":["a1","a7"],"group_id":"g-a1","instrument_id":"BTC-USDT",)"
            R"("from_ts":1761523200000000000,"to_ts":1761530000000000000,"first_seq":10,)"
            R"("last_seq":90211,"facts":[{"name":"cancels","value":"500","limit":"500"}],)"
            R"("evidence":[10,17,29],"evidence_count":500,)"
            R"("score_parts":[{"name":"cancels","points":60}],)"
            R"("gain":{"currency":"USDT","amount":"0"},"maturity":"stable",)"
            R"("text":{"en":"…","de":"„…“"}})");
}

TEST(AlertJsonTest, WhatIsEmptyIsLeftOut) {
  Alert alert = contract_example();
  FindingSource source = *alert.source;
  source.rulebook.clear();
  source.detector = "say \"x\"\n";
  alert.source = std::make_shared<const FindingSource>(source);
  alert.account_ids.clear();
  alert.group_id.clear();
  alert.instrument_id.clear();
  alert.facts = {{"a", "1", ""}, {"b", "true", ""}};
  alert.evidence = {};
  alert.score_parts.clear();
  alert.gain = {};
  const AlertText none;
  const std::string line = line_of(alert, &none);
  EXPECT_EQ(line, line_of(alert));
  EXPECT_EQ(line,
            R"({"alert_id":"x","revision":1,"state":"open","detector":"say \"x\"\n",)"
            R"("clause":"2.8","severity":"medium","score":60,"account_ids":[],)"
            R"("from_ts":1761523200000000000,"to_ts":1761530000000000000,"first_seq":10,)"
            R"("last_seq":90211,"facts":[{"name":"a","value":"1"},{"name":"b","value":"true"}],)"
            R"("evidence":[],"evidence_count":0,"score_parts":[],)"
            R"("gain":{"currency":"","amount":"0"},"maturity":"stable"})");
  EXPECT_EQ(line_violation(line), "");
}

Alert random_alert(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t end) { return random() % end; };
  const auto maybe = [&](const std::string& text) { return below(2) == 0 ? std::string() : text; };
  const auto name = [&] { return "n\"ü\x01" + std::to_string(below(1'000)); };
  FindingSource source;
  source.detector = name();
  source.rulebook = maybe(name());
  source.clause = "2." + std::to_string(below(13));
  source.severity = static_cast<Severity>(below(Words<Severity>::list.size()));
  source.maturity = static_cast<Maturity>(below(Words<Maturity>::list.size()));
  Alert alert;
  alert.source = std::make_shared<const FindingSource>(source);
  alert.alert_id = name();
  alert.revision = 1 + below(9);
  alert.state = static_cast<AlertState>(below(Words<AlertState>::list.size()));
  alert.score = static_cast<int>(below(101));
  for (std::uint64_t i = below(4); i > 0; --i) {
    alert.account_ids.push_back("a" + std::to_string(i));
    alert.facts.push_back({name(), std::to_string(below(9)), maybe("9")});
    alert.score_parts.push_back({name(), static_cast<int>(below(50))});
  }
  alert.group_id = maybe("g");
  alert.instrument_id = maybe("i");
  alert.from = Time{static_cast<std::int64_t>(below(1ull << 62))};
  alert.to = alert.from + Duration{static_cast<std::int64_t>(below(1ull << 60))};
  alert.first_seq = below(1'000);
  alert.last_seq = random();
  for (std::uint64_t i = below(129); i > 0; --i) {
    alert.evidence.seqs.push_back(129 - i);
  }
  alert.evidence.count = alert.evidence.seqs.size();
  alert.gain = {maybe("USDT"), maybe("-12.50")};
  return alert;
}

TEST(AlertSchemaTest, EveryWrittenLineIsValid) {
  std::mt19937_64 random(1);
  std::set<std::string> seen;
  const AlertText text{"a", ""};
  for (int i = 0; i < 2'000; ++i) {
    const std::string line = line_of(random_alert(random), random() % 2 == 0 ? &text : nullptr);
    ASSERT_EQ(line_violation(line), "") << line;
    simdjson::dom::parser parser;
    for (const std::string& key : keys(parser.parse(line))) {
      seen.insert(key);
    }
  }
  const auto known = keys(schema().rule()["properties"]);
  EXPECT_EQ(seen, std::set(known.begin(), known.end())) << "a field of the schema is never written";
}

TEST(AlertSchemaTest, RequiredIsWhatEveryLineHas) {
  Alert alert = contract_example();
  FindingSource source = *alert.source;
  source.rulebook.clear();
  alert.source = std::make_shared<const FindingSource>(source);
  alert.group_id.clear();
  alert.instrument_id.clear();
  simdjson::dom::parser parser;
  EXPECT_EQ(keys(parser.parse(line_of(alert))), texts(schema().rule()["required"]));
}

template <class E>
std::vector<std::string> words() {
  return {Words<E>::list.begin(), Words<E>::list.end()};
}

TEST(AlertSchemaTest, EnumsAreTheWordsOfTheCode) {
  const element fields = schema().rule()["properties"];
  EXPECT_EQ(texts(fields["state"]["enum"]), words<AlertState>());
  EXPECT_EQ(texts(fields["severity"]["enum"]), words<Severity>());
  EXPECT_EQ(texts(fields["maturity"]["enum"]), words<Maturity>());
  EXPECT_EQ(fields["evidence"]["maxItems"].get_uint64().value(), 2 * Evidence::kept_each_end);
}

TEST(AlertSchemaTest, IsClosedEverywhere) { EXPECT_EQ(schema().not_closed(), ""); }

TEST(AlertSchemaTest, RefusesWhatIsNoAlertLine) {
  const std::string good = line_of(contract_example());
  ASSERT_EQ(line_violation(good), "");
  const std::vector<std::pair<std::string, std::string>> changes = {
      {R"("alert_id":"x",)", ""},
      {R"("score":60)", R"("score":101)"},
      {R"("score":60)", R"("score":"60")"},
      {R"("state":"open")", R"("state":"closed")"},
      {R"("group_id":"g-a1")", R"("group_id":"")"},
      {R"(["a1","a7"])", R"(["a1","a1"])"},
      {R"("value":"500",)", R"("value":500,)"},
      {R"("value":"500",)", ""},
      {R"("name":"cancels","value")", R"("name":"cancels","unit":"","value")"},
      {R"("amount":"0")", R"("amount":"1e3")"},
      {R"("maturity":"stable")", R"("maturity":"stable","note":"")"},
      {R"("clause":"2.8","severity":"medium")", R"("severity":"medium","clause":"2.8")"},
      {R"("revision":1)", R"("revision":0)"},
  };
  for (const auto& [from, to] : changes) {
    std::string line = good;
    ASSERT_NE(line.find(from), line.npos) << from;
    line.replace(line.find(from), from.size(), to);
    EXPECT_NE(line_violation(line), "") << line;
  }
}

}  // namespace
}  // namespace marktwacht
