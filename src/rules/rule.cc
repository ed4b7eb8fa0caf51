// From the words of a rule to what runs: events and numbers.
#include "rules/rule.h"

#include <algorithm>
#include <array>

#include "base/sort_unique.h"
#include "rules/rule_compiler.h"

namespace marktwacht {

struct AggregateFunction {
  std::string_view name;
  AggregateKind kind;
  bool value, condition;
};

namespace {

constexpr std::size_t aggregates_max = 64;

constexpr std::array<AggregateFunction, 7> functions = {{
    {"count", AggregateKind::count, false, false},
    {"count_if", AggregateKind::count, false, true},
    {"sum", AggregateKind::sum, true, false},
    {"sum_if", AggregateKind::sum, true, true},
    {"max", AggregateKind::max, true, false},
    {"min", AggregateKind::min, true, false},
    {"distinct", AggregateKind::distinct, true, false},
}};

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

std::unexpected<SyntaxErrors> refused(const SyntaxNode& node, std::string what) {
  return std::unexpected(SyntaxErrors{{node.at, std::move(what)}});
}

void add(const SyntaxErrors& errors, SyntaxErrors& to) {
  to.insert(to.end(), errors.begin(), errors.end());
}

}  // namespace

std::expected<CompiledRule, std::vector<RulebookError>> RuleCompiler::run() {
  compile_where();
  for (const auto& [name, source] : spec().let) {
    if (auto program = judged(source, ValueType::number, true)) {
      rule_.lets.push_back(*std::move(program));
    } else {
      rule_.lets.emplace_back();
    }
    ++lets_known_;
  }
  if (auto program = judged(spec().when, ValueType::truth, false)) {
    rule_.when = *std::move(program);
  }
  if (!spec().warn_when.text.empty()) {
    rule_.warn_when = judged(spec().warn_when, ValueType::truth, false);
  }
  if (errors_.empty()) {
    find_facts();
  }
  if (errors_.empty() && hears_alerts()) {
    find_detectors_heard();
  }
  if (!errors_.empty()) {
    return std::unexpected(std::move(errors_));
  }
  return std::move(rule_);
}

void RuleCompiler::fail(const SourceText& source, const std::string& what) {
  errors_.push_back({source.line > 0 ? source.line : spec().line, spec().id, what, 0});
}

void RuleCompiler::fail(const SourceText& source, const SyntaxError& error) {
  constexpr std::size_t shown = 24;
  const std::size_t at = std::min(error.at, source.text.size());
  std::string near = source.text.substr(at, shown);
  std::ranges::replace(near, '\n', ' ');
  fail(source, error.what + (near.empty() ? "" : " (at \"" + near + "\")"));
  // A line of the expression is a line of the file.
  const std::string_view before(source.text.data(), at);
  const std::size_t line_start = before.rfind('\n') + 1;
  const auto columns = std::ranges::count_if(before.substr(line_start), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  RulebookError& told = errors_.back();
  told.line += static_cast<int>(std::ranges::count(before, '\n'));
  const int first = line_start > 0 ? 1 : source.column;
  told.column = first > 0 ? first + static_cast<int>(columns) : 0;
}

// In the order of the text; several events may tell the same.
void RuleCompiler::fail(const SourceText& source, SyntaxErrors errors) {
  sort_unique(errors);
  for (const SyntaxError& error : errors) {
    fail(source, error);
  }
}

std::optional<Syntax> RuleCompiler::parse(const SourceText& source) {
  auto syntax = parse_expression(source.text);
  if (!syntax) {
    fail(source, syntax.error());
    return std::nullopt;
  }
  return *std::move(syntax);
}

// --- what an event says

std::expected<Meaning, std::string> RuleCompiler::event_name(RuleEvent event,
                                                             std::string_view name) const {
  if (name == "event") {
    return Meaning{Meaning::Word{word_of(event)}};
  }
  if (const Number* param = find_param(name)) {
    return Meaning{*param};
  }
  if (const auto field = find_field(event, name)) {
    return Meaning{*field};
  }
  for (const RuleEvent other : spec().on) {
    if (const auto field = find_field(other, name)) {
      return Meaning{Meaning::Absent{field->type}};
    }
  }
  return std::unexpected("unknown name " + std::string(name) + "; allowed: " + allowed_names());
}

const Number* RuleCompiler::find_param(std::string_view name) const {
  const auto found =
      std::ranges::find(spec().params, name, [](const auto& param) { return param.first; });
  return found == spec().params.end() ? nullptr : &found->second;
}

std::string RuleCompiler::allowed_names() const {
  std::vector<std::string> names;
  for (const RuleEvent event : spec().on) {
    for (std::string& name : field_names(event)) {
      names.push_back(std::move(name));
    }
  }
  for (const auto& [name, value] : spec().params) {
    names.push_back(name);
  }
  sort_unique(names);
  return joined(names);
}

CompileNames RuleCompiler::event_names(RuleEvent event) const {
  return {.name = [this, event](std::string_view name) { return event_name(event, name); },
          .call = [](const Syntax&,
                     const SyntaxNode& node) -> std::expected<CallMeaning, SyntaxErrors> {
            return refused(node, "no function stands here: " + node.text + "() belongs into `let`");
          }};
}

// With a `where` that has errors, lets are checked as if all events counted.
void RuleCompiler::compile_where() {
  if (!compile_where_as_it_is()) {
    const auto all = parse_expression("true");
    rule_.counts.clear();
    for (const RuleEvent event : spec().on) {
      CompileTrace trace(*all);
      rule_.counts.push_back(
          {event, *compile(*all, 0, ValueType::truth, event_names(event), trace)});
    }
  }
}

bool RuleCompiler::compile_where_as_it_is() {
  SourceText source = spec().where;
  if (source.text.empty()) {
    source.text = "true";
  }
  const auto syntax = parse(source);
  if (!syntax) {
    return false;
  }
  const auto root = static_cast<std::uint32_t>(syntax->nodes.size() - 1);
  CompileTrace trace(*syntax);
  SyntaxErrors errors;
  const auto for_each_event = [&] {
    for (const RuleEvent event : spec().on) {
      auto program = compile(*syntax, root, ValueType::truth, event_names(event), trace);
      if (!program) {
        add(program.error(), errors);
      } else if (!program->always(false)) {
        rule_.counts.push_back({event, *std::move(program)});
      }
    }
  };
  for_each_event();
  if (const SyntaxErrors words = trace.refuse_words(*syntax); !words.empty()) {
    add(words, errors);
    for_each_event();
  }
  add(trace.idle(*syntax, root), errors);
  if (!errors.empty()) {
    fail(source, std::move(errors));
    return false;
  }
  if (rule_.counts.empty()) {
    fail(source, "no event in `on` can pass this");
    return false;
  }
  return true;
}

// --- what a key amounts to

// A let, `when` or `warn_when`.
std::optional<Formula> RuleCompiler::judged(const SourceText& source, ValueType wanted,
                                            bool aggregates) {
  const auto syntax = parse(source);
  if (!syntax) {
    return std::nullopt;
  }
  const CompileNames names = {.name = [this](std::string_view name) { return key_name(name); },
                              .call =
                                  [this, aggregates](const Syntax& of, const SyntaxNode& node) {
                                    return aggregates ? aggregate(of, node) : baseline(of, node);
                                  }};
  CompileTrace trace(*syntax);
  const auto root = static_cast<std::uint32_t>(syntax->nodes.size() - 1);
  auto program = compile(*syntax, root, wanted, names, trace);
  SyntaxErrors errors = program ? SyntaxErrors{} : program.error();
  if (const SyntaxErrors words = trace.refuse_words(*syntax); !words.empty()) {
    add(words, errors);
    if (const auto again = compile(*syntax, root, wanted, names, trace); !again) {
      add(again.error(), errors);
    }
  }
  if (!errors.empty()) {
    fail(source, std::move(errors));
    return std::nullopt;
  }
  return *std::move(program);
}

std::optional<std::uint32_t> RuleCompiler::find_let(std::string_view name) const {
  for (std::uint32_t at = 0; at < lets_known_; ++at) {
    if (spec().let[at].first == name) {
      return at;
    }
  }
  return std::nullopt;
}

std::expected<Meaning, std::string> RuleCompiler::key_name(std::string_view name) const {
  if (const auto let = find_let(name)) {
    return Meaning{Meaning::Let{*let}};
  }
  if (const Number* param = find_param(name)) {
    return Meaning{*param};
  }
  const bool seen =
      name.starts_with("instrument.") ? rule_.by(KeyPart::instrument) : rule_.by(KeyPart::account);
  if (const auto field = seen ? find_key_field(name) : std::nullopt) {
    return Meaning{*field};
  }
  std::vector<std::string> allowed;
  for (std::uint32_t at = 0; at < lets_known_; ++at) {
    allowed.push_back(spec().let[at].first);
  }
  for (const auto& [param, value] : spec().params) {
    allowed.push_back(param);
  }
  for (const KeyPart part : {KeyPart::instrument, KeyPart::account}) {
    if (rule_.by(part)) {
      allowed.push_back(std::string(word_of(part)) + ".*");
    }
  }
  return std::unexpected("unknown name " + std::string(name) + "; allowed: " + joined(allowed));
}

std::expected<CallMeaning, SyntaxErrors> RuleCompiler::aggregate(const Syntax& syntax,
                                                                 const SyntaxNode& node) {
  const auto function = std::ranges::find(functions, node.text, &AggregateFunction::name);
  if (function == functions.end()) {
    return refused(node, "unknown function " + node.text +
                             "; allowed: count count_if sum sum_if max min distinct");
  }
  const std::size_t wanted = (function->value ? 1u : 0u) + (function->condition ? 1u : 0u);
  if (node.children.size() != wanted) {
    return refused(node, node.text + " takes " + std::to_string(wanted) + " arguments");
  }
  if (rule_.aggregates.size() == aggregates_max) {
    return refused(node, "more than " + std::to_string(aggregates_max) + " aggregates");
  }
  AggregateSpec spec{function->kind, {}};
  CompileTrace trace(syntax);
  SyntaxErrors errors;
  const auto for_each_event = [&] {
    for (const RuleCounts& counted : rule_.counts) {
      if (auto part = aggregate_part(syntax, node, *function, counted.event, trace, errors)) {
        spec.parts.push_back(*std::move(part));
      }
    }
  };
  for_each_event();
  if (const SyntaxErrors words = trace.refuse_words(syntax); !words.empty()) {
    add(words, errors);
    for_each_event();
  }
  for (const std::uint32_t argument : node.children) {
    add(trace.idle(syntax, argument), errors);
  }
  if (!errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  rule_.aggregates.push_back(std::move(spec));
  return CallMeaning{Op::aggregate, static_cast<std::uint32_t>(rule_.aggregates.size() - 1)};
}

// What `event` adds, or nothing.
std::optional<AggregatePart> RuleCompiler::aggregate_part(const Syntax& syntax,
                                                          const SyntaxNode& node,
                                                          const AggregateFunction& function,
                                                          RuleEvent event, CompileTrace& trace,
                                                          SyntaxErrors& errors) const {
  AggregatePart part{event, {}, {}};
  const CompileNames names = event_names(event);
  bool adds = true;
  if (function.condition) {
    auto condition = compile(syntax, node.children.back(), ValueType::truth, names, trace);
    if (!condition) {
      add(condition.error(), errors);
    } else if (condition->always(false)) {
      return std::nullopt;
    } else if (!condition->always(true)) {
      part.condition = *std::move(condition);
    }
  }
  if (function.value) {
    const ValueType wanted =
        function.kind == AggregateKind::distinct ? ValueType::text : ValueType::number;
    auto value = compile(syntax, node.children.front(), wanted, names, trace);
    if (!value) {
      add(value.error(), errors);
      return std::nullopt;
    }
    const FormulaNode& root = value->nodes[value->root];
    adds =
        root.op != Op::constant_number || value->constants[root.a].state != Number::State::absent;
    part.value = *std::move(value);
  }
  return adds ? std::optional(std::move(part)) : std::nullopt;
}

std::expected<CallMeaning, SyntaxErrors> RuleCompiler::baseline(const Syntax& syntax,
                                                                const SyntaxNode& node) {
  if (node.text != "baseline") {
    return refused(node,
                   "no function but baseline(\"name\") stands here: aggregates belong into `let`");
  }
  if (spec().window.kind != WindowKind::trading_day || !rule_.by(KeyPart::instrument)) {
    return refused(node, "baseline() is for day windows by instrument");
  }
  if (node.children.size() != 1 || syntax.child(node, 0).kind != SyntaxKind::text) {
    return refused(node, "baseline() takes the name of a let in quotes");
  }
  const auto let = find_let(syntax.child(node, 0).text);
  if (!let) {
    return refused(node, "baseline() of an unknown name " + syntax.child(node, 0).text);
  }
  auto& known = rule_.baselines;
  const auto found = std::ranges::find(known, *let);
  const auto place = static_cast<std::uint32_t>(found - known.begin());
  if (found == known.end()) {
    known.push_back(*let);
  }
  return CallMeaning{Op::baseline, place};
}

bool CompiledRule::by(KeyPart part) const {
  return std::ranges::find(spec.by, part) != spec.by.end();
}

std::expected<CompiledRule, std::vector<RulebookError>> compile_rule(const RuleSpec& spec) {
  return RuleCompiler(spec).run();
}

}  // namespace marktwacht
