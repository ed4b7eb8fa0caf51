// Runs scenarios through the engine, each in several ways: docs/scenarios.md, "How it is run".
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "app/scenario_text.h"

namespace marktwacht {

struct ScenarioOptions {
  std::string folder;    // of the scenario's file: rulebook files are looked for here
  std::string rulebook;  // file or name of the one to try in place of those the scenario names
};

struct CaseResult {
  std::vector<std::string> alerts;  // as expectations are written
  std::vector<std::string> faults;  // besides them: what went wrong, and in which way of running
};

// An error says that a rulebook could not be had or that lines were refused, by line.
std::expected<CaseResult, std::vector<ScenarioPart>> run_case(const ScenarioCase& scenario,
                                                              const ScenarioOptions& options);

// The story alone, live, with these rulebooks (texts) in place of those that it names; none: with
// its own. Its alerts, as expectations are written.
std::expected<std::vector<std::string>, std::vector<ScenarioPart>> run_story(
    const ScenarioCase& scenario, const std::vector<std::string>& rulebooks);

// What is missing and what is too much, one a line; "" when `alerts` is what was expected.
std::string difference(const std::vector<std::string>& expected,
                       const std::vector<std::string>& alerts);

}  // namespace marktwacht
