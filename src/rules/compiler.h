// How an expression is compiled: one for each expression and event, used once.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile.h"

namespace marktwacht {

// The result of compiling one node.
struct Piece {
  ValueType type{};
  std::uint32_t node = 0;  // of a truth or number
  bool absent = false;
  const Field* field = nullptr;  // of a word or text field, not yet compared
  std::string literal{};         // of a quoted text
  bool is_literal = false;
  bool is_known_word = false;  // `literal` is the event's own word
  bool wrong = false;          // an error was told: no other follows from it
  std::uint32_t from = 0;      // the syntax node
  std::string canonical{};
};

inline std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

// Types are checked; what is constant or absent is folded away.
class Compiler {
 public:
  Compiler(const Syntax& syntax, const CompileNames& names, CompileTrace& trace)
      : syntax_(syntax), names_(names), trace_(trace) {}
  std::expected<Formula, SyntaxErrors> run(std::uint32_t root, ValueType wanted);

 private:
  Piece wrong();
  Piece fail(std::size_t at, std::string what);
  std::uint32_t add(FormulaNode node);
  std::uint32_t add_field(const Field& field);
  Piece constant(bool value);
  Piece constant(const Number& value);
  bool is_constant(const Piece& piece, bool value) const;
  Piece truth(Piece piece, std::size_t at);
  Piece number(Piece piece, std::size_t at);
  Piece compile(std::uint32_t at);
  // A child of `node`.
  Piece compile(const SyntaxNode& node, std::size_t which) { return compile(node.children[which]); }
  Piece compile(const SyntaxNode& node);
  Piece name(const SyntaxNode& node);
  Piece field(const Field& field);
  Piece call(const SyntaxNode& node);
  Piece negation(const SyntaxNode& node);
  Piece minus(const SyntaxNode& node);
  Piece binary(const SyntaxNode& node);
  Piece joined(const SyntaxNode& node);
  Piece arithmetic(const SyntaxNode& node, const Piece& left, const Piece& right);
  Piece comparing(const SyntaxNode& node, Comparison comparison, const Piece& left,
                  const Piece& right);
  Piece among(const SyntaxNode& node);
  Piece membership(const Piece& named, const std::vector<Piece>& literals, bool none);
  Piece word_membership(const Piece& named, const std::vector<Piece>& literals, bool none);

  const Syntax& syntax_;
  const CompileNames& names_;
  CompileTrace& trace_;
  Formula formula_;
  std::deque<Field> fields_;  // that pieces point to
  SyntaxErrors errors_;
};

}  // namespace marktwacht
