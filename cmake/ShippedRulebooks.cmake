# rulebooks/*.toml as a source file, so that the program finds them wherever it runs.
file(GLOB rulebooks CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rulebooks/*.toml)
list(TRANSFORM rulebooks REPLACE "\\.toml$" "")
list(SORT rulebooks)
list(TRANSFORM rulebooks APPEND ".toml")
set(MW_SHIPPED_CC ${CMAKE_BINARY_DIR}/generated/shipped.cc)
set(rows "")
foreach(rulebook ${rulebooks})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${rulebook})
  get_filename_component(name ${rulebook} NAME_WE)
  file(READ ${rulebook} text)
  string(APPEND rows "    {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()
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
