# config/policy.toml as a source file: the default policy, so that the file is its only source.
set(MW_SHIPPED_POLICY ${CMAKE_SOURCE_DIR}/config/policy.toml)
set(MW_SHIPPED_POLICY_CC ${CMAKE_BINARY_DIR}/generated/shipped_policy.cc)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${MW_SHIPPED_POLICY})
file(READ ${MW_SHIPPED_POLICY} text)
file(CONFIGURE OUTPUT ${MW_SHIPPED_POLICY_CC} @ONLY CONTENT [[
// Made by cmake/ShippedPolicy.cmake.
#include "measures/policy.h"

namespace marktwacht {

std::string_view default_policy_text() {
  return R"toml(@text@)toml";
}

}  // namespace marktwacht
]])
