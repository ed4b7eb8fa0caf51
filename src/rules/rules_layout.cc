// Rulebooks come and go; tables are laid out anew, and what unchanged rules have counted is kept.
#include <algorithm>

#include "rules/rules.h"

namespace marktwacht {
namespace {

// The parts of the stored key, the owner first.
std::vector<KeyPart> stored_parts(const RuleSpec& spec) {
  std::vector<KeyPart> parts = spec.by;
  std::ranges::replace(parts, KeyPart::group, KeyPart::account);
  std::ranges::sort(parts);
  return parts;
}

std::string canonical(const Formula* program) {
  return program != nullptr ? program->canonical : "-";
}
std::string canonical(const std::optional<Formula>& program) {
  return canonical(program ? &*program : nullptr);
}

// The place of the answer to `where`: the first is that to no question.
std::uint32_t answer_for(EventTakers& event, const Formula& where, RuleTable& table) {
  if (where.always(true)) {
    return 0;
  }
  RuleTable* window = where.asks_window() ? &table : nullptr;
  const auto found = std::ranges::find_if(event.questions, [&](const Question& question) {
    return question.window == window && question.where->canonical == where.canonical;
  });
  const auto place = static_cast<std::uint32_t>(found - event.questions.begin() + 1);
  if (found == event.questions.end()) {
    event.questions.push_back({&where, window});
  }
  return place;
}

std::shared_ptr<const FindingSource> source_of(const Rulebook& book, const RuleSpec& spec) {
  return std::make_shared<FindingSource>(FindingSource{spec.id, book.id, book.cited(), spec.clause,
                                                       spec.severity, spec.maturity, spec.text_en,
                                                       spec.text_de});
}

}  // namespace

std::expected<Rulebook, std::vector<RulebookError>> Rules::check(std::string_view text) const {
  auto book = load_rulebook(text);
  if (!book) {
    return book;
  }
  std::vector<Hearing> all = hearings_of(book->rules);
  for (const auto& rule : rules_) {
    if (rule->source->rulebook_id != book->id) {
      all.push_back({rule->spec().id, rule->compiled.hears, 0});
    }
  }
  if (auto errors = feeding_errors(std::move(all)); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  return book;
}

void Rules::publish(Rulebook book, std::string_view text, std::optional<Time> clock) {
  take_in(std::move(book), text, clock);
  lay_out();
}

// Rules with unchanged content stay what they are; the place of a book in the order is kept.
void Rules::take_in(Rulebook book, std::string_view text, std::optional<Time> clock) {
  ++epochs_;
  std::vector<std::unique_ptr<ActiveRule>> others, mine;
  std::size_t at = 0;
  for (auto& rule : rules_) {
    (rule->source->rulebook_id == book.id ? mine : others).push_back(std::move(rule));
  }
  auto place = std::ranges::find(books_, book.id, &Book::id);
  if (place == books_.end()) {
    place = books_.insert(books_.end(), {book.id, {}, {}});
  }
  for (auto before = books_.begin(); before != place; ++before) {
    at += before->epochs.size();
  }
  place->text = text;
  place->epochs.clear();
  std::vector<std::unique_ptr<ActiveRule>> fresh;
  for (CompiledRule& compiled : book.rules) {
    const RuleSpec& spec = compiled.spec;
    const auto same = std::ranges::find_if(mine, [&](const std::unique_ptr<ActiveRule>& rule) {
      return rule != nullptr && rule->spec().hash == spec.hash;
    });
    auto rule = same != mine.end() ? std::move(*same) : std::make_unique<ActiveRule>();
    rule->source = source_of(book, spec);
    if (same == mine.end()) {
      rule->compiled = std::move(compiled);
      rule->epoch = epochs_;
      rule->while_running = clock.has_value();
      rule->since = clock.value_or(Time{});
    }
    place->epochs.push_back(rule->epoch);
    fresh.push_back(std::move(rule));
  }
  for (const auto& rule : mine) {
    if (rule != nullptr) {
      const bool changed = std::ranges::any_of(
          fresh, [&](const auto& other) { return other->spec().id == rule->spec().id; });
      end_alerts_of(*rule, changed ? "rule_changed" : "rule_removed", clock.value_or(Time{}));
    }
  }
  others.insert(others.begin() + static_cast<std::ptrdiff_t>(at),
                std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
  rules_ = std::move(others);
  if (book.rules.empty()) {
    books_.erase(place);
  }
}

void Rules::end_alerts_of(const ActiveRule& rule, std::string_view why, Time now) {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, alert] : open_) {
    if (alert.rule == &rule) {
      numbers.push_back(number);
    }
  }
  for (const std::uint64_t number : numbers) {
    OpenAlert& alert = open_.at(number);
    restate(alert, now);
    alert.facts.push_back({"closed_by", std::string(why), ""});
    end(number, alert.over_by(now));
  }
  std::erase_if(warned_, [&](const SubjectKey& key) { return key.first == &rule; });
}

void Rules::lay_out() {
  const auto older_spaces = std::exchange(spaces_, {});
  const auto older = std::exchange(tables_, {});
  for (const auto& rule : rules_) {
    place(*rule);
  }
  cycles_.clear();
  takers_by_event_.assign(rule_events_end, {});
  answers_.assign(1, Answer::yes);
  for (std::uint32_t at = 0; at < tables_.size(); ++at) {
    RuleTable& table = *tables_[at];
    if (table.window.kind == WindowKind::cycle) {
      cycles_.push_back(&table);
    }
    table.space = &space_for(table);
    for (Taker& taker : table.takers) {
      for (ActiveRule* rule : taker.rules) {
        taker.judged_by.push_back(judged_by(*rule));
      }
    }
    listen(table);
  }
  make_rows();
  lay_out_ahead();
  take_rows_over(older);
  carry_open_marks();
  for (const auto& table : tables_) {
    note_reached_from_now(*table);
  }
}

// In a row the small areas come first: what most events are counted in is in few cache lines then.
void Rules::make_rows() {
  std::vector<RuleTable*> by_size;
  for (const auto& table : tables_) {
    by_size.push_back(table.get());
  }
  std::ranges::stable_sort(by_size, {},
                           [](const RuleTable* table) { return table->cell_kinds.size(); });
  for (RuleTable* table : by_size) {
    table->rows = std::make_unique<WindowTable>(table->window,
                                                static_cast<std::uint32_t>(table->takers.size()),
                                                table->cell_kinds, *table->space);
  }
}

// Its takers, at their events.
void Rules::listen(RuleTable& table) {
  const auto asks_window = [](const std::optional<Formula>& formula) {
    return formula && formula->asks_window();
  };
  for (std::uint32_t at = 0; at < table.takers.size(); ++at) {
    const Taker& taker = table.takers[at];
    EventTakers& event = takers_by_event_[static_cast<std::size_t>(taker.event)];
    if (event.tables.empty() || event.tables.back().table != &table) {
      event.tables.push_back(
          {.table = &table, .asks_window = table.window.kind == WindowKind::cycle});
    }
    TableTakers& takers = event.tables.back();
    const std::uint64_t bit = std::uint64_t{1} << at;
    takers.takers.push_back({bit, taker.counts, answer_for(event, taker.where, table), taker.once});
    for (const CellUpdate& update : taker.updates) {
      const Formula* const condition = update.condition ? &*update.condition : nullptr;
      const Formula* const value = update.value ? &*update.value : nullptr;
      const auto same = std::ranges::find_if(takers.updates, [&](const auto& other) {
        return canonical(other.value) == canonical(value);
      });
      const auto next = static_cast<std::uint32_t>(takers.updates.size());
      takers.updates.push_back({bit, condition, value, update.cell,
                                same == takers.updates.end() ? next : same->same_value,
                                update.kind});
      takers.asks_window |= asks_window(update.condition) || asks_window(update.value);
    }
    answers_.resize(std::max(answers_.size(), event.questions.size() + 1));
  }
}

// That of the tables with the same key.
KeySpace& Rules::space_for(const RuleTable& table) {
  for (const auto& other : tables_) {
    if (other->space != nullptr && other->parts == table.parts) {
      return *other->space;
    }
  }
  return *spaces_.emplace_back(std::make_unique<KeySpace>(table.parts));
}

// A table of the rule's key and window that has room for it.
RuleTable& Rules::table_for(const ActiveRule& rule) {
  const auto parts = stored_parts(rule.spec());
  for (const auto& table : tables_) {
    if (table->window == rule.spec().window && table->parts == parts &&
        table->takers.size() + rule.compiled.counts.size() <= WindowTable::takers_max &&
        table->cell_kinds.size() + rule.compiled.aggregates.size() <= WindowTable::cells_max) {
      return *table;
    }
  }
  auto& table = tables_.emplace_back(std::make_unique<RuleTable>());
  table->window = rule.spec().window;
  table->parts = parts;
  table->entries_max = rule.spec().entries_max;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (parts[at] == KeyPart::instrument) {
      table->instrument_at = at;
    }
  }
  return *table;
}

