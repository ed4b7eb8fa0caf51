// Memory for the big tables: straight from the system, zeroed, in 2 MiB pages where it allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <vector>

namespace marktwacht {

enum class PageSize : std::uint8_t { small, huge };

// Zeroed and aligned to 2 MiB; small pages are taken only when touched. Stops the process when the
// system has no memory left. `bytes` is rounded up to 2 MiB.
void* map_pages(std::size_t bytes, PageSize size);
void unmap_pages(void* pages, std::size_t bytes);

// For standard containers that may grow large: small pieces come from the heap.
template <class T>
struct HugeAllocator {
  using value_type = T;

  HugeAllocator() = default;
  template <class U>
  HugeAllocator(const HugeAllocator<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    return static_cast<T*>(bytes < large ? ::operator new(bytes)
                                         : map_pages(bytes, PageSize::huge));
  }
  void deallocate(T* place, std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    bytes < large ? ::operator delete(place) : unmap_pages(place, bytes);
  }
  bool operator==(const HugeAllocator&) const { return true; }

 private:
  static constexpr std::size_t large = std::size_t{1} << 20;
};

template <class T>
using BigVector = std::vector<T, HugeAllocator<T>>;

// An array that grows by chunks of 2^shift elements and never moves them. Elements start as zero
// bytes. The first chunk has small pages, so that a small table stays small.
template <class T, unsigned shift>
class Chunks {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  static constexpr std::size_t chunk_size = std::size_t{1} << shift;

  Chunks() = default;
  Chunks(const Chunks&) = delete;
  Chunks& operator=(const Chunks&) = delete;
  ~Chunks() {
    for (T* chunk : chunks_) {
      unmap_pages(chunk, chunk_bytes);
    }
  }

  T& operator[](std::uint32_t at) { return chunks_[at >> shift][at & (chunk_size - 1)]; }
  const T& operator[](std::uint32_t at) const {
    return chunks_[at >> shift][at & (chunk_size - 1)];
  }

  std::size_t capacity() const { return chunks_.size() << shift; }
  // Makes room for `size` elements.
  void reserve(std::size_t size) {
    while (capacity() < size) {
      const PageSize pages = chunks_.empty() ? PageSize::small : PageSize::huge;
      chunks_.push_back(static_cast<T*>(map_pages(chunk_bytes, pages)));
    }
  }

 private:
  static constexpr std::size_t chunk_bytes = chunk_size * sizeof(T);

  std::vector<T*> chunks_;
};

}  // namespace marktwacht
