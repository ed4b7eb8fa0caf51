// One event into every table that wants it: this runs for each event of the stream.
#include <algorithm>
#include <bit>

#include "rules/rules.h"

namespace marktwacht {
namespace {

// Sums take decimals; a fraction that is none cannot be added exactly.
bool make_decimal_units(Number& number) {
  if (number.denominator == 1) {
    return true;
  }
  for (int digits = 0; digits <= 18; ++digits) {
    const auto units = multiply(number.numerator, power_of_ten(digits));
    if (!units) {
      return false;
    }
    if (*units % number.denominator == 0) {
      number = Number::of(*units / number.denominator, number.scale + digits);
      return true;
    }
  }
  return false;
}

// Far from where sums of very many would leave 128 bits.
bool summable(Number& number) {
  constexpr Int128 most = Int128{1} << 100;
  if (number.known() && number.denominator == 1 && number.scale <= 60 &&
      number.numerator == static_cast<std::int64_t>(number.numerator)) [[likely]] {
    return true;
  }
  return number.known() && make_decimal_units(number) && number.numerator < most &&
         number.numerator > -most && number.scale <= 60;
}

RuleEvent show(const Fill& fill, Scope& scope) {
  scope.fill = &fill;
  scope.order = &fill.order;
  scope.counterparty_order = &fill.counterparty_order;
  return RuleEvent::fill;
}

RuleEvent show(const Withdrawn& withdrawn, Scope& scope) {
  scope.withdrawn = &withdrawn;
  scope.order = &withdrawn.order;
  return RuleEvent::withdrawn;
}

RuleEvent show(const OrderClosed& closed, Scope& scope) {
  scope.order_closed = &closed;
  scope.order = &closed.order;
  return RuleEvent::order_closed;
}

RuleEvent show(const Message& message, Scope& scope) {
  scope.message = &message;
  return RuleEvent::message;
}

void note_fault(const RuleTable& table, std::uint64_t bit) {
  for (ActiveRule* rule : table.takers[static_cast<std::size_t>(std::countr_zero(bit))].rules) {
    ++rule->faults;
  }
}

}  // namespace

void Rules::take(const Event& event, const Moment& moment) {
  if (takers_by_event_.empty()) {
    return;  // no rulebook is in force
  }
  Scope scope;
  scope.market = &market_;
  scope.now = moment.now;
  scope.raw = &event;
  if (market_.touched()) {
    take_order(event, scope, moment.seq);
  } else {
    take_line(event, scope, moment.seq);
  }
  scope.raw = nullptr;
  for (const Derived& derived : market_.derived()) {
    take_derived(derived, scope, moment.seq);
  }
}

// An order counts when it is accepted, one with a trigger when it is triggered.
void Rules::take_order(const Event& event, Scope& scope, std::uint64_t seq) {
  const OrderTouched& touched = *market_.touched();
  if (!touched.counts) {
    return;
  }
  scope.account = touched.account;
  scope.instrument = touched.instrument;
  scope.order = &touched.order;
  if (event.type == EventType::triggered) {
    count(RuleEvent::triggered, scope, seq);
    count(RuleEvent::order, scope, seq);
  } else {
    count(rule_event(event.type), scope, seq);
  }
  scope.order = nullptr;
}

// A line that is not about a known order: its account and instrument stand on it.
void Rules::take_line(const Event& event, Scope& scope, std::uint64_t seq) {
  switch (event.type) {
    case EventType::order:
    case EventType::book_order:
    case EventType::triggered:
    case EventType::replace:
    case EventType::cancel:
    case EventType::alert:
      return;  // of an order that counts as nothing
    default:
      break;
  }
  if (takers_by_event_[static_cast<std::size_t>(event.type)].tables.empty()) {
    return;
  }
  const Directory& directory = market_.directory();
  for (const FieldInfo& field : event_info(event.type).fields) {
    const auto place = static_cast<std::size_t>(&field - event_info(event.type).fields.data());
    if (!event.has(place) || field.kind != FieldKind::id) {
      continue;
    }
    const Text& text = member<Text>(event, field);
    if (field.name == "account_id" || field.name == "from_account_id") {
      scope.account = directory.find_account(text);
    } else if (field.name == "instrument_id") {
      scope.instrument = directory.find_instrument(text);
    }
  }
  count(rule_event(event.type), scope, seq);
}

void Rules::take_derived(const Derived& derived, Scope& scope, std::uint64_t seq) {
  const RuleEvent event = std::visit(
      [&](const auto& one) {
        scope.account = one.account;
        scope.instrument = one.instrument;
        return show(one, scope);
      },
      derived);
  count(event, scope, seq);
  scope.fill = nullptr;
  scope.withdrawn = nullptr;
  scope.order_closed = nullptr;
  scope.message = nullptr;
  scope.order = scope.counterparty_order = nullptr;
}

void Rules::hear(const AlertOpened& alert) {
  if (takers_by_event_.empty()) {
    return;
  }
  Scope scope;
  scope.market = &market_;
  scope.now = alert.at;
  scope.alert = &alert.heard;
  scope.instrument = alert.instrument;
  bool first = true;
  for (const AccountIndex account : alert.accounts) {
    scope.account = account;
    count(RuleEvent::alert, scope, alert.seq, std::exchange(first, false));
  }
}

void Rules::see_window(RuleTable& table, Scope& scope) const {
  scope.window_start = window_start(table, scope.now);
  scope.window_start_counts = !table.sliding();
}

// Runs every `where`.
inline void Rules::ask(const EventTakers& takers, Scope& scope) {
  Answer* answer = answers_.data();
  for (const Question& question : takers.questions) {
    if (question.window != nullptr) {
      see_window(*question.window, scope);
    }
    scope.faulty = false;
    const bool passed = question.where->truth(scope);
    *++answer = scope.faulty ? Answer::faulty : passed ? Answer::yes : Answer::no;
  }
}

// Whether any `where` of the table is passed; `entry_` says which.
inline bool Rules::pass(TableTakers& takers, bool first) {
  std::uint64_t passed = 0, counts = 0;
  for (const TableTakers::One& one : takers.takers) {
    const Answer answer = answers_[one.answer];
    if (answer == Answer::no || (one.once && !first)) {
      continue;
    }
    if (answer == Answer::faulty) [[unlikely]] {
      note_fault(*takers.table, one.bit);
      continue;
    }
    passed |= one.bit;
    counts |= one.counts;
  }
  entry_.takers = passed;
  entry_.counts = counts;
  takers.counted += passed != 0 ? 1 : 0;
  return passed != 0;
}

// What those that passed add, into `entry_`.
inline void Rules::update(const TableTakers& takers, const Scope& scope) {
  entry_.values.clear();
  SmallNumber small;
  std::uint32_t small_of = UINT32_MAX;  // the value that it is
  for (const TableTakers::Update& update : takers.updates) {
    if ((entry_.takers & update.bit) == 0 ||
        (update.condition != nullptr && !update.condition->truth(scope))) {
      continue;
    }
    if (update.kind == AggregateKind::count) {
      entry_.counts |= std::uint64_t{1} << update.cell;
      continue;
    }
    if (update.kind == AggregateKind::sum) {
      if (small_of != update.same_value) {
        small = update.value->small(scope);
        small_of = update.same_value;
      }
      if (small.known() && small.denominator == 1) [[likely]] {
        entry_.values.sums.push_back({update.cell, small.scale, small.numerator});
        continue;
      }
    }
    if (!add_value(update, scope)) [[unlikely]] {
      note_fault(*takers.table, update.bit);
    }
  }
}

// Of any kind but count. False where the value is faulty.
bool Rules::add_value(const TableTakers::Update& update, const Scope& scope) {
  if (update.kind == AggregateKind::distinct) {
    if (auto text = update.value->text(scope)) {
      entry_.values.others.push_back(
          {update.cell, {}, std::make_shared<const std::string>(*std::move(text))});
    }
    return true;
  }
  Number value = update.value->number(scope);
  if (value.state == Number::State::absent) {
    return true;
  }
  if (update.kind == AggregateKind::sum && summable(value)) {
    entry_.values.sums.push_back({update.cell, value.scale, value.numerator});
    return true;
  }
  if (update.kind != AggregateKind::sum && value.known()) {
    entry_.values.others.push_back({update.cell, value, {}});
    return true;
  }
  return false;
}

// `first`: of an event that is counted for several accounts, the first of them.
void Rules::count(RuleEvent event, Scope& scope, std::uint64_t seq, bool first) {
  EventTakers& takers = takers_by_event_[static_cast<std::size_t>(event)];
  ask(takers, scope);
  for (TableTakers& of : takers.tables) {
    if (!pass(of, first)) {
      continue;
    }
    entry_.at = scope.now;
    entry_.seq = seq;
    if (of.asks_window) {
      see_window(*of.table, scope);
    }
    update(of, scope);
    count_in(*of.table, scope);
  }
}

// False where the event lacks a part of the key.
inline bool Rules::key_of(const RuleTable& table, const Scope& scope, Key& key) {
  switch (table.space->parts) {
    case KeySpace::Parts::account:
      key = Key::of(scope.account.value);
      return scope.account.exists();
    case KeySpace::Parts::account_instrument:
      key = Key::of(scope.account.value, scope.instrument.value);
      return scope.account.exists() && scope.instrument.exists();
    case KeySpace::Parts::others:
      break;
  }
  return composed_key_of(table, scope, key);
}

inline CountedRow Rules::row_for(RuleTable& table, const Key& key, Time now) {
  const CountedRow row = table.rows->find(RowsOf::accounts, key);
  return row.exists() ? row : fresh_row(table, key, now);
}

// Into the account's row and, where it has one, its group's; then every rule that counted judges.
void Rules::count_in(RuleTable& table, const Scope& scope) {
  Key key;
  if (!key_of(table, scope, key)) {
    return;
  }
  if (table.sliding()) {
    expire(table, scope.now);
  }
  const CountedRow row = row_for(table, key, scope.now);
  table.rows->apply(row, entry_);
  CountedRow group_row;
  if (table.sums_groups()) {
    if (const GroupIndex group = market_.group(AccountIndex{key.parts[0]}); group.exists()) {
      key.parts[0] = group.value;
      group_row = group_row_for(table, key);
      table.rows->apply(group_row, entry_);
    }
  }
  if (table.window.kind != WindowKind::cycle) {
    judge_all(table, row, group_row, scope.now);
    return;
  }
  if (table.cycle_end == never) {  // judged then
    table.cycle_end = scope.window_start + table.window.length;
  }
  if (table.reached) {
    note_reached(table, row);
  }
}

// What has just come to a rule's gate: counts of a cycle only grow, by one at a time.
void Rules::note_reached(RuleTable& table, const CountedRow& row) const {
  for (std::uint64_t bits = entry_.takers; bits != 0; bits &= bits - 1) {
    const Taker& taker = table.takers[static_cast<std::size_t>(std::countr_zero(bits))];
    for (const JudgedBy& by : taker.judged_by) {
      if ((entry_.counts >> by.cell & 1) != 0 && table.rows->count(row.words, by.cell) == by.least)
          [[unlikely]] {
        table.reached->push_back(row.row);
      }
    }
  }
}

// Every rule that has counted `entry_`.
void Rules::judge_all(RuleTable& table, const CountedRow& row, const CountedRow& group_row,
                      Time now) {
  const std::uint64_t seq = entry_.seq;
  for (std::uint64_t bits = entry_.takers; bits != 0; bits &= bits - 1) {
    const Taker& taker = table.takers[static_cast<std::size_t>(std::countr_zero(bits))];
    for (const JudgedBy& by : taker.judged_by) {
      const bool of_group = by.by_group && group_row.exists();
      const std::uint64_t* const words = of_group ? group_row.words : row.words;
      const bool below = by.least != INT64_MIN && table.rows->count(words, by.cell) < by.least;
      if (!below || KeyRows::open(words) > 0) [[unlikely]] {
        judge(*by.rule, table, of_group ? group_row : row, now, seq);
      }
    }
  }
}

}  // namespace marktwacht
