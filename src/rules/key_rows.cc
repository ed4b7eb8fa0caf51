// Taking and giving back rows.
#include "rules/key_rows.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace marktwacht {
namespace {

// Rows may be unused from now on: all are looked at when their number has doubled, so that each
// pays for a fixed number.
std::uint32_t sweep_from(std::uint32_t sweep_at, std::uint32_t least, std::size_t taken) {
  return sweep_at != KeyRows::none ? sweep_at
                                   : std::max(least, static_cast<std::uint32_t>(2 * taken));
}

}  // namespace

std::uint32_t KeyRows::add_area(std::uint32_t words) {
  check(rows_end_ == 0, "areas come before rows");
  areas_.push_back({words_, words + 1});
  words_ += words + 1;
  row_words_ = (words_ + line_words - 1) / line_words * line_words;
  return static_cast<std::uint32_t>(areas_.size() - 1);
}

KeyRows::Lines KeyRows::lines_of(std::uint32_t area, std::uint32_t first_word,
                                 std::uint32_t words) const {
  const auto line_of = [](std::uint32_t word) {
    return word / line_words < 64 ? Lines{1} << word / line_words : 0;
  };
  const std::uint32_t use = areas_[area].at;
  Lines lines = line_of(0) | line_of(use);
  for (std::uint32_t word = first_word; word < first_word + words; ++word) {
    lines |= line_of(use + 1 + word);
  }
  return lines;
}

std::uint32_t KeyRows::place_for(const Key& key) {
  if (const std::uint32_t known = find(key); known != none) {
    return known;
  }
  if (rows_end_ - free_.size() >= sweep_at_) {
    give_back_unused();
  }
  const std::uint32_t row = take();
  head(row) = {key, none, row + 1};
  asked_ = key;
  found_ = row;
  if (!direct_) {
    index_.insert(key.hash(), row, [](std::uint32_t) { return false; });
  }
  if (by_owner_) {
    const std::uint32_t owner = key.parts[0];
    if (owner >= first_.size()) {
      first_.resize(std::max<std::size_t>(std::size_t{owner} + 1, 2 * first_.size()), none);
    }
    head(row).next = std::exchange(first_[owner], row);
  }
  return row;
}

// A row that was in use before is in no table, whatever its words say: they are left as they are.
std::uint32_t KeyRows::take() {
  std::uint32_t row = none;
  if (!free_.empty()) {
    row = free_.back();
    free_.pop_back();
  } else {
    row = fresh();
  }
  // Taken soon, and not looked at for long.
  if (const std::uint32_t next = free_.empty() ? rows_end_ : free_.back();
      next >> block_shift < blocks_.size()) {
    prefetch_lines(place(next), words_ * sizeof(std::uint64_t));
  }
  return row;
}

std::uint32_t KeyRows::fresh() {
  if (rows_end_ >> block_shift == blocks_.size()) {
    const std::size_t bytes = (std::size_t{row_words_} << block_shift) * sizeof(std::uint64_t);
    auto* const block = static_cast<std::uint64_t*>(map_pages(bytes, PageSize::huge));  // all zero
    blocks_.emplace_back(block, Release{bytes});
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
  sweep_at_ = sweep_from(sweep_at_, sweep_least, rows_end_ - free_.size());
}

// Rows that are told to be in an earlier use are in none.
void KeyRows::clear(std::uint32_t area) {
  sweep_at_ = sweep_from(sweep_at_, sweep_least, rows_end_ - free_.size());
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

// The owners' chains are made anew: to take single rows out would walk them.
void KeyRows::give_back_unused() {
  std::ranges::fill(first_, none);
  for (std::uint32_t row = 0; row < rows_end_; ++row) {
    if (head(row).number_plus_one == 0) {
      continue;
    }
    if (!in_use(row)) {
      give_back(row);
    } else if (by_owner_) {
      head(row).next = std::exchange(first_[head(row).key.parts[0]], row);
    }
  }
  sweep_at_ = none;
  asked_ = {};
  found_ = none;
}

void KeyRows::give_back(std::uint32_t row) {
  if (!direct_) {
    index_.erase(head(row).key.hash(), row);
  }
  head(row) = {};
  free_.push_back(row);
}

}  // namespace marktwacht
