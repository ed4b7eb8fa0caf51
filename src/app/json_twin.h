// Test support: members of the JSON that a command printed. What is missing stops the test.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace marktwacht {

using JsonElement = simdjson::dom::element;

inline JsonElement member_of(JsonElement from, std::string_view name) {
  return from.at_key(name).value();
}
inline std::string text_of(JsonElement from) { return std::string(from.get_string().value()); }
inline std::string text_of(JsonElement from, std::string_view name) {
  return text_of(member_of(from, name));
}
inline std::uint64_t number_of(JsonElement from, std::string_view name) {
  return member_of(from, name).get_uint64().value();
}
inline std::vector<JsonElement> elements_of(JsonElement from, std::string_view name) {
  std::vector<JsonElement> elements;
  const simdjson::dom::array all = member_of(from, name).get_array().value();
  for (const JsonElement each : all) {
    elements.push_back(each);
  }
  return elements;
}
inline std::vector<std::string> texts_of(JsonElement from, std::string_view name) {
  std::vector<std::string> texts;
  for (const JsonElement each : elements_of(from, name)) {
    texts.push_back(text_of(each));
  }
  return texts;
}
inline std::vector<std::string> names_of(JsonElement object) {
  std::vector<std::string> names;
  const simdjson::dom::object all = object.get_object().value();
  for (const auto field : all) {
    names.emplace_back(field.key);
  }
  return names;
}

}  // namespace marktwacht
