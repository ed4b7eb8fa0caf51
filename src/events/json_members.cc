// Walks minified text; json_text.h has checked it.
#include "events/json_members.h"

#include <algorithm>
#include <charconv>

#include "events/json_text.h"

namespace marktwacht {
namespace {

constexpr int levels_max = 16;

// The size of the value that `text` starts with; its grammar was checked.
std::size_t value_size(std::string_view text) {
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '"':
        at += json_string_size(text.substr(at)) - 1;
        break;
      case '[':
      case '{':
        ++depth;
        break;
      case ']':
      case '}':
        if (depth == 0) {
          return at;
        }
        --depth;
        break;
      case ',':
        if (depth == 0) {
          return at;
        }
        break;
      default:
        break;
    }
  }
  return text.size();
}

std::optional<std::string> text_of(std::string_view value) {
  if (is_json_integer(value)) {
    return std::string(value);
  }
  std::string text;
  if (value.size() < 2 || value.front() != '"' ||
      !unescape_json(value.substr(1, value.size() - 2), text)) {
    return std::nullopt;
  }
  return text;
}

template <class Integer>
std::optional<Integer> whole_number(std::string_view digits) {
  Integer integer = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
  return digits.empty() || fault != std::errc{} || end != digits.data() + digits.size()
             ? std::nullopt
             : std::optional(integer);
}

// What stands between the brackets of a container, cut at its commas.
std::vector<std::string_view> parts_of(std::string_view inside) {
  std::vector<std::string_view> parts;
  while (!inside.empty()) {
    const std::size_t size = value_size(inside);
    parts.push_back(inside.substr(0, size));
    inside.remove_prefix(std::min(size + 1, inside.size()));
  }
  return parts;
}

}  // namespace

std::optional<JsonMembers> JsonMembers::of(std::string_view text) {
  std::string minified;
  if (text.empty() || text.front() != '{' || !is_utf8(text) ||
      check_json(text, levels_max, minified) != text.size() || minified.size() != text.size()) {
    return std::nullopt;
  }
  JsonMembers object;
  for (const std::string_view part : parts_of(text.substr(1, text.size() - 2))) {
    const std::size_t key_size = json_string_size(part);
    auto key = text_of(part.substr(0, key_size));
    if (!key) {
      return std::nullopt;
    }
    object.members_.emplace_back(*std::move(key), part.substr(key_size + 1));
  }
  return object;
}

std::string_view JsonMembers::value(std::string_view name) const {
  const auto found = std::ranges::find(members_, name, &decltype(members_)::value_type::first);
  return found == members_.end() || found->second == "null" ? std::string_view{} : found->second;
}

std::optional<std::string> JsonMembers::text(std::string_view name) const {
  return text_of(value(name));
}

std::optional<std::int64_t> JsonMembers::integer(std::string_view name) const {
  return whole_number<std::int64_t>(value(name));
}

std::optional<std::uint64_t> JsonMembers::number(std::string_view name) const {
  return whole_number<std::uint64_t>(value(name));
}

std::optional<Decimal> JsonMembers::decimal(std::string_view name) const {
  const std::string_view digits = value(name);
  if (is_json_number(digits)) {
    return parse_decimal(digits);
  }
  const auto text = text_of(digits);
  return text ? parse_decimal(*text) : std::nullopt;
}

std::optional<bool> JsonMembers::flag(std::string_view name) const {
  const std::string_view word = value(name);
  return word == "true" || word == "false" ? std::optional(word == "true") : std::nullopt;
}

std::optional<std::vector<std::string_view>> JsonMembers::elements(std::string_view name) const {
  const std::string_view array = value(name);
  if (array.empty() || array.front() != '[') {
    return std::nullopt;
  }
  return parts_of(array.substr(1, array.size() - 2));
}

std::optional<std::vector<std::string>> JsonMembers::texts(std::string_view name) const {
  const auto parts = elements(name);
  if (!parts) {
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const std::string_view part : *parts) {
    auto text = text_of(part);
    if (!text) {
      return std::nullopt;
    }
    texts.push_back(*std::move(text));
  }
  return texts;
}

}  // namespace marktwacht
