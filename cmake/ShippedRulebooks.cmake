# rulebooks/*.toml as a source file, so that the program finds them wherever it runs.
set(MW_SHIPPED_CC ${CMAKE_BINARY_DIR}/generated/shipped.cc)
mw_shipped_rows(rows ${CMAKE_SOURCE_DIR}/rulebooks toml)
file(CONFIGURE OUTPUT ${MW_SHIPPED_CC} @ONLY CONTENT [[
// Made by cmake/ShippedRulebooks.cmake.
#include "rules/shipped.h"

#include <array>

namespace marktwacht {

std::span<const ShippedRulebook> shipped_rulebooks() {
  static constexpr ShippedRulebook rulebooks[] = {
@rows@  };
  return rulebooks;
}

}  // namespace marktwacht
]])
