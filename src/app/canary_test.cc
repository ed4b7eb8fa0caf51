// The canary tells what finds its own scenario from what does not, and why.
#include "app/canary.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/rulebook_options.h"
#include "app/shipped_scenarios.h"
#include "rules/shipped.h"

namespace marktwacht {
namespace {

// The result of that id, in a rulebook or off.
CanaryResult result_of(const std::vector<CanaryResult>& results, const std::string& id) {
  const auto found = std::ranges::find(results, id, &CanaryResult::id);
  return found == results.end() ? CanaryResult{.id = "none"} : *found;
}

std::string with(const std::string& set) {
  RulebookOptions options;
  options.set = {set};
  return options.load()->texts.front();
}

TEST(Canary, all_that_is_shipped_finds_its_own_scenario) {
  std::vector<std::string> rulebooks;
  for (const ShippedRulebook& shipped : shipped_rulebooks()) {
    rulebooks.emplace_back(shipped.text);
  }
  const auto results = run_canary(rulebooks);
  std::size_t fired = 0;
  for (const CanaryResult& result : results) {
    EXPECT_TRUE(result.outcome == CanaryOutcome::fired || result.outcome == CanaryOutcome::off)
        << result.rulebook << " " << result.id << " " << word_of(result.outcome);
    fired += result.outcome == CanaryOutcome::fired ? 1 : 0;
  }
  EXPECT_GT(fired, 30u);
}

TEST(Canary, numbers_that_silence_a_rule_or_detector_are_found) {
  for (const auto& [id, set] :
       {std::pair("self_trade", "self_trade.limit=1000"), {"spoofing", "spoofing.ratio_min=20"}}) {
    const auto results = run_canary(std::vector{with(set)});
    const CanaryResult result = result_of(results, id);
    EXPECT_EQ(result.outcome, CanaryOutcome::missed) << set;
    EXPECT_TRUE(result.rulebook.starts_with("default@"));
    EXPECT_EQ(std::ranges::count(results, CanaryOutcome::missed, &CanaryResult::outcome), 1) << set;
  }
}

TEST(Canary, what_a_scenario_says_itself_is_told) {
  const auto results = run_canary(std::vector{read_rulebook("default").value()});
  const CanaryResult result = result_of(results, "unfilled_ratio");
  EXPECT_EQ(result.outcome, CanaryOutcome::fired);
  EXPECT_EQ(result.kept, std::vector<std::string>{"unfilled_ratio.orders_min=100"});
}

TEST(Canary, what_is_off_is_told_apart_and_what_has_no_scenario_too) {
  std::string text = read_rulebook("default").value();
  const std::size_t id = text.find("id = \"default\"");
  text.replace(id, 14, "id = \"mine\"");
  const std::size_t listed = text.find("\"spoofing\"");
  ASSERT_NE(listed, text.npos);
  text.replace(listed, 10, "\"wall_pull\"");
  const auto results = run_canary(std::vector{text});
  EXPECT_EQ(result_of(results, "spoofing").outcome, CanaryOutcome::off);
  EXPECT_EQ(result_of(results, "spoofing").rulebook, "");
  EXPECT_EQ(result_of(results, "wall_pull").outcome, CanaryOutcome::fired);
  EXPECT_EQ(result_of(results, "self_trade").outcome, CanaryOutcome::untested);
}

TEST(Canary, what_is_in_shadow_is_no_part_of_it) {
  std::string text = read_rulebook("default").value();
  text.insert(text.find("[rulebook]") + 10, "\nshadow = true");
  for (const CanaryResult& result : run_canary(std::vector{text})) {
    EXPECT_EQ(result.outcome, CanaryOutcome::off) << result.id;
  }
}

TEST(Canary, a_result_is_read_as_it_was_written) {
  const CanaryResult result{.rulebook = "default@12",
                            .id = "self_trade",
                            .outcome = CanaryOutcome::missed,
                            .scenario = "default/self_trade",
                            .kept = {"a.b=1"}};
  std::string line;
  write_canary_result(result, line);
  const auto read = read_canary_result(line);
  ASSERT_TRUE(read) << line;
  std::string again;
  write_canary_result(*read, again);
  EXPECT_EQ(again, line);
  EXPECT_FALSE(read_canary_result("warning: something"));
  EXPECT_FALSE(read_canary_result(R"({"id":"x","outcome":"sang"})"));
}

}  // namespace
}  // namespace marktwacht
