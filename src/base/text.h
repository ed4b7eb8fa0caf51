// A piece of text that somebody else owns, with its hash made where it was decoded.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace marktwacht {

// Bytes of an identifier or of free text. Lives as long as the batch of events it came with. The
// hash only spreads keys over tables: nothing visible may depend on it.
struct Text {
  const char* data = nullptr;
  std::uint32_t size = 0;
  std::uint32_t hash = 0;

  std::string_view view() const { return {data, size}; }
  bool empty() const { return size == 0; }
};

inline bool operator==(const Text& a, const Text& b) { return a.view() == b.view(); }

inline std::uint32_t hash_of(std::string_view bytes) {
  const std::uint64_t hash = std::hash<std::string_view>{}(bytes);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

// Points into `bytes`, which must outlive it.
inline Text make_text(std::string_view bytes) {
  return {bytes.data(), static_cast<std::uint32_t>(bytes.size()), hash_of(bytes)};
}

}  // namespace marktwacht
