// An alert's record as it was written, back into an alert.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "alerts/alert.h"

namespace marktwacht {

// The alert that `line` states, as write_alert writes one; a text in it is passed over, and so are
// `at` and `seq`, which a line does not say. Its source has no templates. An error says which
// member is missing or wrong.
std::expected<Alert, std::string> read_alert(std::string_view line);

}  // namespace marktwacht
