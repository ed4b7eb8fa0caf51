// Which rows an event will be counted in, fetched before its turn.
#include <algorithm>
#include <initializer_list>
#include <span>

#include "rules/rules.h"

namespace marktwacht {
namespace {

// What the market mostly derives from a line of this type.
std::span<const RuleEvent> derived_from(EventType type) {
  static constexpr RuleEvent order[] = {RuleEvent::message};
  static constexpr RuleEvent cancel[] = {RuleEvent::message, RuleEvent::withdrawn,
                                         RuleEvent::order_closed};
  static constexpr RuleEvent replace[] = {RuleEvent::message, RuleEvent::withdrawn};
  static constexpr RuleEvent trade[] = {RuleEvent::fill, RuleEvent::order_closed};
  switch (type) {
    case EventType::order:
    case EventType::reject:
      return order;
    case EventType::cancel:
      return cancel;
    case EventType::replace:
      return replace;
    case EventType::trade:
      return trade;
    default:
      return {};
  }
}

}  // namespace

// Of keys that events give by themselves: the lines of all tables that count what comes of a type.
void Rules::lay_out_ahead() {
  ahead_by_type_.assign(event_types_end, {});
  for (std::size_t type = 0; type < event_types_end; ++type) {
    std::vector<RuleEvent> comes = {static_cast<RuleEvent>(type)};
    std::ranges::copy(derived_from(static_cast<EventType>(type)), std::back_inserter(comes));
    for (const auto& space : spaces_) {
      RowsAhead ahead{space->parts, &space->rows[0], 0, {}};
      for (const RuleEvent event : comes) {
        for (const TableTakers& of : takers_by_event_[static_cast<std::size_t>(event)].tables) {
          const WindowTable* const table = of.table->rows.get();
          if (of.table->space == space.get() &&
              std::ranges::find(ahead.tables, table) == ahead.tables.end()) {
            ahead.lines |= table->lines();
            ahead.tables.push_back(table);
          }
        }
      }
      if (!ahead.tables.empty() && ahead.parts != KeySpace::Parts::others) {
        ahead_by_type_[type].push_back(std::move(ahead));
      }
    }
  }
}

// Those keys that the event gives by itself, where something may be counted of it.
template <class Visitor>
void Rules::each_key_of(EventType type, const Whom& whom, Visitor&& visitor) const {
  for (const RowsAhead& ahead : ahead_by_type_[static_cast<std::size_t>(type)]) {
    const bool whole = ahead.parts == KeySpace::Parts::account_instrument;
    if (whole && !whom.instrument.exists()) {
      continue;
    }
    for (const AccountIndex account : whom.accounts) {
      if (account.exists()) {
        visitor(ahead, Key::of(account.value, whole ? whom.instrument.value : Key::unused));
      }
    }
  }
}

void Rules::prefetch(EventType type, const Whom& whom) const {
  each_key_of(type, whom,
              [](const RowsAhead& ahead, const Key& key) { ahead.rows->prefetch(key); });
}

void Rules::prefetch_rows(EventType type, const Whom& whom) const {
  each_key_of(type, whom, [](const RowsAhead& ahead, const Key& key) {
    ahead.rows->prefetch_row(key, ahead.lines);
  });
}

void Rules::prefetch_behind_rows(EventType type, const Whom& whom) const {
  each_key_of(type, whom, [](const RowsAhead& ahead, const Key& key) {
    if (const std::uint32_t row = ahead.rows->fetched(key); row != KeyRows::none) {
      for (const WindowTable* table : ahead.tables) {
        table->prefetch_behind(row);
      }
    }
  });
}

}  // namespace marktwacht
