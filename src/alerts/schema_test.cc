// schema.json against what write_alert writes: fields, order, words, and nothing besides.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <random>
#include <regex>
#include <set>

#include "alerts/alert.h"

namespace marktwacht {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

const std::string schema_path =
    std::filesystem::path(__FILE__).replace_filename("schema.json").string();

element schema() {
  static simdjson::dom::parser parser;
  static const element whole = parser.load(schema_path);
  return whole;
}

bool has(element object, const char* key) { return object[key].error() == simdjson::SUCCESS; }

std::vector<std::string> texts(element array) {
  std::vector<std::string> out;
  for (const element each : array.get_array()) {
    out.emplace_back(each.get_string().value());
  }
  return out;
}

std::vector<std::string> keys(element object) {
  std::vector<std::string> out;
  for (const auto field : object.get_object()) {
    out.emplace_back(field.key);
  }
  return out;
}

bool is_type(element value, std::string_view type) {
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) ||
         (type == "integer" && (value.is_int64() || value.is_uint64()));
}

// The keywords of JSON Schema that schema.json uses; another one fails the test. Gives the place
// of the first thing that is wrong, "" where nothing is.
std::string violation(element value, element rule, const std::string& place);

std::string object_violation(element value, element rule, const std::string& place) {
  for (const std::string& name : texts(rule["required"])) {
    if (!has(value, name.c_str())) {
      return place + "." + name + " missing";
    }
  }
  const std::vector<std::string> order = keys(rule["properties"]);
  std::size_t at = 0;
  for (const auto field : value.get_object()) {
    const std::string name(field.key);
    const auto found =
        std::find(order.begin() + static_cast<std::ptrdiff_t>(at), order.end(), name);
    if (found == order.end()) {
      return place + "." + name + " unknown, repeated or out of order";
    }
    at = static_cast<std::size_t>(found - order.begin()) + 1;
    const element inner = rule["properties"][field.key];
    if (const std::string wrong = violation(field.value, inner, place + "." + name);
        !wrong.empty()) {
      return wrong;
    }
  }
  return "";
}

std::string array_violation(element value, element rule, const std::string& place) {
  std::set<std::string> seen;
  std::size_t count = 0;
  for (const element each : value.get_array()) {
    if (const std::string wrong = violation(each, rule["items"], place + "[]"); !wrong.empty()) {
      return wrong;
    }
    seen.insert(simdjson::minify(each));
    ++count;
  }
  if (has(rule, "uniqueItems") && seen.size() != count) {
    return place + " repeats an item";
  }
  if (has(rule, "maxItems") && count > rule["maxItems"].get_uint64().value()) {
    return place + " has too many items";
  }
  return "";
}

std::string string_violation(element value, element rule, const std::string& place) {
  const std::string text(value.get_string().value());
  if (has(rule, "enum")) {
    const auto words = texts(rule["enum"]);
    if (std::ranges::find(words, text) == words.end()) {
      return place + " is no word of its enum";
    }
  }
  if (has(rule, "minLength") && text.size() < rule["minLength"].get_uint64().value()) {
    return place + " is too short";
  }
  if (has(rule, "pattern") &&
      !std::regex_search(text, std::regex(std::string(rule["pattern"].get_string().value())))) {
    return place + " does not match its pattern";
  }
  return "";
}

std::string integer_violation(element value, element rule, const std::string& place) {
  if (value.is_int64()) {
    const std::int64_t number = value.get_int64();
    if ((has(rule, "minimum") && number < rule["minimum"].get_int64().value()) ||
        (has(rule, "maximum") && number > rule["maximum"].get_int64().value())) {
      return place + " is out of range";
    }
  }
  return "";
}

std::string violation(element value, element rule, const std::string& place) {
  const std::string_view type = rule["type"].get_string();
  if (!is_type(value, type)) {
    return place + " is no " + std::string(type);
  }
  return type == "object"   ? object_violation(value, rule, place)
         : type == "array"  ? array_violation(value, rule, place)
         : type == "string" ? string_violation(value, rule, place)
                            : integer_violation(value, rule, place);
}

std::string line_violation(const std::string& line) {
  simdjson::dom::parser parser;
  element value;
  return parser.parse(line).get(value) == simdjson::SUCCESS ? violation(value, schema(), "")
                                                            : "no JSON";
}

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
  const auto known = keys(schema()["properties"]);
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
  EXPECT_EQ(keys(parser.parse(line_of(alert))), texts(schema()["required"]));
}

template <class E>
std::vector<std::string> words() {
  return {Words<E>::list.begin(), Words<E>::list.end()};
}

TEST(AlertSchemaTest, EnumsAreTheWordsOfTheCode) {
  const element fields = schema()["properties"];
  EXPECT_EQ(texts(fields["state"]["enum"]), words<AlertState>());
  EXPECT_EQ(texts(fields["severity"]["enum"]), words<Severity>());
  EXPECT_EQ(texts(fields["maturity"]["enum"]), words<Maturity>());
  EXPECT_EQ(fields["evidence"]["maxItems"].get_uint64().value(), 2 * Evidence::kept_each_end);
}

// Every object is closed, and no keyword is used that this test does not check.
void expect_closed(element rule, const std::string& place) {
  static const std::set<std::string> known = {
      "$schema", "title",    "description", "type",    "properties", "required",
      "enum",    "minimum",  "maximum",     "pattern", "minLength",  "additionalProperties",
      "items",   "maxItems", "uniqueItems"};
  for (const std::string& key : keys(rule)) {
    EXPECT_TRUE(known.contains(key)) << place << ": " << key;
  }
  if (has(rule, "items")) {
    expect_closed(rule["items"], place + "[]");
  }
  if (rule["type"].get_string().value() == "object") {
    EXPECT_FALSE(rule["additionalProperties"].get_bool().value()) << place;
    for (const auto field : rule["properties"].get_object()) {
      expect_closed(field.value, place + "." + std::string(field.key));
    }
  }
}

TEST(AlertSchemaTest, IsClosedEverywhere) { expect_closed(schema(), ""); }

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
