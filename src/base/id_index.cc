// From the hash of a key to the number of its record: erasing and growing.
#include "base/id_index.h"

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr std::uint32_t initial_mask = 127;

std::uint64_t room(std::uint32_t mask) { return (std::uint64_t{mask} + 1) * 6; }

}  // namespace

IdIndex::IdIndex() { resize(initial_mask); }

void IdIndex::erase(std::uint32_t hash, std::uint32_t number) {
  --size_;
  for (std::uint32_t at = home(hash);; at = (at + 1) & mask_) {
    Bucket& bucket = buckets_[at];
    const std::uint32_t equal = bucket.compare({hash, number + 1});
    const std::uint32_t empty = bucket.empty();
    if (const std::uint32_t both = equal & equal >> 1 & evens; both != 0) [[likely]] {
      bucket.entries[first(both)] = {};
      if (empty == 0) [[unlikely]] {
        close_gap(at, first(both));
      }
      return;
    }
    check(empty == 0, "an erased id is in the index");
  }
}

// The bucket `gap` was full until now: entries may have gone past it.
void IdIndex::close_gap(std::uint32_t gap, std::uint32_t entry) {
  for (std::uint32_t at = (gap + 1) & mask_;; at = (at + 1) & mask_) {
    Bucket& bucket = buckets_[at];
    const bool full = bucket.empty() == 0;
    for (std::uint32_t i = 0; i < 8; ++i) {
      // It may move back unless the gap lies before its home.
      const Entry moved = bucket.entries[i];
      if (moved.number_plus_one != 0 && ((at - home(moved.hash)) & mask_) >= ((at - gap) & mask_)) {
        buckets_[gap].entries[entry] = moved;
        bucket.entries[i] = {};
        gap = at;
        entry = i;
        break;
      }
    }
    if (!full) {
      return;
    }
  }
}

void IdIndex::place(Entry entry) {
  std::uint32_t at = home(entry.hash);
  std::uint32_t empty = buckets_[at].empty();
  while (empty == 0) {
    at = (at + 1) & mask_;
    empty = buckets_[at].empty();
  }
  buckets_[at].entries[first(empty)] = entry;
}

void IdIndex::reserve(std::uint32_t size) {
  std::uint32_t mask = mask_;
  while (room(mask) < size) {
    mask = mask * 2 + 1;
  }
  if (mask != mask_) {
    resize(mask);
  }
}

void IdIndex::resize(std::uint32_t mask) {
  check(mask < 1U << 29, "the index has fewer than 2^32 entries");
  Bucket* const old = buckets_;
  const std::size_t old_bytes = bytes();
  const std::size_t old_buckets = old == nullptr ? 0 : std::size_t{mask_} + 1;
  mask_ = mask;
  size_max_ = static_cast<std::uint32_t>(room(mask));
  const bool big = bytes() >= std::size_t{2} << 20;
  buckets_ = static_cast<Bucket*>(map_pages(bytes(), big ? PageSize::huge : PageSize::small));
  for (std::size_t at = 0; at < old_buckets; ++at) {
    for (const Entry& entry : old[at].entries) {
      if (entry.number_plus_one != 0) {
        place(entry);
      }
    }
  }
  if (old != nullptr) {
    unmap_pages(old, old_bytes);
  }
}

}  // namespace marktwacht
