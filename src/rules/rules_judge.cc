// Whether a key is beyond its limits now, and what that means for its alert.
#include <algorithm>

#include "rules/rules.h"

namespace marktwacht {

bool below(const std::optional<Gate>& gate, const ActiveRule& rule, const RuleTable& table,
           RowRef row) {
  return gate && table.rows->count(row, rule.cells[gate->aggregate]) < gate->least;
}

// `counted`: the seq of the event that this key has just counted, if it is judged for that.
void Rules::judge(ActiveRule& rule, RuleTable& table, RowRef row, Time now,
                  std::optional<std::uint64_t> counted) {
  const bool may_warn =
      rule.compiled.warn_when && !below(rule.compiled.warn_gate, rule, table, row);
  const bool has_open = table.rows->open(row) > 0;
  if (!has_open && !may_warn &&
      (below(rule.compiled.gate, rule, table, row) || lacks_limit(rule, table, row, now))) {
    return;
  }
  evaluate(rule, table, row, judged_, now);
  if (may_warn) {
    warn(rule, table, row, judged_);
  }
  if (judged_.faulty) {
    ++rule.faults;
    return;
  }
  OpenAlert* alert = has_open ? find_open(rule, {row.of, table.rows->key(row)}) : nullptr;
  if (alert != nullptr) {
    judge_open(*alert, judged_, table, row, now, counted);
  } else if (judged_.holds) {
    open(rule, table, row, judged_, now);
  }
}

void Rules::judge_open(OpenAlert& alert, const Judged& judged, RuleTable& table, RowRef row,
                       Time now, std::optional<std::uint64_t> counted) {
  const bool episode = table.window.kind == WindowKind::sliding;
  if (episode) {
    judge_episode(alert, judged, now, counted);
  }
  const Number& leading = judged.lets[alert.rule->compiled.facts.front().let];
  const Number bound = alert.revised_at * Number::of(2);
  if ((!episode || judged.holds) && leading.known() && bound.known() && bound.numerator > 0 &&
      compare(leading, bound) >= 0) {
    revise(alert, judged, now);
  }
  if (episode) {
    // What is counted now leaves the window after whatever a timer is set for already.
    const bool is_set = counted && alert.timer;
    set_episode_timer(alert, is_set ? std::nullopt : next_expiry(table, row));
  }
}

// What is counted while `when` is false belongs to the episode only if it becomes true again.
void Rules::judge_episode(OpenAlert& alert, const Judged& judged, Time now,
                          std::optional<std::uint64_t> counted) {
  if (counted) {
    alert.pending.add(*counted);
  }
  if (!judged.holds) {
    alert.false_since = alert.holds ? now : alert.false_since;
    alert.holds = false;
    return;
  }
  alert.holds = true;
  alert.evidence.absorb(alert.pending);
  alert.pending.clear();
  const Number& leading = judged.lets[alert.rule->compiled.facts.front().let];
  if (leading.known() && (!alert.peak.known() || compare(leading, alert.peak) > 0)) {
    alert.peak = leading;
    state_facts(alert, judged);
  }
}

void Rules::warn(ActiveRule& rule, RuleTable& table, RowRef row, const Judged& judged) {
  judged.scope.faulty = false;
  if (judged.holds || !rule.compiled.warn_when->truth(judged.scope)) {
    return;
  }
  const Subject subject{row.of, table.rows->key(row)};
  rule.warnings += warned_.insert({&rule, subject}).second ? 1 : 0;
}

bool Rules::lacks_limit(const ActiveRule& rule, const RuleTable& table, RowRef row, Time now) {
  if (!rule.compiled.limit) {
    return false;
  }
  set_scope(table, row, now, judged_.scope);
  return number_of(*rule.compiled.limit, judged_.scope).state == Number::State::absent;
}

// The key's; the event that it has counted is not seen.
void Rules::set_scope(const RuleTable& table, RowRef row, Time now, Scope& scope) const {
  const Key& key = table.rows->key(row);
  scope.market = &market_;
  scope.now = now;
  scope.faulty = false;
  const bool one_account = table.by_owner() && row.of == RowsOf::accounts;
  scope.account = one_account ? AccountIndex{key.parts[0]} : AccountIndex::none();
  scope.instrument = table.instrument_at ? InstrumentIndex{key.parts[*table.instrument_at]}
                                         : InstrumentIndex::none();
}

void Rules::evaluate_lets(const ActiveRule& rule, const RuleTable& table, RowRef row,
                          Judged& judged, Time now) const {
  const CompiledRule& compiled = rule.compiled;
  judged.aggregates.resize(rule.cells.size());
  for (std::size_t at = 0; at < rule.cells.size(); ++at) {
    judged.aggregates[at] = table.rows->aggregate(row, rule.cells[at]);
  }
  set_scope(table, row, now, judged.scope);
  judged.lets.resize(compiled.lets.size());
  judged.scope.aggregates = judged.aggregates.data();
  judged.scope.lets = judged.lets.data();
  for (std::size_t at = 0; at < compiled.lets.size(); ++at) {
    judged.lets[at] = compiled.lets[at].number(judged.scope);
  }
}

void Rules::evaluate(const ActiveRule& rule, const RuleTable& table, RowRef row, Judged& judged,
                     Time now) const {
  evaluate_lets(rule, table, row, judged, now);
  judged.baselines.clear();
  for (std::uint32_t place = 0; place < rule.compiled.baselines.size(); ++place) {
    judged.baselines.push_back(baseline(rule, place, judged.scope.instrument));
  }
  judged.scope.baselines = judged.baselines.data();
  judged.holds = rule.compiled.when.truth(judged.scope);
  judged.faulty = judged.scope.faulty;
  judged.holds &= !judged.faulty;
}

// The largest of the days that are remembered.
Number Rules::baseline(const ActiveRule& rule, std::uint32_t place,
                       InstrumentIndex instrument) const {
  const auto found = rule.learnt.find({place, instrument.value});
  if (found == rule.learnt.end() || found->second.empty()) {
    return Number::of(0);
  }
  return *std::ranges::max_element(
      found->second, [](const Number& a, const Number& b) { return compare(a, b) < 0; });
}

OpenAlert* Rules::find_open(const ActiveRule& rule, const Subject& subject) {
  const auto found = open_by_subject_.find({&rule, subject});
  return found == open_by_subject_.end() ? nullptr : &open_.at(found->second);
}

}  // namespace marktwacht
