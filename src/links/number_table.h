// Numbers of records that are kept elsewhere, found by a key of what the records hold.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/huge_pages.h"
#include "base/prefetch.h"

namespace marktwacht {

// A key of two numbers.
struct NumberPair {
  std::uint32_t first = 0, second = 0;

  std::uint32_t hash() const {
    const std::uint64_t both = std::uint64_t{first} << 32 | second;
    return static_cast<std::uint32_t>(both * 0x9E37'79B9'7F4A'7C15U >> 32);
  }
  bool operator==(const NumberPair&) const = default;
};

// Open addressing with linear probing. Keys stand in the slots, so that neither a search among
// others nor closing a gap nor growing touches a record; they stand in the order of their hashes,
// so that a search knows where to stop and growing reads and writes from front to back. It grows by
// half when it is four fifths full. `Key`: small, trivially copied, equality,
// `std::uint32_t hash() const`. Several records may have one key.
template <class Key>
class NumberTable {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  // The number under this key for which `is(number)`, or none.
  template <class Is>
  std::uint32_t find(const Key& key, Is&& is) const {
    if (slots_.empty()) {
      return none;
    }
    const std::uint32_t hash = key.hash();
    const std::size_t wanted = place_of(hash);
    for (std::size_t at = wanted; is_before(at, wanted, hash); at = next(at)) {
      if (slots_[at].key == key && is(slots_[at].after - 1)) {
        return slots_[at].after - 1;
      }
    }
    return none;
  }
  // A number under this key, or none.
  std::uint32_t find(const Key& key) const {
    return find(key, [](std::uint32_t) { return true; });
  }
  // Starts fetching what `find` looks at first.
  void prefetch(const Key& key) const {
    if (!slots_.empty()) {
      const char* const place = reinterpret_cast<const char*>(&slots_[place_of(key.hash())]);
      prefetch_line(place);
      prefetch_line(place + 48);  // a search goes on for some slots
    }
  }
  template <class Visitor>
  void visit(Visitor&& visitor) const {
    for (const Slot& slot : slots_) {
      if (slot.after != 0) {
        visitor(slot.after - 1);
      }
    }
  }

  // The number must not be in the table yet.
  void insert(const Key& key, std::uint32_t number) {
    if ((size_ + 1) * 5 > slots_.size() * 4) {
      Slots old(std::max(initial_slots, slots_.size() * 3 / 2));
      old.swap(slots_);
      // From one that stands where it is wanted: those that begin again at the front come last.
      std::size_t first = 0;
      while (first < old.size() && old[first].after != 0) {
        ++first;
      }
      for (std::size_t i = 0; i < old.size(); ++i) {
        const Slot& slot = old[first + i < old.size() ? first + i : first + i - old.size()];
        if (slot.after != 0) {
          place(slot);
        }
      }
    }
    place({key, number + 1});
    ++size_;
  }

  // The number must be in the table, under this key. Those behind it move up, so that no gap stops
  // a search.
  void erase(const Key& key, std::uint32_t number) {
    std::size_t gap = place_of(key.hash());
    while (slots_[gap].after != number + 1) {
      gap = next(gap);
    }
    for (std::size_t at = next(gap); slots_[at].after != 0 && home(at) != at; at = next(at)) {
      slots_[gap] = slots_[at];
      gap = at;
    }
    slots_[gap] = {};
    --size_;
  }

  std::size_t size() const { return size_; }

 private:
  struct Slot {
    Key key{};
    std::uint32_t after = 0;  // the number and one: 0 is an empty slot
  };
  using Slots = BigVector<Slot>;
  static constexpr std::size_t initial_slots = 16;

  std::size_t place_of(std::uint32_t hash) const {
    return std::uint64_t{hash} * slots_.size() >> 32;
  }
  std::size_t home(std::size_t at) const { return place_of(slots_[at].key.hash()); }
  std::size_t next(std::size_t at) const { return at + 1 == slots_.size() ? 0 : at + 1; }
  // How far behind the place that it wants; the table is never full.
  std::size_t distance(std::size_t at, std::size_t wanted) const {
    return at >= wanted ? at - wanted : at + slots_.size() - wanted;
  }
  // Whether what stands there goes before one of this hash that comes now, or has the same.
  bool is_before(std::size_t at, std::size_t wanted, std::uint32_t hash) const {
    if (slots_[at].after == 0) {
      return false;
    }
    const std::uint32_t theirs = slots_[at].key.hash();
    const std::size_t mine = distance(at, wanted), other = distance(at, place_of(theirs));
    return other != mine ? other > mine : theirs <= hash;
  }
  // Behind those that go before it; all behind it move on.
  void place(Slot slot) {
    const std::uint32_t hash = slot.key.hash();
    const std::size_t wanted = place_of(hash);
    std::size_t at = wanted;
    while (is_before(at, wanted, hash)) {
      at = next(at);
    }
    for (; slot.after != 0; at = next(at)) {
      std::swap(slot, slots_[at]);
    }
  }

  Slots slots_;
  std::size_t size_ = 0;
};

}  // namespace marktwacht
