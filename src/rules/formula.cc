// Running a program.
#include "rules/formula.h"

#include <algorithm>

#include "base/check.h"

namespace marktwacht {

// A dear field against a limit that it is cheaply compared with.
const Field* Formula::reaching(const FormulaNode& node) const {
  const FormulaNode &left = nodes[node.a], &with = nodes[node.b];
  if (node.comparison != Comparison::at_least || left.op != Op::number_field ||
      with.op != Op::constant_number || fields[left.a].at_least == nullptr) {
    return nullptr;
  }
  const Number& least = constants[with.a];
  const bool simple = least.known() && least.denominator == 1 && least.scale <= 18 &&
                      least.numerator > 0 && least.numerator <= INT64_MAX;
  return simple ? &fields[left.a] : nullptr;
}

bool Formula::compared(const FormulaNode& node, const Scope& scope) const {
  const FormulaNode& with = nodes[node.b];
  if (const Field* field = reaching(node)) {
    return field->at_least(scope, constants[with.a]) == 1;
  }
  const bool constant = with.op == Op::constant_number;
  const Number left = number(node.a, scope);
  const Number computed = constant ? Number{} : number(node.b, scope);
  const Number& right = constant ? constants[with.a] : computed;
  if (!left.known() || !right.known()) [[unlikely]] {
    scope.faulty |= left.state == Number::State::faulty || right.state == Number::State::faulty;
    return false;
  }
  const auto order = compare(left, right);
  switch (node.comparison) {
    case Comparison::equal:
      return order == 0;
    case Comparison::unequal:
      return order != 0;
    case Comparison::less:
      return order < 0;
    case Comparison::at_most:
      return order <= 0;
    case Comparison::more:
      return order > 0;
    case Comparison::at_least:
      return order >= 0;
  }
  return false;
}

bool Formula::text_is_among(const FormulaNode& node, const Scope& scope) const {
  const auto text = text_of(fields[node.a], scope);
  return text &&
         (std::ranges::find(texts[node.b], *text) != texts[node.b].end()) != (node.mask != 0);
}

std::optional<std::string> Formula::text(const Scope& scope) const {
  const FormulaNode& node = nodes[root];
  if (node.op != Op::text_value) {
    return format_number(number(scope));
  }
  const Field& field = fields[node.a];
  if (field.type == ValueType::text) {
    const auto text = text_of(field, scope);
    return text ? std::optional<std::string>(*text) : std::nullopt;
  }
  const int word = word_of(field, scope);
  return word < 0 ? std::nullopt
                  : std::optional<std::string>(field.words[static_cast<std::size_t>(word)]);
}

bool Formula::truth(std::uint32_t at, const Scope& scope) const {
  const FormulaNode& node = nodes[at];
  switch (node.op) {
    case Op::constant_truth:
      return node.a != 0;
    case Op::truth_field:
      return truth_of(fields[node.a], scope) == 1;
    case Op::word_among: {
      const int word = word_of(fields[node.a], scope);
      return word >= 0 && (node.mask >> word & 1) != 0;
    }
    case Op::text_among:
      return text_is_among(node, scope);
    case Op::compare:
      return compared(node, scope);
    case Op::both:
      return truth(node.a, scope) && truth(node.b, scope);
    case Op::either:
      return truth(node.a, scope) || truth(node.b, scope);
    case Op::negation:
      return !truth(node.a, scope);
    default:
      check(false, "a truth is asked for a truth");
      return false;
  }
}

Number Formula::number(std::uint32_t at, const Scope& scope) const {
  const FormulaNode& node = nodes[at];
  switch (node.op) {
    case Op::constant_number:
      return constants[node.a];
    case Op::number_field:
      return number_of(fields[node.a], scope);
    case Op::add:
      return number(node.a, scope) + number(node.b, scope);
    case Op::subtract:
      return number(node.a, scope) - number(node.b, scope);
    case Op::multiply:
      return number(node.a, scope) * number(node.b, scope);
    case Op::divide:
      return number(node.a, scope) / number(node.b, scope);
    case Op::negate:
      return -number(node.a, scope);
    case Op::aggregate:
      return scope.aggregates[node.a];
    case Op::let:
      return scope.lets[node.a];
    case Op::baseline:
      return scope.baselines[node.a];
    default:
      check(false, "a number is asked for a number");
      return Number::absent();
  }
}

}  // namespace marktwacht
