// Rulebooks and detectors in force, checking a text, the policy.
#include <algorithm>
#include <set>
#include <utility>

#include "app/rulebook_options.h"
#include "detectors/catalogue.h"
#include "events/json_members.h"
#include "events/json_object.h"
#include "findings/shadow.h"
#include "rules/rule.h"
#include "rules/shipped.h"
#include "service/api_engine_parts.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

void write_params(const DetectorSpec& spec, const DetectorSetup& setup, ObjectWriter& object,
                  std::string& json) {
  std::size_t at = 0;
  object.array("params", spec.params, [&](const ParamSpec& param) {
    ObjectWriter one(json);
    one.text("name", param.name);
    one.text("value", setup.params[at++].text());
    one.text("default", param.value.text());
    one.text("least", param.least.text());
    one.text("most", param.most.text());
    one.end();
  });
}

void write_rule(const RuleSpec& rule, std::string& json) {
  ObjectWriter object(json);
  object.text("id", rule.id);
  object.text("clause", rule.clause);
  object.text("kind", "rule");
  object.text("severity", word_of(rule.severity));
  object.text("maturity", word_of(rule.maturity));
  object.text("window", format_window(rule.window));
  object.array("params", rule.params, [&](const auto& param) {
    ObjectWriter one(json);
    one.text("name", param.first);
    one.text("value", format_number(param.second).value_or("?"));
    one.end();
  });
  if (!rule.text_en.empty()) {
    ObjectWriter text(object.member("text"));
    text.text("en", rule.text_en);
    text.text("de", rule.text_de);
    text.end();
  }
  object.end();
}

void write_use(const DetectorUse& use, std::string& json) {
  const DetectorSpec& spec = *use.detector->spec;
  ObjectWriter object(json);
  object.text("id", spec.id);
  object.text("clause", spec.clause);
  object.text("kind", "detector");
  object.text("severity", word_of(spec.severity));
  object.text("maturity", word_of(spec.maturity));
  write_params(spec, use.setup, object, json);
  object.end();
}

std::string rulebook_json(const std::string& text) {
  std::string json;
  const auto book = load_rulebook(text);
  if (!book) {
    return json;
  }
  ObjectWriter object(json);
  object.text("name", book->id);
  object.text("hash", book->hash);
  object.boolean("shadow", is_shadow(book->id));
  object.text("text", text);
  object.member("rules") += "[";
  for (const CompiledRule& rule : book->rules) {
    json += json.back() == '[' ? "" : ",";
    write_rule(rule.spec, json);
  }
  for (const DetectorUse& use : book->detectors) {
    json += json.back() == '[' ? "" : ",";
    write_use(use, json);
  }
  json += "]";
  object.end();
  return json;
}

// What the engine has in force.
struct InForce {
  std::set<std::string> cited;                                 // rulebooks, as id@hash
  std::vector<std::pair<std::string, std::string>> detectors;  // id, JSON
};

InForce in_force(const Engine& engine) {
  InForce found;
  for (const auto& rule : engine.rules().rules()) {
    found.cited.insert(rule->source->rulebook);
  }
  std::set<std::string_view> active;
  const auto write = [&](const DetectorSpec& spec, const DetectorSetup& setup, bool runs,
                         std::uint64_t blind) {
    auto& [id, json] = found.detectors.emplace_back();
    id = spec.id;
    ObjectWriter object(json);
    object.text("id", spec.id);
    object.text("clause", spec.clause);
    object.text("claim", spec.claim);
    object.text("maturity", word_of(spec.maturity));
    object.boolean("in_force", runs);
    write_params(spec, setup, object, json);
    object.number("blind_spots", blind);
    object.end();
  };
  for (const auto& one : engine.detectors().active()) {
    found.cited.insert(one->cited);
    active.insert(one->spec().id);
    write(one->spec(), one->use.setup, true, one->forgot.times + one->unjudged.times);
  }
  for (const CatalogueEntry& entry : catalogue()) {
    if (!active.contains(entry.spec->id)) {
      write(*entry.spec, default_setup(*entry.spec), false, 0);
    }
  }
  std::ranges::stable_sort(found.detectors, {}, &std::pair<std::string, std::string>::first);
  return found;
}

HttpResponse rules(Api& api, ApiCall&) {
  const auto found = api.ask([](const Engine& engine) { return in_force(engine); });
  if (!found) {
    return unavailable("The engine does not answer now.");
  }
  std::string json;
  ObjectWriter object(json);
  std::vector<std::string> books;
  for (const std::string& cited : found->cited) {
    if (auto book = rulebook_json(api.alert_lines().rulebook(cited)); !book.empty()) {
      books.push_back(std::move(book));
    }
  }
  object.member("rulebooks") += joined(books);
  std::vector<std::string> detectors;
  for (const auto& [id, one] : found->detectors) {
    detectors.push_back(one);
  }
  object.member("detectors") += joined(detectors);
  std::vector<std::string> names;
  for (const ShippedRulebook& shipped : shipped_rulebooks()) {
    names.emplace_back(shipped.name);
  }
  object.texts("shipped", names);
  object.end();
  return json_response(200, std::move(json));
}

HttpResponse check_rules(Api&, ApiCall& call) {
  const auto body = body_of(call);
  const auto text = body ? body->text("text") : std::nullopt;
  if (!text) {
    return error_response(400, "bad_request", "The rulebook's text is missing.", "text");
  }
  const auto book = load_rulebook(*text);
  std::string json;
  ObjectWriter object(json);
  object.array("errors", book ? std::vector<RulebookError>() : book.error(),
               [&](const RulebookError& error) {
                 ObjectWriter one(json);
                 one.number("line", error.line);
                 one.text_unless_empty("key", error.rule);
                 one.text("what", error.what);
                 one.end();
               });
  if (book) {
    object.text("rulebook", book->cited());
  }
  object.end();
  return json_response(200, std::move(json));
}

}  // namespace

void answer_rules(Api& api) {
  api.add("GET", "/v1/rules", {}, rules);
  api.add("POST", "/v1/rules/check", {}, check_rules);
}

}  // namespace marktwacht
