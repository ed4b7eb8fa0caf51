// A rulebook in shadow: beside the one of its id, and nothing is done about what it finds.
#pragma once

#include <string_view>

namespace marktwacht {

// Behind its id, in what it finds and where it is in force: stored in journals.
inline constexpr std::string_view shadow_suffix = "-shadow";

constexpr bool is_shadow(std::string_view rulebook_id) {
  return rulebook_id.ends_with(shadow_suffix);
}

}  // namespace marktwacht
