// Memory for one batch of events: handed out in order, taken back all at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace marktwacht {

// Not for threads. What it gave stays valid until `reset`. Destructors never run: trivially
// destructible types only.
class Arena {
 public:
  void* allocate(std::size_t size, std::size_t align) {
    std::size_t at = (used_ + align - 1) & ~(align - 1);
    if (current_ == chunks_.size() || at + size > chunks_[current_].size) {
      next_chunk(size);
      at = 0;
    }
    used_ = at + size;
    return chunks_[current_].bytes.get() + at;
  }

  template <class T>
  T* make() {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{};
  }

  template <class T>
  std::span<const T> copy(std::span<const T> from) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (from.empty()) {
      return {};
    }
    auto* to = static_cast<T*>(allocate(from.size_bytes(), alignof(T)));
    std::memcpy(to, from.data(), from.size_bytes());
    return {to, from.size()};
  }

  std::string_view copy(std::string_view from) {
    const auto bytes = copy(std::span<const char>(from.data(), from.size()));
    return {bytes.data(), bytes.size()};
  }

  // Takes everything back; keeps the memory for the next batch.
  void reset() {
    current_ = 0;
    used_ = 0;
  }

 private:
  static constexpr std::size_t chunk_bytes = 256 * 1024;
  struct Chunk {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };

  void next_chunk(std::size_t size) {
    current_ += current_ < chunks_.size() ? 1 : 0;
    while (current_ < chunks_.size() && chunks_[current_].size < size) {
      ++current_;
    }
    if (current_ == chunks_.size()) {
      const std::size_t bytes = size > chunk_bytes ? size : chunk_bytes;
      chunks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[bytes]), bytes});
    }
    used_ = 0;
  }

  std::vector<Chunk> chunks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
};

}  // namespace marktwacht
