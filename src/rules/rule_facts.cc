// What an alert of a rule says, and what the rule listens to.
#include <algorithm>

#include "rules/rule_compiler.h"

namespace marktwacht {

// --- what an alert says

void RuleCompiler::find_facts() {
  const auto syntax = parse(spec().when);
  visit_names(*syntax, syntax->root());
  if (rule_.facts.empty()) {
    return fail(spec().when, "no name of `let` stands here, so that there is no leading number");
  }
  rule_.gate = find_gate(*syntax, syntax->root());
  if (!spec().warn_when.text.empty()) {
    const auto warning = parse(spec().warn_when);
    rule_.warn_gate = find_gate(*warning, warning->root());
  }
  rule_.limit = find_limit();
  name_accounts();
  for (std::uint32_t let = 0; let < spec().let.size(); ++let) {
    fact(let);
  }
}

FactSpec& RuleCompiler::fact(std::uint32_t let) {
  const auto found = std::ranges::find(rule_.facts, let, &FactSpec::let);
  return found != rule_.facts.end() ? *found : rule_.facts.emplace_back(FactSpec{let, true, {}});
}

std::optional<std::uint32_t> RuleCompiler::let_of(const SyntaxNode& node) const {
  return node.kind == SyntaxKind::name ? find_let(node.text) : std::nullopt;
}

void RuleCompiler::visit_names(const Syntax& syntax, const SyntaxNode& node) {
  if (const auto let = let_of(node)) {
    fact(*let);
  }
  if (is_comparison(node)) {
    const auto left = let_of(syntax.child(node, 0)), right = let_of(syntax.child(node, 1));
    if (left) {
      add_limit(syntax, *left, node.children[1], node.text.starts_with('<'));
    } else if (right) {
      visit_names(syntax, syntax.child(node, 0));
      add_limit(syntax, *right, node.children[0], node.text.starts_with('>'));
    }
  }
  for (const std::uint32_t child : node.children) {
    visit_names(syntax, syntax.nodes[child]);
  }
}

void RuleCompiler::add_limit(const Syntax& syntax, std::uint32_t let, std::uint32_t limit,
                             bool below) {
  FactSpec& to = fact(let);
  const CompileNames names = {
      .name = [this](std::string_view name) { return key_name(name); },
      .call = [this](const Syntax& of, const SyntaxNode& node) { return baseline(of, node); }};
  CompileTrace trace(syntax);
  if (auto program = compile(syntax, limit, ValueType::number, names, trace)) {
    to.above = to.limits.empty() ? !below : to.above;
    to.limits.push_back(*std::move(program));
  }
}

// A count that must reach a constant, joined by `and`.
std::optional<Gate> RuleCompiler::find_gate(const Syntax& syntax, const SyntaxNode& node) const {
  if (node.kind == SyntaxKind::binary && node.text == "and") {
    const auto left = find_gate(syntax, syntax.child(node, 0));
    return left ? left : find_gate(syntax, syntax.child(node, 1));
  }
  const auto let = is_comparison(node) ? let_of(syntax.child(node, 0)) : std::nullopt;
  if (!let || (node.text != ">=" && node.text != ">")) {
    return std::nullopt;
  }
  const Formula& counted = rule_.lets[*let];
  const FormulaNode& root = counted.nodes[counted.root];
  const SyntaxNode& bound = syntax.child(node, 1);
  const Number* limit = bound.kind == SyntaxKind::name ? find_param(bound.text) : nullptr;
  const Number literal = Number::of(bound.value);
  limit = bound.kind == SyntaxKind::number ? &literal : limit;
  const bool fits = root.op == Op::aggregate && limit != nullptr && limit->known() &&
                    limit->scale == 0 && limit->numerator >= 0 && limit->numerator <= INT64_MAX &&
                    rule_.aggregates[root.a].kind == AggregateKind::count;
  return fits ? std::optional(Gate{root.a, static_cast<std::int64_t>(limit->numerator)})
              : std::nullopt;
}

// An aggregate is always known, so that nothing else can be at fault.
std::optional<Field> RuleCompiler::find_limit() const {
  const Formula& when = rule_.when;
  const FormulaNode& compared = when.nodes[when.root];
  if (compared.op != Op::compare || rule_.warn_when) {
    return std::nullopt;
  }
  const FormulaNode &let = when.nodes[compared.a], &field = when.nodes[compared.b];
  if (let.op != Op::let || field.op != Op::number_field) {
    return std::nullopt;
  }
  const Formula& counted = rule_.lets[let.a];
  return counted.nodes[counted.root].op == Op::aggregate ? std::optional(when.fields[field.a])
                                                         : std::nullopt;
}

// Of a person, a device, an address: an alert names the accounts behind it.
void RuleCompiler::name_accounts() {
  if (rule_.by(KeyPart::account) || rule_.by(KeyPart::group) ||
      !(rule_.by(KeyPart::person) || rule_.by(KeyPart::device) || rule_.by(KeyPart::ip) ||
        rule_.by(KeyPart::address))) {
    return;
  }
  const auto syntax = parse_expression("account.account_id");
  AggregateSpec seen{AggregateKind::distinct, {}};
  for (const RuleCounts& counted : rule_.counts) {
    CompileTrace trace(*syntax);
    if (has_account(counted.event)) {
      seen.parts.push_back(
          {counted.event, std::nullopt,
           *compile(*syntax, 0, ValueType::text, event_names(counted.event), trace)});
    }
  }
  rule_.accounts = static_cast<std::uint32_t>(rule_.aggregates.size());
  rule_.aggregates.push_back(std::move(seen));
}

// --- rules on alerts

bool RuleCompiler::hears_alerts() const {
  return std::ranges::find(spec().on, RuleEvent::alert) != spec().on.end();
}

void RuleCompiler::find_detectors_heard() {
  if (!spec().where.text.empty()) {
    const auto syntax = parse(spec().where);
    find_detectors(*syntax, syntax->root());
  }
  if (rule_.hears.empty()) {
    fail(spec().where,
         "a rule on alert names the detectors it listens to, so that it cannot feed itself: "
         "detector == '…' or detector in ['…'], joined by `and`");
  }
}

void RuleCompiler::find_detectors(const Syntax& syntax, const SyntaxNode& node) {
  if (node.kind != SyntaxKind::binary || !rule_.hears.empty()) {
    return;
  }
  if (node.text == "and") {
    find_detectors(syntax, syntax.child(node, 0));
    find_detectors(syntax, syntax.child(node, 1));
    return;
  }
  const SyntaxNode& left = syntax.child(node, 0);
  const SyntaxNode& right = syntax.child(node, 1);
  if (left.kind != SyntaxKind::name || left.text != "detector") {
    return;
  }
  if (node.text == "==" && right.kind == SyntaxKind::text) {
    rule_.hears.push_back(right.text);
  } else if (node.text == "in") {
    for (std::size_t at = 0; at < right.children.size(); ++at) {
      rule_.hears.push_back(syntax.child(right, at).text);
    }
  }
}

std::vector<Hearing> hearings_of(const std::vector<CompiledRule>& rules) {
  std::vector<Hearing> hearings;
  for (const CompiledRule& rule : rules) {
    hearings.push_back({rule.spec.id, rule.hears, rule.spec.where.line});
  }
  return hearings;
}

// What remains when rules that hear nothing that remains are taken away, again and again.
std::vector<RulebookError> feeding_errors(std::vector<Hearing> rules) {
  for (bool changed = true; changed;) {
    changed = std::erase_if(rules, [&](const Hearing& rule) {
                return std::ranges::none_of(rule.hears, [&](const std::string& heard) {
                  return std::ranges::find(rules, heard, &Hearing::rule) != rules.end();
                });
              }) > 0;
  }
  std::vector<RulebookError> errors;
  for (const Hearing& rule : rules) {
    errors.push_back({rule.line, rule.rule, "the rule feeds itself by the alerts it listens to"});
  }
  return errors;
}

}  // namespace marktwacht
