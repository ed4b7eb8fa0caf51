// Which prohibition of Regulation (EU) 2023/1114 (MiCA), Articles 89 to 91, a finding may breach.
#pragma once

#include <string_view>

#include "edges/reports/page.h"

namespace marktwacht {

// By the rule or detector, else by its clause. Empty: the finding breaks the exchange's rules and
// names no market abuse by itself.
ReportText breach_text(std::string_view clause, std::string_view detector);

}  // namespace marktwacht
