// A compiled expression: checked types, folded constants, short circuits. Bounded cost, no loops.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/fields.h"
#include "rules/number.h"
#include "rules/scope.h"

namespace marktwacht {

enum class Op : std::uint8_t {
  // truths
  constant_truth,  // a: 0 or 1
  truth_field,     // a: field
  word_among,      // a: field; mask: the words
  word_not_among,  // the same; absent is false here as well
  text_among,      // a: field; b: list of texts; mask 1: none of them
  compare,         // a, b: numbers; comparison
  both,            // a, b
  either,          // a, b
  negation,        // a
  // numbers
  constant_number,  // a: constant
  number_field,     // a: field
  add,              // a, b
  subtract,
  multiply,
  divide,
  negate,     // a
  aggregate,  // a: place in Scope::aggregates
  let,        // a: place in Scope::lets
  baseline,   // a: place in Scope::baselines
  // texts
  text_value  // a: field, a word or text
};

enum class Comparison : std::uint8_t { equal, unequal, less, at_most, more, at_least };

// How two numbers are compared: a field with a limit that is a plain decimal goes quicker.
enum class ComparedBy : std::uint8_t { number, small_number, at_least };

struct FormulaNode {
  Op op{};
  Comparison comparison{};
  ComparedBy compared_by{};
  std::uint32_t a = 0, b = 0;
  std::uint64_t mask = 0;
};

// An expression ready to run. One thread.
class Formula {
 public:
  // Of a truth; false where it is faulty, which `scope` then says.
  bool truth(const Scope& scope) const {
    const FormulaNode& node = nodes[root];
    return node.op == Op::truth_field ? truth_of(fields[node.a], scope) == 1 : truth(root, scope);
  }
  Number number(const Scope& scope) const {
    const FormulaNode& node = nodes[root];
    return node.op == Op::number_field ? number_of(fields[node.a], scope) : number(root, scope);
  }
  // The same as a SmallNumber, where it is the value of a field and one; else `other`.
  SmallNumber small(const Scope& scope) const {
    const FormulaNode& node = nodes[root];
    return node.op == Op::number_field && fields[node.a].small != nullptr
               ? fields[node.a].small(scope)
               : SmallNumber::faulty();
  }
  // Any value as text: of a text, a word or a number; nothing when it is absent or faulty.
  std::optional<std::string> text(const Scope& scope) const;
  bool truth(std::uint32_t at, const Scope& scope) const;
  Number number(std::uint32_t at, const Scope& scope) const;

  // To be called once it is complete.
  void choose_comparisons();

  // Whether it is a truth that is the same for every scope.
  bool always(bool value) const {
    return nodes[root].op == Op::constant_truth && (nodes[root].a != 0) == value;
  }

  std::vector<FormulaNode> nodes;
  std::vector<Field> fields;
  std::vector<Number> constants;
  std::vector<std::vector<std::string>> texts;
  std::vector<SmallNumber> limits;  // the constants, as far as they are plain decimals
  std::uint32_t root = 0;
  // Says the same for the same program and nothing else: for sharing.
  std::string canonical;

 private:
  bool compared(const FormulaNode& node, const Scope& scope) const;
  bool text_is_among(const FormulaNode& node, const Scope& scope) const;
};

}  // namespace marktwacht
