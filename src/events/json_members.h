// Reading JSON that stands in a record: the fields of kind `json`, which hold checked, minified
// text. For records that come now and then; lines by the million are ndjson_read.cc's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/decimal.h"

namespace marktwacht {

// The members of one object. What is absent, null, or of another form than asked for, is nothing;
// `has` tells those apart. Refers to the text, which must outlive it.
class JsonMembers {
 public:
  // Nothing when `text` is no object of JSON.
  static std::optional<JsonMembers> of(std::string_view text);

  bool has(std::string_view name) const { return !value(name).empty(); }
  // The value as it stands; empty when absent or null.
  std::string_view value(std::string_view name) const;
  // A string, or the digits of an integer.
  std::optional<std::string> text(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
  std::optional<std::uint64_t> number(std::string_view name) const;
  // A number, or one in a string.
  std::optional<Decimal> decimal(std::string_view name) const;
  std::optional<bool> flag(std::string_view name) const;
  // An array of strings (or integers).
  std::optional<std::vector<std::string>> texts(std::string_view name) const;
  // An array's elements as they stand.
  std::optional<std::vector<std::string_view>> elements(std::string_view name) const;
  // In their order.
  const std::vector<std::pair<std::string, std::string_view>>& all() const { return members_; }

 private:
  std::vector<std::pair<std::string, std::string_view>> members_;
};

}  // namespace marktwacht
