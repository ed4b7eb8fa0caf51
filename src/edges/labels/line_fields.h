// The members of one JSON line, checked one by one; the first fault is kept.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace marktwacht {

enum class Presence : std::uint8_t { required, optional };

// A member that is null counts as absent. After a fault, values are empty.
class LineFields {
 public:
  // No name may stand twice.
  explicit LineFields(simdjson::dom::element line);

  // A text that is not empty; an optional one may be.
  std::string text(std::string_view name, Presence presence);
  // Sorted, each once. Texts that are not empty.
  std::vector<std::string> texts(std::string_view name, Presence presence);
  // Nanoseconds since 1970 as an integer, or RFC 3339 as text.
  Time time(std::string_view name);
  std::uint64_t number(std::string_view name);  // an integer from 1
  // The place of the text in `words`.
  std::size_t word(std::string_view name, std::span<const std::string_view> words);

  void fail(std::string what);
  const std::string& fault() const { return fault_; }                    // empty: none
  const std::vector<std::string_view>& names() const { return names_; }  // sorted

 private:
  // Nothing when absent, which is a fault when it is required.
  bool find(std::string_view name, Presence presence, simdjson::dom::element& value);

  simdjson::dom::object object_;
  std::vector<std::string_view> names_;
  std::string fault_;
};

}  // namespace marktwacht
