// Rules ready to run: their expressions compiled for each event they listen to.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/formula.h"
#include "rules/rulebook.h"

namespace marktwacht {

enum class AggregateKind : std::uint8_t { count, sum, max, min, distinct };

// What one event adds to an aggregate.
struct AggregatePart {
  RuleEvent event{};
  std::optional<Formula> condition;  // none: always
  std::optional<Formula> value;      // none: of a count
};

struct AggregateSpec {
  AggregateKind kind{};
  std::vector<AggregatePart> parts;
};

// Which events count: one for each event in `on` whose `where` is not always false.
struct RuleCounts {
  RuleEvent event{};
  Formula where;
};

// A name that `when` compares, with what it is compared with.
struct FactSpec {
  std::uint32_t let = 0;
  bool above = true;            // the finding lies above the limit, else below
  std::vector<Formula> limits;  // the strictest counts; none: it has no limit
};

// `when` cannot hold while this count is below: saves running it.
struct Gate {
  std::uint32_t aggregate = 0;
  std::int64_t least = 0;
};

struct CompiledRule {
  RuleSpec spec;
  std::vector<RuleCounts> counts;
  std::vector<AggregateSpec> aggregates;
  std::vector<Formula> lets;
  Formula when;
  std::optional<Formula> warn_when;
  std::vector<FactSpec> facts;  // the leading number first; then all other lets
  std::optional<Gate> gate, warn_gate;
  // The field of the key with which `when` compares an aggregate, where it does no more: without
  // it, it cannot hold.
  std::optional<Field> limit;
  std::vector<std::uint32_t> baselines;  // the lets they were learnt of
  // Where no account stands in the key: the aggregate that holds the ids of those who counted.
  std::optional<std::uint32_t> accounts;
  // Of a rule on `alert`: the detectors it listens to.
  std::vector<std::string> hears;

  bool by(KeyPart part) const;
};

// Which detectors a rule listens to; `line` of its `where`.
struct Hearing {
  std::string rule;
  std::vector<std::string> hears;
  int line = 0;
};
std::vector<Hearing> hearings_of(const std::vector<CompiledRule>& rules);
// The rules that feed themselves by the alerts they listen to, however far around.
std::vector<RulebookError> feeding_errors(std::vector<Hearing> rules);

// All errors of the rule; lines are those of the file.
std::expected<CompiledRule, std::vector<RulebookError>> compile_rule(const RuleSpec& spec);

struct Rulebook {
  std::string id;
  std::string title;
  std::vector<std::string> sources;
  std::vector<CompiledRule> rules;
  std::vector<DetectorUse> detectors;  // those it puts in force
  std::string hash;                    // the first 16 hexadecimal digits of the text's SHA-256

  std::string cited() const { return id + "@" + hash; }
};

// Reads, checks and compiles everything. All errors at once, by line.
std::expected<Rulebook, std::vector<RulebookError>> load_rulebook(std::string_view text);

}  // namespace marktwacht
