// "a-17": the alert that record 17 of the journal opened.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/numbered_id.h"

namespace marktwacht {

inline std::string alert_id(std::uint64_t seq) { return "a-" + std::to_string(seq); }

// The seq in it; 0 for anything else.
inline std::uint64_t alert_number(std::string_view alert_id) {
  return number_behind("a-", alert_id);
}

}  // namespace marktwacht
