// JSON from outside, checked and without its spaces: the form that JsonMembers reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace marktwacht {

// Nothing where `text` is no JSON. Numbers and texts stay as they were written.
std::optional<std::string> minified_json(std::string_view text);

}  // namespace marktwacht
