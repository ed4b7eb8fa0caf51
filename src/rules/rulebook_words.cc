// Reading and writing the words of rulebooks.
#include "rules/rulebook_words.h"

#include <algorithm>
#include <charconv>

#include "base/bytes.h"

namespace marktwacht {

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text[0] >= 'a' && text[0] <= 'z' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
         });
}

std::optional<Number> number_of(const toml::node& node) {
  if (const auto whole = node.value_exact<std::int64_t>()) {
    return Number::of(*whole);
  }
  std::string digits = text_of(node);
  if (const auto floating = node.value_exact<double>()) {
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *floating).ptr;
    digits.assign(buffer.data(), end);
  }
  const auto value = parse_decimal(digits);
  const Number number = value ? Number::of(*value) : Number::faulty();
  return number.known() ? std::optional(number) : std::nullopt;
}

std::optional<Window> parse_window(std::string_view text) {
  if (text == "day") {
    return Window{WindowKind::trading_day, day};
  }
  const std::size_t space = text.find(' ');
  const std::string_view kind = text.substr(0, space);
  if (space == text.npos || (kind != "sliding" && kind != "cycle")) {
    return std::nullopt;
  }
  const std::string_view length = text.substr(space + 1);
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(length.data() + length.size() - end));
  const std::int64_t ns = unit == "ms"  ? millisecond.ns
                          : unit == "s" ? second.ns
                          : unit == "m" ? 60 * second.ns
                          : unit == "h" ? 3'600 * second.ns
                                        : 0;
  constexpr std::int64_t days_most = 31;
  if (error != std::errc{} || count < 1 || ns == 0 || count > days_most * day.ns / ns) {
    return std::nullopt;
  }
  return Window{kind == "sliding" ? WindowKind::sliding : WindowKind::cycle, {count * ns}};
}

Digest content_hash(const RuleSpec& spec) {
  std::string bytes;
  ByteWriter out(bytes);
  out.text(spec.id);
  out.text(spec.clause);
  for (const RuleEvent event : spec.on) {
    out.byte(static_cast<std::uint8_t>(event));
  }
  out.byte(0);
  for (const KeyPart part : spec.by) {
    out.byte(static_cast<std::uint8_t>(part));
  }
  out.byte(0xFF);
  out.byte(static_cast<std::uint8_t>(spec.window.kind));
  out.fixed(spec.window.length.ns);
  for (const auto& [name, value] : spec.params) {
    out.text(name);
    out.zigzag128(value.numerator);
    out.varint(static_cast<std::uint64_t>(value.scale));
  }
  for (const auto& [name, source] : spec.let) {
    out.text(name);
    out.text(source.text);
  }
  for (const std::string* text :
       {&spec.where.text, &spec.when.text, &spec.warn_when.text, &spec.text_en, &spec.text_de}) {
    out.text(*text);
  }
  out.byte(static_cast<std::uint8_t>(spec.severity));
  out.byte(static_cast<std::uint8_t>(spec.maturity));
  out.fixed(spec.entries_max);
  return sha256(bytes);
}

std::string format_errors(std::string_view file, const std::vector<RulebookError>& errors) {
  std::string text;
  for (const RulebookError& error : errors) {
    text += (text.empty() ? "" : "\n") + std::string(file) + ":" + std::to_string(error.line) +
            (error.column > 0 ? ":" + std::to_string(error.column) : "") + ": " +
            (error.rule.empty() ? "" : "rule " + error.rule + ": ") + error.what;
  }
  return text;
}

std::string format_window(const Window& window) {
  if (window.kind == WindowKind::trading_day) {
    return "day";
  }
  const std::int64_t ns = window.length.ns;
  const auto in = [&](std::int64_t unit, const char* name) {
    return std::to_string(ns / unit) + name;
  };
  const std::string length = ns % (3'600 * second.ns) == 0 ? in(3'600 * second.ns, "h")
                             : ns % (60 * second.ns) == 0  ? in(60 * second.ns, "m")
                             : ns % second.ns == 0         ? in(second.ns, "s")
                                                           : in(millisecond.ns, "ms");
  return (window.kind == WindowKind::sliding ? "sliding " : "cycle ") + length;
}

bool is_text_key(KeyPart part) {
  return part == KeyPart::person || part == KeyPart::device || part == KeyPart::ip ||
         part == KeyPart::address;
}

std::string_view word_of(KeyPart part) { return part_words[static_cast<std::size_t>(part)]; }

}  // namespace marktwacht
