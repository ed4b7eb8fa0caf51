// Scenarios as they stand in their files, `*.scn`: a story, what it must lead to, and its variants.
// The language: docs/scenarios.md.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "events/words.h"

namespace marktwacht {

// A twin is quiet and differs in one line; a look-alike is honest.
MW_WORDS(ScenarioKind, story, twin, look_alike, variant)

// Something that one line of the file says.
struct ScenarioPart {
  int line = 0;  // from 1
  std::string text;
};

// The story, or the story as a variant changes it.
struct ScenarioCase {
  ScenarioKind kind{};
  std::string title;  // empty: the story
  int line = 0;
  std::vector<ScenarioPart> rulebooks;   // shipped names, or files
  std::vector<ScenarioPart> sets;        // RULE.PARAM=V
  std::vector<ScenarioPart> events;      // NDJSON, in order
  std::vector<std::string> expected;     // one alert a line; none: nothing happens
  int expect_begin = 0, expect_end = 0;  // the lines that say so; the end is not among them
};

struct Scenario {
  std::vector<ScenarioCase> cases;  // the story first
};

// All errors at once, by line.
std::expected<Scenario, std::vector<ScenarioPart>> parse_scenario(std::string_view text);

// The text with other expectations: `alerts` has the lines of each case.
std::string with_expectations(std::string_view text, const Scenario& scenario,
                              const std::vector<std::vector<std::string>>& alerts);

// "FILE:12: …", one a line.
std::string format_parts(std::string_view file, const std::vector<ScenarioPart>& parts);

}  // namespace marktwacht
