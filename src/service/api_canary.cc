// The canary: what the last run found, and one more.
#include <set>
#include <utility>

#include "findings/shadow.h"
#include "service/api_parts.h"
#include "service/quality_json.h"

namespace marktwacht {
namespace {

HttpResponse canary(Api& api, ApiCall&) {
  std::string json;
  write_canary(api.canary().state(), true, json);
  return json_response(200, std::move(json));
}

HttpResponse start_canary(Api& api, ApiCall& call) {
  const bool begun = api.canary().ask();
  api.audit(call, "canary", "", begun ? "accepted" : "running");
  return begun ? json_response(202, "{}")
               : error_response(409, "running", "The canary runs already.");
}

}  // namespace

std::expected<std::vector<std::string>, std::string> rulebooks_in_force(Api& api) {
  const auto cited = api.ask([](const Engine& engine) {
    std::set<std::string> found;
    for (const auto& rule : engine.rules().rules()) {
      if (!is_shadow(rule->source->rulebook_id)) {
        found.insert(rule->source->rulebook);
      }
    }
    for (const auto& detector : engine.detectors().active()) {
      if (!is_shadow(detector->rulebook_id)) {
        found.insert(detector->cited);
      }
    }
    return found;
  });
  if (!cited) {
    return std::unexpected("the engine does not answer now");
  }
  std::vector<std::string> texts;
  for (const std::string& one : *cited) {
    texts.push_back(api.alert_lines().rulebook(one));
    if (texts.back().empty()) {
      return std::unexpected("the text of " + one + " is not in DIR/rulebooks");
    }
  }
  return texts;
}

void answer_canary(Api& api) {
  api.add("GET", "/v1/canary", {}, canary);
  api.add("POST", "/v1/canary", {.right = Right::rulebooks, .scope = {}}, start_canary);
}

}  // namespace marktwacht
