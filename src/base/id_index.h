// From the hash of a key to the number of its record: open addressing over 8-byte entries.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>  // tidy: SSE2, part of every x86-64, compares a group of tags at once
#endif

#include "base/check.h"
#include "base/huge_pages.h"
#include "base/prefetch.h"

namespace marktwacht {

// Of a key whose halves are numbers.
inline std::uint32_t hash_of_key(std::uint64_t key) {
  return static_cast<std::uint32_t>((key ^ key >> 32) * 0x9E37'79B9'7F4A'7C15 >> 32);
}

// An entry holds the whole hash, so that neither probing nor erasing touches a record whose hash
// differs. Entries of one hash may be many: which one is meant the caller decides. Eight entries
// make a bucket of one cache line, looked at as a whole, so that a search rarely has a branch that
// cannot be foreseen. What finds its bucket full goes to the next one; erasing moves it back, so
// there are no tombstones. At most 3/4 full.
class IdIndex {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  IdIndex();
  ~IdIndex() {
    if (buckets_ != nullptr) {
      unmap_pages(buckets_, bytes());
    }
  }
  // What was moved from is to be assigned to or destroyed.
  IdIndex(IdIndex&& other) noexcept
      : buckets_(std::exchange(other.buckets_, nullptr)),
        mask_(other.mask_),
        size_(other.size_),
        size_max_(other.size_max_) {}
  IdIndex& operator=(IdIndex&& other) noexcept {
    std::swap(buckets_, other.buckets_);
    std::swap(mask_, other.mask_);
    std::swap(size_, other.size_);
    std::swap(size_max_, other.size_max_);
    return *this;
  }

  // A number with this hash for which `is_meant(number)` holds, or `none`.
  template <class IsMeant>
  std::uint32_t find(std::uint32_t hash, IsMeant&& is_meant) const {
    for (std::uint32_t at = home(hash);; at = (at + 1) & mask_) {
      const Bucket& bucket = buckets_[at];
      const std::uint32_t equal = bucket.compare({hash, 0});
      const std::uint32_t empty = equal >> 1 & evens;
      for (std::uint32_t left = equal & evens & ~empty; left != 0; left &= left - 1) {
        const std::uint32_t number = bucket.entries[first(left)].number_plus_one - 1;
        if (is_meant(number)) [[likely]] {
          return number;
        }
      }
      if (empty != 0) [[likely]] {
        return none;
      }
    }
  }

  // No number with this hash for which `is_meant(number)` holds may be there yet.
  template <class IsMeant>
  void insert(std::uint32_t hash, std::uint32_t number, IsMeant&& is_meant) {
    if (size_ == size_max_) [[unlikely]] {
      resize(mask_ * 2 + 1);
    }
    ++size_;
    for (std::uint32_t at = home(hash);; at = (at + 1) & mask_) {
      Bucket& bucket = buckets_[at];
      const std::uint32_t equal = bucket.compare({hash, 0});
      const std::uint32_t empty = equal >> 1 & evens;
      for (std::uint32_t left = equal & evens & ~empty; left != 0; left &= left - 1) {
        check(!is_meant(bucket.entries[first(left)].number_plus_one - 1), "a new id is not live");
      }
      if (empty != 0) [[likely]] {
        bucket.entries[first(empty)] = {hash, number + 1};
        return;
      }
    }
  }

  // The entry must be there.
  void erase(std::uint32_t hash, std::uint32_t number);

  void prefetch(std::uint32_t hash) const { prefetch_line(&buckets_[home(hash)]); }
  // One with this hash, or `none`: mostly the one that is meant.
  std::uint32_t likely(std::uint32_t hash) const {
    return find(hash, [](std::uint32_t) { return true; });
  }

  // Room for `size` entries without growing.
  void reserve(std::uint32_t size);
  std::uint32_t size() const { return size_; }
  std::size_t bytes() const { return (std::size_t{mask_} + 1) * sizeof(Bucket); }

 private:
  struct Entry {
    std::uint32_t hash = 0;
    std::uint32_t number_plus_one = 0;  // 0 = empty, as fresh memory is
  };
  // In the masks of `compare` entry i has bit 2i for its hash and 2i + 1 for its number.
  static constexpr std::uint32_t evens = 0x5555;
  static std::uint32_t first(std::uint32_t mask) {
    return static_cast<std::uint32_t>(std::countr_zero(mask)) / 2;
  }

  struct alignas(64) Bucket {
    Entry entries[8];

    std::uint32_t compare(Entry with) const {
#if defined(__SSE2__)
      const auto* const from = reinterpret_cast<const __m128i*>(entries);
      const auto hash = static_cast<int>(with.hash);
      const auto number = static_cast<int>(with.number_plus_one);
      const __m128i wanted = _mm_set_epi32(number, hash, number, hash);
      const auto equal = [&](int at) { return _mm_cmpeq_epi32(_mm_load_si128(from + at), wanted); };
      const __m128i low = _mm_packs_epi32(equal(0), equal(1));
      const __m128i high = _mm_packs_epi32(equal(2), equal(3));
      return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
#else
      std::uint32_t equal = 0;
      for (std::uint32_t at = 0; at < 8; ++at) {
        equal |= std::uint32_t{entries[at].hash == with.hash} << 2 * at;
        equal |= std::uint32_t{entries[at].number_plus_one == with.number_plus_one} << (2 * at + 1);
      }
      return equal;
#endif
    }
    // One bit 2i for each empty entry.
    std::uint32_t empty() const { return compare({}) >> 1 & evens; }
  };

  // The lowest three bits stay out, so that hashes that differ only there share a bucket.
  std::uint32_t home(std::uint32_t hash) const { return hash >> 3 & mask_; }

  void place(Entry entry);
  void close_gap(std::uint32_t gap, std::uint32_t entry);
  void resize(std::uint32_t mask);

  Bucket* buckets_ = nullptr;
  std::uint32_t mask_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t size_max_ = 0;
};

}  // namespace marktwacht
