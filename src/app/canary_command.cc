// `marktwacht canary`: do the rules still find what they were made to find? docs/operations.md.
#include "app/canary_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/canary.h"
#include "app/rulebook_options.h"
#include "app/session.h"

namespace marktwacht {
namespace {

struct CanaryOptions {
  RulebookOptions rules;
  bool json = false;
};

void print(const CanaryResult& result) {
  std::string kept;
  for (const std::string& set : result.kept) {
    kept += (kept.empty() ? "; with " : ", ") + set;
  }
  std::printf("%-8s %-24s %s%s\n", std::string(word_of(result.outcome)).c_str(), result.id.c_str(),
              result.rulebook.c_str(), kept.c_str());
}

Exit canary(const CanaryOptions& options) {
  const auto rulebooks = options.rules.load();
  if (!rulebooks) {
    return complain("canary", Exit::usage, rulebooks.error());
  }
  bool well = true;
  for (const CanaryResult& result : run_canary(rulebooks->texts)) {
    well = well && is_well(result.outcome);
    if (options.json) {
      std::string line;
      write_canary_result(result, line);
      std::printf("%s\n", line.c_str());
    } else {
      print(result);
    }
  }
  return well ? Exit::done : Exit::verification;
}

}  // namespace

void add_canary(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<CanaryOptions>();
  CLI::App* command = app.add_subcommand(
      "canary",
      "Run the own scenario of each rule and detector in force; exit code 4 when one is silent.");
  options->rules.add_to(*command);
  command->add_flag("--json", options->json, "print one JSON object a line");
  command->callback([options, &chosen] { chosen = [options] { return canary(*options); }; });
}

}  // namespace marktwacht
