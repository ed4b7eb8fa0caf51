// What was enforced in one month, by clause and by kind of measure, as exchanges publish it:
// numbers only, nobody's name. docs/reports.md.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "edges/reports/page.h"

namespace marktwacht {

struct EnforcementReport {
  struct Cases {
    std::uint64_t opened = 0;  // in the month; of those, by their state now:
    std::uint64_t open = 0, closed_confirmed = 0, closed_refuted = 0, closed_inconclusive = 0;
    std::uint64_t reported = 0;     // to the authority
    std::uint64_t account_ids = 0;  // that they are about, each once
  };
  struct Measures {
    std::uint64_t in_force = 0;     // that took effect in the month; of those:
    std::uint64_t automatic = 0;    // by policy alone
    std::uint64_t imposed = 0;      // by one person
    std::uint64_t over = 0;         // hold no longer
    std::uint64_t account_ids = 0;  // that they are about, each once
  };

  std::string month;  // YYYY-MM
  // By the clause that was breached: a case with several counts for each. "" = all, each once.
  std::map<std::string, Cases> cases;
  std::map<std::string, Measures> measures;  // by kind; "" = all
};

// From the last line of each case and each measure, in any order. Cases that went into another are
// left out, and so are amendments, which restrict nobody themselves. An error says what is wrong
// with the month or which line is none.
std::expected<EnforcementReport, std::string> enforcement_report(
    std::string_view month, std::span<const std::string> case_lines,
    std::span<const std::string> measure_lines);

// One object of JSON.
std::string enforcement_json(const EnforcementReport& report);
// CSV, a line for each number: month, of (cases, measures), which (clause or kind, "all"), what,
// count.
std::string enforcement_csv(const EnforcementReport& report);
// A page that needs nothing else and prints well.
std::string enforcement_html(const EnforcementReport& report, ReportLanguage language);

}  // namespace marktwacht
