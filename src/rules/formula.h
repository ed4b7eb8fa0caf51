// A compiled expression: checked types, folded constants, short circuits. Bounded cost, no loops.
#pragma once

#include <algorithm>
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

class Formula;

struct FormulaNode {
  // How a field is read, and how a number that is one is read or compared with a plain decimal.
  union Read {
    int (*code)(const Scope&) = nullptr;  // a word or truth
    SmallNumber (*small)(const Scope&);
    Against (*against)(const Scope&, const SmallNumber& limit);
  };

  Op op{};
  Comparison comparison{};
  std::uint32_t a = 0, b = 0;
  std::uint64_t mask = 0;

  // Set when the formula is complete, as far as it needs them.
  bool (*truth)(const Formula&, const FormulaNode&, const Scope&) = nullptr;
  Read read{};
  SmallNumber limit{};
};

// An expression ready to run. One thread.
class Formula {
 public:
  // Of a truth; false where it is faulty, which `scope` then says.
  bool truth(const Scope& scope) const { return truth(root, scope); }
  Number number(const Scope& scope) const {
    const FormulaNode& node = nodes[root];
    return node.op == Op::number_field ? number_of(fields[node.a], scope) : number(root, scope);
  }
  // The same as a SmallNumber, where it is the value of a field and one; else `other`.
  SmallNumber small(const Scope& scope) const {
    const FormulaNode& node = nodes[root];
    return node.op == Op::number_field && node.read.small != nullptr ? node.read.small(scope)
                                                                     : SmallNumber::faulty();
  }
  // Any value as text: of a text, a word or a number; nothing when it is absent or faulty.
  std::optional<std::string> text(const Scope& scope) const;
  bool truth(std::uint32_t at, const Scope& scope) const {
    const FormulaNode& node = nodes[at];
    return node.truth(*this, node, scope);
  }
  Number number(std::uint32_t at, const Scope& scope) const;

  // To be called once when it is complete: chooses how each node is run.
  void complete();

  // Whether it may say something else in another window.
  bool asks_window() const { return std::ranges::any_of(fields, &Field::of_window); }
  // Whether it is a truth that is the same for every scope.
  bool always(bool value) const {
    return nodes[root].op == Op::constant_truth && (nodes[root].a != 0) == value;
  }

  std::vector<FormulaNode> nodes;
  std::vector<Field> fields;
  std::vector<Number> constants;
  std::vector<std::vector<std::string>> texts;
  std::uint32_t root = 0;
  // Says the same for the same program and nothing else: for sharing.
  std::string canonical;

 private:
  void complete(FormulaNode& node) const;
};

}  // namespace marktwacht
