// The ladder of a policy as TOML: rows, their steps, what each step proposes. docs/policy.md.
#pragma once

#include <toml++/toml.h>

#include <string_view>
#include <vector>

#include "measures/policy.h"
#include "measures/policy_reader.h"

namespace marktwacht {

// "2.7": two numbers of one or two digits.
bool is_clause(std::string_view text);

// Rows that were read without a fault are sound: see docs/policy.md, "What is refused".
std::vector<LadderRow> read_ladder(const std::vector<const toml::table*>& rows,
                                   std::vector<PolicyError>& errors);

}  // namespace marktwacht
