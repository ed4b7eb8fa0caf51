// What a request is for, out of the first line's target. docs/http.md says what is refused.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edges/http/message.h"

namespace marktwacht {

struct HttpTarget {
  std::string path;
  std::vector<NameValue> query;
};

// "/a%20b?x=1&y": an error says what is wrong.
std::expected<HttpTarget, std::string> parse_target(std::string_view target);
// Nothing for a "%" that no two hexadecimal digits follow. `plus_is_space`: as in a query.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);
// Everything but letters, digits and "-._~".
std::string percent_encoded(std::string_view text);

}  // namespace marktwacht
