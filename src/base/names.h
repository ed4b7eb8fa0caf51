// Interning: text ↔ dense number, numbers given out from 0 in the order of first sight.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/huge_pages.h"
#include "base/index.h"
#include "base/prefetch.h"
#include "base/text.h"

namespace marktwacht {

// Open addressing over {hash, number}, so that probing touches a name only where the hash fits.
// Names are never forgotten.
template <class IndexType>
class Names {
 public:
  Names() : slots_(initial_slots) {}

  std::uint32_t size() const { return size_; }

  IndexType find(Text name) const {
    for (std::size_t at = name.hash & mask();; at = (at + 1) & mask()) {
      const Slot& slot = slots_[at];
      if (slot.number == empty) {
        return IndexType::none();
      }
      if (slot.hash == name.hash && is({slot.number}, name)) [[likely]] {
        return IndexType{slot.number};
      }
    }
  }
  IndexType find(std::string_view name) const { return find(make_text(name)); }
  // The same, where it is most likely `likely`, which is one there is.
  IndexType find(Text name, IndexType likely) const {
    return is(likely, name) ? likely : find(name);
  }
  // Starts fetching what `find` will look at first, and, called some time later, what it will look
  // at then: the text of what has such a hash, which is mostly the one that is meant.
  void prefetch(Text name) const { prefetch_line<FetchFor::reading>(&slots_[name.hash & mask()]); }
  IndexType prefetch_text(Text name) const {
    std::size_t at = name.hash & mask();
    while (slots_[at].number != empty && slots_[at].hash != name.hash) {
      at = (at + 1) & mask();
    }
    if (slots_[at].number == empty) {
      return IndexType::none();
    }
    // In one line: a short text stands in the string itself.
    prefetch_line<FetchFor::reading>(&text({slots_[at].number}));
    return IndexType{slots_[at].number};
  }

  // The number of `name`, a new one if it has none yet.
  IndexType intern(Text name) {
    if (const IndexType known = find(name); known.exists()) {
      return known;
    }
    check(size() < IndexType::none_value - 1, "fewer than 2^32 names");
    if ((std::size_t{size_} + 1) * 2 > slots_.size()) {
      grow();
    }
    if (size_ % chunk == 0) {
      texts_.push_back(std::make_unique<Chunk>());
    }
    const std::uint32_t number = size_++;
    texts_.back()->texts[number % chunk] = name.view();
    place({name.hash, number});
    return IndexType{number};
  }
  IndexType intern(std::string_view name) { return intern(make_text(name)); }

  const std::string& text(IndexType index) const {
    return texts_[index.value / chunk]->texts[index.value % chunk];
  }

 private:
  static constexpr std::uint32_t empty = 0xFFFF'FFFF;
  static constexpr std::size_t initial_slots = 64;
  static constexpr std::uint32_t chunk = 64;
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = empty;
  };
  struct alignas(64) Chunk {  // a short text is in one cache line
    std::array<std::string, chunk> texts;
  };

  std::size_t mask() const { return slots_.size() - 1; }

  bool is(IndexType index, Text name) const {
    const std::string& known = text(index);
    return known.size() == name.size && same_bytes(known.data(), name.data, name.size);
  }

  void place(Slot slot) {
    std::size_t at = slot.hash & mask();
    while (slots_[at].number != empty) {
      at = (at + 1) & mask();
    }
    slots_[at] = slot;
  }

  void grow() {
    BigVector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.number != empty) {
        place(slot);
      }
    }
  }

  BigVector<Slot> slots_;
  std::vector<std::unique_ptr<Chunk>> texts_;  // in chunks: texts stay where they are
  std::uint32_t size_ = 0;
};

}  // namespace marktwacht
