// A piece of text that somebody else owns, with its hash made where it was decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
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
  // Whether it is that very text, which stands at the same place; what stands nowhere is none.
  bool is_same(const Text& other) const {
    return data == other.data && size == other.size && data != nullptr;
  }
};

// Whether so many bytes are the same: of short texts, as most ids are, without a call.
inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  // The first and the last word, which may overlap.
  const auto same_ends = [&]<class Word>(Word first_a) {
    Word first_b = 0, last_a = 0, last_b = 0;
    std::memcpy(&first_a, a, sizeof(Word));
    std::memcpy(&first_b, b, sizeof(Word));
    std::memcpy(&last_a, a + size - sizeof(Word), sizeof(Word));
    std::memcpy(&last_b, b + size - sizeof(Word), sizeof(Word));
    return ((first_a ^ first_b) | (last_a ^ last_b)) == 0;
  };
  if (size >= 8 && size <= 16) {
    return same_ends(std::uint64_t{});
  }
  if (size >= 4 && size < 8) {
    return same_ends(std::uint32_t{});
  }
  return size == 0 || std::memcmp(a, b, size) == 0;
}

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
