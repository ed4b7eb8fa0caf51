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

// --- the ways to run a truth

using Node = FormulaNode;

bool constant_truth(const Formula&, const Node& node, const Scope&) { return node.a != 0; }

bool truth_field(const Formula&, const Node& node, const Scope& scope) {
  return node.read.code(scope) == 1;
}

bool line_truth(const Formula& formula, const Node& node, const Scope& scope) {
  return line_truth_of(formula.fields[node.a], scope) == 1;
}

bool word_among(const Formula&, const Node& node, const Scope& scope) {
  const int word = node.read.code(scope);
  return word >= 0 && (node.mask >> word & 1) != 0;
}

// Of a word of the line, or one that may be several at once.
bool words_among(const Formula& formula, const Node& node, const Scope& scope) {
  return (words_of(formula.fields[node.a], scope) & node.mask) != 0;
}

bool words_not_among(const Formula& formula, const Node& node, const Scope& scope) {
  const std::uint64_t words = words_of(formula.fields[node.a], scope);
  return words != 0 && (words & node.mask) == 0;
}

bool text_among(const Formula& formula, const Node& node, const Scope& scope) {
  const auto text = text_of(formula.fields[node.a], scope);
  const auto& texts = formula.texts[node.b];
  return text && (std::ranges::find(texts, *text) != texts.end()) != (node.mask != 0);
}

bool compared(const Formula& formula, const Node& node, const Scope& scope) {
  const Node& with = formula.nodes[node.b];
  const bool constant = with.op == Op::constant_number;
  const Number left = formula.number(node.a, scope);
  const Number computed = constant ? Number{} : formula.number(node.b, scope);
  const Number& right = constant ? formula.constants[with.a] : computed;
  if (!left.known() || !right.known()) [[unlikely]] {
    scope.faulty |= left.state == Number::State::faulty || right.state == Number::State::faulty;
    return false;
  }
  return holds(node.comparison, compare(left, right));
}

// What `mask` says of it.
bool against_limit(const Formula& formula, const Node& node, const Scope& scope) {
  const Against against = node.read.against(scope, node.limit);
  if (against == Against::other) [[unlikely]] {
    return compared(formula, node, scope);
  }
  return (node.mask >> static_cast<int>(against) & 1) != 0;
}

bool both(const Formula& formula, const Node& node, const Scope& scope) {
  return formula.truth(node.a, scope) && formula.truth(node.b, scope);
}

bool either(const Formula& formula, const Node& node, const Scope& scope) {
  return formula.truth(node.a, scope) || formula.truth(node.b, scope);
}

bool negation(const Formula& formula, const Node& node, const Scope& scope) {
  return !formula.truth(node.a, scope);
}

// Bits by Against.
std::uint64_t holding(Comparison comparison) {
  const auto bit = [&](std::strong_ordering order, Against against) {
    return std::uint64_t{holds(comparison, order)} << static_cast<int>(against);
  };
  return bit(std::strong_ordering::less, Against::less) |
         bit(std::strong_ordering::equal, Against::equal) |
         bit(std::strong_ordering::greater, Against::more);
}

// A field compared with a limit that is a plain decimal goes quicker.
void choose_comparison(const Formula& formula, Node& node) {
  const Node &left = formula.nodes[node.a], &right = formula.nodes[node.b];
  node.truth = compared;
  if (left.op != Op::number_field || right.op != Op::constant_number) {
    return;
  }
  const Field& field = formula.fields[left.a];
  const Number& limit = formula.constants[right.a];
  node.limit = SmallNumber::of(limit.numerator, limit.scale);
  if (!limit.known() || limit.denominator != 1 || !node.limit.known()) {
    return;
  }
  const bool at_least = field.at_least != nullptr && node.comparison == Comparison::at_least &&
                        node.limit.numerator > 0;
  node.read.against = at_least ? field.at_least : field.against;
  if (node.read.against != nullptr) {
    node.mask = holding(node.comparison);
    node.truth = against_limit;
  }
}

}  // namespace

void Formula::complete(FormulaNode& node) const {
  switch (node.op) {
    case Op::constant_truth:
      node.truth = constant_truth;
      break;
    case Op::truth_field:
      node.read.code = fields[node.a].truth;
      node.truth = node.read.code != nullptr ? truth_field : line_truth;
      break;
    case Op::word_among: {
      const Field& field = fields[node.a];
      node.read.code = field.all_words == nullptr ? field.word : nullptr;
      node.truth = node.read.code != nullptr ? word_among : words_among;
      break;
    }
    case Op::word_not_among:
      node.truth = words_not_among;
      break;
    case Op::text_among:
      node.truth = text_among;
      break;
    case Op::compare:
      choose_comparison(*this, node);
      break;
    case Op::both:
      node.truth = both;
      break;
    case Op::either:
      node.truth = either;
      break;
    case Op::negation:
      node.truth = negation;
      break;
    case Op::number_field:
      node.read.small = fields[node.a].small;
      break;
    default:
      break;
  }
}

void Formula::complete() {
  for (FormulaNode& node : nodes) {
    complete(node);
  }
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
