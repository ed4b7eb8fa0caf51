// What time brings: the ends of days, cycles and episodes.
#include <algorithm>

#include "rules/rules.h"

namespace marktwacht {
namespace {

Time floor_to(Time time, Duration length) {
  const std::int64_t past = time.ns % length.ns;
  return {time.ns - (past < 0 ? past + length.ns : past)};
}

}  // namespace

Time Rules::window_start(RuleTable& table, Time now) const {
  switch (table.window.kind) {
    case WindowKind::trading_day:
      return day_start_;
    case WindowKind::cycle:
      if (now < table.cycle_start || table.cycle_start + table.window.length <= now) [[unlikely]] {
        table.cycle_start = floor_to(now, table.window.length);
      }
      return table.cycle_start;
    case WindowKind::sliding:
      break;
  }
  return {now.ns - table.window.length.ns};
}

Time Rules::next_due() const {
  Time due = timers_.empty() ? never : timers_.begin()->first;
  for (const RuleTable* table : cycles_) {
    due = std::min(due, table->cycle_end);
  }
  return due;
}

// Episodes first, in the order of their opening: one that ends now does not hear what cycles find.
void Rules::fire(Time due) {
  if (!timers_.empty() && timers_.begin()->first <= due) {
    const std::uint64_t number = timers_.begin()->second;
    timers_.erase(timers_.begin());
    return fire_episode(number, due);
  }
  for (const auto& table : tables_) {
    if (table->cycle_end <= due) {
      return end_cycle(*table, table->cycle_end);
    }
  }
}

void Rules::fire_episode(std::uint64_t number, Time due) {
  OpenAlert& alert = open_.at(number);
  alert.timer.reset();
  if (!alert.holds && alert.false_since + alert.rule->spec().window.length <= due) {
    end(number, alert.false_since);
    return;
  }
  RuleTable& table = *tables_[alert.rule->table];
  const RowRef row = alert.frozen ? RowRef{} : row_of(alert);
  if (!row.exists()) {
    alert.false_since = alert.holds ? due : alert.false_since;
    alert.holds = false;
    set_episode_timer(alert, std::nullopt);
    return;
  }
  expire(table, due);
  judge(*alert.rule, table, row, due, std::nullopt);
}

// What has left a sliding window by `now` is taken out of its accounts' rows and their groups'.
void Rules::expire(RuleTable& table, Time now) {
  if (!table.sums_groups() || summed_of_.empty()) [[likely]] {
    return table.rows->drop_expired(now);
  }
  while (table.rows->expires(now)) {
    expire_oldest(table);
  }
}

void Rules::expire_oldest(RuleTable& table) {
  const RowRef row = table.rows->oldest();
  GroupIndex group;
  if (row.exists()) {
    const std::uint32_t owner = table.rows->key(row).parts[0];
    group = owner < summed_into_.size() ? summed_into_[owner] : group;
  }
  if (!group.exists()) [[likely]] {
    table.rows->drop_oldest();
    return;
  }
  Key key = table.rows->key(row);
  key.parts[0] = group.value;
  const RowRef sums = group_row_for(table, key);
  const bool whole = table.rows->take_oldest_from(sums);
  table.rows->drop_oldest();
  if (!whole) {
    refold_row(table, sums);
  }
}

std::optional<Time> Rules::next_expiry(const RuleTable& table, RowRef row) const {
  std::optional<Time> next;
  for (const RowRef one : rows_below(table, row)) {
    const auto mine = table.rows->next_expiry(one);
    next = !next || (mine && *mine < *next) ? mine : next;
  }
  return next;
}

std::vector<std::string> Rules::start_day(Time start) {
  end_day_alerts(start);
  auto learnt = learn_baselines(start);
  clear_day();
  day_start_ = start;
  return learnt;
}

void Rules::end_day_alerts(Time end_of_day) {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, alert] : open_) {
    if (alert.rule->spec().window.kind == WindowKind::trading_day) {
      numbers.push_back(number);
    }
  }
  for (const std::uint64_t number : numbers) {
    restate(open_.at(number), end_of_day);
    end(number, end_of_day);
  }
}

