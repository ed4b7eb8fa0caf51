// A policy as TOML: config/policy.toml shows every key. docs/policy.md.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "measures/policy.h"

namespace marktwacht {

struct PolicyError {
  int line = 0;
  std::string what;  // with what is allowed

  bool operator==(const PolicyError&) const = default;
};

// A key that is absent has its default: that of default_policy(). All errors at once, by line.
std::expected<Policy, std::vector<PolicyError>> read_policy(std::string_view text);
// The same with other defaults.
std::expected<Policy, std::vector<PolicyError>> read_policy(std::string_view text,
                                                            const Policy& defaults);

}  // namespace marktwacht
