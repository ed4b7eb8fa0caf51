// The rows of a window table: one for each key, as words whose meaning the table's layout knows.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/huge_pages.h"

namespace marktwacht {

// Up to four parts; those not used are all ones. The owner (account or group) comes first.
struct Key {
  static constexpr std::uint32_t unused = 0xFFFF'FFFF;

  std::array<std::uint32_t, 4> parts = {unused, unused, unused, unused};

  auto operator<=>(const Key&) const = default;
};

struct KeyHash {
  using is_avalanching = void;

  std::size_t operator()(const Key& key) const {
    const std::uint64_t low = static_cast<std::uint64_t>(key.parts[0]) << 32 | key.parts[1];
    const std::uint64_t high = static_cast<std::uint64_t>(key.parts[2]) << 32 | key.parts[3];
    std::uint64_t mixed = (low ^ high * 0x9E37'79B9'7F4A'7C15) * 0xD6E8'FEB8'6659'FD93;
    mixed ^= mixed >> 32;
    mixed *= 0xD6E8'FEB8'6659'FD93;
    return mixed ^ mixed >> 29;
  }
};

// One thread. Rows are named by number; a row's words stay where they are. Rows of one owner (the
// key's first part) are chained, if the table wants it.
class WindowRows {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  WindowRows(std::uint32_t words, bool by_owner)
      : words_(head_words + words), by_owner_(by_owner) {}

  std::uint32_t find(const Key& key) const {
    const auto found = index_.find(key);
    return found == index_.end() ? none : found->second;
  }
  // A fresh row, all zero; `key` must have none.
  std::uint32_t add(const Key& key);
  void remove(std::uint32_t row);
  void clear();

  std::uint32_t size() const { return static_cast<std::uint32_t>(index_.size()); }
  const Key& key(std::uint32_t row) const { return head(row).key; }
  std::uint64_t* words(std::uint32_t row) { return place(row) + head_words; }
  const std::uint64_t* words(std::uint32_t row) const { return place(row) + head_words; }
  // Alerts that are open on this row's key.
  std::uint32_t& open(std::uint32_t row) { return head(row).open; }

  std::uint32_t first_of(std::uint32_t owner) const {
    return owner < first_.size() ? first_[owner] : none;
  }
  std::uint32_t next(std::uint32_t row) const { return head(row).next; }
  // All rows, or those that `wanted` takes, by key.
  std::vector<std::uint32_t> ordered() const {
    return ordered([](std::uint32_t) { return true; });
  }
  template <class Wanted>
  std::vector<std::uint32_t> ordered(Wanted&& wanted) const {
    std::vector<std::uint32_t> rows;
    for (const auto& entry : index_) {  // tidy: sorted below
      if (wanted(entry.second)) {
        rows.push_back(entry.second);
      }
    }
    sort(rows);
    return rows;
  }

 private:
  static constexpr std::uint32_t block_shift = 13, block_mask = (1u << block_shift) - 1;

  // Stands before a row's words, so that a key that was found is on the line that comes next.
  struct Head {
    Key key;
    std::uint32_t next = none;
    std::uint32_t open = 0;
  };
  static constexpr std::uint32_t head_words = sizeof(Head) / sizeof(std::uint64_t);
  struct Release {
    std::size_t words = 0;
    void operator()(std::uint64_t* block) const {
      HugeAllocator<std::uint64_t>().deallocate(block, words);
    }
  };
  using Entry = std::pair<const Key, std::uint32_t>;

  std::uint64_t* place(std::uint32_t row) {
    return blocks_[row >> block_shift].get() + std::size_t{row & block_mask} * words_;
  }
  const std::uint64_t* place(std::uint32_t row) const {
    return blocks_[row >> block_shift].get() + std::size_t{row & block_mask} * words_;
  }
  Head& head(std::uint32_t row) { return *reinterpret_cast<Head*>(place(row)); }
  const Head& head(std::uint32_t row) const { return *reinterpret_cast<const Head*>(place(row)); }

  void sort(std::vector<std::uint32_t>& rows) const;

  std::uint32_t words_;  // of a row, its head in them
  bool by_owner_;
  boost::unordered_flat_map<Key, std::uint32_t, KeyHash, std::equal_to<>, HugeAllocator<Entry>>
      index_;
  std::vector<std::unique_ptr<std::uint64_t, Release>> blocks_;
  std::uint32_t rows_end_ = 0;  // rows have numbers below this
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> first_;  // by owner
};

}  // namespace marktwacht
