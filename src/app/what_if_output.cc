// Tables and JSON of a what-if.
#include "app/what_if_output.h"

#include <algorithm>
#include <functional>
#include <set>

#include "app/table.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

using Lines = std::vector<std::vector<std::string>>;
using AccountRow = std::pair<std::string, WhatIfCounts>;

std::vector<std::string> cells(std::vector<std::string> names, const WhatIfCounts& counts) {
  const std::string both =
      std::to_string(counts.both_a) +
      (counts.both_a == counts.both_b ? "" : "/" + std::to_string(counts.both_b));
  for (const std::string& cell :
       {std::to_string(counts.a()), std::to_string(counts.b()), std::to_string(counts.only_a), both,
        std::to_string(counts.only_b)}) {
    names.push_back(cell);
  }
  return names;
}

// Those whose alerts differ the most first; of equals by id.
std::vector<AccountRow> accounts_of(const WhatIf& found, std::size_t rows_max) {
  std::vector<AccountRow> rows(found.by_account.begin(), found.by_account.end());
  std::ranges::stable_sort(rows, std::greater{}, [](const AccountRow& row) {
    return row.second.only_a + row.second.only_b;
  });
  rows.resize(std::min(rows_max, rows.size()));
  return rows;
}

// The first of each rule.
std::vector<const FoundAlert*> examples(const std::vector<FoundAlert>& alerts,
                                        const std::vector<std::size_t>& places,
                                        std::size_t examples_max) {
  std::map<std::pair<std::string, std::string>, std::vector<const FoundAlert*>> by_rule;
  for (const std::size_t place : places) {
    auto& of = by_rule[{alerts[place].clause, alerts[place].detector}];
    if (of.size() < examples_max) {
      of.push_back(&alerts[place]);
    }
  }
  std::vector<const FoundAlert*> all;
  for (const auto& [rule, of] : by_rule) {
    all.insert(all.end(), of.begin(), of.end());
  }
  return all;
}

std::string who(const FoundAlert& alert) {
  if (!alert.group_id.empty() || alert.account_ids.empty()) {
    return alert.group_id.empty() ? "-" : alert.group_id;
  }
  const std::size_t others = alert.account_ids.size() - 1;
  return alert.account_ids.front() +
         (others == 0 ? "" : " and " + std::to_string(others) + " more");
}

void add_examples(const char* side, const std::vector<const FoundAlert*>& alerts, Lines& lines) {
  for (const FoundAlert* alert : alerts) {
    lines.push_back({side, alert->clause, alert->detector, alert->alert_id, who(*alert),
                     alert->instrument_id.empty() ? "-" : alert->instrument_id,
                     format_rfc3339(alert->from), format_rfc3339(alert->to),
                     std::to_string(alert->score), std::to_string(alert->evidence_count)});
  }
}

void write_counts(const WhatIfCounts& counts, ObjectWriter& object) {
  object.number("a", counts.a());
  object.number("b", counts.b());
  object.number("only_a", counts.only_a);
  object.number("both_a", counts.both_a);
  object.number("both_b", counts.both_b);
  object.number("only_b", counts.only_b);
}

void write_side(const WhatIfSide& side, std::string& out) {
  ObjectWriter object(out);
  object.text("name", side.name);
  object.text("rulebook", side.rulebook);
  object.end();
}

void write_found(const FoundAlert& alert, std::string& out) {
  ObjectWriter object(out);
  object.text("alert_id", alert.alert_id);
  object.text("clause", alert.clause);
  object.text("detector", alert.detector);
  object.text_unless_empty("group_id", alert.group_id);
  object.texts("account_ids", alert.account_ids);
  object.text_unless_empty("instrument_id", alert.instrument_id);
  object.number("from_ts", alert.from.ns);
  object.number("to_ts", alert.to.ns);
  object.number("score", alert.score);
  object.number("evidence_count", alert.evidence_count);
  object.end();
}

}  // namespace

