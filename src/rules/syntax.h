// The expression language as text: a tree of what stands there, nothing of what it means.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"

namespace marktwacht {

enum class SyntaxKind : std::uint8_t {
  number,  // `value`
  text,    // `text`: a word or text in quotes
  truth,   // `text`: true or false
  name,    // `text`: a.b or a
  call,    // `text` is the function, the children its arguments
  list,    // [a, b]: the right side of `in`
  unary,   // `text`: not -
  binary   // `text`: + - * / == != < <= > >= and or in
};

struct SyntaxNode {
  SyntaxKind kind{};
  std::string text;
  Decimal value;
  std::size_t at = 0;  // offset in the text, in bytes
  std::vector<std::uint32_t> children;
};

// Children stand before their parents; the root stands last.
struct Syntax {
  std::vector<SyntaxNode> nodes;

  const SyntaxNode& root() const { return nodes.back(); }
  const SyntaxNode& child(const SyntaxNode& node, std::size_t which) const {
    return nodes[node.children[which]];
  }
};

struct SyntaxError {
  std::size_t at = 0;  // offset in the text, in bytes
  std::string what;

  auto operator<=>(const SyntaxError&) const = default;
};
using SyntaxErrors = std::vector<SyntaxError>;

inline constexpr std::size_t expression_bytes_max = 4'096;
inline constexpr int expression_levels_max = 64;

std::expected<Syntax, SyntaxError> parse_expression(std::string_view text);

}  // namespace marktwacht
