# scenarios/*.scn as a source file: what a service tries its rules on each day.
file(GLOB_RECURSE scenarios CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/scenarios
     ${CMAKE_SOURCE_DIR}/scenarios/*.scn)
list(SORT scenarios)
set(MW_SHIPPED_SCENARIOS_CC ${CMAKE_BINARY_DIR}/generated/shipped_scenarios.cc)
set(rows "")
foreach(scenario ${scenarios})
  set(path ${CMAKE_SOURCE_DIR}/scenarios/${scenario})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  string(REGEX REPLACE "\\.scn$" "" name ${scenario})
  file(READ ${path} text)
  string(APPEND rows "    {\"${name}\", R\"scn(${text})scn\"},\n")
endforeach()
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
