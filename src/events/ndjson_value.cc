// The switch on FieldKind for text.
#include "events/ndjson_value.h"

#include <limits>
#include <optional>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "events/batch.h"
#include "events/json_text.h"

namespace marktwacht {
namespace {

constexpr std::uint64_t int64_max = std::numeric_limits<std::int64_t>::max();

// A token that is none of its field's kind: null, another value, or no JSON at all.
ValueRead other_kind(std::string_view token, const ValueContext& context) {
  const ValueRead reading = read_any(token, context);
  return reading == ValueRead::good ? ValueRead::bad : reading;
}

// The elements of an array that check_json has minified, one token after the other.
class Elements {
 public:
  explicit Elements(std::string_view array) : rest_(array.substr(1)) {}

  bool next(std::string_view& token) {
    if (rest_.starts_with(']')) {
      return false;
    }
    rest_.remove_prefix(rest_.starts_with(',') ? 1 : 0);
    const bool is_string = rest_.starts_with('"');
    const std::size_t size = is_string ? json_string_size(rest_) : rest_.find_first_of(",]");
    token = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

 private:
  std::string_view rest_;
};

// Copies the container that `token` starts with into the arena, minified; nothing if it is broken.
std::optional<std::string_view> copy_container(std::string_view token,
                                               const ValueContext& context) {
  context.scratch.clear();
  if (check_json(token, line_levels_max - 1, context.scratch) == 0) {
    return std::nullopt;
  }
  return context.arena.copy(std::string_view(context.scratch));
}

// Reads each element with `read` until one is not good.
template <class Read>
ValueRead read_array(std::string_view token, const ValueContext& context, Read read) {
  if (!token.starts_with('[')) {
    return other_kind(token, context);
  }
  const auto array = copy_container(token, context);
  if (!array) {
    return ValueRead::broken;
  }
  Elements elements(*array);
  for (std::string_view element; elements.next(element);) {
    // An element is JSON already; a container, or a cut of one, is no value of any kind here.
    if (element.starts_with('[') || element.starts_with('{') || read(element) != ValueRead::good) {
      return ValueRead::bad;
    }
  }
  return ValueRead::good;
}

ValueRead read_decimal(FieldKind kind, std::string_view token, const ValueContext& context,
                       Decimal& out) {
  std::string_view text = token;
  const bool is_string = token.starts_with('"');
  if (is_string) {
    if (const ValueRead reading = read_string(token, context, text); reading != ValueRead::good) {
      return reading;
    }
  }
  const auto value = parse_decimal(text);
  if (!value) {
    return is_string ? ValueRead::bad : other_kind(token, context);
  }
  if ((kind == FieldKind::positive && !value->positive()) ||
      (kind == FieldKind::non_negative && value->negative())) {
    return ValueRead::bad;
  }
  out = *value;
  return ValueRead::good;
}

ValueRead read_word(std::string_view token, std::span<const std::string_view> words,
                    const ValueContext& context, std::uint8_t& out) {
  std::string_view text;
  if (const ValueRead reading = read_string(token, context, text); reading != ValueRead::good) {
    return reading;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == text) {
      out = static_cast<std::uint8_t>(i);
      return ValueRead::good;
    }
  }
  return ValueRead::bad;
}

ValueRead read_word_set(const FieldInfo& field, std::string_view token, const ValueContext& context,
                        std::uint32_t& out) {
  std::uint32_t set = 0;
  const ValueRead reading = read_array(token, context, [&](std::string_view element) {
    std::uint8_t word = 0;
    const ValueRead each = read_word(element, field.words, context, word);
    set |= std::uint32_t{1} << word;
    return each;
  });
  out = set;
  return reading;
}

ValueRead read_ids(std::string_view token, const ValueContext& context,
                   std::span<const Text>& out) {
  std::vector<Text> ids;
  const ValueRead reading = read_array(token, context, [&](std::string_view element) {
    return read_id(element, context, ids.emplace_back());
  });
  out = context.arena.copy(std::span<const Text>(ids));
  return reading;
}

// "HH:MM" as minutes of the day.
std::optional<std::uint16_t> parse_minutes(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
    return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) {
    return std::nullopt;
  }
  return static_cast<std::uint16_t>(hour * 60 + minute);
}

ValueRead read_minutes(std::string_view token, const ValueContext& context,
                       std::span<const std::uint16_t>& out) {
  std::vector<std::uint16_t> minutes;
  const ValueRead reading = read_array(token, context, [&](std::string_view element) {
    std::string_view text;
    const ValueRead each = read_string(element, context, text);
    const auto value = each == ValueRead::good ? parse_minutes(text) : std::nullopt;
    minutes.push_back(value.value_or(0));
    return value ? ValueRead::good : ValueRead::bad;
  });
  out = context.arena.copy(std::span<const std::uint16_t>(minutes));
  return reading;
}

ValueRead read_free_text(std::string_view token, const ValueContext& context, Text& out) {
  std::string_view text;
  const ValueRead reading = read_string(token, context, text);
  if (reading == ValueRead::good) {
    out = make_text(text);
  }
  return reading;
}

ValueRead read_json(std::string_view token, const ValueContext& context, Text& out) {
  if (token.starts_with('{') || token.starts_with('[')) {
    const auto copy = copy_container(token, context);
    out = copy ? make_text(*copy) : Text{};
    return copy ? ValueRead::good : ValueRead::broken;
  }
  const ValueRead reading = read_any(token, context);
  if (reading == ValueRead::good) {
    out = make_text(token);
  }
  return reading;
}

ValueRead read_flag(std::string_view token, const ValueContext& context, bool& out) {
  if (token != "true" && token != "false") {
    return other_kind(token, context);
  }
  out = token == "true";
  return ValueRead::good;
}

ValueRead read_count(const FieldInfo& field, std::string_view token, const ValueContext& context,
                     std::int64_t& out) {
  std::uint64_t value = 0;
  const auto max = static_cast<std::uint64_t>(field.max);
  const ValueRead reading = read_integer(token, max, context, value);
  out = static_cast<std::int64_t>(value);
  return reading;
}

}  // namespace

