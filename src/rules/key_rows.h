// The rows of all window tables with the same key: one look-up finds what each of them has counted,
// and it lies together.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/check.h"
#include "base/huge_pages.h"
#include "base/id_index.h"
#include "base/prefetch.h"

namespace marktwacht {

// Up to four parts; those not used are all ones. The owner (account or group) comes first.
struct Key {
  static constexpr std::uint32_t unused = 0xFFFF'FFFF;

  std::array<std::uint32_t, 4> parts = {unused, unused, unused, unused};

  static Key of(std::uint32_t owner, std::uint32_t other = unused) {
    return {{owner, other, unused, unused}};
  }

  std::uint32_t hash() const {
    const std::uint64_t low = static_cast<std::uint64_t>(parts[0]) << 32 | parts[1];
    const std::uint64_t high = static_cast<std::uint64_t>(parts[2]) << 32 | parts[3];
    const std::uint64_t mixed = (low ^ high * 0x9E37'79B9'7F4A'7C15) * 0xD6E8'FEB8'6659'FD93;
    return static_cast<std::uint32_t>((mixed ^ mixed >> 32) * 0xD6E8'FEB8'6659'FD93 >> 32);
  }
  auto operator<=>(const Key&) const = default;
  bool operator==(const Key& other) const {
    using Halves = std::array<std::uint64_t, 2>;
    const auto mine = std::bit_cast<Halves>(parts), others = std::bit_cast<Halves>(other.parts);
    return ((mine[0] ^ others[0]) | (mine[1] ^ others[1])) == 0;
  }
};

// One thread. Rows are named by number; a row's words stay where they are, from the beginning of a
// cache line on. Each table has an area of words in every row, and a row is in the table while its
// area is in use; rows that no table uses any more are given back when there are many.
class KeyRows {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  // `by_owner`: rows of one owner (the key's first part) are chained. `parts`: of the key.
  KeyRows(bool by_owner, std::size_t parts)
      : by_owner_(by_owner), direct_(by_owner && parts == 1) {}
  KeyRows(const KeyRows&) = delete;
  KeyRows& operator=(const KeyRows&) = delete;

  // A table comes: so many words of each row are its own. Before the first row.
  std::uint32_t add_area(std::uint32_t words);

  // Cache lines of a row, from the lowest bit on; of a very long one the first 64.
  using Lines = std::uint64_t;
  // Those that its head is in, and so many of the area's words.
  Lines lines_of(std::uint32_t area, std::uint32_t first_word, std::uint32_t words) const;

  std::uint32_t find(const Key& key) const {
    if (direct_) {
      return first_row_of(key.parts[0]);
    }
    if (asked_ != key) {  // several tables ask for one event
      const auto is_meant = [&](std::uint32_t row) { return head(row).key == key; };
      const std::uint32_t hash = key.hash(), fetched = fetched_[hash % fetched_.size()];
      found_ = fetched < rows_end_ && is_meant(fetched) ? fetched : index_.find(hash, is_meant);
      asked_ = key;
    }
    return found_;
  }
  // The key's row, a fresh one if it has none.
  std::uint32_t place_for(const Key& key);
  // A key that is asked for soon.
  struct Coming {
    std::uint32_t owner = 0, hash = 0;
    std::uint32_t row = none;  // that it mostly has
  };
  // Starts fetching what `find` will look at.
  Coming prefetch(const Key& key) const {
    if (direct_) {
      if (key.parts[0] < first_.size()) {
        prefetch_line<FetchFor::reading>(&first_[key.parts[0]]);
      }
      return {key.parts[0]};
    }
    const std::uint32_t hash = key.hash();
    index_.prefetch(hash);
    return {key.parts[0], hash};
  }
  // Later: these lines of the row itself.
  void prefetch_row(Coming& coming, Lines lines) const {
    const std::uint32_t row = direct_ ? first_row_of(coming.owner) : index_.likely(coming.hash);
    coming.row = row;
    if (!direct_) {
      fetched_[coming.hash % fetched_.size()] = row;
    }
    if (row != none) {
      const std::uint64_t* const first = place(row);
      for (; lines != 0; lines &= lines - 1) {
        const auto line = static_cast<std::uint32_t>(std::countr_zero(lines));
        prefetch_line<FetchFor::writing, FetchTo::second_cache>(first + line_words * line);
      }
    } else if (coming.owner < first_.size()) {  // a new one goes before the owner's others
      prefetch_line(&first_[coming.owner]);
    }
  }

  // The area comes into use in this row, all zero, or goes out of it, in this row or in all.
  void enter(std::uint32_t area, std::uint32_t row);
  void leave(std::uint32_t area, std::uint32_t row);
  void clear(std::uint32_t area);
  bool is_in(std::uint32_t area, std::uint32_t row) const { return is_in(area, words(area, row)); }
  // Of whose `words` they are.
  bool is_in(std::uint32_t area, const std::uint64_t* words) const {
    return static_cast<std::uint32_t>(words[-1]) == areas_[area].use;
  }
  // Rows that the area is in use in.
  std::uint32_t size(std::uint32_t area) const { return areas_[area].size; }

  const Key& key(std::uint32_t row) const { return head(row).key; }
  std::uint64_t* words(std::uint32_t area, std::uint32_t row) {
    return place(row) + areas_[area].at + 1;
  }
  const std::uint64_t* words(std::uint32_t area, std::uint32_t row) const {
    return place(row) + areas_[area].at + 1;
  }
  // The row whose `words` they are.
  std::uint32_t row_of(std::uint32_t area, const std::uint64_t* words) const {
    return reinterpret_cast<const Head*>(words - 1 - areas_[area].at)->number_plus_one - 1;
  }
  // For the area's owner to count in: how many alerts are open on the row whose `words` they are.
  static std::uint32_t& open(std::uint64_t* words) {
    return reinterpret_cast<std::uint32_t*>(words - 1)[1];
  }
  static std::uint32_t open(const std::uint64_t* words) {
    return reinterpret_cast<const std::uint32_t*>(words - 1)[1];
  }

  // The owner's rows: in whatever area.
  std::uint32_t first_row_of(std::uint32_t owner) const {
    return owner < first_.size() ? first_[owner] : none;
  }
  std::uint32_t next(std::uint32_t row) const { return head(row).next; }
  // Rows have numbers below this; some are free.
  std::uint32_t rows_end() const { return rows_end_; }

 private:
  // Of rows whose size is that of whole cache lines: so many are whole huge pages.
  static constexpr std::uint32_t block_shift = 15, block_mask = (1u << block_shift) - 1;
  static constexpr std::uint32_t sweep_least = 4'096;
  static constexpr std::uint32_t line_words = 8;

  struct Head {
    Key key;
    std::uint32_t next = none;
    std::uint32_t number_plus_one = 0;  // of the row; 0: it is free
  };
  static constexpr std::uint32_t head_words = sizeof(Head) / sizeof(std::uint64_t);
  // Its first word says in which use it is (0: none) and how many alerts are open.
  struct Area {
    std::uint32_t at = 0, words = 0;
    std::uint32_t use = 1;
    std::uint32_t size = 0;
  };
  struct Release {
    std::size_t bytes = 0;
    void operator()(std::uint64_t* block) const { unmap_pages(block, bytes); }
  };

  std::uint64_t* place(std::uint32_t row) {
    return blocks_[row >> block_shift].get() + std::size_t{row & block_mask} * row_words_;
  }
  const std::uint64_t* place(std::uint32_t row) const {
    return blocks_[row >> block_shift].get() + std::size_t{row & block_mask} * row_words_;
  }
  Head& head(std::uint32_t row) { return *reinterpret_cast<Head*>(place(row)); }
  const Head& head(std::uint32_t row) const { return *reinterpret_cast<const Head*>(place(row)); }

  bool in_use(std::uint32_t row) const;
  void give_back_unused();
  void give_back(std::uint32_t row);
  std::uint32_t take();
  std::uint32_t fresh();

  bool by_owner_, direct_;
  mutable Key asked_;  // the last one, and its row
  mutable std::uint32_t found_ = none;
  mutable std::array<std::uint32_t, 64> fetched_{};  // last, by hash: they are asked for soon
  std::uint32_t words_ = head_words;                 // of a row, its head in them
  std::uint32_t row_words_ = line_words;             // with what is left of its last line
  std::vector<Area> areas_;
  IdIndex index_;  // not when the owner is the whole key
  std::vector<std::unique_ptr<std::uint64_t, Release>> blocks_;
  std::uint32_t rows_end_ = 0;
  std::vector<std::uint32_t> free_;
  std::uint32_t sweep_at_ = sweep_least;
  BigVector<std::uint32_t> first_;  // by owner
};

}  // namespace marktwacht
