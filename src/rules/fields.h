// The fields that expressions may name, by event: docs/rules.md, "Events" and "Expressions".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/scope.h"

namespace marktwacht {

enum class ValueType : std::uint8_t { number, word, text, truth };

// How a field is read: by number, word, text or truth, or as `raw` says.
struct Field {
  ValueType type{};
  bool of_window = false;                     // says something else in another window
  std::span<const std::string_view> words{};  // of a word, by value
  Number (*number)(const Scope&) = nullptr;
  // The same, cheaper, and what it is against a limit: nullptr where it seldom is a SmallNumber.
  SmallNumber (*small)(const Scope&) = nullptr;
  Against (*against)(const Scope&, const SmallNumber& limit) = nullptr;
  int (*word)(const Scope&) = nullptr;  // -1 = absent
  // Of a word that may be several at once: which of `words` it is, as bits; `word` is one of them.
  std::uint64_t (*all_words)(const Scope&) = nullptr;
  std::optional<std::string_view> (*text)(const Scope&) = nullptr;
  int (*truth)(const Scope&) = nullptr;  // -1 = absent
  // Of a number that is dear to make: whether it is `least` (> 0, no fraction) or more, which is
  // cheaper: `more` for either. Says what comparing the number says.
  Against (*at_least)(const Scope&, const SmallNumber& least) = nullptr;
  const FieldInfo* raw = nullptr;  // a field of the line itself
  EventType raw_type{};
  std::uint8_t raw_place = 0;  // in the type's table
};

// The event's word, and back.
std::string_view word_of(RuleEvent event);
std::optional<RuleEvent> find_rule_event(std::string_view word);

bool has_account(RuleEvent event);
bool has_instrument(RuleEvent event);

// The field of that name, nothing when the event has none.
std::optional<Field> find_field(RuleEvent event, std::string_view name);
// A field of the key being judged: instrument.* and account.*.
std::optional<Field> find_key_field(std::string_view name);
// For messages: all names that find_field takes.
std::vector<std::string> field_names(RuleEvent event);

// Values of fields, absent where the scope has none.
Number number_of(const Field& field, const Scope& scope);
int word_of(const Field& field, const Scope& scope);
inline std::uint64_t words_of(const Field& field, const Scope& scope) {  // as bits; 0 = absent
  if (field.all_words != nullptr) {
    return field.all_words(scope);
  }
  const int word = word_of(field, scope);
  return word < 0 ? 0 : std::uint64_t{1} << word;
}
std::optional<std::string_view> text_of(const Field& field, const Scope& scope);
int line_truth_of(const Field& field, const Scope& scope);  // of a truth of the line

}  // namespace marktwacht
