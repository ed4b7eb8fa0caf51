// What a closed day has taught a rule: the text of a `config` event named "baselines". See
// docs/rules.md, "Baselines".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "rules/number.h"

namespace marktwacht {

struct LearntDay {
  static constexpr std::size_t numbers_max = 1'000;  // of one text: then it fits in a line

  // Which rule, and which of its names of `let`.
  std::string rulebook, rule, rule_hash, let;
  std::map<std::string, Number> numbers;  // by instrument id

  bool same_subject(const LearntDay& other) const {
    return rulebook == other.rulebook && rule == other.rule && rule_hash == other.rule_hash &&
           let == other.let;
  }
};

// As the text says it: equal numbers have equal representations. Nothing for one that is not known
// or has more digits than a text can say.
std::optional<Number> as_told(const Number& number);

// Stored in the journal: a new form needs another name of the event.
std::string write_learnt_day(const LearntDay& learnt);
std::optional<LearntDay> read_learnt_day(std::string_view text);

}  // namespace marktwacht
