// Measures and cases in plain words, for people at a terminal.
#pragma once

#include <string>

#include "engine/engine.h"
#include "measures/preview.h"

namespace marktwacht {

// Tables, one line each: newest last.
std::string measures_table(const Enforcement& enforcement);
std::string cases_table(const Enforcement& enforcement);
// Who may be stuck, and why; "nobody is stuck" where there is none.
std::string stuck_table(const Enforcement& enforcement, Time now);

// The whole story of one: who, why, what it denies, every step with who made it, and what it would
// do now. `seq`: of the last record, which `approve` names with the preview's hash.
std::string measure_text(const Measure& measure, const Preview& preview, std::uint64_t seq);
// The case with its alerts, measures, notes and what was gained, account by account.
std::string case_text(const Case& of, const Enforcement& enforcement);

}  // namespace marktwacht
