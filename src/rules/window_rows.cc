// Taking and giving back rows.
#include "rules/window_rows.h"

#include <algorithm>

namespace marktwacht {

std::uint32_t WindowRows::add(const Key& key) {
  std::uint32_t row = static_cast<std::uint32_t>(heads_.size());
  if (free_.empty()) {
    heads_.emplace_back();
    if (row >> block_shift == blocks_.size()) {
      blocks_.push_back(
          std::make_unique_for_overwrite<std::uint64_t[]>(std::size_t{words_} << block_shift));
    }
  } else {
    row = free_.back();
    free_.pop_back();
  }
  const bool fresh = index_.emplace(key, row).second;
  check(fresh, "a key has one row");
  heads_[row] = {key, none, 0};
  std::memset(words(row), 0, words_ * sizeof(std::uint64_t));
  if (by_owner_) {
    const std::uint32_t owner = key.parts[0];
    if (owner >= first_.size()) {
      first_.resize(std::max<std::size_t>(std::size_t{owner} + 1, 2 * first_.size()), none);
    }
    heads_[row].next = first_[owner];
    first_[owner] = row;
  }
  return row;
}

void WindowRows::remove(std::uint32_t row) {
  const Key& key = heads_[row].key;
  if (by_owner_) {
    std::uint32_t* link = &first_[key.parts[0]];
    while (*link != row) {
      link = &heads_[*link].next;
    }
    *link = heads_[row].next;
  }
  index_.erase(key);
  free_.push_back(row);
}

void WindowRows::clear() {
  index_.clear();
  heads_.clear();
  free_.clear();
  first_.clear();
}

std::vector<std::uint32_t> WindowRows::ordered() const {
  std::vector<std::uint32_t> rows;
  rows.reserve(index_.size());
  for (const auto& entry : index_) {  // tidy: sorted below
    rows.push_back(entry.second);
  }
  std::ranges::sort(rows, {}, [this](std::uint32_t row) -> const Key& { return heads_[row].key; });
  return rows;
}

}  // namespace marktwacht
