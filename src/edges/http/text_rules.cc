// Small questions about the text of HTTP headers.
#include "edges/http/text_rules.h"

#include <algorithm>

namespace marktwacht {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool is_token(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

// "q=0", "q=0.0": not wanted.
bool is_weight_zero(std::string_view parameter) {
  return parameter.size() >= 3 && lower(parameter[0]) == 'q' && parameter[1] == '=' &&
         parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view without_spaces_around(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool list_holds(std::string_view list, std::string_view item) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view part = list.substr(0, comma);
    const std::size_t semicolon = std::min(part.find(';'), part.size());
    if (same_in_any_case(without_spaces_around(part.substr(0, semicolon)), item)) {
      const std::string_view parameter = part.substr(std::min(semicolon + 1, part.size()));
      return !is_weight_zero(without_spaces_around(parameter));
    }
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, is_token);
}

bool is_header_value(std::string_view value) {
  return std::ranges::none_of(value, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

}  // namespace marktwacht
