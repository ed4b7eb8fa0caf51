// Ids that are a letter and the number of a record: "a-17", "c-17", "m-17".
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

namespace marktwacht {

// The number behind `prefix`; 0 for anything else.
inline std::uint64_t number_behind(std::string_view prefix, std::string_view id) {
  std::uint64_t number = 0;
  if (!id.starts_with(prefix)) {
    return 0;
  }
  const char* end = id.data() + id.size();
  const auto [at, fault] = std::from_chars(id.data() + prefix.size(), end, number);
  return fault == std::errc{} && at == end ? number : 0;
}

}  // namespace marktwacht
