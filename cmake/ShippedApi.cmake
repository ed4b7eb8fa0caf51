# src/service/openapi.json as a source file, in pieces that a compiler takes.
set(MW_SHIPPED_API ${CMAKE_SOURCE_DIR}/src/service/openapi.json)
set(MW_SHIPPED_API_CC ${CMAKE_BINARY_DIR}/generated/shipped_api.cc)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${MW_SHIPPED_API})
file(READ ${MW_SHIPPED_API} text)
string(LENGTH "${text}" length)
set(pieces "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 8000 piece)
  string(APPEND pieces "      R\"api(${piece})api\"\n")
  math(EXPR at "${at} + 8000")
endwhile()
file(CONFIGURE OUTPUT ${MW_SHIPPED_API_CC} @ONLY CONTENT [[
// Made by cmake/ShippedApi.cmake.
#include "service/api_description.h"

namespace marktwacht {

std::string_view api_description() {
  return
@pieces@      ;
}

}  // namespace marktwacht
]])
