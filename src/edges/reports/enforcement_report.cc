// See enforcement_report.h.
#include "edges/reports/enforcement_report.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "events/json_members.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

using Texts = std::vector<std::string>;

// The first instants of the month and of the one behind it.
struct Month {
  Time from, to;
  bool holds(std::optional<std::int64_t> ns) const {
    return ns && Time{*ns} >= from && Time{*ns} < to;
  }
};

std::optional<Month> month_of(std::string_view text) {
  if (text.size() != 7 || text[4] != '-') {
    return std::nullopt;
  }
  const auto first_of = [](const std::string& month) {
    return parse_rfc3339(month + "-01T00:00:00Z");
  };
  const auto from = first_of(std::string(text));
  if (!from) {
    return std::nullopt;
  }
  // 32 days on is in the next month, whichever it is.
  const auto to = first_of(format_rfc3339(*from + Duration{32 * day.ns}).substr(0, 7));
  return to ? std::optional(Month{*from, *to}) : std::nullopt;
}

// Counts accounts once for each key.
class SeenAccounts {
 public:
  void add(const std::string& key, const Texts& account_ids) {
    seen_[key].insert(account_ids.begin(), account_ids.end());
  }
  std::uint64_t count(const std::string& key) const {
    const auto found = seen_.find(key);
    return found == seen_.end() ? 0 : found->second.size();
  }

 private:
  std::map<std::string, std::set<std::string>> seen_;
};

void count_case(const JsonMembers& line, EnforcementReport::Cases& cases) {
  const std::string state = line.text("state").value_or("");
  ++cases.opened;
  cases.closed_confirmed += state == "closed_confirmed" ? 1 : 0;
  cases.closed_refuted += state == "closed_refuted" ? 1 : 0;
  cases.closed_inconclusive += state == "closed_inconclusive" ? 1 : 0;
  cases.open += state.starts_with("closed_") ? 0 : 1;
  cases.reported += line.flag("reported").value_or(false) ? 1 : 0;
}

void count_measure(const JsonMembers& line, EnforcementReport::Measures& measures) {
  const std::string state = line.text("state").value_or("");
  ++measures.in_force;
  measures.automatic += line.flag("automatic").value_or(false) ? 1 : 0;
  measures.imposed += line.flag("imposed").value_or(false) ? 1 : 0;
  measures.over += state == "released" || state == "expired" || state == "reversed" ? 1 : 0;
}

// The clauses that a case breaches, and "" for all.
std::set<std::string> clauses_of(const JsonMembers& line) {
  std::set<std::string> clauses = {""};
  const auto breaches = line.elements("breaches");
  for (const std::string_view breach : breaches ? *breaches : std::vector<std::string_view>()) {
    if (const auto members = JsonMembers::of(breach)) {
      clauses.insert(members->text("clause").value_or(""));
    }
  }
  return clauses;
}

std::unexpected<std::string> no_such_line(std::string_view what, const std::string& line) {
  return std::unexpected("no " + std::string(what) + " line: " + line.substr(0, 100));
}

// The numbers of a row, each with its name in the JSON and its heading on the page.
struct Count {
  std::string_view name, en, de;
  std::uint64_t count = 0;
};
using Counts = std::vector<Count>;

Counts counts_of(const EnforcementReport::Cases& of) {
  return {{"opened", "opened", "eröffnet", of.opened},
          {"open", "open", "offen", of.open},
          {"closed_confirmed", "confirmed", "bestätigt", of.closed_confirmed},
          {"closed_refuted", "refuted", "widerlegt", of.closed_refuted},
          {"closed_inconclusive", "inconclusive", "nicht geklärt", of.closed_inconclusive},
          {"reported", "reported", "gemeldet", of.reported},
          {"account_ids", "accounts", "Konten", of.account_ids}};
}

Counts counts_of(const EnforcementReport::Measures& of) {
  return {{"in_force", "took effect", "in Kraft getreten", of.in_force},
          {"automatic", "automatic", "automatisch", of.automatic},
          {"imposed", "by one person", "von einer Person", of.imposed},
          {"over", "over", "beendet", of.over},
          {"account_ids", "accounts", "Konten", of.account_ids}};
}

void write_counts(const Counts& counts, ObjectWriter& object) {
  for (const Count& count : counts) {
    object.number(count.name, count.count);
  }
}