std::string what_if_text(const WhatIfReport& report, const WhatIfLimits& limits) {
  const WhatIf& found = report.found;
  std::string out = "A = " + report.a.name + " (" + report.a.rulebook + ")\nB = " + report.b.name +
                    " (" + report.b.rulebook + ")\n\n";
  Lines rules = {{"clause", "rule", "A", "B", "only A", "both", "only B"}};
  for (const auto& [rule, counts] : found.by_rule) {
    rules.push_back(cells({rule.first, rule.second}, counts));
  }
  rules.push_back(cells({"", "all"}, found.all));
  out += aligned(rules, "llr");
  const auto accounts = accounts_of(found, limits.rows_max);
  if (!accounts.empty()) {
    Lines lines = {{"account", "A", "B", "only A", "both", "only B"}};
    for (const auto& [account, counts] : accounts) {
      lines.push_back(cells({account}, counts));
    }
    out += "\n" + aligned(lines);
    if (const std::size_t more = found.by_account.size() - accounts.size(); more > 0) {
      out += "and " + std::to_string(more) + " more accounts with alerts\n";
    }
  }
  Lines lines = {
      {"only in", "clause", "rule", "alert", "who", "instrument", "from", "to", "score", "events"}};
  add_examples("A", examples(found.a, found.only_a, limits.examples_max), lines);
  add_examples("B", examples(found.b, found.only_b, limits.examples_max), lines);
  return lines.size() > 1 ? out + "\n" + aligned(lines, "llllllllr") : out;
}

std::string what_if_json(const WhatIfReport& report, const WhatIfLimits& limits) {
  const WhatIf& found = report.found;
  std::string out;
  ObjectWriter object(out);
  write_side(report.a, object.member("a"));
  write_side(report.b, object.member("b"));
  object.number("events", report.events);
  ObjectWriter all(object.member("all"));
  write_counts(found.all, all);
  all.end();
  object.array("rules", found.by_rule, [&](const auto& rule) {
    ObjectWriter row(out);
    row.text("clause", rule.first.first);
    row.text("detector", rule.first.second);
    write_counts(rule.second, row);
    row.end();
  });
  object.array("accounts", accounts_of(found, limits.rows_max), [&](const AccountRow& account) {
    ObjectWriter row(out);
    row.text("account_id", account.first);
    write_counts(account.second, row);
    row.end();
  });
  object.array("only_a", examples(found.a, found.only_a, limits.examples_max),
               [&](const FoundAlert* alert) { write_found(*alert, out); });
  object.array("only_b", examples(found.b, found.only_b, limits.examples_max),
               [&](const FoundAlert* alert) { write_found(*alert, out); });
  object.end();
  return out;
}

VariedRow varied_row(const std::string& value, const std::string& rule,
                     const std::vector<FoundAlert>& found) {
  VariedRow row;
  row.value = value;
  row.alerts_all = found.size();
  std::set<std::string> accounts;
  for (const FoundAlert& alert : found) {
    if (alert.detector == rule) {
      ++row.alerts;
      row.events += alert.evidence_count;
      accounts.insert(alert.account_ids.begin(), alert.account_ids.end());
    }
  }
  row.accounts = accounts.size();
  return row;
}

std::string varied_text(const VariedReport& report) {
  Lines lines = {{report.rule + "." + report.param, "alerts", "accounts", "events in alerts",
                  "alerts of all rules"}};
  for (const VariedRow& row : report.rows) {
    lines.push_back({row.value, std::to_string(row.alerts), std::to_string(row.accounts),
                     std::to_string(row.events), std::to_string(row.alerts_all)});
  }
  return aligned(lines, "r");
}

std::string varied_json(const VariedReport& report) {
  std::string out;
  ObjectWriter object(out);
  object.text("rulebook", report.rulebook);
  object.text("rule", report.rule);
  object.text("param", report.param);
  object.number("events", report.events);
  object.array("values", report.rows, [&](const VariedRow& row) {
    ObjectWriter each(out);
    each.text("value", row.value);
    each.number("alerts", row.alerts);
    each.number("accounts", row.accounts);
    each.number("events", row.events);
    each.number("alerts_all", row.alerts_all);
    each.end();
  });
  object.end();
  return out;
}

}  // namespace marktwacht