void Rules::place(ActiveRule& rule) {
  RuleTable& table = table_for(rule);
  rule.table = static_cast<std::uint32_t>(
      std::ranges::find(tables_, &table, &std::unique_ptr<RuleTable>::get) - tables_.begin());
  table.rules.push_back(&rule);
  table.grouped |= rule.by_group();
  table.entries_max = std::min(table.entries_max, rule.spec().entries_max);
  rule.takers.clear();
  rule.cells.clear();
  for (std::size_t part = 0; part < rule.compiled.counts.size(); ++part) {
    rule.takers.push_back(taker_for(table, rule, part));
  }
  for (std::uint32_t at = 0; at < rule.compiled.aggregates.size(); ++at) {
    rule.cells.push_back(cell_for(table, rule, at));
  }
}

std::uint32_t Rules::taker_for(RuleTable& table, ActiveRule& rule, std::size_t part) {
  const RuleCounts& counts = rule.compiled.counts[part];
  const bool once = counts.event == RuleEvent::alert && !rule.compiled.by(KeyPart::account);
  const std::string identity = std::to_string(rule.epoch) + (once ? "!" : ":") +
                               std::to_string(static_cast<int>(counts.event)) + ":" +
                               counts.where.canonical;
  const auto found = std::ranges::find(table.takers, identity, &Taker::identity);
  const auto at = static_cast<std::uint32_t>(found - table.takers.begin());
  if (found == table.takers.end()) {
    table.takers.push_back({counts.event, rule.epoch, once, counts.where, 0, {}, {}, {}, identity});
  }
  table.takers[at].rules.push_back(&rule);
  return at;
}

