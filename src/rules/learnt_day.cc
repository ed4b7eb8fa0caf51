// One line says whose numbers these are, then one line for each: exact number, blank, instrument.
#include "rules/learnt_day.h"

namespace marktwacht {
namespace {

std::string exact(const Number& number) {
  std::string text = format_scaled(number.numerator, number.scale);
  if (number.denominator != 1) {
    text += "/" + format_scaled(number.denominator, 0);
  }
  return text;
}

std::optional<Number> parse_exact(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto above = parse_decimal(text.substr(0, slash));
  const auto below = parse_decimal(slash == text.npos ? "1" : text.substr(slash + 1));
  if (!above || !below || !below->positive() || below->exponent < 0) {
    return std::nullopt;
  }
  Number number = Number::of(*above);
  const Number denominator = Number::of(*below);
  if (!number.known() || !denominator.known()) {
    return std::nullopt;
  }
  number.denominator = denominator.numerator;
  return number;
}

// Ids may hold any byte; lines end with a line end only.
std::string on_a_line(std::string_view id) {
  std::string text;
  for (const char c : id) {
    text += c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
  }
  return text;
}

std::optional<std::string> off_a_line(std::string_view text) {
  std::string id;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      id += text[at];
    } else if (++at < text.size() && (text[at] == 'n' || text[at] == '\\')) {
      id += text[at] == 'n' ? '\n' : '\\';
    } else {
      return std::nullopt;
    }
  }
  return id;
}

// Takes what stands before `end` from the front of `text`, and `end` with it.
std::optional<std::string_view> take_to(char end, std::string_view& text) {
  const std::size_t at = text.find(end);
  if (at == text.npos) {
    return std::nullopt;
  }
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return taken;
}

}  // namespace

std::optional<Number> as_told(const Number& number) {
  return number.known() ? parse_exact(exact(number)) : std::nullopt;
}

std::string write_learnt_day(const LearntDay& learnt) {
  std::string text =
      learnt.rulebook + " " + learnt.rule + " " + learnt.rule_hash + " " + learnt.let + "\n";
  for (const auto& [instrument, number] : learnt.numbers) {
    text += exact(number) + " " + on_a_line(instrument) + "\n";
  }
  return text;
}

std::optional<LearntDay> read_learnt_day(std::string_view text) {
  LearntDay learnt;
  const struct {
    std::string& word;
    char end;
  } words[] = {
      {learnt.rulebook, ' '}, {learnt.rule, ' '}, {learnt.rule_hash, ' '}, {learnt.let, '\n'}};
  for (const auto& [word, end] : words) {
    const auto taken = take_to(end, text);
    if (!taken || taken->empty() || taken->find_first_of(" \n") != taken->npos) {
      return std::nullopt;
    }
    word = *taken;
  }
  while (!text.empty()) {
    const auto number_text = take_to(' ', text), id_text = take_to('\n', text);
    const auto number = number_text ? parse_exact(*number_text) : std::nullopt;
    const auto id = id_text ? off_a_line(*id_text) : std::nullopt;
    if (!number || !id || !learnt.numbers.emplace(*id, *number).second) {
      return std::nullopt;
    }
  }
  return learnt.numbers.size() <= LearntDay::numbers_max ? std::optional(learnt) : std::nullopt;
}

}  // namespace marktwacht