void Rules::clear_day() {
  for (const auto& table : tables_) {
    if (table->window.kind == WindowKind::trading_day) {
      clear_table(*table);
    }
  }
  std::erase_if(warned_, [](const SubjectKey& key) {
    return key.first->spec().window.kind == WindowKind::trading_day;
  });
}

void Rules::clear_table(RuleTable& table) {
  if (std::ranges::any_of(table.parts, is_text_key)) {
    for (const std::uint32_t row : table.rows->ordered(RowsOf::accounts)) {
      use_values(table, table.rows->key({RowsOf::accounts, row}), false);
    }
  }
  table.rows->clear();
}

// Rules in order, for each its keys in order: groups where the rule is by group.
void Rules::end_cycle(RuleTable& table, Time end_of_cycle) {
  for (ActiveRule* rule : table.rules) {
    for (const RowsOf of : {RowsOf::accounts, RowsOf::groups}) {
      if (of == RowsOf::groups && !rule->by_group()) {
        continue;
      }
      for (const std::uint32_t row : rows_to_judge(*rule, table, of)) {
        judge_cycle(*rule, table, {of, row}, end_of_cycle);
      }
    }
  }
  clear_table(table);
  table.cycle_end = never;
  note_reached_from_now(table);
}

// By key.
std::vector<std::uint32_t> Rules::rows_to_judge(const ActiveRule& rule, const RuleTable& table,
                                                RowsOf of) const {
  const auto wanted = [&](std::uint32_t row) {
    if (below(rule.compiled.gate, rule, table, {of, row})) {
      return false;
    }
    return of == RowsOf::groups || !rule.by_group() ||
           !market_.group(AccountIndex{table.rows->key({of, row}).parts[0]}).exists();
  };
  std::vector<std::uint32_t> rows = table.reached ? table.rows->ordered_of(*table.reached, wanted)
                                                  : table.rows->ordered(of, wanted);
  order_by_key(table, of, rows);
  return rows;
}

// Of a table without rows: a venue has very many when a cycle ends, and hardly any to judge.
void Rules::note_reached_from_now(RuleTable& table) {
  table.reached.reset();
  const auto can_be_noted = [&](const JudgedBy& by) {
    return !by.by_group && by.least > 0 && table.cell_kinds[by.cell] == AggregateKind::count;
  };
  const auto all_can = [&](const Taker& taker) {
    return std::ranges::all_of(taker.judged_by, can_be_noted);
  };
  if (table.window.kind == WindowKind::cycle && table.rows->size(RowsOf::accounts) == 0 &&
      std::ranges::all_of(table.takers, all_can)) {
    table.reached.emplace();
  }
}

void Rules::judge_cycle(ActiveRule& rule, RuleTable& table, RowRef row, Time end_of_cycle) {
  if (rule.compiled.gate && table.rows->count(row, rule.cells[rule.compiled.gate->aggregate]) <
                                rule.compiled.gate->least) {
    return;
  }
  evaluate(rule, table, row, judged_, end_of_cycle);
  rule.faults += judged_.faulty ? 1 : 0;
  if (!judged_.holds) {
    return;
  }
  OpenAlert alert;
  alert.number = ++findings_made_;
  alert.rule = &rule;
  alert.subject = {row.of, table.rows->key(row)};
  alert.from = {end_of_cycle.ns - table.window.length.ns};
  alert.warming = rule.while_running && alert.from < rule.since;
  state_facts(alert, judged_);
  name_accounts(alert);
  report(alert, Finding::Act::open_and_end, end_of_cycle);
}

// A cycle that has not ended is not judged.
void Rules::close(Time now) {
  while (!open_.empty()) {
    const std::uint64_t number = open_.begin()->first;
    restate(open_.begin()->second, now);
    end(number, open_.begin()->second.over_by(now));
  }
}

}  // namespace marktwacht
