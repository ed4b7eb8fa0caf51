// Arrays whose records come and go, but do not move.
#pragma once

#include <cstdint>
#include <vector>

namespace marktwacht {

// The place of a record that comes: one that was given back last, else a new one at the end. What
// stands in it is of old; who gives a place back appends it to `free`.
template <class Records>
std::uint32_t take_place(Records& records, std::vector<std::uint32_t>& free) {
  if (free.empty()) {
    records.emplace_back();
    return static_cast<std::uint32_t>(records.size() - 1);
  }
  const std::uint32_t place = free.back();
  free.pop_back();
  return place;
}

}  // namespace marktwacht
