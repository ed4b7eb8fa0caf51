// Whom and what a decision is about, so that it is found by any of them.
#pragma once

#include <string>
#include <vector>

#include "events/json_members.h"

namespace marktwacht {

struct DecisionTarget {
  std::string kind;  // the member's name, of a list in the singular: account_id, case_id, …
  std::string id;

  auto operator<=>(const DecisionTarget&) const = default;
};

// From the line of its outcome and from the decision itself; sorted, each once.
std::vector<DecisionTarget> targets_of(const JsonMembers& outcome, const JsonMembers& decision);

}  // namespace marktwacht
