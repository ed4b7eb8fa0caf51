// The canonical line of an event, and refused lines as JSON.
#include <algorithm>
#include <array>
#include <charconv>

#include "events/ndjson.h"

namespace marktwacht {
namespace {

template <class Integer>
void append_integer(Integer value, std::string& out) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

// The bytes of the character that `text` starts with, or minus the bytes to replace by one U+FFFD:
// the longest part that begins a character, as Unicode recommends.
int utf8_size(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned lead = byte(0);
  const int size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (size == 0 || lead > 0xF4) {
    return -1;
  }
  for (int i = 1; i < size; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const unsigned low = i > 1 ? 0x80U : lead == 0xE0 ? 0xA0U : lead == 0xF0 ? 0x90U : 0x80U;
    const unsigned high = i > 1 ? 0xBFU : lead == 0xED ? 0x9FU : lead == 0xF4 ? 0x8FU : 0xBFU;
    if (at >= text.size() || byte(at) < low || byte(at) > high) {
      return -i;
    }
  }
  return size;
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

void append_escape(char c, std::string& out) {
  static constexpr std::string_view bytes = "\"\\\b\f\n\r\t";
  static constexpr std::string_view letters = "\"\\bfnrt";
  static constexpr std::string_view digits = "0123456789abcdef";
  out.push_back('\\');
  if (const std::size_t at = bytes.find(c); at != bytes.npos) {
    out.push_back(letters[at]);
  } else {
    out += "u00";
    out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
}

template <class Each, class Write>
void append_array(const Each& each, std::string& out, Write write) {
  out.push_back('[');
  bool first = true;
  for (const auto& element : each) {
    if (!first) {
      out.push_back(',');
    }
    first = false;
    write(element);
  }
  out.push_back(']');
}

// Words hold nothing to escape.
void append_word(std::string_view word, std::string& out) {
  out.push_back('"');
  out += word;
  out.push_back('"');
}

void append_word_set(std::uint32_t set, std::span<const std::string_view> words, std::string& out) {
  out.push_back('[');
  for (std::size_t i = 0; i < words.size(); ++i) {
    if ((set >> i & 1) != 0) {
      out += out.back() == '[' ? "" : ",";
      append_word(words[i], out);
    }
  }
  out.push_back(']');
}

void append_minutes(std::span<const std::uint16_t> minutes, std::string& out) {
  append_array(minutes, out, [&](std::uint16_t minute) {
    const char text[] = {
        static_cast<char>('0' + minute / 600), static_cast<char>('0' + minute / 60 % 10), ':',
        static_cast<char>('0' + minute % 60 / 10), static_cast<char>('0' + minute % 10)};
    append_word({text, sizeof text}, out);
  });
}

void append_value(const FieldInfo& field, const Event& event, std::string& out) {
  switch (field.kind) {
    case FieldKind::id:
    case FieldKind::free_text:
      return write_json_string(member<Text>(event, field).view(), out);
    case FieldKind::ids:
      return append_array(member<std::span<const Text>>(event, field), out,
                          [&](const Text& id) { write_json_string(id.view(), out); });
    case FieldKind::json:
      out += member<Text>(event, field).view();
      return;
    case FieldKind::decimal:
    case FieldKind::positive:
    case FieldKind::non_negative:
      return append_word(format_decimal(member<Decimal>(event, field)), out);
    case FieldKind::count:
      return append_integer(member<std::int64_t>(event, field), out);
    case FieldKind::time:
      return append_integer(member<Time>(event, field).ns, out);
    case FieldKind::flag:
      out += member<bool>(event, field) ? "true" : "false";
      return;
    case FieldKind::word:
      return append_word(field.words[member<std::uint8_t>(event, field)], out);
    case FieldKind::word_set:
      return append_word_set(member<std::uint32_t>(event, field), field.words, out);
    case FieldKind::minutes:
      return append_minutes(member<std::span<const std::uint16_t>>(event, field), out);
  }
}

}  // namespace

void write_json_string(std::string_view text, std::string& out) {
  out.push_back('"');
  while (!text.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) {
      break;
    }
    const char c = text.front();
    const int size = utf8_size(text);
    if (size < 0) {
      out += "\uFFFD";
    } else if (size > 1 || c == 0x7F) {
      out.append(text.substr(0, static_cast<std::size_t>(size)));
    } else {
      append_escape(c, out);
    }
    text.remove_prefix(static_cast<std::size_t>(size < 0 ? -size : size));
  }
  out.push_back('"');
}

void write_ndjson(const Event& event, std::string& out) {
  const EventInfo& info = event_info(event.type);
  out += "{\"type\":\"";
  out += info.word;
  out += "\",\"ts\":";
  append_integer(event.ts.ns, out);
  if (event.source.data != nullptr) {
    out += ",\"source\":";
    write_json_string(event.source.view(), out);
  }
  if (event.has_source_seq) {
    out += ",\"source_seq\":";
    append_integer(event.source_seq, out);
  }
  for (std::size_t i = 0; i < info.fields.size(); ++i) {
    if (event.has(i)) {
      out += ",\"";
      out += info.fields[i].name;
      out += "\":";
      append_value(info.fields[i], event, out);
    }
  }
  out.push_back('}');
}

void write_rejected(const Rejected& rejected, std::string& out) {
  out += "{\"line\":";
  append_integer(rejected.line, out);
  out += ",\"offset\":";
  append_integer(rejected.offset, out);
  out += ",\"reason\":\"";
  out += word_of(rejected.fault.reason);
  if (!rejected.fault.field.empty()) {
    out += "\",\"field\":\"";
    out += rejected.fault.field;
  }
  out += "\",\"head\":";
  write_json_string(rejected.head, out);
  out.push_back('}');
}

}  // namespace marktwacht
