// The hash table of this folder.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

namespace marktwacht {

// By a 64-bit key. Addresses change when it grows. Its order means nothing: sort the keys of what
// is saved or visited.
template <class Value>
using FlatMap = boost::unordered_flat_map<std::uint64_t, Value>;

inline std::uint64_t pair_key(std::uint32_t high, std::uint32_t low) {
  return static_cast<std::uint64_t>(high) << 32 | low;
}
inline std::uint32_t high_part(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32); }
inline std::uint32_t low_part(std::uint64_t key) { return static_cast<std::uint32_t>(key); }

// All keys of `map`, ascending.
template <class Value>
std::vector<std::uint64_t> sorted_keys(const FlatMap<Value>& map) {
  std::vector<std::uint64_t> keys;
  keys.reserve(map.size());
  for (const auto& entry : map) {  // tidy: sorted below
    keys.push_back(entry.first);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace marktwacht
