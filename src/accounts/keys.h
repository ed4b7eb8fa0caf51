// Keys of this folder's tables: two numbers in one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/key_table.h"

namespace marktwacht {

inline std::uint64_t pair_key(std::uint32_t high, std::uint32_t low) {
  return static_cast<std::uint64_t>(high) << 32 | low;
}
inline std::uint32_t high_part(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32); }
inline std::uint32_t low_part(std::uint64_t key) { return static_cast<std::uint32_t>(key); }

// All keys of `table`, ascending.
template <class Value>
std::vector<std::uint64_t> sorted_keys(const KeyTable<Value>& table) {
  std::vector<std::uint64_t> keys;
  keys.reserve(table.size());
  table.visit([&](std::uint64_t key, const Value&) { keys.push_back(key); });
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace marktwacht
