// See store_twin.h.
#include "edges/sqlite/store_twin.h"

#include <algorithm>
#include <set>

#include "events/json_object.h"

namespace marktwacht {
namespace {

using Texts = std::vector<std::string>;

// Some are as nobody would choose them.
const Texts accounts = {"ann",     "bob", "o'hara", "x\"; DROP TABLE alerts; --",
                        "dörte\\", "f%_", "g"};
const Texts groups = {"", "", "g-ann", "g-'b'", "g-c"};
const Texts instruments = {"", "BTC-USDT", "ETH-USDT"};
const Texts detectors = {"spoofing", "wash_trade", "layering"};
const Texts clauses = {"2.1", "2.8", "2.10"};
const Texts severities = {"low", "medium", "high", "critical"};
const Texts maturities = {"stable", "stable", "incubating", "sandbox"};
const Texts alert_states = {"open", "open", "ended", "superseded", "dismissed", "confirmed"};
const Texts case_states = {"new", "assigned", "investigating", "closed_confirmed", "merged"};
const Texts measure_states = {"proposed", "adopted", "applied", "released", "refused"};
const Texts measure_kinds = {"warn", "freeze_funds", "close_only"};
const Texts users = {"anna", "ben", "system", "c'arl"};
const Texts decision_kinds = {"approve", "note", "snooze", "unsnooze", "close_alert"};

bool fits(const std::string& wanted, const std::string& value) {
  return wanted.empty() || wanted == value;
}
bool holds(const Texts& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}
bool fits_one(const std::string& wanted, const Texts& list) {
  return wanted.empty() || holds(list, wanted);
}

// Sorted by key and number, in the direction that `sort` says.
template <class Row>
Texts in_order(std::vector<std::tuple<std::int64_t, std::uint64_t, Row>> rows, bool descending) {
  std::ranges::sort(rows);
  if (descending) {
    std::ranges::reverse(rows);
  }
  Texts found;
  for (const auto& row : rows) {
    found.push_back(std::get<2>(row));
  }
  return found;
}

struct Sorting {
  std::string key;
  bool descending = true;
  Sorting(const std::string& sort, const std::string& otherwise)
      : key(sort.empty() ? otherwise : sort), descending(sort.empty() || sort[0] == '-') {
    key.erase(0, key[0] == '-' ? 1 : 0);
  }
};

using Rows = std::vector<std::tuple<std::int64_t, std::uint64_t, std::string>>;

std::int64_t signed_of(std::uint64_t number) { return static_cast<std::int64_t>(number); }

}  // namespace

std::string TwinAlert::line() const {
  std::string out;
  ObjectWriter line(out);
  line.text("alert_id", id());
  line.number("revision", revision);
  line.text("state", state);
  line.text("detector", detector);
  line.text("clause", clause);
  line.text("severity", severity);
  line.number("score", score);
  line.texts("account_ids", account_ids);
  line.text_unless_empty("group_id", group_id);
  line.text_unless_empty("instrument_id", instrument_id);
  line.number("from_ts", from.ns);
  line.text("maturity", maturity);
  line.end();
  return out;
}

std::string TwinCase::line() const {
  std::string out;
  ObjectWriter line(out);
  line.text("case_id", id());
  line.number("revision", revision);
  line.text("state", state);
  line.text("severity", severity);
  line.texts("account_ids", account_ids);
  line.texts("group_ids", group_ids);
  line.texts("alert_ids", alert_ids);
  line.number("opened_ts", opened.ns);
  line.number("last_alert_ts", last_alert.ns);
  line.number("due_ts", due.ns);
  line.text_unless_empty("assignee_id", assignee_id);
  line.texts("measure_ids", measure_ids);
  line.end();
  return out;
}

std::string TwinMeasure::line() const {
  std::string out;
  ObjectWriter line(out);
  line.text("measure_id", id());
  line.number("revision", revision);
  line.text("state", state);
  line.text("case_id", case_id);
  ObjectWriter plan(line.member("measure"));
  plan.text("kind", kind);
  ObjectWriter target(plan.member("target"));
  if (target_account_id.empty()) {
    target.texts("account_ids", target_account_ids);
  } else {
    target.text("account_id", target_account_id);
  }
  target.end();
  plan.end();
  line.text("proposer_id", proposer_id);
  line.number("proposed_ts", proposed.ns);
  line.texts("account_ids", account_ids);
  line.end();
  return out;
}

bool TwinMeasure::is_about(const std::string& account_id) const {
  return account_id == target_account_id || holds(account_ids, account_id) ||
         holds(target_account_ids, account_id);
}

std::string TwinDecision::outcome() const {
  std::string out;
  ObjectWriter line(out);
  line.number("seq", seq);
  line.number("ts", at.ns);
  line.text("user_id", user_id);
  line.text("kind", kind);
  line.text("result", result);
  for (const auto& [member, value] : targets) {
    if (member == "measure_id" || member == "case_id") {
      line.text(member, value);
    }
  }
  line.end();
  return out;
}

std::string TwinDecision::event() const {
  std::string out;
  ObjectWriter line(out);
  line.text("type", "decision");
  line.text("kind", kind);
  for (const auto& [member, value] : targets) {
    if (member != "measure_id") {
      line.text(member, value);
    }
  }
  line.text_unless_empty("rule", rule);
  if (until.ns != 0) {
    line.number("until_ts", until.ns);
  }
  line.end();
  return out;
}

std::string TwinCommand::line() const {
  std::string out;
  ObjectWriter line(out);
  line.text("command_id", command_id);
  line.text("command", "notice");
  line.text("account_id", account_id);
  line.text_unless_empty("measure_id", measure_id);
  line.end();
  return out;
}

const std::string& StoreTwin::account() { return any(accounts); }

Texts StoreTwin::some_accounts() {
  std::set<std::string> some = {account()};
  while (below(3) == 0) {
    some.insert(account());
  }
  return {some.begin(), some.end()};
}

template <class Map>
std::string StoreTwin::some_id(const Map& map) {
  return map.empty() ? "none" : std::next(map.begin(), signed_of(below(map.size())))->second.id();
}

void StoreTwin::add_alert(StoreBatch& batch) {
  ++seq_;
  const bool fresh = alerts_.empty() || below(3) != 0;
  TwinAlert& alert =
      fresh ? alerts_[seq_] : std::next(alerts_.begin(), signed_of(below(alerts_.size())))->second;
  if (fresh) {
    alert.opened_seq = seq_;
    alert.opened = now();
    alert.from = Time{now().ns - signed_of(below(20)) * second.ns};
    alert.detector = any(detectors);
    alert.clause = any(clauses);
    alert.severity = any(severities);
    alert.instrument_id = any(instruments);
    alert.maturity = any(maturities);
  }
  ++alert.revision;
  alert.seq = seq_;
  alert.at = now();
  alert.state = fresh ? "open" : any(alert_states);
  alert.score = signed_of(below(5)) * 20;
  alert.group_id = any(groups);
  alert.account_ids = some_accounts();
  alert.revisions.push_back({alert.revision, alert.state, alert.score, alert.seq, alert.at});
  batch.alerts.push_back({seq_, now(), alert.line()});
}

void StoreTwin::add_case(StoreBatch& batch) {
  ++seq_;
  const bool fresh = cases_.empty() || below(2) == 0;
  TwinCase& of =
      fresh ? cases_[seq_] : std::next(cases_.begin(), signed_of(below(cases_.size())))->second;
  if (fresh) {
    of.number = seq_;
    of.opened = now();
  }
  ++of.revision;
  of.seq = seq_;
  of.at = of.last_alert = now();
  of.due = Time{now().ns + signed_of(below(9)) * second.ns};
  of.state = any(case_states);
  of.severity = any(severities);
  of.assignee_id = below(2) == 0 ? "" : any(users);
  of.account_ids = some_accounts();
  of.group_ids = {any(groups)};
  std::erase(of.group_ids, "");
  of.alert_ids = {some_id(alerts_)};
  if (const std::string other = some_id(alerts_); other != of.alert_ids[0]) {
    of.alert_ids.push_back(other);
  }
  of.measure_ids = {some_id(measures_)};
  batch.cases[of.number] = {seq_, now(), of.line()};
}

void StoreTwin::add_measure(StoreBatch& batch) {
  ++seq_;
  const bool fresh = measures_.empty() || below(2) == 0;
  TwinMeasure& of = fresh
                        ? measures_[seq_]
                        : std::next(measures_.begin(), signed_of(below(measures_.size())))->second;
  if (fresh) {
    of.number = seq_;
    of.proposed = now();
    of.kind = any(measure_kinds);
    of.case_id = some_id(cases_);
    if (below(2) == 0) {
      of.target_account_id = account();
    } else {
      of.target_account_ids = some_accounts();
    }
  }
  ++of.revision;
  of.seq = seq_;
  of.at = now();
  of.state = any(measure_states);
  of.proposer_id = any(users);
  of.account_ids = below(2) == 0 ? Texts() : some_accounts();
  batch.measures[of.number] = {seq_, now(), of.line()};
}

void StoreTwin::add_decision(StoreBatch& batch) {
  ++seq_;
  TwinDecision& of = decisions_[seq_];
  of.seq = seq_;
  of.at = now();
  of.user_id = any(users);
  of.kind = any(decision_kinds);
  of.result = below(3) == 0 ? "refused" : "accepted";
  if (of.kind == "snooze" || of.kind == "unsnooze") {
    of.rule = any(detectors);
    of.targets = {below(2) == 0 ? std::pair("account_id", account())
                                : std::pair("group_id", std::string("g-ann"))};
    of.until = of.kind == "snooze" ? Time{now().ns + signed_of(1 + below(90)) * second.ns} : Time{};
  } else if (of.kind == "approve") {
    of.targets = {{"measure_id", some_id(measures_)}, {"case_id", some_id(cases_)}};
  } else if (of.kind == "note") {
    of.targets = {{"case_id", some_id(cases_)}};
  } else {
    of.targets = {{"alert_id", some_id(alerts_)}};
  }
  batch.decisions.push_back({{seq_, now(), of.outcome()}, of.event()});
}

void StoreTwin::add_command(StoreBatch& batch) {
  ++seq_;
  commands_.push_back({seq_, now(), "r/" + std::to_string(seq_), account(),
                       below(2) == 0 ? "" : some_id(measures_)});
  batch.commands.push_back({seq_, now(), commands_.back().line()});
}

StoreBatch StoreTwin::next(int records) {
  StoreBatch batch;
  for (int record = 0; record < records; ++record) {
    constexpr void (StoreTwin::* adders[])(StoreBatch&) = {
        &StoreTwin::add_alert,   &StoreTwin::add_alert,    &StoreTwin::add_alert,
        &StoreTwin::add_case,    &StoreTwin::add_measure,  &StoreTwin::add_decision,
        &StoreTwin::add_command, &StoreTwin::add_decision,
    };
    (this->*any(adders))(batch);
  }
  batch.applied_seq = seq_;
  return batch;
}

ListPart StoreTwin::part(const Texts& keys) {
  ListPart part;
  part.sort = any(keys);
  if (!part.sort.empty() && below(2) == 0) {
    part.sort = "-" + part.sort;
  }
  part.limit = 1 + below(30);
  return part;
}

AlertsQuery StoreTwin::alerts_query() {
  const auto maybe = [&](const std::string& value) { return below(4) == 0 ? value : ""; };
  AlertsQuery query;
  query.state = maybe(any(alert_states));
  query.detector = maybe(any(detectors));
  query.clause = maybe(any(clauses));
  query.severity = maybe(any(severities));
  query.account_id = maybe(account());
  query.group_id = maybe(any(groups));
  query.instrument_id = maybe(any(instruments));
  query.case_id = maybe(some_id(cases_));
  if (below(4) == 0) {
    query.score_min = signed_of(below(100));
  }
  if (below(3) == 0) {
    query.snoozed = below(2) == 0;
  }
  if (below(3) == 0) {
    query.shadow = below(2) == 0;
  }
  query.now = now();
  query.part = part({"", "score", "from_ts", "seq", "opened_seq"});
  return query;
}

CasesQuery StoreTwin::cases_query() {
  const auto maybe = [&](const std::string& value) { return below(4) == 0 ? value : ""; };
  CasesQuery query;
  query.state = maybe(any(case_states));
  query.severity = maybe(any(severities));
  query.assignee_id = maybe(any(users));
  query.group_id = maybe(any(groups));
  query.account_id = maybe(account());
  query.open = below(4) == 0;
  query.part = part({"", "seq", "opened_ts", "last_alert_ts", "due_ts"});
  return query;
}

MeasuresQuery StoreTwin::measures_query() {
  const auto maybe = [&](const std::string& value) { return below(4) == 0 ? value : ""; };
  MeasuresQuery query;
  query.state = maybe(any(measure_states));
  query.case_id = maybe(some_id(cases_));
  query.account_id = maybe(account());
  query.kind = maybe(any(measure_kinds));
  query.waiting = static_cast<MeasuresQuery::Waiting>(below(4) == 0 ? below(3) : 0);
  if (below(5) == 0) {
    query.numbers.emplace();
    for (const auto& [number, of] : measures_) {
      if (number % 2 == 0) {
        query.numbers->push_back(number);
      }
    }
  }
  query.part = part({"", "seq", "proposed_ts"});
  return query;
}

DecisionsQuery StoreTwin::decisions_query() {
  const auto maybe = [&](const std::string& value) { return below(4) == 0 ? value : ""; };
  DecisionsQuery query;
  query.user_id = maybe(any(users));
  query.kind = maybe(any(decision_kinds));
  query.result = maybe("refused");
  switch (below(6)) {
    case 0:
      query.target_kind = "account_id", query.target = account();
      break;
    case 1:
      query.target_kind = "measure_id", query.target = some_id(measures_);
      break;
    case 2:
      query.target_kind = "case_id", query.target = some_id(cases_);
      break;
    default:
      break;
  }
  if (below(4) == 0) {
    query.from = Time{now().ns / 3};
    query.to = Time{now().ns / 3 * 2};
  }
  query.part = part({"", "seq"});
  return query;
}

CommandsQuery StoreTwin::commands_query() {
  CommandsQuery query;
  query.account_id = below(2) == 0 ? account() : "";
  query.measure_id = below(2) == 0 ? some_id(measures_) : "";
  query.part = part({"", "seq"});
  return query;
}

Texts StoreTwin::ask(const AlertsQuery& query) const {
  const Sorting sorting(query.part.sort, "-score");
  Texts of_case;
  for (const auto& [number, of] : cases_) {
    if (of.id() == query.case_id) {
      of_case = of.alert_ids;
    }
  }
  Rows rows;
  for (const auto& [opened_seq, of] : alerts_) {
    if (fits(query.state, of.state) && fits(query.detector, of.detector) &&
        fits(query.clause, of.clause) && fits(query.severity, of.severity) &&
        fits_one(query.account_id, of.account_ids) && fits(query.group_id, of.group_id) &&
        fits(query.instrument_id, of.instrument_id) &&
        (query.case_id.empty() || holds(of_case, of.id())) &&
        of.score >= query.score_min.value_or(0) &&
        (!query.shadow || *query.shadow == (of.maturity != "stable")) &&
        (!query.snoozed || *query.snoozed == is_snoozed(of, query.now))) {
      const std::int64_t key = sorting.key == "score"        ? of.score
                               : sorting.key == "from_ts"    ? of.from.ns
                               : sorting.key == "opened_seq" ? signed_of(opened_seq)
                                                             : signed_of(of.seq);
      rows.emplace_back(key, opened_seq, of.line());
    }
  }
  return in_order(std::move(rows), sorting.descending);
}

Texts StoreTwin::ask(const CasesQuery& query) const {
  const Sorting sorting(query.part.sort, "-seq");
  Rows rows;
  for (const auto& [number, of] : cases_) {
    if (fits(query.state, of.state) && fits(query.severity, of.severity) &&
        fits(query.assignee_id, of.assignee_id) && fits_one(query.group_id, of.group_ids) &&
        fits_one(query.account_id, of.account_ids) &&
        !(query.open && (of.state == "closed_confirmed" || of.state == "merged"))) {
      const std::int64_t key = sorting.key == "seq"             ? signed_of(of.seq)
                               : sorting.key == "opened_ts"     ? of.opened.ns
                               : sorting.key == "last_alert_ts" ? of.last_alert.ns
                                                                : of.due.ns;
      rows.emplace_back(key, number, of.line());
    }
  }
  return in_order(std::move(rows), sorting.descending);
}

Texts StoreTwin::ask(const MeasuresQuery& query) const {
  const Sorting sorting(query.part.sort, "-seq");
  Texts of_case;
  for (const auto& [number, of] : cases_) {
    if (of.id() == query.case_id) {
      of_case = of.measure_ids;
    }
  }
  Rows rows;
  for (const auto& [number, of] : measures_) {
    const bool by_system = of.proposer_id == "system";
    const bool waits = query.waiting == MeasuresQuery::Waiting::any ||
                       (query.waiting == MeasuresQuery::Waiting::adoption
                            ? of.state == "proposed" && by_system
                            : (of.state == "proposed" || of.state == "adopted") && !by_system);
    if (fits(query.state, of.state) && fits(query.kind, of.kind) && waits &&
        (query.case_id.empty() || holds(of_case, of.id())) &&
        (query.account_id.empty() || of.is_about(query.account_id)) &&
        (!query.numbers || std::ranges::find(*query.numbers, number) != query.numbers->end())) {
      rows.emplace_back(sorting.key == "seq" ? signed_of(of.seq) : of.proposed.ns, number,
                        of.line());
    }
  }
  return in_order(std::move(rows), sorting.descending);
}

Texts StoreTwin::ask(const DecisionsQuery& query) const {
  const Sorting sorting(query.part.sort, "-seq");
  Rows rows;
  for (const auto& [seq, of] : decisions_) {
    if (fits(query.user_id, of.user_id) && fits(query.kind, of.kind) &&
        fits(query.result, of.result) &&
        (query.target.empty() ||
         std::ranges::find(of.targets, std::pair(query.target_kind, query.target)) !=
             of.targets.end()) &&
        (!query.from || (of.at >= *query.from && of.at < *query.to))) {
      rows.emplace_back(signed_of(seq), seq, of.outcome() + of.event());
    }
  }
  return in_order(std::move(rows), sorting.descending);
}

Texts StoreTwin::ask(const CommandsQuery& query) const {
  const Sorting sorting(query.part.sort, "-seq");
  Rows rows;
  for (const TwinCommand& of : commands_) {
    if (fits(query.account_id, of.account_id) && fits(query.measure_id, of.measure_id)) {
      rows.emplace_back(signed_of(of.seq), of.seq, of.line());
    }
  }
  return in_order(std::move(rows), sorting.descending);
}

Texts StoreTwin::timeline(const std::string& account_id) const {
  std::set<std::pair<std::string, std::string>> touched = {{"account_id", account_id}};
  Rows rows;
  for (const auto& [number, of] : alerts_) {
    if (holds(of.account_ids, account_id)) {
      touched.emplace("alert_id", of.id());
      rows.emplace_back(signed_of(number), 3, of.line());
    }
  }
  for (const auto& [number, of] : cases_) {
    if (holds(of.account_ids, account_id)) {
      touched.emplace("case_id", of.id());
      rows.emplace_back(signed_of(number), 2, of.line());
    }
  }
  for (const auto& [number, of] : measures_) {
    if (of.is_about(account_id)) {
      touched.emplace("measure_id", of.id());
      rows.emplace_back(signed_of(number), 1, of.line());
    }
  }
  for (const auto& [seq, of] : decisions_) {
    if (std::ranges::any_of(of.targets,
                            [&](const auto& target) { return touched.contains(target); })) {
      rows.emplace_back(signed_of(seq), 0, of.outcome());
    }
  }
  return in_order(std::move(rows), true);
}

AlertContext StoreTwin::context(const TwinAlert& alert, Time now) const {
  AlertContext context;
  context.opened = alert.opened;
  for (const auto& [number, of] : cases_) {
    if (of.state != "merged" && holds(of.alert_ids, alert.id())) {
      context.case_id = of.id();
    }
  }
  for (const auto& [opened_seq, of] : alerts_) {
    if (opened_seq >= alert.opened_seq) {
      break;
    }
    const bool is_of_group = !alert.group_id.empty() && alert.group_id == of.group_id;
    const bool shares = std::ranges::any_of(alert.account_ids, [&](const std::string& account_id) {
      return holds(of.account_ids, account_id);
    });
    context.alerts_before += shares ? 1 : 0;
    context.confirmed_before += of.state == "confirmed" && (is_of_group || shares) ? 1 : 0;
  }
  const auto until = [&](const std::string& member, const std::string& subject) {
    Time last;
    for (const auto& [seq, of] : decisions_) {
      if (of.result == "accepted" && of.rule == alert.detector &&
          of.targets == decltype(of.targets){{member, subject}}) {
        last = of.until;
      }
    }
    return last;
  };
  Time all{INT64_MAX};
  for (const std::string& account_id : alert.account_ids) {
    all = std::min(all, until("account_id", account_id));
  }
  const Time snoozed =
      std::max(all, alert.group_id.empty() ? Time{} : until("group_id", alert.group_id));
  if (snoozed > now && snoozed > alert.opened) {
    context.snoozed_until = snoozed;
  }
  return context;
}

bool StoreTwin::is_snoozed(const TwinAlert& alert, Time now) const {
  return context(alert, now).snoozed_until.has_value();
}

StoreTwin::Counts StoreTwin::counts() const {
  Counts counts;
  for (const auto& [number, of] : alerts_) {
    ++counts[{of.clause, of.detector, of.severity, of.state, of.maturity != "stable"}];
  }
  return counts;
}

}  // namespace marktwacht
