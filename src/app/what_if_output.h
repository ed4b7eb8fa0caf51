// A what-if as people and programs read it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/what_if.h"

namespace marktwacht {

// One of the two sides.
struct WhatIfSide {
  std::string name;      // as it was asked for
  std::string rulebook;  // as cited: id@hash
};

struct WhatIfReport {
  WhatIfSide a, b;
  WhatIf found;
  std::uint64_t events = 0;
};

// At most `rows_max` accounts, those with the most differences first, and `examples_max` alerts
// that only one side has, for each rule and side.
struct WhatIfLimits {
  std::size_t rows_max = 20, examples_max = 3;
};
std::string what_if_text(const WhatIfReport& report, const WhatIfLimits& limits);
// One JSON object, without a line end (docs/backtest.md).
std::string what_if_json(const WhatIfReport& report, const WhatIfLimits& limits);

// What one value of a parameter finds.
struct VariedRow {
  std::string value;
  std::uint64_t alerts = 0, accounts = 0, events = 0;  // of the rule that is varied
  std::uint64_t alerts_all = 0;                        // of the whole rulebook
};
VariedRow varied_row(const std::string& value, const std::string& rule,
                     const std::vector<FoundAlert>& found);

struct VariedReport {
  std::string rulebook, rule, param;
  std::vector<VariedRow> rows;
  std::uint64_t events = 0;
};
std::string varied_text(const VariedReport& report);
std::string varied_json(const VariedReport& report);

}  // namespace marktwacht
