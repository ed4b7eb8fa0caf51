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
class Accounts {
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

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return out;
}

void add_row(std::string_view cell, const Texts& cells, std::string& out) {
  for (const std::string& text : cells) {
    out += "<" + std::string(cell) + ">" + escaped(text) + "</" + std::string(cell) + ">";
  }
  out += "</tr>\n";
}

Texts cells_of(const std::string& clause, const EnforcementReport::Cases& of) {
  Texts cells = {clause.empty() ? "all" : clause};
  for (const std::uint64_t count : {of.opened, of.open, of.closed_confirmed, of.closed_refuted,
                                    of.closed_inconclusive, of.reported, of.account_ids}) {
    cells.push_back(std::to_string(count));
  }
  return cells;
}

Texts cells_of(const std::string& kind, const EnforcementReport::Measures& of) {
  Texts cells = {kind.empty() ? "all" : kind};
  for (const std::uint64_t count :
       {of.in_force, of.automatic, of.imposed, of.over, of.account_ids}) {
    cells.push_back(std::to_string(count));
  }
  return cells;
}

template <class Rows>
void add_table(const Texts& heads, const Rows& rows, std::string& out) {
  out += "<table>\n<tr>";
  add_row("th", heads, out);
  for (const auto& [key, of] : rows) {
    out += "<tr>";
    add_row("td", cells_of(key, of), out);
  }
  out += "</table>\n";
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
  Accounts of_cases, of_measures;
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

std::string report_json(const EnforcementReport& report) {
  std::string out;
  ObjectWriter object(out);
  object.text("month", report.month);
  object.array("cases", report.cases, [&](const auto& row) {
    ObjectWriter each(out);
    each.text_unless_empty("clause", row.first);
    each.number("opened", row.second.opened);
    each.number("open", row.second.open);
    each.number("closed_confirmed", row.second.closed_confirmed);
    each.number("closed_refuted", row.second.closed_refuted);
    each.number("closed_inconclusive", row.second.closed_inconclusive);
    each.number("reported", row.second.reported);
    each.number("account_ids", row.second.account_ids);
    each.end();
  });
  object.array("measures", report.measures, [&](const auto& row) {
    ObjectWriter each(out);
    each.text_unless_empty("kind", row.first);
    each.number("in_force", row.second.in_force);
    each.number("automatic", row.second.automatic);
    each.number("imposed", row.second.imposed);
    each.number("over", row.second.over);
    each.number("account_ids", row.second.account_ids);
    each.end();
  });
  object.end();
  return out;
}

std::string report_html(const EnforcementReport& report) {
  const std::string title = "Enforcement in " + escaped(report.month);
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" + title +
      "</title>\n<style>body{font:14px sans-serif;margin:2em}table{border-collapse:"
      "collapse;margin:1em 0}td,th{border:1px solid #999;padding:.3em .6em;"
      "text-align:right}td:first-child,th:first-child{text-align:left}</style>\n<h1>" +
      title + "</h1>\n<h2>Cases opened, by clause</h2>\n";
  add_table(
      {"clause", "opened", "open", "confirmed", "refuted", "inconclusive", "reported", "accounts"},
      report.cases, out);
  out += "<h2>Measures that took effect, by kind</h2>\n";
  add_table({"kind", "in force", "automatic", "by one person", "over", "accounts"}, report.measures,
            out);
  out += "</html>\n";
  return out;
}

}  // namespace marktwacht
