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
  return number.known() && make_decimal_units(number) && number.numerator < most &&
         number.numerator > -most && number.scale <= 60;
}

}  // namespace

void Rules::take(const Event& event, const Moment& moment) {
  if (tables_by_event_.empty()) {
    return;
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
  if (tables_by_event_[static_cast<std::size_t>(event.type)].empty()) {
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

void Rules::take_derived(const Derived& derived, Scope scope, std::uint64_t seq) {
  scope.raw = nullptr;
  std::visit(
      [&](const auto& one) {
        scope.account = one.account;
        scope.instrument = one.instrument;
      },
      derived);
  if (const auto* fill = std::get_if<Fill>(&derived)) {
    scope.fill = fill;
    scope.order = &fill->order;
    scope.counterparty_order = &fill->counterparty_order;
    count(RuleEvent::fill, scope, seq);
  } else if (const auto* withdrawn = std::get_if<Withdrawn>(&derived)) {
    scope.withdrawn = withdrawn;
    scope.order = &withdrawn->order;
    count(RuleEvent::withdrawn, scope, seq);
  } else if (const auto* closed = std::get_if<OrderClosed>(&derived)) {
    scope.order_closed = closed;
    scope.order = &closed->order;
    count(RuleEvent::order_closed, scope, seq);
  } else {
    scope.message = &std::get<Message>(derived);
    count(RuleEvent::message, scope, seq);
  }
}

void Rules::hear(const AlertOpened& alert) {
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

// `first`: of an event that is counted for several accounts, the first of them.
void Rules::count(RuleEvent event, Scope& scope, std::uint64_t seq, bool first) {
  for (const std::uint32_t at : tables_by_event_[static_cast<std::size_t>(event)]) {
    RuleTable& table = *tables_[at];
    set_window(table, scope);
    entry_.at = scope.now;
    entry_.seq = seq;
    entry_.takers = entry_.counts = 0;
    entry_.values.clear();
    if (pass(table, event, scope, first)) {
      count_in(table, scope);
    }
  }
}

void Rules::set_window(const RuleTable& table, Scope& scope) const {
  scope.window_start = window_start(table, scope.now);
  scope.window_start_counts = table.window.kind != WindowKind::sliding;
}

// Runs every `where`; what passes stands in `entry_`.
bool Rules::pass(RuleTable& table, RuleEvent event, const Scope& scope, bool first) {
  for (const std::uint32_t at : table.by_event[static_cast<std::size_t>(event)]) {
    const Taker& taker = table.takers[at];
    if (taker.once && !first) {
      continue;
    }
    scope.faulty = false;
    const bool passed = taker.takes_all || taker.where.truth(scope);
    if (scope.faulty) [[unlikely]] {
      for (ActiveRule* rule : taker.rules) {
        ++rule->faults;
      }
    } else if (passed) {
      entry_.takers |= std::uint64_t{1} << at;
      update(taker, scope);
    }
  }
  return entry_.takers != 0;
}

void Rules::update(const Taker& taker, const Scope& scope) {
  for (const CellUpdate& update : taker.updates) {
    scope.faulty = false;
    if (update.condition && !update.condition->truth(scope)) {
      continue;
    }
    if (update.kind == AggregateKind::count) {
      entry_.counts |= std::uint64_t{1} << update.cell;
      continue;
    }
    if (update.kind == AggregateKind::distinct) {
      if (auto text = update.value->text(scope)) {
        entry_.values.others.push_back(
            {update.cell, {}, std::make_shared<const std::string>(*std::move(text))});
      }
      continue;
    }
    Number value = update.value->number(scope);
    if (value.state == Number::State::absent) {
      continue;
    }
    if (update.kind == AggregateKind::sum && summable(value)) {
      entry_.values.sums.push_back({update.cell, value.scale, value.numerator});
    } else if (update.kind != AggregateKind::sum && value.known()) {
      entry_.values.others.push_back({update.cell, value, {}});
    } else {
      for (ActiveRule* rule : taker.rules) {
        ++rule->faults;
      }
    }
  }
}

// Into the account's row and, where it has one, its group's; then every rule that counted judges.
void Rules::count_in(RuleTable& table, const Scope& scope) {
  const auto key = key_of(table, scope);
  if (!key) {
    return;
  }
  if (table.sliding()) {
    expire(table, scope.now);
  }
  const RowRef row = row_for(table, *key, scope.now);
  table.rows->apply(row, entry_);
  RowRef group_row;
  const GroupIndex group =
      table.sums_groups() ? market_.group(AccountIndex{key->parts[0]}) : GroupIndex::none();
  if (group.exists()) {
    Key group_key = *key;
    group_key.parts[0] = group.value;
    group_row = group_row_for(table, group_key);
    table.rows->apply(group_row, entry_);
  }
  if (table.window.kind == WindowKind::cycle) {
    table.cycle_end = window_start(table, scope.now) + table.window.length;
    return;  // judged at its end
  }
  const std::uint64_t seq = entry_.seq;
  for (std::uint64_t bits = entry_.takers; bits != 0; bits &= bits - 1) {
    const Taker& taker = table.takers[static_cast<std::size_t>(std::countr_zero(bits))];
    for (ActiveRule* rule : taker.rules) {
      judge(*rule, table, rule->by_group() && group.exists() ? group_row : row, scope.now, seq);
    }
  }
}

std::optional<std::uint32_t> Rules::key_value(KeyPart part, const Scope& scope) {
  const auto line_text = [&](std::initializer_list<std::string_view> names) -> const Text* {
    if (scope.raw == nullptr) {
      return nullptr;
    }
    const auto fields = event_info(scope.raw->type).fields;
    for (std::size_t at = 0; at < fields.size(); ++at) {
      if (std::ranges::find(names, fields[at].name) != names.end() && scope.raw->has(at)) {
        return &member<Text>(*scope.raw, fields[at]);
      }
    }
    return nullptr;
  };
  const auto interned = [&](char kind, const Text* text) {
    return text == nullptr ? std::nullopt
                           : std::optional(values_.intern(kind + std::string(text->view())));
  };
  switch (part) {
    case KeyPart::account:
    case KeyPart::group:
      return scope.account.exists() ? std::optional(scope.account.value) : std::nullopt;
    case KeyPart::instrument:
      return scope.instrument.exists() ? std::optional(scope.instrument.value) : std::nullopt;
    case KeyPart::asset: {
      const Text* text = line_text({"asset"});
      const AssetIndex asset =
          text == nullptr ? AssetIndex::none() : market_.directory().find_asset(*text);
      return asset.exists() ? std::optional(asset.value) : std::nullopt;
    }
    case KeyPart::person: {
      if (!scope.account.exists()) {
        return std::nullopt;
      }
      const std::string& person = market_.directory().account(scope.account).person_id;
      return values_.intern(person.empty() ? "a" + market_.directory().account_id(scope.account)
                                           : "p" + person);
    }
    case KeyPart::device:
      return interned('d', line_text({"device_id"}));
    case KeyPart::ip:
      return interned('i', line_text({"ip"}));
    case KeyPart::address:
      return interned('x', line_text({"source_address", "destination"}));
  }
  return std::nullopt;
}

std::optional<Key> Rules::key_of(const RuleTable& table, const Scope& scope) {
  Key key;
  for (std::size_t at = 0; at < table.parts.size(); ++at) {
    const auto value = key_value(table.parts[at], scope);
    if (!value) {
      forget_unused(table, key);
      return std::nullopt;
    }
    key.parts[at] = *value;
  }
  return key;
}

RowRef Rules::row_for(RuleTable& table, const Key& key, Time now) {
  RowRef row = table.rows->find(RowsOf::accounts, key);
  if (row.exists()) {
    return row;
  }
  use_values(table, key, true);  // before others are forgotten
  if (table.rows->size(RowsOf::accounts) >= table.entries_max) {
    make_room(table, now);
  }
  row = table.rows->add(RowsOf::accounts, key);
  if (table.sums_groups()) {
    const AccountIndex owner{key.parts[0]};
    note_summed(owner, market_.group(owner));
  }
  return row;
}

RowRef Rules::group_row_for(RuleTable& table, const Key& key) {
  const RowRef row = table.rows->find(RowsOf::groups, key);
  return row.exists() ? row : table.rows->add(RowsOf::groups, key);
}

// Values that were numbered for a key that is not complete.
void Rules::forget_unused(const RuleTable& table, const Key& key) {
  for (std::size_t at = 0; at < table.parts.size() && key.parts[at] != Key::unused; ++at) {
    if (is_text_key(table.parts[at])) {
      values_.use(key.parts[at]);
      values_.release(key.parts[at]);
    }
  }
}

void Rules::order_by_key(const RuleTable& table, RowsOf of,
                         std::vector<std::uint32_t>& rows) const {
  if (std::ranges::none_of(table.parts, is_text_key)) {
    return;  // they are in order
  }
  std::ranges::sort(rows, [&](std::uint32_t a, std::uint32_t b) {
    for (std::size_t at = 0; at < table.parts.size(); ++at) {
      const std::uint32_t left = table.rows->key({of, a}).parts[at],
                          right = table.rows->key({of, b}).parts[at];
      if (left != right) {
        return is_text_key(table.parts[at]) ? values_.text(left) < values_.text(right)
                                            : left < right;
      }
    }
    return false;
  });
}

void Rules::use_values(const RuleTable& table, const Key& key, bool use) {
  for (std::size_t at = 0; at < table.parts.size(); ++at) {
    if (is_text_key(table.parts[at])) {
      use ? values_.use(key.parts[at]) : values_.release(key.parts[at]);
    }
  }
}

}  // namespace marktwacht
