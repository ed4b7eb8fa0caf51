// How a table of fields is written down: a name, and the function that reads it.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "rules/fields.h"

namespace marktwacht {

struct FieldRow {
  std::string_view name;
  Field field;
};

inline Field number_field(Number (*read)(const Scope&)) {
  return {.type = ValueType::number, .number = read};
}
// Of a generic function that gives a Number or a SmallNumber, as it is told.
template <class Read>
Field number_field_of(Read) {
  return {.type = ValueType::number,
          .number = [](const Scope& s) { return Read{}.template operator()<Number>(s); },
          .small = [](const Scope& s) { return Read{}.template operator()<SmallNumber>(s); },
          .against =
              [](const Scope& s, const SmallNumber& limit) {
                return against(Read{}.template operator()<SmallNumber>(s), limit);
              }};
}
inline Field text_field(std::optional<std::string_view> (*read)(const Scope&)) {
  return {.type = ValueType::text, .text = read};
}
inline Field truth_field(int (*read)(const Scope&)) {
  return {.type = ValueType::truth, .truth = read};
}
inline Field word_field(std::span<const std::string_view> words, int (*read)(const Scope&)) {
  return {.type = ValueType::word, .words = words, .word = read};
}
template <class E>
Field word_field(int (*read)(const Scope&)) {
  return word_field(Words<E>::list, read);
}

// nullptr when there is none of that name.
inline const Field* find_row(std::span<const FieldRow> rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, &FieldRow::name);
  return found == rows.end() ? nullptr : &found->field;
}

}  // namespace marktwacht
