// schema.json against what write_case writes: fields, order, words, and nothing besides.
#include <gtest/gtest.h>

#include <random>

#include "cases/case.h"
#include "events/schema_twin.h"

namespace marktwacht {
namespace {

const Schema& schema() {
  static const Schema loaded(MARKTWACHT_SOURCE_DIR "/src/cases/schema.json");
  return loaded;
}

std::string line_of(const Case& of) {
  std::string line;
  write_case(of, line);
  return line;
}

Case random_case(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t end) { return random() % end; };
  const auto maybe = [&](const std::string& text) { return below(2) == 0 ? std::string() : text; };
  const auto time = [&] { return Time{static_cast<std::int64_t>(below(1ull << 62))}; };
  Case of;
  of.number = 1 + below(1'000);
  of.revision = 1 + below(9);
  of.state = static_cast<CaseState>(below(Words<CaseState>::list.size()));
  of.severity = static_cast<Severity>(below(Words<Severity>::list.size()));
  of.opened = time();
  of.last_alert = time();
  of.due = time();
  for (std::uint64_t i = below(4); i > 0; --i) {
    const std::string name = "n\"ü\x01" + std::to_string(i);
    of.account_ids.insert(name);
    of.group_ids.insert("g-" + name);
    of.alert_ids.push_back("a-" + std::to_string(i));
    of.breaches.emplace("2." + std::to_string(below(13)), name);
    of.notes.push_back({below(99), time(), maybe("anna"), name});
    of.measures.push_back(i);
  }
  of.assignee_id = maybe("anna");
  of.reason = maybe("because");
  of.reported = below(2) == 0;
  of.report_ref = maybe("r-1");
  of.merged_into = below(2) * 17;
  of.gain_currency = maybe("USDT");
  const Int128 gained = static_cast<std::int64_t>(below(100'000)) - 50'000;
  of.gains.count("a", std::vector<CaseGain>{{below(9), gained}});
  return of;
}

TEST(CaseSchemaTest, EveryWrittenLineIsValidAndEveryFieldIsWritten) {
  std::mt19937_64 random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string line = line_of(random_case(random));
    ASSERT_EQ(schema().violation(line), "") << line;
    seen.merge(Schema::places_in(line));
  }
  EXPECT_EQ(seen, schema().places());
}

TEST(CaseSchemaTest, RequiredIsWhatEveryLineHas) {
  Case of;
  of.number = of.revision = 1;
  simdjson::dom::parser parser;
  EXPECT_EQ(schema_json::keys(parser.parse(line_of(of))),
            schema_json::texts(schema().rule()["required"]));
}

TEST(CaseSchemaTest, IsClosedAndItsWordsAreThoseOfTheCode) {
  EXPECT_EQ(schema().not_closed(), "");
  const auto words = [&](const char* field) {
    return schema_json::texts(schema().rule()["properties"][field]["enum"]);
  };
  EXPECT_TRUE(std::ranges::equal(words("state"), Words<CaseState>::list));
  EXPECT_TRUE(std::ranges::equal(words("severity"), Words<Severity>::list));
}

TEST(CaseSchemaTest, RefusesWhatIsNoCaseLine) {
  Case of;
  of.number = of.revision = 1;
  const std::string good = line_of(of);
  ASSERT_EQ(schema().violation(good), "");
  const std::vector<std::pair<std::string, std::string>> changes = {
      {R"("case_id":"c-1",)", ""},
      {R"("case_id":"c-1")", R"("case_id":"1")"},
      {R"("state":"new")", R"("state":"new_")"},
      {R"("reported":false)", R"("reported":"no")"},
      {R"("reported":false)", R"("reported":false,"secret":1)"},
      {R"("revision":1,"state":"new")", R"("state":"new","revision":1)"},
      {R"("notes":[])", R"("notes":[{"seq":1,"ts":1,"user_id":"a"}])"},
  };
  for (const auto& [from, to] : changes) {
    std::string line = good;
    ASSERT_NE(line.find(from), line.npos) << from;
    line.replace(line.find(from), from.size(), to);
    EXPECT_NE(schema().violation(line), "") << line;
  }
}

}  // namespace
}  // namespace marktwacht