template <class Rows>
void add_table(const std::string& head, const Rows& rows, ReportLanguage language,
               std::string& out) {
  const bool en = language == ReportLanguage::en;
  out += "<table class=\"counts\">\n<thead><tr><th>" + head + "</th>";
  for (const Count& count : counts_of(rows.begin()->second)) {
    out += "<th>" + std::string(en ? count.en : count.de) + "</th>";
  }
  out += "</tr></thead>\n";
  for (const auto& [key, of] : rows) {
    out +=
        "<tr><td>" + (key.empty() ? std::string(en ? "all" : "alle") : escaped_html(key)) + "</td>";
    for (const Count& count : counts_of(of)) {
      out += "<td>" + std::to_string(count.count) + "</td>";
    }
    out += "</tr>\n";
  }
  out += "</table>\n";
}

template <class Rows>
void add_lines(const std::string& start, const Rows& rows, std::string& out) {
  for (const auto& [key, of] : rows) {
    for (const Count& count : counts_of(of)) {
      out += start + (key.empty() ? "all" : key) + "," + std::string(count.name) + "," +
             std::to_string(count.count) + "\r\n";
    }
  }
}

}  // namespace

std::expected<EnforcementReport, std::string> enforcement_report(
    std::string_view month, std::span<const std::string> case_lines,
    std::span<const std::string> measure_lines) {
  const auto wanted = month_of(month);
  if (!wanted) {
    return std::unexpected("month is YYYY-MM, from 1970-01 on");
  }
  EnforcementReport report{std::string(month), {{"", {}}}, {{"", {}}}};
  SeenAccounts of_cases, of_measures;
  for (const std::string& text : case_lines) {
    const auto line = JsonMembers::of(text);
    const auto accounts = line ? line->texts("account_ids") : std::nullopt;
    if (!accounts || !line->has("case_id")) {
      return no_such_line("case", text);
    }
    if (!wanted->holds(line->integer("opened_ts")) || line->text("state") == "merged") {
      continue;
    }
    for (const std::string& clause : clauses_of(*line)) {
      count_case(*line, report.cases[clause]);
      of_cases.add(clause, *accounts);
    }
  }
  for (const std::string& text : measure_lines) {
    const auto line = JsonMembers::of(text);
    const auto plan = line ? JsonMembers::of(line->value("measure")) : std::nullopt;
    const auto accounts = line ? line->texts("account_ids") : std::nullopt;
    const auto kind = plan ? plan->text("kind") : std::nullopt;
    if (!accounts || !kind) {
      return no_such_line("measure", text);
    }
    if (!wanted->holds(line->integer("in_force_ts")) || line->has("amends")) {
      continue;
    }
    for (const std::string& key : {std::string(), *kind}) {
      count_measure(*line, report.measures[key]);
      of_measures.add(key, *accounts);
    }
  }
  for (auto& [clause, of] : report.cases) {
    of.account_ids = of_cases.count(clause);
  }
  for (auto& [kind, of] : report.measures) {
    of.account_ids = of_measures.count(kind);
  }
  return report;
}

std::string enforcement_json(const EnforcementReport& report) {
  std::string out;
  ObjectWriter object(out);
  object.text("month", report.month);
  object.array("cases", report.cases, [&](const auto& row) {
    ObjectWriter each(out);
    each.text_unless_empty("clause", row.first);
    write_counts(counts_of(row.second), each);
    each.end();
  });
  object.array("measures", report.measures, [&](const auto& row) {
    ObjectWriter each(out);
    each.text_unless_empty("kind", row.first);
    write_counts(counts_of(row.second), each);
    each.end();
  });
  object.end();
  return out;
}

std::string enforcement_csv(const EnforcementReport& report) {
  std::string out = "month,of,which,what,count\r\n";
  add_lines(report.month + ",cases,", report.cases, out);
  add_lines(report.month + ",measures,", report.measures, out);
  return out;
}

std::string enforcement_html(const EnforcementReport& report, ReportLanguage language) {
  const bool en = language == ReportLanguage::en;
  std::string out =
      page_start(language, (en ? "Enforcement in " : "Durchsetzung im Monat ") + report.month);
  out += en ? "<h2>Cases opened, by clause</h2>\n" : "<h2>Eröffnete Fälle, nach Ziffer</h2>\n";
  add_table(en ? "clause" : "Ziffer", report.cases, language, out);
  out += en ? "<h2>Measures that took effect, by kind</h2>\n"
            : "<h2>In Kraft getretene Maßnahmen, nach Art</h2>\n";
  add_table(en ? "kind" : "Art", report.measures, language, out);
  out += en ? "<p class=\"quiet\">Accounts count once in each row. A case with several breaches "
              "counts for each clause.</p>\n"
            : "<p class=\"quiet\">Konten zählen in jeder Zeile einmal. Ein Fall mit mehreren "
              "Verstößen zählt für jede Ziffer.</p>\n";
  return out + page_end();
}

}  // namespace marktwacht
