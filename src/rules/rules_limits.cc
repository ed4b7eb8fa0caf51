// When a table is full: the keys farthest below their limits are forgotten, and counted.
#include <algorithm>
#include <cmath>
#include <limits>

#include "rules/rules.h"

namespace marktwacht {
namespace {

// At a time, so that looking at all keys is paid for by many new ones.
constexpr std::uint32_t share_forgotten = 64;

// Only to rank keys: the same bits on every machine.
double ratio(const Number& number) {
  double value = static_cast<double>(number.numerator) / static_cast<double>(number.denominator);
  for (int digits = number.scale; digits > 0; --digits) {
    value /= 10;
  }
  return value;
}

}  // namespace

// Sliding keys that have nothing left in their window go without a word.
void Rules::make_room(RuleTable& table, Time now) {
  std::vector<std::pair<double, std::uint32_t>> ranked;
  std::vector<std::uint32_t> all = table.rows->ordered(RowsOf::accounts);
  order_by_key(table, RowsOf::accounts, all);
  for (const std::uint32_t row : all) {
    const RowRef ref{RowsOf::accounts, row};
    if (table.sliding() && !table.rows->has_entries(ref) && table.rows->open(ref) == 0) {
      remove_row(table, ref);
      continue;
    }
    ranked.emplace_back(progress(table, ref, now), row);
  }
  const std::uint32_t rows = table.rows->size(RowsOf::accounts);
  if (rows < table.entries_max) {
    return;
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<double, std::uint32_t>::first);
  std::uint32_t left = rows - table.entries_max + std::max(1u, table.entries_max / share_forgotten);
  for (const auto& [progress, row] : ranked) {
    if (left == 0 || progress == std::numeric_limits<double>::infinity()) {
      break;
    }
    remove_row(table, {RowsOf::accounts, row});
    table.evictions.add(now);
    --left;
  }
}

// A member's numbers leave its group's sums.
void Rules::remove_row(RuleTable& table, RowRef row) {
  const Key key = table.rows->key(row);
  use_values(table, key, false);
  table.rows->remove(row);
  if (!table.sums_groups()) {
    return;
  }
  if (const GroupIndex group = market_.group(AccountIndex{key.parts[0]}); group.exists()) {
    refold_group(table, group);
  }
}

// How far the key has come towards the nearest of its limits, 1 = there; infinite with an open
// alert.
double Rules::progress(RuleTable& table, RowRef row, Time now) {
  Key key = table.rows->key(row);
  const GroupIndex group =
      table.sums_groups() ? market_.group(AccountIndex{key.parts[0]}) : GroupIndex::none();
  RowRef group_row;
  if (group.exists()) {
    key.parts[0] = group.value;
    group_row = table.rows->find(RowsOf::groups, key);
  }
  double most = 0;
  for (const RowRef ref : {row, group_row}) {
    if (ref.exists() && table.rows->open(ref) > 0) {
      return std::numeric_limits<double>::infinity();
    }
  }
  for (const ActiveRule* rule : table.rules) {
    const RowRef judged = rule->by_group() && group_row.exists() ? group_row : row;
    most = std::max(most, progress(*rule, table, judged, now));
  }
  return most;
}

double Rules::progress(const ActiveRule& rule, RuleTable& table, RowRef row, Time now) {
  evaluate(rule, table, row, judged_, now);
  const FactSpec& fact = rule.compiled.facts.front();
  const Number& value = judged_.lets[fact.let];
  if (!value.known() || fact.limits.empty()) {
    return 0;
  }
  const Number limit = fact.limits.front().number(judged_.scope);
  const double share = limit.known() && limit.numerator != 0 ? ratio(value) / ratio(limit) : 0;
  return fact.above || share == 0 ? share : 1 / share;
}

}  // namespace marktwacht
