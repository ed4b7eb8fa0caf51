// A scenario that needs other numbers to be short keeps those; all else is as it is in force.
#include "app/canary.h"

#include <algorithm>
#include <set>
#include <utility>

#include "app/scenario.h"
#include "app/shipped_scenarios.h"
#include "detectors/catalogue.h"
#include "events/json_members.h"
#include "events/json_object.h"
#include "findings/shadow.h"
#include "rules/rule.h"

namespace marktwacht {
namespace {

std::optional<ScenarioCase> story_of(const std::string& name) {
  const auto all = shipped_scenarios();
  const auto found = std::ranges::find(all, name, &ShippedScenario::name);
  if (found == all.end()) {
    return std::nullopt;
  }
  auto scenario = parse_scenario(found->text);
  return scenario ? std::optional(std::move(scenario->cases.front())) : std::nullopt;
}

// `text` with what the scenario sets; nothing where they do not go together.
std::optional<std::string> with_sets(std::string text, const ScenarioCase& story) {
  std::string lines;
  for (const ScenarioPart& set : story.sets) {
    const std::size_t equals = set.text.find('=');
    lines += "\"" + set.text.substr(0, equals) + "\" = \"" + set.text.substr(equals + 1) + "\"\n";
  }
  constexpr std::string_view table = "\n[set]\n";
  const std::size_t at = text.find(table);
  at == text.npos ? text.append(table).append(lines) : text.insert(at + table.size(), lines);
  return load_rulebook(text) ? std::optional(std::move(text)) : std::nullopt;
}

bool fires(const ScenarioCase& story, const std::vector<std::string>& rulebooks,
           const std::string& id) {
  const auto alerts = run_story(story, rulebooks);
  return alerts && std::ranges::any_of(*alerts, [&](const std::string& alert) {
           return alert.starts_with(id + " ");
         });
}

// In the rulebook of this text.
CanaryResult try_one(const std::string& text, std::string cited, const std::string& id,
                     std::string scenario) {
  CanaryResult result{.rulebook = std::move(cited), .id = id, .scenario = std::move(scenario)};
  const auto story = story_of(result.scenario);
  if (!story) {
    result.outcome = CanaryOutcome::untested;
    result.scenario.clear();
    return result;
  }
  std::optional<std::string> set;
  if (!story->sets.empty() && (set = with_sets(text, *story))) {
    for (const ScenarioPart& each : story->sets) {
      result.kept.push_back(each.text);
    }
  }
  result.outcome = fires(*story, {set.value_or(text)}, id) ? CanaryOutcome::fired
                   : fires(*story, {}, id)                 ? CanaryOutcome::missed
                                                           : CanaryOutcome::broken;
  return result;
}

}  // namespace

std::vector<CanaryResult> run_canary(std::span<const std::string> rulebooks) {
  std::vector<CanaryResult> results;
  std::set<std::string_view> in_force;
  for (const std::string& text : rulebooks) {
    const auto book = load_rulebook(text);
    if (!book || is_shadow(book->id)) {
      continue;
    }
    for (const CompiledRule& rule : book->rules) {
      if (rule.spec.maturity != Maturity::sandbox) {
        results.push_back(
            try_one(text, book->cited(), rule.spec.id, book->id + "/" + rule.spec.id));
      }
    }
    for (const DetectorUse& use : book->detectors) {
      const DetectorSpec& spec = *use.detector->spec;
      in_force.insert(spec.id);
      if (spec.maturity != Maturity::sandbox) {
        const std::string id(spec.id);
        results.push_back(try_one(text, book->cited(), id, id));
      }
    }
  }
  for (const CatalogueEntry& entry : catalogue()) {
    if (!in_force.contains(entry.spec->id)) {
      results.push_back({.id = std::string(entry.spec->id), .outcome = CanaryOutcome::off});
    }
  }
  return results;
}

void write_canary_result(const CanaryResult& result, std::string& out) {
  ObjectWriter object(out);
  object.text_unless_empty("rulebook", result.rulebook);
  object.text("id", result.id);
  object.text("outcome", word_of(result.outcome));
  object.text_unless_empty("scenario", result.scenario);
  if (!result.kept.empty()) {
    object.texts("kept", result.kept);
  }
  object.end();
}

std::optional<CanaryResult> read_canary_result(std::string_view line) {
  const auto members = JsonMembers::of(line);
  const auto id = members ? members->text("id") : std::nullopt;
  const auto word = members ? members->text("outcome") : std::nullopt;
  const auto& words = Words<CanaryOutcome>::list;
  const auto outcome = std::ranges::find(words, word.value_or(""));
  if (!id || outcome == words.end()) {
    return std::nullopt;
  }
  return CanaryResult{.rulebook = members->text("rulebook").value_or(""),
                      .id = *id,
                      .outcome = static_cast<CanaryOutcome>(outcome - words.begin()),
                      .scenario = members->text("scenario").value_or(""),
                      .kept = members->texts("kept").value_or(std::vector<std::string>())};
}

}  // namespace marktwacht
