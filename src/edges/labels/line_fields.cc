// Each kind of member over simdjson's DOM.
#include "edges/labels/line_fields.h"

#include <algorithm>
#include <limits>

#include "base/sort_unique.h"

namespace marktwacht {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

}  // namespace

LineFields::LineFields(element line) {
  if (line.get(object_) != SUCCESS) {
    fail("must be one JSON object");
    return;
  }
  for (const auto field : object_) {
    names_.push_back(field.key);
  }
  std::ranges::sort(names_);
  if (const auto twice = std::ranges::adjacent_find(names_); twice != names_.end()) {
    fail(quoted(*twice) + " stands twice");
  }
}

void LineFields::fail(std::string what) {
  if (fault_.empty()) {
    fault_ = std::move(what);
  }
}

bool LineFields::find(std::string_view name, Presence presence, element& value) {
  if (!fault_.empty()) {
    return false;
  }
  if (object_.at_key(name).get(value) == SUCCESS && !value.is_null()) {
    return true;
  }
  if (presence == Presence::required) {
    fail(quoted(name) + " is missing");
  }
  return false;
}

std::string LineFields::text(std::string_view name, Presence presence) {
  element value;
  std::string_view text;
  if (find(name, presence, value) &&
      (value.get(text) != SUCCESS || (text.empty() && presence == Presence::required))) {
    fail(quoted(name) + " must be a text" + (presence == Presence::required ? ", not empty" : ""));
  }
  return std::string(text);
}

std::vector<std::string> LineFields::texts(std::string_view name, Presence presence) {
  std::vector<std::string> found;
  element value;
  if (!find(name, presence, value)) {
    return found;
  }
  simdjson::dom::array array;
  bool good = value.get(array) == SUCCESS;
  if (good) {
    for (const element each : array) {
      std::string_view text;
      good = good && each.get(text) == SUCCESS && !text.empty();
      found.emplace_back(text);
    }
  }
  if (!good) {
    fail(quoted(name) + " must be an array of texts, none of them empty");
    return {};
  }
  sort_unique(found);
  return found;
}

Time LineFields::time(std::string_view name) {
  element value;
  if (!find(name, Presence::required, value)) {
    return {};
  }
  std::int64_t ns = -1;
  std::string_view text;
  if (value.get(ns) == SUCCESS && ns >= 0) {
    return Time{ns};
  }
  if (value.get(text) == SUCCESS) {
    if (const auto parsed = parse_rfc3339(text)) {
      return *parsed;
    }
  }
  fail(quoted(name) +
       " must be nanoseconds since 1970 as an integer, or a time as \"2026-04-30T20:46:43.5Z\"");
  return {};
}

std::uint64_t LineFields::number(std::string_view name) {
  element value;
  std::uint64_t number = 0;
  if (find(name, Presence::required, value) && (value.get(number) != SUCCESS || number == 0)) {
    fail(quoted(name) + " must be an integer, 1 or more");
  }
  return number;
}

std::size_t LineFields::word(std::string_view name, std::span<const std::string_view> words) {
  element value;
  if (!find(name, Presence::required, value)) {
    return 0;
  }
  std::string_view text;
  if (value.get(text) == SUCCESS) {
    if (const auto found = std::ranges::find(words, text); found != words.end()) {
      return static_cast<std::size_t>(found - words.begin());
    }
  }
  std::string allowed;
  for (const std::string_view word : words) {
    allowed += (allowed.empty() ? "" : ", ") + std::string(word);
  }
  fail(quoted(name) + " must be one of: " + allowed);
  return 0;
}

}  // namespace marktwacht
