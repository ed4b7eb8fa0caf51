// Running a program.
#include "rules/formula.h"

#include <algorithm>

#include "base/check.h"

namespace marktwacht {

namespace {

bool holds(Comparison comparison, std::strong_ordering order) {
  switch (comparison) {
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

}  // namespace

bool Formula::compared(const FormulaNode& node, const Scope& scope) const {
  if (node.compared_by != ComparedBy::number) [[likely]] {
    const Field& field = fields[nodes[node.a].a];
    const std::uint32_t limit = nodes[node.b].a;
    if (node.compared_by == ComparedBy::at_least) {
      return field.at_least(scope, limits[limit]) == 1;
    }
    const SmallNumber value = field.small(scope);
    if (value.state != SmallNumber::State::other) [[likely]] {
      return value.known() && holds(node.comparison, compare(value, limits[limit]));
    }
  }
  const FormulaNode& with = nodes[node.b];
  const bool constant = with.op == Op::constant_number;
  const Number left = number(node.a, scope);
  const Number computed = constant ? Number{} : number(node.b, scope);
  const Number& right = constant ? constants[with.a] : computed;
  if (!left.known() || !right.known()) [[unlikely]] {
    scope.faulty |= left.state == Number::State::faulty || right.state == Number::State::faulty;
    return false;
  }
  return holds(node.comparison, compare(left, right));
}

void Formula::choose_comparisons() {
  for (const Number& constant : constants) {
    const bool plain = constant.known() && constant.denominator == 1;
    limits.push_back(plain ? SmallNumber::of(constant.numerator, constant.scale)
                           : SmallNumber::faulty());
  }
  for (FormulaNode& node : nodes) {
    if (node.op != Op::compare || nodes[node.a].op != Op::number_field ||
        nodes[node.b].op != Op::constant_number || !limits[nodes[node.b].a].known()) {
      continue;
    }
    const Field& field = fields[nodes[node.a].a];
    if (field.at_least != nullptr && node.comparison == Comparison::at_least &&
        limits[nodes[node.b].a].numerator > 0) {
      node.compared_by = ComparedBy::at_least;
    } else if (field.small != nullptr) {
      node.compared_by = ComparedBy::small_number;
    }
  }
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
    case Op::word_among:
      return (words_of(fields[node.a], scope) & node.mask) != 0;
    case Op::word_not_among: {
      const std::uint64_t words = words_of(fields[node.a], scope);
      return words != 0 && (words & node.mask) == 0;
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
