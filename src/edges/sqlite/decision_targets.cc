// See decision_targets.h.
#include "edges/sqlite/decision_targets.h"

#include <string_view>

#include "base/sort_unique.h"

namespace marktwacht {
namespace {

constexpr std::string_view kinds[] = {"account_id", "group_id",   "instrument_id", "alert_id",
                                      "case_id",    "measure_id", "change_id",     "assignee_id",
                                      "device_id",  "ip",         "address"};

void add(const JsonMembers& members, std::vector<DecisionTarget>& targets) {
  for (const std::string_view kind : kinds) {
    if (auto id = members.text(kind)) {
      targets.push_back({std::string(kind), std::move(*id)});
    }
    const auto several = members.texts(std::string(kind) + "s");
    for (const std::string& id : several ? *several : std::vector<std::string>()) {
      targets.push_back({std::string(kind), id});
    }
  }
}

void add_object(std::string_view object, std::vector<DecisionTarget>& targets) {
  if (const auto members = JsonMembers::of(object)) {
    add(*members, targets);
    add_object(members->value("target"), targets);
  }
}

}  // namespace

std::vector<DecisionTarget> targets_of(const JsonMembers& outcome, const JsonMembers& decision) {
  std::vector<DecisionTarget> targets;
  add(outcome, targets);
  add(decision, targets);
  add_object(decision.value("target"), targets);
  add_object(decision.value("measure"), targets);
  sort_unique(targets);
  return targets;
}

}  // namespace marktwacht
