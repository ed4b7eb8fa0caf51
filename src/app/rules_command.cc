// `marktwacht rules`: checks, lists and tries rulebooks. docs/rules.md, docs/scenarios.md.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

#include "app/commands.h"
#include "app/rulebook_options.h"
#include "app/scenario.h"
#include "app/session.h"
#include "detectors/catalogue.h"
#include "rules/rule.h"
#include "rules/shipped.h"

namespace marktwacht {
namespace {

struct RulesOptions {
  std::string rulebook;  // a file, or the name of a shipped one
  std::string scenario;
  bool accept = false;
};

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string keys_of(const RuleSpec& rule) {
  std::string keys;
  for (const KeyPart part : rule.by) {
    keys += (keys.empty() ? "" : ", ") + std::string(word_of(part));
  }
  return keys;
}

std::string params_of(const RuleSpec& rule) {
  std::string params;
  for (const auto& [name, value] : rule.params) {
    params += (params.empty() ? "" : ", ") + name + " = " + format_number(value).value_or("?");
  }
  return params.empty() ? "no params" : params;
}

std::string params_of(const DetectorUse& use) {
  const DetectorSpec& spec = *use.detector->spec;
  std::string params;
  for (std::size_t at = 0; at < spec.params.size(); ++at) {
    const ParamSpec& param = spec.params[at];
    params += (params.empty() ? "" : ", ") + std::string(param.name) + " = " +
              use.setup.params[at].text() + " (" + param.least.text() + " to " + param.most.text() +
              ")";
  }
  return params.empty() ? "no params" : params;
}

void print(const DetectorUse& use) {
  const DetectorSpec& spec = *use.detector->spec;
  std::printf("  %-22s %-5s detector                         %-8s %-10s %s\n",
              std::string(spec.id).c_str(), std::string(spec.clause).c_str(),
              std::string(word_of(spec.severity)).c_str(),
              std::string(word_of(spec.maturity)).c_str(), params_of(use).c_str());
}

void print(const Rulebook& rulebook) {
  std::printf("%s  %s\n", rulebook.cited().c_str(), rulebook.title.c_str());
  for (const std::string& source : rulebook.sources) {
    std::printf("  source: %s\n", source.c_str());
  }
  for (const CompiledRule& compiled : rulebook.rules) {
    const RuleSpec& rule = compiled.spec;
    std::printf("  %-22s %-5s %-12s by %-18s %-8s %-10s %s\n", rule.id.c_str(), rule.clause.c_str(),
                format_window(rule.window).c_str(), keys_of(rule).c_str(),
                std::string(word_of(rule.severity)).c_str(),
                std::string(word_of(rule.maturity)).c_str(), params_of(rule).c_str());
  }
  for (const DetectorUse& use : rulebook.detectors) {
    print(use);
  }
}

// Detectors that no shipped rulebook names: they run by their own name.
void print_others(const std::set<std::string_view>& named) {
  bool first = true;
  for (const CatalogueEntry& entry : catalogue()) {
    if (!named.contains(entry.spec->id)) {
      std::fputs(first ? "in no rulebook: run them by name\n" : "", stdout);
      print({&entry, default_setup(*entry.spec)});
      first = false;
    }
  }
}

Exit check_rulebook(const RulesOptions& options) {
  const auto text = read_rulebook(options.rulebook);
  if (!text) {
    return complain("rules check", Exit::usage, text.error());
  }
  const auto rulebook = load_rulebook(*text);
  if (!rulebook) {
    std::fprintf(stderr, "%s\n", format_errors(options.rulebook, rulebook.error()).c_str());
    return Exit::usage;
  }
  print(*rulebook);
  return Exit::done;
}

Exit list_rulebooks() {
  std::set<std::string_view> named;
  for (const ShippedRulebook& shipped : shipped_rulebooks()) {
    const auto rulebook = load_rulebook(shipped.text);
    if (!rulebook) {
      std::fprintf(stderr, "%s\n", format_errors(shipped.name, rulebook.error()).c_str());
      return Exit::fault;
    }
    print(*rulebook);
    for (const DetectorUse& use : rulebook->detectors) {
      named.insert(use.detector->spec->id);
    }
  }
  print_others(named);
  return Exit::done;
}

// "story", "twin: one cancel less".
std::string name_of(const ScenarioCase& scenario) {
  std::string name(word_of(scenario.kind));
  return scenario.title.empty() ? name : name + ": " + scenario.title;
}

// Whether the case went as expected; prints how it went.
bool report(const ScenarioCase& scenario, const CaseResult& result, bool accept) {
  const std::string wrong = accept ? "" : difference(scenario.expected, result.alerts);
  const bool good = wrong.empty() && result.faults.empty();
  std::printf("%-4s %s (%zu events, %zu alerts)\n%s", good ? "ok" : "FAIL",
              name_of(scenario).c_str(), scenario.events.size(), result.alerts.size(),
              wrong.c_str());
  for (const std::string& fault : result.faults) {
    std::printf("  %s\n", fault.c_str());
  }
  return good;
}

std::expected<void, std::string> write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!(file << text) || !file.flush()) {
    return std::unexpected(path + " cannot be written");
  }
  return {};
}

Exit refuse(const RulesOptions& options, const std::vector<ScenarioPart>& errors) {
  std::fputs(format_parts(options.scenario, errors).c_str(), stderr);
  return Exit::usage;
}

Exit test_scenario(const RulesOptions& options) {
  const auto text = read_text(options.scenario);
  if (!text) {
    return complain("rules test", Exit::usage, options.scenario + " cannot be read");
  }
  const auto scenario = parse_scenario(*text);
  if (!scenario) {
    return refuse(options, scenario.error());
  }
  const ScenarioOptions how = {std::filesystem::path(options.scenario).parent_path(),
                               options.rulebook};
  std::vector<std::vector<std::string>> alerts;
  bool good = true;
  for (const ScenarioCase& part : scenario->cases) {
    const auto result = run_case(part, how);
    if (!result) {
      return refuse(options, result.error());
    }
    good = report(part, *result, options.accept) && good;
    alerts.push_back(result->alerts);
  }
  if (options.accept) {
    const auto written = write_file(options.scenario, with_expectations(*text, *scenario, alerts));
    if (!written) {
      return complain("rules test", Exit::fault, written.error());
    }
  }
  return good ? Exit::done : Exit::verification;
}

}  // namespace

void add_rules(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<RulesOptions>();
  CLI::App* rules = app.add_subcommand("rules", "Check, list and try rulebooks.");
  rules->require_subcommand(1);

  CLI::App* check = rules->add_subcommand(
      "check", "Say what is in a rulebook, or all of its errors with their lines.");
  check->add_option("FILE", options->rulebook, "a rulebook, or the name of a shipped one")
      ->required();
  check->callback([options, &chosen] { chosen = [options] { return check_rulebook(*options); }; });

  CLI::App* list = rules->add_subcommand("list", "The shipped rulebooks and their rules.");
  list->callback([&chosen] { chosen = list_rulebooks; });

  CLI::App* test = rules->add_subcommand(
      "test", "Run a scenario with a rulebook; exit code 4 when it does not go as expected.");
  test->add_option("FILE", options->rulebook, "a rulebook, or the name of a shipped one")
      ->required();
  test->add_option("SCENARIO", options->scenario, "a scenario, *.scn")->required();
  test->add_flag("--accept", options->accept,
                 "write what happens into the scenario, in place of what it expects");
  test->callback([options, &chosen] { chosen = [options] { return test_scenario(*options); }; });
}

}  // namespace marktwacht
