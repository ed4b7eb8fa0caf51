# scenarios/*.scn as a source file: what a service tries its rules on each day.
set(MW_SHIPPED_SCENARIOS_CC ${CMAKE_BINARY_DIR}/generated/shipped_scenarios.cc)
mw_shipped_rows(rows ${CMAKE_SOURCE_DIR}/scenarios scn)
file(CONFIGURE OUTPUT ${MW_SHIPPED_SCENARIOS_CC} @ONLY CONTENT [[
// Made by cmake/ShippedScenarios.cmake.
#include "app/shipped_scenarios.h"

namespace marktwacht {

std::span<const ShippedScenario> shipped_scenarios() {
  static constexpr ShippedScenario scenarios[] = {
@rows@  };
  return scenarios;
}

}  // namespace marktwacht
]])
