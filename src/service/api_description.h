// openapi.json, as the service gives it out.
#pragma once

#include <string_view>

namespace marktwacht {

std::string_view api_description();

}  // namespace marktwacht
