// Texts that stand in keys (persons, devices, addresses), numbered while a row uses them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "links/value_names.h"

namespace marktwacht {

class KeyValues {
 public:
  // The number of `text`; it lives until every `use` was answered by a `release`.
  std::uint32_t intern(std::string_view text) {
    const std::uint32_t number = names_.intern(text);
    if (number >= uses_.size()) {
      uses_.resize(number + 1);
    }
    return number;
  }
  void use(std::uint32_t number) { ++uses_[number]; }
  void release(std::uint32_t number) {
    if (--uses_[number] == 0) {
      names_.forget(number);
    }
  }
  const std::string& text(std::uint32_t number) const { return names_.text(number); }

 private:
  ValueNames names_;
  std::vector<std::uint32_t> uses_;
};

}  // namespace marktwacht
