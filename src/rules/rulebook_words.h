// Words and numbers of a rulebook, as they stand in TOML.
#pragma once

#include <toml++/toml.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "rules/rulebook.h"

namespace marktwacht {

inline constexpr std::array<std::string_view, 8> part_words = {
    "account", "group", "person", "instrument", "device", "ip", "asset", "address"};

inline int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }
// Empty where it is no text.
inline std::string text_of(const toml::node& node) {
  return node.value_exact<std::string>().value_or(std::string());
}

template <std::size_t size>
std::string listed(const std::array<std::string_view, size>& words) {
  std::string text;
  for (const std::string_view word : words) {
    text += (text.empty() ? "" : " ") + std::string(word);
  }
  return text;
}

// Lower-case letters, digits, - and _, a letter first.
bool is_name(std::string_view text);
// A whole number, a decimal, or a decimal in quotes. A TOML float is taken by its shortest text.
std::optional<Number> number_of(const toml::node& node);
std::optional<Window> parse_window(std::string_view text);
// Over everything that makes the rule what it is.
Digest content_hash(const RuleSpec& spec);

}  // namespace marktwacht
