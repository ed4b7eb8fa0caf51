// Countries by their code: for reports that ask for the full name.
#pragma once

#include <string_view>

#include "edges/reports/page.h"

namespace marktwacht {

// Whether it is one of ISO 3166-1, two capital letters.
bool is_country(std::string_view code);
// "Austria (AT)"; of what is no such code, the text itself.
ReportText country_text(std::string_view code);

}  // namespace marktwacht
