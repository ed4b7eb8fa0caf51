// Comparisons, and whether a word or text is one of several.
#include <algorithm>

#include "rules/compiler.h"

namespace marktwacht {
namespace {

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    text += (text.empty() ? "" : ", ") + std::string(word);
  }
  return text;
}

}  // namespace

Piece Compiler::comparing(const SyntaxNode& node, Comparison comparison, const Piece& left,
                          const Piece& right) {
  if (left.wrong || right.wrong) {
    return wrong();
  }
  if (left.type == ValueType::number && right.type == ValueType::number) {
    if (left.absent || right.absent) {
      return constant(false);
    }
    return {
        .type = ValueType::truth,
        .node = add({.op = Op::compare, .comparison = comparison, .a = left.node, .b = right.node}),
        .canonical = "(" + left.canonical + node.text + right.canonical + ")"};
  }
  const bool equality = comparison == Comparison::equal || comparison == Comparison::unequal;
  if (!equality) {
    return fail(node.at, "only numbers are more or less");
  }
  const Piece& named = left.is_literal ? right : left;
  const Piece& literal = left.is_literal ? left : right;
  if (!literal.is_literal || named.is_literal || named.type == ValueType::number ||
      named.type == ValueType::truth) {
    return fail(node.at, "a " + std::string(node.text) +
                             " compares two numbers, or a word or text with one in quotes; true "
                             "or false stands alone, or behind 'not'");
  }
  return membership(named, {literal}, comparison == Comparison::unequal);
}

Piece Compiler::among(const SyntaxNode& node) {
  const Piece named = compile(node, 0);
  trace_.fits(node.children[1]);
  const SyntaxNode& list = syntax_.child(node, 1);
  std::vector<Piece> literals;
  Piece any = constant(false);
  bool broken = named.wrong;
  for (std::size_t at = 0; at < list.children.size(); ++at) {
    const SyntaxNode& member = syntax_.child(list, at);
    const Piece piece = compile(list, at);
    if (named.wrong || piece.wrong) {
      broken = true;
    } else if (named.type == ValueType::number && piece.type == ValueType::number) {
      const Piece equal =
          comparing({SyntaxKind::binary, "==", {}, member.at, {}}, Comparison::equal, named, piece);
      any = {.type = ValueType::truth,
             .node = add({.op = Op::either, .a = any.node, .b = equal.node}),
             .canonical = "(" + any.canonical + "|" + equal.canonical + ")"};
    } else if (piece.is_literal && named.type != ValueType::number) {
      literals.push_back(piece);
    } else {
      fail(member.at,
           "the list must hold what stands before 'in': words and texts in quotes, "
           "or numbers");
      broken = true;
    }
  }
  if (!named.wrong && (named.is_literal || named.type == ValueType::truth)) {
    return fail(node.at, "a field stands before 'in'");
  }
  if (broken) {
    return wrong();
  }
  if (named.type == ValueType::number) {
    return any;
  }
  return membership(named, literals, false);
}

// Whether a word or text is one of `literals` (or is none of them; absent is false either way).
Piece Compiler::membership(const Piece& named, const std::vector<Piece>& literals, bool none) {
  if (named.is_known_word) {
    const bool found = std::ranges::any_of(
        literals, [&](const Piece& literal) { return literal.literal == named.literal; });
    return constant(found != none);
  }
  if (named.absent) {
    return constant(false);
  }
  if (named.type == ValueType::word) {
    return word_membership(named, literals, none);
  }
  Piece piece{.type = ValueType::truth, .canonical = named.canonical + (none ? "!" : "") + "{"};
  std::vector<std::string>& list = formula_.texts.emplace_back();
  for (const Piece& literal : literals) {
    list.push_back(literal.literal);
    piece.canonical += std::to_string(literal.literal.size()) + quoted(literal.literal);
  }
  const auto place = static_cast<std::uint32_t>(formula_.texts.size() - 1);
  piece.node = add({.op = Op::text_among, .a = named.node, .b = place, .mask = none});
  return piece;
}

// A word that this event's field does not have may be one of another event's.
Piece Compiler::word_membership(const Piece& named, const std::vector<Piece>& literals, bool none) {
  const auto words = named.field->words;
  std::uint64_t mask = 0;
  for (const Piece& literal : literals) {
    const auto found = std::ranges::find(words, literal.literal);
    if (found == words.end()) {
      trace_.word_unfit(literal.from, quoted(literal.literal) +
                                          " is no word of this field; allowed: " + listed(words));
    } else {
      trace_.word_fits(literal.from);
      mask |= std::uint64_t{1} << (found - words.begin());
    }
  }
  const Op op = none ? Op::word_not_among : Op::word_among;
  return {.type = ValueType::truth,
          .node = add({.op = op, .a = named.node, .mask = mask}),
          .canonical = named.canonical + "&" + std::to_string(none ? ~mask : mask)};
}

}  // namespace marktwacht
