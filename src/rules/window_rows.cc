// Taking and giving back rows.
#include "rules/window_rows.h"

#include <algorithm>

namespace marktwacht {

std::uint32_t WindowRows::add(const Key& key) {
  std::uint32_t row = rows_end_;
  if (free_.empty()) {
    ++rows_end_;
    if (row >> block_shift == blocks_.size()) {
      const std::size_t words = std::size_t{words_} << block_shift;
      blocks_.emplace_back(HugeAllocator<std::uint64_t>().allocate(words), Release{words});
    }
  } else {
    row = free_.back();
    free_.pop_back();
  }
  const bool fresh = index_.emplace(key, row).second;
  check(fresh, "a key has one row");
  std::memset(place(row), 0, words_ * sizeof(std::uint64_t));
  head(row) = {key, none, 0};
  if (by_owner_) {
    const std::uint32_t owner = key.parts[0];
    if (owner >= first_.size()) {
      first_.resize(std::max<std::size_t>(std::size_t{owner} + 1, 2 * first_.size()), none);
    }
    head(row).next = first_[owner];
    first_[owner] = row;
  }
  return row;
}

void WindowRows::remove(std::uint32_t row) {
  const Key& key = head(row).key;
  if (by_owner_) {
    std::uint32_t* link = &first_[key.parts[0]];
    while (*link != row) {
      link = &head(*link).next;
    }
    *link = head(row).next;
  }
  index_.erase(key);
  free_.push_back(row);
}

void WindowRows::clear() {
  index_.clear();
  rows_end_ = 0;
  free_.clear();
  first_.clear();
}

void WindowRows::sort(std::vector<std::uint32_t>& rows) const {
  std::ranges::sort(rows, {}, [this](std::uint32_t row) -> const Key& { return head(row).key; });
}

}  // namespace marktwacht
