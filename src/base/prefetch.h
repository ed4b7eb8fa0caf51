// Fetching memory before it is looked at.
#pragma once

#include <cstddef>
#include <cstdint>

namespace marktwacht {

// What is looked ahead at: where a record stands, then, some events later, the record.
enum class Ahead : std::uint8_t { place, record };

enum class FetchFor : std::uint8_t { reading, writing };

// Starts fetching each cache line that these bytes touch. Changes nothing but time; any address
// will do.
template <FetchFor what = FetchFor::writing>
inline void prefetch_lines(const void* from, std::size_t bytes) {
  constexpr std::uintptr_t line = 64;
  const auto first = reinterpret_cast<std::uintptr_t>(from);
  for (std::uintptr_t at = first & ~(line - 1); at < first + bytes; at += line) {
    __builtin_prefetch(reinterpret_cast<const void*>(at), what == FetchFor::writing ? 1 : 0);
  }
}

}  // namespace marktwacht
