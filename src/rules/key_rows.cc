// Taking and giving back rows.
#include "rules/key_rows.h"

#include <algorithm>
#include <cstring>

namespace marktwacht {

std::uint32_t KeyRows::add_area(std::uint32_t words) {
  check(rows_end_ == 0, "areas come before rows");
  areas_.push_back({words_, words + 1});
  words_ += words + 1;
  return static_cast<std::uint32_t>(areas_.size() - 1);
}

std::uint32_t KeyRows::place_for(const Key& key) {
  if (const std::uint32_t known = find(key); known != none) {
    return known;
  }
  if (rows_end_ - free_.size() >= sweep_at_) {
    give_back_unused();
  }
  const std::uint32_t row = take();
  std::memset(place(row), 0, words_ * sizeof(std::uint64_t));
  head(row) = {key, none, 1};
  if (!direct_) {
    index_.insert(key.hash(), row, [](std::uint32_t) { return false; });
  }
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

std::uint32_t KeyRows::take() {
  if (!free_.empty()) {
    const std::uint32_t row = free_.back();
    free_.pop_back();
    return row;
  }
  if (rows_end_ >> block_shift == blocks_.size()) {
    const std::size_t words = std::size_t{words_} << block_shift;
    blocks_.emplace_back(HugeAllocator<std::uint64_t>().allocate(words), Release{words});
  }
  return rows_end_++;
}

void KeyRows::enter(std::uint32_t area, std::uint32_t row) {
  const Area& mine = areas_[area];
  std::memset(place(row) + mine.at, 0, mine.words * sizeof(std::uint64_t));
  place(row)[mine.at] = mine.use;
  ++areas_[area].size;
}

void KeyRows::leave(std::uint32_t area, std::uint32_t row) {
  place(row)[areas_[area].at] = 0;
  --areas_[area].size;
}

// Rows that are told to be in an earlier use are in none.
void KeyRows::clear(std::uint32_t area) {
  areas_[area].size = 0;
  if (++areas_[area].use == 0) {
    for (std::uint32_t row = 0; row < rows_end_; ++row) {
      place(row)[areas_[area].at] = 0;
    }
    areas_[area].use = 1;
  }
}

bool KeyRows::in_use(std::uint32_t row) const {
  for (std::uint32_t area = 0; area < areas_.size(); ++area) {
    if (is_in(area, row)) {
      return true;
    }
  }
  return false;
}

// All rows are looked at when their number has doubled, so that each pays for a fixed number.
void KeyRows::give_back_unused() {
  for (std::uint32_t row = 0; row < rows_end_; ++row) {
    if (head(row).taken != 0 && !in_use(row)) {
      give_back(row);
    }
  }
  const auto taken = static_cast<std::uint32_t>(rows_end_ - free_.size());
  sweep_at_ = std::max(sweep_least, 2 * taken);
}

void KeyRows::give_back(std::uint32_t row) {
  const Key& key = head(row).key;
  if (by_owner_) {
    std::uint32_t* link = &first_[key.parts[0]];
    while (*link != row) {
      link = &head(*link).next;
    }
    *link = head(row).next;
  }
  if (!direct_) {
    index_.erase(key.hash(), row);
  }
  head(row) = {};
  free_.push_back(row);
}

}  // namespace marktwacht
