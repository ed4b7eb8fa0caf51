// Fetching memory before it is looked at.
#pragma once

#include <cstddef>
#include <cstdint>

namespace marktwacht {

// What is looked ahead at: where a record stands, then, some events later, the record.
enum class Ahead : std::uint8_t { place, record };

enum class FetchFor : std::uint8_t { reading, writing };

// How near: the first cache can wait for few lines at once (16 and less), the second for many more.
enum class FetchTo : std::uint8_t { second_cache = 2, first_cache = 3 };

// Starts fetching one cache line. Changes nothing but time; any address will do. GCC takes a
// function that does nothing else to be without effect and leaves out the calls to it, so that
// whole passes of looking ahead vanish: the empty statement is an effect that it has to keep.
template <FetchFor what = FetchFor::writing, FetchTo where = FetchTo::first_cache>
inline void prefetch_line(const void* at) {
  __builtin_prefetch(at, what == FetchFor::writing ? 1 : 0, static_cast<int>(where));
  asm volatile("" : : "r"(at));
}

// Each line that these bytes touch: to the second cache, for they may be many.
template <FetchFor what = FetchFor::writing>
inline void prefetch_lines(const void* from, std::size_t bytes) {
  constexpr std::uintptr_t line = 64;
  const auto first = reinterpret_cast<std::uintptr_t>(from);
  for (std::uintptr_t at = first & ~(line - 1); at < first + bytes; at += line) {
    prefetch_line<what, FetchTo::second_cache>(reinterpret_cast<const void*>(at));
  }
}

}  // namespace marktwacht