// Conditions that are the same for every event need not be asked again.
void Rules::add_update(Taker& taker, CellUpdate update) {
  if (update.condition && update.condition->always(false)) {
    return;
  }
  if (update.condition && update.condition->always(true)) {
    update.condition.reset();
  }
  if (update.kind == AggregateKind::count && !update.condition) {
    taker.counts |= std::uint64_t{1} << update.cell;
  } else {
    taker.updates.push_back(std::move(update));
  }
}

// The lower of the counts that `when` and `warn_when` need, where they are of one cell.
JudgedBy Rules::judged_by(ActiveRule& rule) {
  const CompiledRule& compiled = rule.compiled;
  const bool warns = compiled.warn_when.has_value();
  if (!compiled.gate || (warns && (!compiled.warn_gate ||
                                   compiled.warn_gate->aggregate != compiled.gate->aggregate))) {
    return {.rule = &rule, .by_group = rule.by_group()};
  }
  const std::int64_t least =
      warns ? std::min(compiled.gate->least, compiled.warn_gate->least) : compiled.gate->least;
  return {&rule, rule.cells[compiled.gate->aggregate], least, rule.by_group()};
}

// Aggregates that add up the same are one cell.
std::uint32_t Rules::cell_for(RuleTable& table, ActiveRule& rule, std::uint32_t aggregate) {
  const AggregateSpec& spec = rule.compiled.aggregates[aggregate];
  const auto taker_of = [&](RuleEvent event) -> std::uint32_t {
    for (std::size_t part = 0; part < rule.compiled.counts.size(); ++part) {
      if (rule.compiled.counts[part].event == event) {
        return rule.takers[part];
      }
    }
    return 0;
  };
  std::string identity = std::to_string(static_cast<int>(spec.kind));
  for (const AggregatePart& part : spec.parts) {
    identity += ";" + table.takers[taker_of(part.event)].identity + "?" +
                canonical(part.condition) + "=" + canonical(part.value);
  }
  const auto found = std::ranges::find(table.cell_identities, identity);
  const auto cell = static_cast<std::uint32_t>(found - table.cell_identities.begin());
  if (found != table.cell_identities.end()) {
    return cell;
  }
  table.cell_identities.push_back(identity);
  table.cell_kinds.push_back(spec.kind);
  for (const AggregatePart& part : spec.parts) {
    add_update(table.takers[taker_of(part.event)], {cell, spec.kind, part.condition, part.value});
  }
  return cell;
}

Listening Rules::listening() const {
  const auto anyone = [&](RuleEvent event) {
    return !takers_by_event_.empty() &&
           !takers_by_event_[static_cast<std::size_t>(event)].tables.empty();
  };
  Listening listening;
  listening.fill = anyone(RuleEvent::fill);
  listening.withdrawn = anyone(RuleEvent::withdrawn);
  listening.order_closed = anyone(RuleEvent::order_closed);
  listening.message = anyone(RuleEvent::message);
  listening.order_touched = anyone(RuleEvent::order) || anyone(RuleEvent::triggered) ||
                            anyone(RuleEvent::replace) || anyone(RuleEvent::cancel);
  return listening;
}

}  // namespace marktwacht
