// Type checks and folding; what is absent in this event is folded away.
#include "rules/compile.h"

#include <algorithm>
#include <array>

#include "rules/compiler.h"

namespace marktwacht {
namespace {

std::string_view name_of(ValueType type) {
  switch (type) {
    case ValueType::number:
      return "a number";
    case ValueType::word:
      return "a word";
    case ValueType::text:
      return "a text";
    case ValueType::truth:
      return "true or false";
  }
  return "";
}

std::string key_of(const Field& field) {
  // Fields are told apart by how they are read.
  const auto number = [](auto pointer) {
    return std::to_string(reinterpret_cast<std::uintptr_t>(pointer));
  };
  return number(field.number) + "," + number(field.word) + "," + number(field.text) + "," +
         number(field.truth) + "," + number(field.raw);
}

std::optional<Comparison> comparison_of(std::string_view sign) {
  static constexpr std::array<std::pair<std::string_view, Comparison>, 6> table = {
      {{"==", Comparison::equal},
       {"!=", Comparison::unequal},
       {"<", Comparison::less},
       {"<=", Comparison::at_most},
       {">", Comparison::more},
       {">=", Comparison::at_least}}};
  const auto found = std::ranges::find(table, sign, [](const auto& row) { return row.first; });
  return found == table.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::expected<Formula, SyntaxErrors> Compiler::run(std::uint32_t root, ValueType wanted) {
  Piece piece = compile(root);
  if (wanted == ValueType::truth) {
    piece = truth(piece, syntax_.nodes[root].at);
  } else if (wanted == ValueType::number || piece.field == nullptr) {
    piece = number(piece, syntax_.nodes[root].at);
  } else {
    piece.node = add({.op = Op::text_value, .a = piece.node});
  }
  if (!errors_.empty()) {
    return std::unexpected(std::move(errors_));
  }
  formula_.root = piece.node;
  formula_.canonical = std::move(piece.canonical);
  formula_.complete();
  return std::move(formula_);
}

// What stands for something that has no meaning: fits anywhere, and is never run.
Piece Compiler::wrong() {
  Piece piece = constant(false);
  piece.wrong = true;
  return piece;
}

Piece Compiler::fail(std::size_t at, std::string what) {
  errors_.push_back({at, std::move(what)});
  return wrong();
}

std::uint32_t Compiler::add(FormulaNode node) {
  formula_.nodes.push_back(node);
  return static_cast<std::uint32_t>(formula_.nodes.size() - 1);
}

std::uint32_t Compiler::add_field(const Field& field) {
  formula_.fields.push_back(field);
  return static_cast<std::uint32_t>(formula_.fields.size() - 1);
}

Piece Compiler::constant(bool value) {
  return {.type = ValueType::truth,
          .node = add({.op = Op::constant_truth, .a = value}),
          .canonical = value ? "1" : "0"};
}

Piece Compiler::constant(const Number& value) {
  formula_.constants.push_back(value);
  const auto place = static_cast<std::uint32_t>(formula_.constants.size() - 1);
  return {.type = ValueType::number,
          .node = add({.op = Op::constant_number, .a = place}),
          .absent = value.state == Number::State::absent,
          .canonical = "#" + format_scaled(value.numerator, value.scale)};
}

bool Compiler::is_constant(const Piece& piece, bool value) const {
  const FormulaNode& node = formula_.nodes[piece.node];
  return node.op == Op::constant_truth && (node.a != 0) == value;
}

// --- what stands there must be of a type

Piece Compiler::truth(Piece piece, std::size_t at) {
  if (piece.wrong) {
    return piece;
  }
  if (piece.type != ValueType::truth) {
    return fail(at, "true or false is needed here, not " + std::string(name_of(piece.type)));
  }
  return piece.absent ? constant(false) : piece;
}

Piece Compiler::number(Piece piece, std::size_t at) {
  if (piece.type != ValueType::number && !piece.wrong) {
    return fail(at, "a number is needed here, not " + std::string(name_of(piece.type)));
  }
  return piece;
}

Piece Compiler::compile(std::uint32_t at) {
  Piece piece = compile(syntax_.nodes[at]);
  piece.from = at;
  piece.wrong |= trace_.is_refused(at);
  trace_.fits(at);
  return piece;
}

Piece Compiler::compile(const SyntaxNode& node) {
  switch (node.kind) {
    case SyntaxKind::number:
      return constant(Number::of(node.value));
    case SyntaxKind::text:
      return {.type = ValueType::text,
              .literal = node.text,
              .is_literal = true,
              .canonical = quoted(node.text)};
    case SyntaxKind::truth:
      return constant(node.text == "true");
    case SyntaxKind::name:
      return name(node);
    case SyntaxKind::call:
      return call(node);
    case SyntaxKind::unary:
      return node.text == "not" ? negation(node) : minus(node);
    case SyntaxKind::binary:
      return binary(node);
    case SyntaxKind::list:
      break;
  }
  return fail(node.at, "a list stands only behind 'in'");
}

Piece Compiler::name(const SyntaxNode& node) {
  const auto meaning = names_.name(node.text);
  if (!meaning) {
    return fail(node.at, meaning.error());
  }
  if (const auto* value = std::get_if<Number>(&meaning->is)) {
    return constant(*value);
  }
  if (const auto* let = std::get_if<Meaning::Let>(&meaning->is)) {
    return {.type = ValueType::number,
            .node = add({.op = Op::let, .a = let->place}),
            .canonical = "let" + std::to_string(let->place)};
  }
  if (const auto* absent = std::get_if<Meaning::Absent>(&meaning->is)) {
    Piece piece = absent->type == ValueType::truth ? constant(false) : constant(Number::absent());
    piece.type = absent->type;
    piece.absent = true;
    piece.canonical = "absent";
    return piece;
  }
  if (const auto* word = std::get_if<Meaning::Word>(&meaning->is)) {
    return {.type = ValueType::word,
            .literal = std::string(word->word),
            .is_known_word = true,
            .canonical = quoted(word->word)};
  }
  return field(std::get<Field>(meaning->is));
}

Piece Compiler::field(const Field& field) {
  const std::uint32_t place = add_field(field);
  Piece piece{.type = field.type, .canonical = "f(" + key_of(field) + ")"};
  if (field.type == ValueType::number) {
    piece.node = add({.op = Op::number_field, .a = place});
  } else if (field.type == ValueType::truth) {
    piece.node = add({.op = Op::truth_field, .a = place});
  } else {
    piece.node = place;  // until it is compared
    fields_.push_back(field);
    piece.field = &fields_.back();
  }
  return piece;
}

Piece Compiler::call(const SyntaxNode& node) {
  const auto meaning = names_.call(syntax_, node);
  if (!meaning) {
    errors_.insert(errors_.end(), meaning.error().begin(), meaning.error().end());
    return wrong();
  }
  return {.type = ValueType::number,
          .node = add({.op = meaning->op, .a = meaning->place}),
          .canonical = "call" + std::to_string(static_cast<int>(meaning->op)) + "." +
                       std::to_string(meaning->place)};
}

Piece Compiler::negation(const SyntaxNode& node) {
  const Piece of = truth(compile(node, 0), syntax_.child(node, 0).at);
  if (of.wrong) {
    return of;
  }
  if (is_constant(of, true) || is_constant(of, false)) {
    return constant(is_constant(of, false));
  }
  return {.type = ValueType::truth,
          .node = add({.op = Op::negation, .a = of.node}),
          .canonical = "!(" + of.canonical + ")"};
}

Piece Compiler::minus(const SyntaxNode& node) {
  const Piece of = number(compile(node, 0), syntax_.child(node, 0).at);
  if (of.wrong) {
    return of;
  }
  if (formula_.nodes[of.node].op == Op::constant_number) {
    return constant(-Number(formula_.constants[formula_.nodes[of.node].a]));
  }
  return {.type = ValueType::number,
          .node = add({.op = Op::negate, .a = of.node}),
          .absent = of.absent,
          .canonical = "-(" + of.canonical + ")"};
}

Piece Compiler::binary(const SyntaxNode& node) {
  if (node.text == "and" || node.text == "or") {
    return joined(node);
  }
  if (node.text == "in") {
    return among(node);
  }
  const SyntaxNode& left_node = syntax_.child(node, 0);
  const SyntaxNode& right_node = syntax_.child(node, 1);
  const Piece left = compile(node, 0), right = compile(node, 1);
  if (const auto comparison = comparison_of(node.text)) {
    return comparing(node, *comparison, left, right);
  }
  return arithmetic(node, number(left, left_node.at), number(right, right_node.at));
}

Piece Compiler::joined(const SyntaxNode& node) {
  const bool both = node.text == "and";
  const Piece left = truth(compile(node, 0), syntax_.child(node, 0).at);
  if (!left.wrong && is_constant(left, !both)) {
    return left;  // the rest does not matter, and need not have a meaning, for this event
  }
  const Piece right = truth(compile(node, 1), syntax_.child(node, 1).at);
  if (left.wrong || right.wrong) {
    return wrong();
  }
  if (is_constant(left, both) || is_constant(right, !both)) {
    return right;
  }
  if (is_constant(right, both)) {
    return left;
  }
  return {.type = ValueType::truth,
          .node = add({.op = both ? Op::both : Op::either, .a = left.node, .b = right.node}),
          .canonical = "(" + left.canonical + (both ? "&" : "|") + right.canonical + ")"};
}

Piece Compiler::arithmetic(const SyntaxNode& node, const Piece& left, const Piece& right) {
  const Op op = node.text == "+"   ? Op::add
                : node.text == "-" ? Op::subtract
                : node.text == "*" ? Op::multiply
                                   : Op::divide;
  if (left.wrong || right.wrong) {
    return wrong();
  }
  if (left.absent || right.absent) {
    Piece piece = constant(Number::absent());
    piece.canonical = "absent";
    return piece;
  }
  return {.type = ValueType::number,
          .node = add({.op = op, .a = left.node, .b = right.node}),
          .canonical = "(" + left.canonical + node.text + right.canonical + ")"};
}

SyntaxErrors CompileTrace::refuse_words(const Syntax& syntax) {
  SyntaxErrors errors;
  for (std::size_t at = 0; at < notes_.size(); ++at) {
    Note& note = notes_[at];
    if (!note.why.empty() && !note.word_fits) {
      note.refused = true;
      errors.push_back({syntax.nodes[at].at, note.why});
    }
  }
  return errors;
}

SyntaxErrors CompileTrace::idle(const Syntax& syntax, std::uint32_t root) const {
  const SyntaxNode& node = syntax.nodes[root];
  if (!notes_[root].fits) {
    return {{node.at, "this says nothing about any event in `on`"}};
  }
  SyntaxErrors errors;
  for (const std::uint32_t child : node.children) {
    const SyntaxErrors below = idle(syntax, child);
    errors.insert(errors.end(), below.begin(), below.end());
  }
  return errors;
}

std::expected<Formula, SyntaxErrors> compile(const Syntax& syntax, std::uint32_t root,
                                             ValueType wanted, const CompileNames& names,
                                             CompileTrace& trace) {
  return Compiler(syntax, names, trace).run(root, wanted);
}

}  // namespace marktwacht
