// The grammar of RFC 8259, by hand and strict.
#include "events/json_text.h"

#include <simdjson.h>

#include <cstdint>
#include <cstring>

namespace marktwacht {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// One past the digits that start at `at`.
const char* skip_digits(const char* at, const char* end) {
  while (at != end && is_digit(*at)) {
    ++at;
  }
  return at;
}

// One past "-" and the whole part, or nullptr.
const char* skip_integer(const char* at, const char* end) {
  at += at != end && *at == '-' ? 1 : 0;
  if (at == end || !is_digit(*at)) {
    return nullptr;
  }
  return *at == '0' ? at + 1 : skip_digits(at, end);
}

// The four hexadecimal digits at `at`; -1 when they are not that.
int hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) {
    return -1;
  }
  int value = 0;
  for (const char c : text.substr(at, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    if (!is_digit(c) && (lower < 'a' || lower > 'f')) {
      return -1;
    }
    value = value * 16 + (is_digit(c) ? c - '0' : lower - 'a' + 10);
  }
  return value;
}

void append_utf8(std::uint32_t point, std::string& out) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | point >> 6));
    out.push_back(tail(0));
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | point >> 12));
    out.push_back(tail(6));
    out.push_back(tail(0));
  } else {
    out.push_back(static_cast<char>(0xF0 | point >> 18));
    out.push_back(tail(12));
    out.push_back(tail(6));
    out.push_back(tail(0));
  }
}

// Replaces "uXXXX" (or a pair of them) at `at`; the bytes used, 0 for a fault.
std::size_t unescape_unicode(std::string_view raw, std::size_t at, std::string& out) {
  const int high = hex4(raw, at + 1);
  if (high < 0 || (high >= 0xDC00 && high <= 0xDFFF)) {
    return 0;
  }
  if (high < 0xD800 || high > 0xDBFF) {
    append_utf8(static_cast<std::uint32_t>(high), out);
    return 5;
  }
  const int low = raw.substr(at + 5, 2) == "\\u" ? hex4(raw, at + 7) : -1;
  if (low < 0xDC00 || low > 0xDFFF) {
    return 0;
  }
  append_utf8(static_cast<std::uint32_t>(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), out);
  return 11;
}

// Walks one value, copying its tokens.
class JsonCheck {
 public:
  JsonCheck(std::string_view text, std::string& minified)
      : at_(text.data()), end_(text.data() + text.size()), out_(minified) {}

  const char* at() const { return at_; }

  bool value(int levels) {
    skip_spaces();
    if (at_ == end_) {
      return false;
    }
    switch (*at_) {
      case '{':
        return levels > 0 && object(levels - 1);
      case '[':
        return levels > 0 && array(levels - 1);
      case '"':
        key_.clear();
        return string(key_);
      default:
        return scalar();
    }
  }

 private:
  void skip_spaces() {
    while (at_ != end_ && is_space(*at_)) {
      ++at_;
    }
  }

  bool take(char c) {
    skip_spaces();
    if (at_ == end_ || *at_ != c) {
      return false;
    }
    out_.push_back(*at_++);
    return true;
  }

  bool array(int levels) {
    take('[');
    if (take(']')) {
      return true;
    }
    do {
      if (!value(levels)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  bool object(int levels) {
    take('{');
    if (take('}')) {
      return true;
    }
    std::vector<std::string> keys;
    do {
      skip_spaces();
      if (!string(keys.emplace_back()) || !take(':') || !value(levels)) {
        return false;
      }
    } while (take(','));
    return take('}') && all_different(keys);
  }

  bool string(std::string& unescaped) {
    const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
    const std::size_t size = rest.starts_with('"') ? json_string_size(rest) : 0;
    if (size == 0) {
      return false;
    }
    const std::string_view whole = rest.substr(0, size);
    const bool control =
        std::ranges::any_of(whole, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (control || !unescape_json(whole.substr(1, size - 2), unescaped)) {
      return false;
    }
    out_.append(whole);
    at_ += size;
    return true;
  }

  bool scalar() {
    const char* first = at_;
    while (at_ != end_ && !is_space(*at_) && *at_ != ',' && *at_ != ']' && *at_ != '}') {
      ++at_;
    }
    const std::string_view text(first, static_cast<std::size_t>(at_ - first));
    out_.append(text);
    return text == "true" || text == "false" || text == "null" || is_json_number(text);
  }

  const char* at_;
  const char* end_;
  std::string& out_;
  std::string key_;
};

}  // namespace

bool is_json_integer(std::string_view text) {
  const char* end = text.data() + text.size();
  return skip_integer(text.data(), end) == end && !text.empty();
}

bool is_json_number(std::string_view text) {
  const char* end = text.data() + text.size();
  const char* at = skip_integer(text.data(), end);
  if (at != nullptr && at != end && *at == '.') {
    const char* first = at + 1;
    at = skip_digits(first, end);
    at = at == first ? nullptr : at;
  }
  if (at != nullptr && at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    at += at != end && (*at == '+' || *at == '-') ? 1 : 0;
    const char* first = at;
    at = skip_digits(first, end);
    at = at == first ? nullptr : at;
  }
  return at == end && !text.empty();
}

std::size_t json_string_size(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return 0;
}

bool unescape_json(std::string_view raw, std::string& out) {
  static constexpr std::string_view letters = "\"\\/bfnrt";
  static constexpr std::string_view bytes = "\"\\/\b\f\n\r\t";
  std::size_t at = 0;
  for (;;) {
    const std::size_t escape = raw.find('\\', at);
    out.append(raw.substr(at, escape - at));
    if (escape == raw.npos) {
      return true;
    }
    at = escape + 1;
    if (at == raw.size()) {
      return false;
    }
    if (raw[at] == 'u') {
      const std::size_t used = unescape_unicode(raw, at, out);
      if (used == 0) {
        return false;
      }
      at += used;
    } else {
      const std::size_t letter = letters.find(raw[at]);
      if (letter == letters.npos) {
        return false;
      }
      out.push_back(bytes[letter]);
      ++at;
    }
  }
}

std::size_t check_json(std::string_view text, int levels_max, std::string& minified) {
  JsonCheck check(text, minified);
  return check.value(levels_max) ? static_cast<std::size_t>(check.at() - text.data()) : 0;
}

int bracket_levels(std::string_view text) {
  int level = 0, deepest = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t size = json_string_size(text.substr(at));
      if (size == 0) {
        break;
      }
      at += size - 1;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++level);
    } else if ((c == '}' || c == ']') && level > 0) {
      --level;
    }
  }
  return deepest;
}

bool is_utf8(std::string_view text) {
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t high = 0;
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    high |= word;
  }
  for (; left > 0; ++at, --left) {
    high |= static_cast<unsigned char>(*at);
  }
  return (high & 0x8080'8080'8080'8080) == 0 || simdjson::validate_utf8(text);
}

}  // namespace marktwacht
