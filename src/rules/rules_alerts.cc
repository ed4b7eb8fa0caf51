// Opening, stating, revising and ending what rules report.
#include <algorithm>

#include "rules/rules.h"

namespace marktwacht {
namespace {

constexpr int score_at_limit = 60, score_per_doubling = 10, score_most = 100;
constexpr std::size_t accounts_shown_max = 1'000;

// The strictest of what a name is compared with; nothing where it has no limit.
std::optional<Number> limit_of(const FactSpec& fact, const Scope& scope) {
  std::optional<Number> strictest;
  for (const Formula& program : fact.limits) {
    const Number limit = program.number(scope);
    if (!limit.known()) {
      continue;
    }
    const bool stricter = !strictest || (fact.above ? compare(limit, *strictest) > 0
                                                    : compare(limit, *strictest) < 0);
    strictest = stricter ? limit : *strictest;
  }
  return strictest;
}

int score_of(const FactSpec& fact, const Number& value, const std::optional<Number>& limit) {
  if (!limit || !value.known()) {
    return score_at_limit;
  }
  const int most = (score_most - score_at_limit) / score_per_doubling;
  const int times = fact.above ? doublings(value, *limit, most) : doublings(*limit, value, most);
  return score_at_limit + score_per_doubling * times;
}

}  // namespace

void Rules::open(ActiveRule& rule, RuleTable& table, RowRef row, const Judged& judged, Time now) {
  OpenAlert alert;
  alert.number = ++findings_made_;
  alert.rule = &rule;
  alert.subject = {row.of, table.rows->key(row)};
  alert.from = window_start(table, now);
  if (rule.sliding()) {
    start_episode(alert, table, row);
  }
  const Time began = rule.sliding() ? Time{now.ns - table.window.length.ns} : alert.from;
  alert.warming = rule.while_running && began < rule.since;
  alert.peak = alert.revised_at = judged.lets[rule.compiled.facts.front().let];
  state_facts(alert, judged);
  name_accounts(alert);
  const auto placed = open_.emplace(alert.number, std::move(alert)).first;
  OpenAlert& opened = placed->second;
  open_by_subject_[{&rule, opened.subject}] = opened.number;
  mark_row(rule, opened.subject, 1);
  report(opened, Finding::Act::open, now);
  if (rule.sliding()) {
    set_episode_timer(opened, next_expiry(table, row));
  }
}

// It began with the first event in the window that this rule counted.
void Rules::start_episode(OpenAlert& alert, const RuleTable& table, RowRef row) {
  std::vector<std::pair<std::uint64_t, Time>> counted;
  for (const RowRef one : rows_below(table, row)) {
    visit_counted(alert, *table.rows, one, [&](const EntryQueue::Entry& entry) {
      counted.emplace_back(entry.seq, entry.at);
    });
  }
  std::ranges::sort(counted);
  for (const auto& [seq, at] : counted) {
    if (alert.evidence.count() == 0) {
      alert.from = at;
    }
    alert.evidence.add(seq);
  }
}

// A group of which no member has counted anything yet has no row: then one of zeros.
RowRef Rules::row_of(const OpenAlert& alert) {
  WindowTable& rows = *tables_[alert.rule->table]->rows;
  const RowRef row = rows.find(alert.subject.of, alert.subject.key);
  return row.exists() || alert.subject.of == RowsOf::accounts
             ? row
             : rows.add(RowsOf::groups, alert.subject.key);
}

void Rules::state_facts(OpenAlert& alert, const Judged& judged) const {
  const ActiveRule& rule = *alert.rule;
  alert.facts.clear();
  for (const FactSpec& fact : rule.compiled.facts) {
    const Number& value = judged.lets[fact.let];
    const auto limit = limit_of(fact, judged.scope);
    if (&fact == &rule.compiled.facts.front()) {
      const std::string& name = rule.spec().let[fact.let].first;
      alert.score_parts = {{name, score_of(fact, value, limit)}};
    }
    if (const auto text = format_number(value)) {
      alert.facts.push_back({rule.spec().let[fact.let].first, *text,
                             limit ? format_number(*limit).value_or("") : ""});
    }
  }
  if (alert.warming) {
    alert.facts.push_back({"warming", "true", ""});
  }
}

void Rules::name_accounts(OpenAlert& alert) const {
  const RuleTable& table = *tables_[alert.rule->table];
  if (!table.by_owner()) {
    const RowRef row = table.rows->find(alert.subject.of, alert.subject.key);
    if (const auto aggregate = alert.rule->compiled.accounts; aggregate && row.exists()) {
      alert.accounts.clear();
      for (const std::string& id :
           table.rows->distinct_values(row, alert.rule->cells[*aggregate])) {
        alert.accounts.push_back(market_.directory().find_account(make_text(id)));
      }
      std::ranges::sort(alert.accounts);
      alert.accounts.resize(std::min(alert.accounts.size(), accounts_shown_max));
    }
    return;
  }
  const std::uint32_t owner = alert.subject.key.parts[0];
  if (alert.subject.of == RowsOf::accounts) {
    alert.accounts = {AccountIndex{owner}};
    alert.group_id.clear();
    return;
  }
  const auto members = market_.groups().members(GroupIndex{owner});
  if (!members.empty()) {
    alert.accounts.assign(members.begin(), members.end());
  }
  alert.group_id = market_.group_id(GroupIndex{owner});
}

Evidence Rules::evidence_of(const OpenAlert& alert) const {
  if (alert.frozen) {
    return alert.frozen_evidence;
  }
  if (alert.rule->sliding()) {
    return alert.evidence.evidence();
  }
  const RuleTable& table = *tables_[alert.rule->table];
  std::vector<std::uint64_t> kept;
  std::uint64_t count = 0;
  const auto add = [&](const Key& key) {
    if (const RowRef row = table.rows->find(RowsOf::accounts, key); row.exists()) {
      for (const std::uint32_t taker : alert.rule->takers) {
        count += table.rows->evidence(row, taker, kept);
      }
    }
  };
  if (alert.subject.of == RowsOf::accounts) {
    add(alert.subject.key);
  } else {
    for (const AccountIndex member : alert.accounts) {
      Key key = alert.subject.key;
      key.parts[0] = member.value;
      add(key);
    }
  }
  return united(std::move(kept), count);
}

void Rules::report(const OpenAlert& alert, Finding::Act act, Time to, std::uint64_t successor) {
  const RuleTable& table = *tables_[alert.rule->table];
  Finding finding;
  finding.act = act;
  finding.number = alert.number;
  finding.successor = successor;
  finding.source = alert.rule->source;
  finding.accounts = alert.accounts;
  finding.group_id = alert.group_id;
  if (table.instrument_at) {
    finding.instrument = InstrumentIndex{alert.subject.key.parts[*table.instrument_at]};
  }
  finding.from = alert.from;
  finding.to = to;
  finding.facts = alert.facts;
  finding.score_parts = alert.score_parts;
  finding.evidence = evidence_of(alert);
  findings_.push_back(std::move(finding));
}

void Rules::revise(OpenAlert& alert, const Judged& judged, Time now) {
  alert.revised_at = judged.lets[alert.rule->compiled.facts.front().let];
  state_facts(alert, judged);
  name_accounts(alert);
  report(alert, Finding::Act::revise, now);
}

void Rules::restate(OpenAlert& alert, Time now) {
  if (alert.frozen || alert.rule->sliding()) {
    return;
  }
  RuleTable& table = *tables_[alert.rule->table];
  const RowRef row = row_of(alert);
  if (row.exists()) {
    evaluate(*alert.rule, table, row, judged_, now);
    state_facts(alert, judged_);
    name_accounts(alert);
  }
}

void Rules::end(std::uint64_t number, Time to) {
  report(open_.at(number), Finding::Act::end, to);
  forget(number);
}

void Rules::forget(std::uint64_t number) {
  OpenAlert& alert = open_.at(number);
  if (alert.timer) {
    timers_.erase({*alert.timer, number});
  }
  const auto known = open_by_subject_.find({alert.rule, alert.subject});
  if (known != open_by_subject_.end() && known->second == number) {
    open_by_subject_.erase(known);
    mark_row(*alert.rule, alert.subject, -1);
  }
  open_.erase(number);
}

void Rules::mark_row(const ActiveRule& rule, const Subject& subject, int by) {
  RuleTable& table = *tables_[rule.table];
  if (const RowRef row = table.rows->find(subject.of, subject.key); row.exists()) {
    table.rows->open(row) += static_cast<std::uint32_t>(by);
  }
}

// A timer that comes too early does no harm: it judges, and is set again.
void Rules::set_timer(OpenAlert& alert, Time at) {
  if (alert.timer && *alert.timer <= at) {
    return;
  }
  if (alert.timer) {
    timers_.erase({*alert.timer, alert.number});
  }
  alert.timer = at;
  timers_.insert({at, alert.number});
}

// `when` may change whenever something leaves the window; once false, the episode waits to end.
void Rules::set_episode_timer(OpenAlert& alert, std::optional<Time> next_expiry) {
  if (!alert.holds) {
    set_timer(alert, alert.false_since + alert.rule->spec().window.length);
  }
  if (next_expiry) {
    set_timer(alert, *next_expiry);
  }
}

}  // namespace marktwacht
