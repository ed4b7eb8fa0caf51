// Numbers of records that are kept elsewhere, found by a hash of what the records hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/huge_pages.h"

namespace marktwacht {

// Open addressing, at most seven eighths full, 4 bytes a slot: 28 bits of number and 4 of hash, so
// that probing seldom touches a record where the hash does not fit. Equal records, equal hashes.
class NumberTable {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;
  static constexpr std::uint32_t numbers_end = 0x0FFF'FFFE;  // numbers are below this

  // The number under this hash for which `is(number)`, or none.
  template <class Is>
  std::uint32_t find(std::uint32_t hash, Is&& is) const {
    if (slots_.empty()) {
      return none;
    }
    for (std::size_t at = place_of(hash);; at = (at + 1) & mask()) {
      const std::uint32_t slot = slots_[at];
      if (slot == none) {
        return none;
      }
      if (slot >> number_bits == tag_of(hash) && is(slot & number_mask)) {
        return slot & number_mask;
      }
    }
  }
  // Starts fetching what `find` looks at first.
  void prefetch(std::uint32_t hash) const {
    if (!slots_.empty()) {
      __builtin_prefetch(&slots_[place_of(hash)]);
    }
  }
  // The number that `find` will look at first, if any.
  std::uint32_t likely(std::uint32_t hash) const {
    const std::uint32_t slot = slots_.empty() ? none : slots_[place_of(hash)];
    return slot == none ? none : slot & number_mask;
  }

  // The number must not be in the table yet. `hash_of(number)` of those that are.
  template <class HashOf>
  void insert(std::uint32_t hash, std::uint32_t number, HashOf&& hash_of) {
    if ((size_ + 1) * 8 > slots_.size() * 7) {
      Slots old(slots_.empty() ? initial_slots : slots_.size() * 2, none);
      old.swap(slots_);
      for (const std::uint32_t slot : old) {
        if (slot != none) {
          place(hash_of(slot & number_mask), slot & number_mask);
        }
      }
    }
    place(hash, number);
    ++size_;
  }

  // The number must be in the table. Those behind it move up, so that no gap stops a search.
  template <class HashOf>
  void erase(std::uint32_t hash, std::uint32_t number, HashOf&& hash_of) {
    std::size_t gap = place_of(hash);
    while ((slots_[gap] & number_mask) != number) {
      gap = (gap + 1) & mask();
    }
    for (std::size_t at = (gap + 1) & mask(); slots_[at] != none; at = (at + 1) & mask()) {
      const std::size_t wanted = place_of(hash_of(slots_[at] & number_mask));
      if (((at - wanted) & mask()) >= ((at - gap) & mask())) {
        slots_[gap] = slots_[at];
        gap = at;
      }
    }
    slots_[gap] = none;
    --size_;
  }

  std::size_t size() const { return size_; }

 private:
  using Slots = std::vector<std::uint32_t, HugeAllocator<std::uint32_t>>;
  static constexpr std::size_t initial_slots = 16;
  static constexpr std::uint32_t number_bits = 28, number_mask = 0x0FFF'FFFF;

  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t place_of(std::uint32_t hash) const { return hash & mask(); }
  // Of bits that the place does not use below 2^28 slots.
  static std::uint32_t tag_of(std::uint32_t hash) { return hash >> number_bits; }
  void place(std::uint32_t hash, std::uint32_t number) {
    std::size_t at = place_of(hash);
    while (slots_[at] != none) {
      at = (at + 1) & mask();
    }
    slots_[at] = tag_of(hash) << number_bits | number;
  }

  Slots slots_;
  std::size_t size_ = 0;
};

}  // namespace marktwacht
