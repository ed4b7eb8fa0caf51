// Rulebooks become the stream's first events; the ways of running are compared with the live one.
#include "app/scenario.h"

#include <algorithm>
#include <filesystem>

#include "app/rulebook_options.h"
#include "app/scenario_ways.h"
#include "events/config_names.h"
#include "rules/rule.h"

namespace marktwacht {
namespace {

using Errors = std::vector<ScenarioPart>;

// A name as RulebookOptions takes it: files are looked for beside the scenario.
std::string beside(const std::string& folder, const std::string& name) {
  return is_rulebook_name(name) ? name : (std::filesystem::path(folder) / name).string();
}

// The texts of all rulebooks, with their sets.
std::vector<ScenarioPart> rulebooks_of(const ScenarioCase& scenario, const ScenarioOptions& options,
                                       Errors& errors) {
  RulebookOptions named;
  const bool own = options.rulebook.empty() && !scenario.rulebooks.empty();
  const int line = own ? scenario.rulebooks.front().line : scenario.line;
  for (const ScenarioPart& rulebook : scenario.rulebooks) {
    named.rulebooks.push_back(beside(options.folder, rulebook.text));
  }
  if (!options.rulebook.empty()) {
    named.rulebooks = {options.rulebook};
  }
  for (const ScenarioPart& set : scenario.sets) {
    named.set.push_back(set.text);
  }
  const auto loaded = named.load();
  if (!loaded) {
    errors.push_back({line, loaded.error()});
    return {};
  }
  std::vector<ScenarioPart> rulebooks;
  for (const std::string& text : loaded->texts) {
    rulebooks.push_back({line, text});
  }
  return rulebooks;
}

// Rulebooks first, then what happens.
std::vector<ScenarioPart> stream_of(const ScenarioCase& scenario,
                                    const std::vector<ScenarioPart>& rulebooks) {
  std::vector<ScenarioPart> lines;
  for (const ScenarioPart& rulebook : rulebooks) {
    std::string line =
        R"({"type":"config","ts":1,"name":")" + std::string(rulebook_config) + R"(","text":)";
    write_json_string(rulebook.text, line);
    lines.push_back({rulebook.line, line + "}"});
  }
  lines.insert(lines.end(), scenario.events.begin(), scenario.events.end());
  return lines;
}

// As lines of a [set] table: room for one record in each table of each detector in force.
std::string tiny_detectors(const std::string& text) {
  std::string lines;
  const auto rulebook = load_rulebook(text);
  for (const DetectorUse& use : rulebook->detectors) {
    const std::string name = "\"" + std::string(use.detector->spec->id) + ".entries_max\"";
    lines += text.contains(name) ? "" : name + " = 1\n";
  }
  return lines;
}

// The same rules and detectors with room for one key in each window table and one record in each
// table; rulebooks that say how much they need are left as they are.
std::vector<ScenarioPart> with_tiny_limits(std::vector<ScenarioPart> rulebooks) {
  constexpr std::string_view head = "[[rule]]\n";
  for (ScenarioPart& rulebook : rulebooks) {
    std::string& text = rulebook.text;
    const bool stated = text.contains("entries_max");
    constexpr std::string_view set = "\n[set]\n";
    if (const std::string lines = tiny_detectors(text); !stated && !lines.empty()) {
      const std::size_t at = text.find(set);
      at == text.npos ? text.append(set).append(lines) : text.insert(at + set.size(), lines);
    }
    for (std::size_t at = 0; !stated && (at = text.find(head, at)) != text.npos;
         at += head.size()) {
      text.insert(at + head.size(), "entries_max = 1\n");
    }
  }
  return rulebooks;
}

// Every event of a short stream; a long one is cut about a hundred times.
std::size_t cut_step(std::size_t events) { return 1 + events / 100; }

void compare(const char* way, const ScenarioRun& live, const ScenarioRun& run,
             std::vector<std::string>& faults) {
  if (run.revisions != live.revisions) {
    const auto [a, b] = std::ranges::mismatch(live.revisions, run.revisions);
    faults.push_back(std::string(way) + ": other alerts than live:\n  live: " +
                     (a == live.revisions.end() ? "none" : *a) +
                     "\n  here: " + (b == run.revisions.end() ? "none" : *b));
  } else if (run.state_hash != live.state_hash) {
    faults.push_back(std::string(way) + ": the alerts are the same, the state at the end is not");
  }
}

void run_cut(const ScenarioStream& stream, const ScenarioRun& live, std::size_t every,
             std::vector<std::string>& faults) {
  const std::string way = "cut after every " + std::to_string(every) + " events";
  if (const auto run = stream.cut(every)) {
    compare(way.c_str(), live, *run, faults);
  } else {
    faults.push_back(way + ": " + run.error());
  }
}

// With hardly any memory alerts may be missed, but then it must be said.
void run_tiny(const ScenarioCase& scenario, const std::vector<ScenarioPart>& rulebooks,
              const ScenarioRun& live, std::vector<std::string>& faults) {
  Errors errors;
  const ScenarioStream stream(stream_of(scenario, with_tiny_limits(rulebooks)), errors);
  const ScenarioRun tiny = stream.live(errors);
  if (!errors.empty()) {
    faults.push_back("tiny limits: " + format_parts("line", errors));
  }
  if (tiny.alerts != live.alerts && tiny.blind_spots <= live.blind_spots) {
    faults.push_back("tiny limits: alerts differ, but no blind spot was counted:\n" +
                     difference(live.alerts, tiny.alerts));
  }
  run_cut(stream, tiny, cut_step(stream.size()), faults);
}

}  // namespace

std::expected<CaseResult, std::vector<ScenarioPart>> run_case(const ScenarioCase& scenario,
                                                              const ScenarioOptions& options) {
  Errors errors;
  const auto rulebooks = rulebooks_of(scenario, options, errors);
  if (!errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  const ScenarioStream stream(stream_of(scenario, rulebooks), errors);
  const ScenarioRun live = stream.live(errors);
  if (!errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  CaseResult result;
  result.alerts = live.alerts;
  compare("replayed", live, stream.replayed(), result.faults);
  run_cut(stream, live, cut_step(stream.size()), result.faults);
  run_cut(stream, live, 1 + stream.size() / 2, result.faults);
  run_tiny(scenario, rulebooks, live, result.faults);
  return result;
}

std::expected<std::vector<std::string>, std::vector<ScenarioPart>> run_story(
    const ScenarioCase& scenario, const std::vector<std::string>& rulebooks) {
  Errors errors;
  std::vector<ScenarioPart> texts;
  for (const std::string& text : rulebooks) {
    texts.push_back({scenario.line, text});
  }
  if (texts.empty()) {
    texts = rulebooks_of(scenario, {}, errors);
  }
  if (!errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  const ScenarioStream stream(stream_of(scenario, texts), errors);
  ScenarioRun live = stream.live(errors);
  if (!errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  return std::move(live.alerts);
}

std::string difference(const std::vector<std::string>& expected,
                       const std::vector<std::string>& alerts) {
  std::string out;
  const auto lacks = [](const std::vector<std::string>& list, const std::string& line) {
    return std::ranges::find(list, line) == list.end();
  };
  for (const std::string& line : expected) {
    out += lacks(alerts, line) ? "  missing: " + line + "\n" : "";
  }
  for (const std::string& line : alerts) {
    out += lacks(expected, line) ? "  too much: " + line + "\n" : "";
  }
  return !out.empty() || expected == alerts ? out : "  the order or number of equal lines\n";
}

}  // namespace marktwacht
