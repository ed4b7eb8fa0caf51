// Every file of scenarios/ goes as it says, in all ways; every shipped rule has its scenario; the
// language says what is wrong with a line.
#include "app/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/binary_twin.h"
#include "detectors/catalogue.h"
#include "rules/rule.h"
#include "rules/shipped.h"

namespace marktwacht {
namespace {

const std::string scenarios = MARKTWACHT_SOURCE_DIR "/scenarios/";

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Below scenarios/, without .scn.
std::vector<std::string> all_scenarios() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scenarios)) {
    if (entry.path().extension() == ".scn") {
      names.push_back(std::filesystem::relative(entry.path(), scenarios).replace_extension(""));
    }
  }
  std::ranges::sort(names);
  return names;
}

std::string first_word(const std::string& line) { return line.substr(0, line.find(' ')); }

bool fires(const ScenarioCase& scenario, const std::string& detector) {
  return std::ranges::any_of(
      scenario.expected, [&](const std::string& alert) { return first_word(alert) == detector; });
}

class ScenarioFileTest : public testing::TestWithParam<std::string> {};

TEST_P(ScenarioFileTest, GoesAsItSaysInEveryWay) {
  const std::string path = scenarios + GetParam() + ".scn";
  const std::string text = text_of_file(path);
  const auto scenario = parse_scenario(text);
  ASSERT_TRUE(scenario) << format_parts(path, scenario.error());
  std::vector<std::vector<std::string>> expected;
  for (const ScenarioCase& part : scenario->cases) {
    const auto result = run_case(part, {std::filesystem::path(path).parent_path(), ""});
    ASSERT_TRUE(result) << format_parts(path, result.error());
    EXPECT_EQ(difference(part.expected, result->alerts), "")
        << path << ":" << part.line << ": " << part.title
        << "\n  If that is right: marktwacht rules test RULEBOOK " << path
        << " --accept, and read the difference.";
    EXPECT_EQ(result->faults, std::vector<std::string>{}) << path << ":" << part.line;
    expected.push_back(part.expected);
  }
  EXPECT_EQ(with_expectations(text, *scenario, expected), text)
      << path << ": write expectations as --accept does";
}

