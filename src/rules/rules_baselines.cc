// Baselines: what closed days teach, learnt here or taken from the journal.
#include <algorithm>

#include "rules/rules.h"

namespace marktwacht {
namespace {

constexpr std::size_t days_remembered = 7;

// Nearest rank, exact: the smallest value that 99.9 % of all values do not exceed.
Number high_rank(std::vector<Number>& values) {
  std::ranges::sort(values, [](const Number& a, const Number& b) { return compare(a, b) < 0; });
  const std::size_t rank = (values.size() * 999 + 999) / 1'000;
  return values[rank - 1];
}

// In texts of at most `numbers_max` numbers.
void write_texts(const LearntDay& learnt, std::vector<std::string>& texts) {
  LearntDay part = learnt;
  part.numbers.clear();
  for (const auto& number : learnt.numbers) {
    part.numbers.insert(number);
    if (part.numbers.size() == LearntDay::numbers_max) {
      texts.push_back(write_learnt_day(part));
      part.numbers.clear();
    }
  }
  if (!part.numbers.empty()) {
    texts.push_back(write_learnt_day(part));
  }
}

}  // namespace

bool Rules::expect_baselines(std::string_view text, Time day_end) {
  auto learnt = read_learnt_day(text);
  if (learnt) {
    recorded_days_.emplace_back(day_end, *std::move(learnt));
  }
  return learnt.has_value();
}

std::vector<std::string> Rules::learn_baselines(Time day_end) {
  std::vector<std::string> texts;
  for (const auto& rule : rules_) {
    for (std::uint32_t place = 0; place < rule->compiled.baselines.size(); ++place) {
      const LearntDay learnt = recorded(learn(*rule, place), day_end);
      put_in_force(*rule, place, learnt);
      write_texts(learnt, texts);
    }
  }
  std::erase_if(recorded_days_, [&](const auto& learnt) { return learnt.first <= day_end; });
  return texts;
}

LearntDay Rules::learn(const ActiveRule& rule, std::uint32_t place) {
  const RuleTable& table = *tables_[rule.table];
  const std::uint32_t let = rule.compiled.baselines[place];
  std::map<std::uint32_t, std::vector<Number>> values;  // by instrument
  for (const std::uint32_t at : table.rows->ordered(RowsOf::accounts)) {
    const RowRef row{RowsOf::accounts, at};
    if (!counted_by(rule, table, row)) {
      continue;
    }
    evaluate_lets(rule, table, row, judged_, day_start_);
    if (const Number& value = judged_.lets[let]; value.known()) {
      values[table.rows->key(row).parts[*table.instrument_at]].push_back(value);
    }
  }
  LearntDay learnt{rule.source->rulebook_id,
                   rule.spec().id,
                   hex(rule.spec().hash).substr(0, 16),
                   rule.spec().let[let].first,
                   {}};
  for (auto& [instrument, list] : values) {
    if (const auto number = as_told(high_rank(list))) {
      learnt.numbers[market_.directory().instrument_id(InstrumentIndex{instrument})] = *number;
    }
  }
  return learnt;
}

// Whether the rule has counted anything of this key.
bool Rules::counted_by(const ActiveRule& rule, const RuleTable& table, RowRef row) const {
  return std::ranges::any_of(
      rule.takers, [&](std::uint32_t taker) { return table.rows->evidence_count(row, taker) > 0; });
}

// What the journal says of the same day in place of `own`; `own` where it says nothing.
LearntDay Rules::recorded(LearntDay own, Time day_end) {
  LearntDay learnt = own;
  learnt.numbers.clear();
  for (const auto& [end, stated] : recorded_days_) {
    if (end == day_end && stated.same_subject(own)) {
      learnt.numbers.insert(stated.numbers.begin(), stated.numbers.end());
    }
  }
  if (learnt.numbers.empty()) {
    return own;
  }
  const auto differs = [&](const auto& number, const LearntDay& other) {
    const auto found = other.numbers.find(number.first);
    return found == other.numbers.end() || compare(found->second, number.second) != 0;
  };
  for (const auto& number : learnt.numbers) {
    (differs(number, own) ? baselines_compared_.different : baselines_compared_.same) += 1;
  }
  baselines_compared_.different += static_cast<std::uint64_t>(std::ranges::count_if(
      own.numbers, [&](const auto& number) { return !learnt.numbers.contains(number.first); }));
  return learnt;
}

void Rules::put_in_force(ActiveRule& rule, std::uint32_t place, const LearntDay& learnt) {
  for (const auto& [id, number] : learnt.numbers) {
    const InstrumentIndex instrument = market_.directory().find_instrument(make_text(id));
    if (!instrument.exists()) {
      continue;  // a journal of another making
    }
    auto& days = rule.learnt[{place, instrument.value}];
    days.push_back(number);
    if (days.size() > days_remembered) {
      days.erase(days.begin());
    }
  }
}

}  // namespace marktwacht