ValueRead read_any(std::string_view token, const ValueContext& context) {
  if (token.starts_with('"')) {
    context.scratch.clear();
    const bool good =
        !context.escapes || unescape_json(token.substr(1, token.size() - 2), context.scratch);
    return good ? ValueRead::good : ValueRead::broken;
  }
  if (token.starts_with('{') || token.starts_with('[')) {
    context.scratch.clear();
    const bool good = check_json(token, line_levels_max - 1, context.scratch) != 0;
    return good ? ValueRead::good : ValueRead::broken;
  }
  if (token == "null") {
    return ValueRead::absent;
  }
  const bool good = token == "true" || token == "false" || is_json_number(token);
  return good ? ValueRead::good : ValueRead::broken;
}

ValueRead read_string(std::string_view token, const ValueContext& context, std::string_view& text) {
  if (!token.starts_with('"')) {
    return other_kind(token, context);
  }
  text = token.substr(1, token.size() - 2);
  if (context.escapes && text.find('\\') != text.npos) {
    context.scratch.clear();
    if (!unescape_json(text, context.scratch)) {
      return ValueRead::broken;
    }
    text = context.arena.copy(std::string_view(context.scratch));
  }
  return ValueRead::good;
}

ValueRead read_id(std::string_view token, const ValueContext& context, Text& id) {
  std::string_view text = token;
  if (token.starts_with('"')) {
    if (const ValueRead reading = read_string(token, context, text); reading != ValueRead::good) {
      return reading;
    }
  } else if (!is_json_integer(token)) {
    return other_kind(token, context);
  }
  if (text.empty() || text.size() > id_bytes_max) {
    return ValueRead::bad;
  }
  id = make_text(text);
  return ValueRead::good;
}

ValueRead read_integer(std::string_view token, std::uint64_t max, const ValueContext& context,
                       std::uint64_t& value) {
  if (!is_json_integer(token)) {
    return other_kind(token, context);
  }
  if (token == "-0") {
    value = 0;
    return ValueRead::good;
  }
  std::uint64_t sum = 0;
  for (const char c : token) {
    if (c == '-' || __builtin_mul_overflow(sum, 10, &sum) ||
        __builtin_add_overflow(sum, static_cast<std::uint64_t>(c - '0'), &sum)) {
      return ValueRead::bad;
    }
  }
  value = sum;
  return sum <= max ? ValueRead::good : ValueRead::bad;
}

ValueRead read_time(std::string_view token, const ValueContext& context, Time& time) {
  if (!token.starts_with('"')) {
    std::uint64_t ns = 0;
    const ValueRead reading = read_integer(token, int64_max, context, ns);
    time.ns = static_cast<std::int64_t>(ns);
    return reading;
  }
  std::string_view text;
  if (const ValueRead reading = read_string(token, context, text); reading != ValueRead::good) {
    return reading;
  }
  const auto parsed = parse_rfc3339(text);
  time = parsed.value_or(Time{});
  return parsed ? ValueRead::good : ValueRead::bad;
}

ValueRead read_value(const FieldInfo& field, std::string_view token, const ValueContext& context,
                     Event& event) {
  switch (field.kind) {
    case FieldKind::id:
      return read_id(token, context, member<Text>(event, field));
    case FieldKind::ids:
      return read_ids(token, context, member<std::span<const Text>>(event, field));
    case FieldKind::free_text:
      return read_free_text(token, context, member<Text>(event, field));
    case FieldKind::json:
      return read_json(token, context, member<Text>(event, field));
    case FieldKind::decimal:
    case FieldKind::positive:
    case FieldKind::non_negative:
      return read_decimal(field.kind, token, context, member<Decimal>(event, field));
    case FieldKind::count:
      return read_count(field, token, context, member<std::int64_t>(event, field));
    case FieldKind::time:
      return read_time(token, context, member<Time>(event, field));
    case FieldKind::flag:
      return read_flag(token, context, member<bool>(event, field));
    case FieldKind::word:
      return read_word(token, field.words, context, member<std::uint8_t>(event, field));
    case FieldKind::word_set:
      return read_word_set(field, token, context, member<std::uint32_t>(event, field));
    case FieldKind::minutes:
      return read_minutes(token, context, member<std::span<const std::uint16_t>>(event, field));
  }
  check(false, "a known kind of field");
  __builtin_unreachable();
}

}  // namespace marktwacht