std::string test_name(const testing::TestParamInfo<std::string>& file) {
  std::string name = file.param;
  std::ranges::replace_if(name, [](char c) { return c == '/' || c == '-' || c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, ScenarioFileTest, testing::ValuesIn(all_scenarios()),
                         test_name);

// What a rule's scenario lacks; "" when it has everything.
std::string lacks(const std::string& path, const std::string& rulebook, const std::string& rule) {
  const auto scenario = parse_scenario(text_of_file(path));
  if (!scenario) {
    return "has errors, or is not there";
  }
  if (std::ranges::none_of(scenario->cases[0].rulebooks,
                           [&](const ScenarioPart& named) { return named.text == rulebook; })) {
    return "does not use `rulebook " + rulebook + "`";
  }
  if (!fires(scenario->cases[0], rule)) {
    return "tells a story in which " + rule + " finds nothing";
  }
  for (const ScenarioKind kind : {ScenarioKind::twin, ScenarioKind::look_alike}) {
    bool quiet = false;
    for (const ScenarioCase& part : scenario->cases) {
      if (part.kind == kind && fires(part, rule)) {
        return "has a " + std::string(word_of(kind)) + " that is not quiet: " + part.title;
      }
      quiet = quiet || part.kind == kind;
    }
    if (!quiet) {
      return "lacks a " + std::string(word_of(kind)) + " (docs/scenarios.md)";
    }
  }
  return "";
}

TEST(ScenarioTest, EveryShippedRuleHasAFiringScenarioAQuietTwinAndALookAlike) {
  for (const ShippedRulebook& shipped : shipped_rulebooks()) {
    const auto rulebook = load_rulebook(shipped.text);
    ASSERT_TRUE(rulebook) << format_errors(shipped.name, rulebook.error());
    for (const CompiledRule& rule : rulebook->rules) {
      const std::string name =
          "scenarios/" + std::string(shipped.name) + "/" + rule.spec.id + ".scn";
      const std::string path = MARKTWACHT_SOURCE_DIR "/" + name;
      EXPECT_EQ(lacks(path, std::string(shipped.name), rule.spec.id), "") << name;
    }
  }
}

TEST(ScenarioTest, EveryDetectorHasAFiringScenarioAQuietTwinAndALookAlike) {
  for (const CatalogueEntry& entry : catalogue()) {
    const std::string id(entry.spec->id);
    EXPECT_EQ(lacks(scenarios + id + ".scn", id, id), "") << "scenarios/" << id << ".scn";
  }
}

TEST(ScenarioTest, EveryShippedRulebookIsTheFileOfItsName) {
  for (const ShippedRulebook& shipped : shipped_rulebooks()) {
    const std::string name(shipped.name);
    EXPECT_EQ(text_of_file(MARKTWACHT_SOURCE_DIR "/rulebooks/" + name + ".toml"), shipped.text);
    EXPECT_EQ(load_rulebook(shipped.text)->id, name);
  }
}

// Each line with what is said of it.
TEST(ScenarioTextTest, EveryErrorHasItsLineAndSaysWhatIsAllowed) {
  const std::pair<std::string, std::string> cases[] = {
      {"10:00:00 order o1 alice buy 1 BTC-USDT", "1: write: order order_id account_id"},
      {"10:00:00 ordre o1", "1: \"ordre\" is neither a type of event nor one of: day"},
      {"10:00:00 cancel o1 user ipp 1", "1: ipp is no field of cancel; its fields: order_id"},
      {"10:00:00 cancel o1 user ip", "1: field ip lacks its value"},
      {"10:00:00 trade o1 o2 1 at 100", "1: no order line says in which instrument o1 is"},
      {"25:00:00 tick", "1: 25:00:00 is no time"},
      {"+5x tick", "1: +5x is no time"},
      {"day tomorrow", "1: write: day YYYY-MM-DD"},
      {"set limit 3", "1: write: set RULE.PARAM = VALUE"},
      {"repeat many every 1s", "1: write: repeat ROUNDS every SPAN"},
      {"\nrepeat 2 every 1s", "2: this repeat has no end"},
      {"repeat 2 every 1s\nrepeat 2 every 1s\nend", "2: a repeat inside a repeat"},
      {"end", "1: no repeat is open here"},
      {"10:00:00 post text \"he said", "1: a quote is not closed"},
      {"10:00:00 tick\n", "1: this case lacks its `expect`"},
      {"10:00:00 tick\nexpect nothing\ntick", "3: the story ends with its expect"},
      {"10:00:00 tick\nexpect nothing\nexpect nothing", "3: this case has its expect already"},
      {"10:00:00 tick\nexpect nothing\ntwin:\n- 10:00:00 tick\nexpect nothing",
       "3: say behind the colon what is different"},
      {"10:00:00 tick\nexpect nothing\ntwin: a\nexpect nothing", "3: this case changes nothing"},
      {"10:00:00 tick\nexpect nothing\ntwin: a\n+ tick\n+ tick\nexpect nothing",
       "3: a twin differs from the story in one line"},
      {"10:00:00 tick\nexpect nothing\ntwin: a\n- 11:00:00 tick\nexpect nothing",
       "4: the story has this line 0 times"},
      {"10:00:00 tick\nexpect nothing\ntwin: a\n10:00:00 tick\nexpect nothing",
       "4: a variant says `- line of the story`"},
  };
  for (const auto& [text, error] : cases) {
    const bool whole = text.find('\n') != text.npos || text == "end";
    const auto scenario = parse_scenario(whole ? text : text + "\nexpect nothing\n");
    ASSERT_FALSE(scenario) << text;
    EXPECT_NE(format_parts("f", scenario.error()).find("f:" + error), std::string::npos)
        << text << "\n"
        << format_parts("f", scenario.error());
  }
}

TEST(ScenarioTextTest, RoundsOverlapInTheOrderOfTheirTimes) {
  const auto scenario = parse_scenario(
      "10:00:00 repeat 2 every 1s\n"
      "  account a{n}\n"
      "  +1500ms account b{n} roles broker,internal opened_ts 2020-01-01\n"
      "end\n"
      "+1s {\"type\":\"tick\"}\n"
      "expect nothing\n");
  ASSERT_TRUE(scenario) << format_parts("f", scenario.error());
  const std::string head = R"({"type":"account","ts":17676072)";
  const std::vector<std::string> lines = {
      head + R"(00000000000,"account_id":"a1"})", head + R"(01000000000,"account_id":"a2"})",
      head + R"(01500000000,"account_id":"b1","opened_ts":"2020-01-01T00:00:00Z",)"
             R"("roles":["broker","internal"]})",
      head + R"(02500000000,"account_id":"b2","opened_ts":"2020-01-01T00:00:00Z",)"
             R"("roles":["broker","internal"]})",
      R"({"ts":1767607203500000000,"type":"tick"})"};
  ASSERT_EQ(scenario->cases[0].events.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(scenario->cases[0].events[i].text, lines[i]);
  }
}

constexpr const char* small_rulebook =
    "[rulebook]\n"
    "id = \"mine\"\n"
    "title = \"Mine\"\n"
    "sources = [\"us\"]\n"
    "[[rule]]\n"
    "id = \"too_many\"\n"
    "clause = \"2.12\"\n"
    "on = [\"order\"]\n"
    "by = [\"account\"]\n"
    "window = \"day\"\n"
    "params = { limit = 2 }\n"
    "let = { orders = \"count()\" }\n"
    "when = \"orders >= limit\"\n";

constexpr const char* small_scenario =
    "# Two orders are too many.\n"
    "rulebook mine.toml\n"
    "instrument X spot of A in B tick 1 lot 1\n"
    "10:00:00 order o1 alice buy 1 X at 5\n"
    "10:00:01 order o2 alice buy 1 X at 5\n"
    "expect nothing\n";

TEST(RulesCommandTest, ChecksARulebookAndTellsAllErrorsWithTheirLines) {
  const TestFolder folder;
  const std::string good = folder.write("mine.toml", small_rulebook);
  const BinaryRun checked = run_binary({"rules", "check", good});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_NE(checked.out.find("too_many"), std::string::npos) << checked.out;
  EXPECT_NE(checked.out.find("limit = 2"), std::string::npos) << checked.out;

  const std::string rules = small_rulebook;
  std::string second = rules.substr(rules.find("[[rule]]"));
  second.replace(second.find("too_many"), 8, "as_many");
  second.replace(second.find("\"2.12\""), 6, "2.12");
  std::string text = rules + second;
  text.replace(text.find("orders >="), 6, "ordres");
  const BinaryRun refused = run_binary({"rules", "check", folder.write("bad.toml", text)});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("bad.toml:13:9: rule too_many: "), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("bad.toml:16: rule as_many: "), std::string::npos) << refused.err;
  EXPECT_EQ(run_binary({"rules", "check", folder.path("none.toml")}).exit_code, 2);
}

TEST(RulesCommandTest, ListsEveryShippedRule) {
  const BinaryRun list = run_binary({"rules", "list"});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  for (const CatalogueEntry& entry : catalogue()) {
    EXPECT_NE(list.out.find("  " + std::string(entry.spec->id) + " "), std::string::npos);
  }
  for (const ShippedRulebook& shipped : shipped_rulebooks()) {
    const auto rulebook = load_rulebook(shipped.text);
    EXPECT_NE(list.out.find(rulebook->cited()), std::string::npos);
    for (const CompiledRule& rule : rulebook->rules) {
      EXPECT_NE(list.out.find("  " + rule.spec.id + " "), std::string::npos) << rule.spec.id;
    }
  }
}

TEST(RulesCommandTest, TriesAScenarioAndAcceptsWhatHappens) {
  const TestFolder folder;
  const std::string rulebook = folder.write("mine.toml", small_rulebook);
  const std::string scenario = folder.write("mine.scn", small_scenario);
  const BinaryRun wrong = run_binary({"rules", "test", rulebook, scenario});
  EXPECT_EQ(wrong.exit_code, 4) << wrong.err;
  EXPECT_NE(wrong.out.find("too much: too_many alice: orders 2/2"), std::string::npos) << wrong.out;
  EXPECT_EQ(folder.read("mine.scn"), small_scenario);
  EXPECT_EQ(run_binary({"rules", "test", rulebook, scenario, "--accept"}).exit_code, 0);
  EXPECT_EQ(run_binary({"rules", "test", rulebook, scenario}).exit_code, 0);
  EXPECT_NE(folder.read("mine.scn").find("expect\n  too_many alice: "), std::string::npos);
  const auto parsed = parse_scenario(folder.read("mine.scn"));
  ASSERT_TRUE(parsed);
  const auto result = run_case(parsed->cases[0], {folder.path(""), ""});
  ASSERT_TRUE(result) << format_parts("mine.scn", result.error());
  EXPECT_EQ(result->alerts, parsed->cases[0].expected);

  const std::string broken =
      folder.write("broken.scn", std::string(small_scenario) + "10:00:00 tick\n");
  const BinaryRun refused = run_binary({"rules", "test", rulebook, broken});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("broken.scn:7: "), std::string::npos) << refused.err;
}

// What the engine refuses is an error of the scenario, with its line.
TEST(RulesCommandTest, ARefusedLineIsAnErrorOfTheScenario) {
  const TestFolder folder;
  const std::string rulebook = folder.write("mine.toml", small_rulebook);
  std::string text = small_scenario;
  text.replace(text.rfind("at 5"), 4, "at 5.5");
  const BinaryRun run = run_binary({"rules", "test", rulebook, folder.write("s.scn", text)});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("s.scn:5: refused: off_tick price"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace marktwacht
