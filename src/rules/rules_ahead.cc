// Which rows an event will be counted in, fetched before its turn.
#include <algorithm>
#include <span>
#include <utility>

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

KeyRows::Lines lines_of(const TableTakers& takers) {
  std::uint64_t bits = 0, cells = 0;
  for (const TableTakers::One& one : takers.takers) {
    bits |= one.bit;
    cells |= one.counts;
  }
  for (const TableTakers::Update& update : takers.updates) {
    cells |= std::uint64_t{1} << update.cell;
  }
  return takers.table->rows->lines(bits, cells);
}

}  // namespace

void RowsAhead::use(const Part& part) {
  lines |= part.lines;
  if (std::ranges::find(tables, part.table) == tables.end()) {
    tables.push_back(part.table);
  }
}

void RowsAhead::review() {
  const std::uint64_t least = std::exchange(looks, 0) / often;
  lines = 0;
  tables.clear();
  for (Part& part : all) {
    if (*part.counted - std::exchange(part.reviewed_at, *part.counted) >= least) {
      use(part);
    }
  }
}

// Of keys that events give by themselves: all tables that count what comes of a type, to begin
// with.
void Rules::lay_out_ahead() {
  ++layouts_;
  ahead_by_type_.assign(event_types_end, {});
  for (std::size_t type = 0; type < event_types_end; ++type) {
    std::vector<RuleEvent> comes = {static_cast<RuleEvent>(type)};
    std::ranges::copy(derived_from(static_cast<EventType>(type)), std::back_inserter(comes));
    for (const auto& space : spaces_) {
      RowsAhead ahead{.parts = space->parts, .rows = &space->rows[0]};
      for (const RuleEvent event : comes) {
        for (const TableTakers& of : takers_by_event_[static_cast<std::size_t>(event)].tables) {
          if (of.table->space == space.get()) {
            ahead.all.push_back({of.table->rows.get(), lines_of(of), &of.counted, of.counted});
            ahead.use(ahead.all.back());
          }
        }
      }
      if (!ahead.all.empty() && ahead.parts != KeySpace::Parts::others) {
        ahead_by_type_[type].push_back(std::move(ahead));
      }
    }
  }
}

void Rules::prefetch(const Whom& whom, RowsComing& coming) {
  coming.layout = layouts_;
  coming.size = 0;
  for (RowsAhead& ahead : ahead_by_type_[static_cast<std::size_t>(whom.event->type)]) {
    if (++ahead.looks >= RowsAhead::looks_max) {
      ahead.review();
    }
    const bool whole = ahead.parts == KeySpace::Parts::account_instrument;
    if (ahead.tables.empty() || (whole && !whom.instrument.exists())) {
      continue;
    }
    for (const AccountIndex account : whom.accounts) {
      if (account.exists() && coming.size < RowsComing::most) {
        const Key key = Key::of(account.value, whole ? whom.instrument.value : Key::unused);
        coming.all[coming.size++] = {&ahead, ahead.rows->prefetch(key)};
      }
    }
  }
}

void Rules::prefetch_rows(RowsComing& coming) const {
  if (coming.layout == layouts_) {
    for (RowsComing::One& one : std::span(coming.all).first(coming.size)) {
      one.ahead->rows->prefetch_row(one.key, one.ahead->lines);
    }
  }
}

void Rules::prefetch_behind_rows(const RowsComing& coming) const {
  if (coming.layout == layouts_) {
    for (const RowsComing::One& one : std::span(coming.all).first(coming.size)) {
      if (one.key.row != KeyRows::none) {
        for (const WindowTable* table : one.ahead->tables) {
          table->prefetch_behind(one.key.row);
        }
      }
    }
  }
}

}  // namespace marktwacht
