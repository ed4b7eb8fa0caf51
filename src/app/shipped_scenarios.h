// The scenarios of the rules and detectors that are shipped, as they stand in scenarios/.
#pragma once

#include <span>
#include <string_view>

namespace marktwacht {

struct ShippedScenario {
  std::string_view name;  // below scenarios/, without .scn: "spoofing", "default/self_trade"
  std::string_view text;
};

// By name.
std::span<const ShippedScenario> shipped_scenarios();

}  // namespace marktwacht
