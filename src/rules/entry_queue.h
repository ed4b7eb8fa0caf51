// What stands in a sliding window: the entries of all its keys in the order of time, so that they
// leave it in that order too; those of one row are chained.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/huge_pages.h"
#include "base/int128.h"
#include "base/prefetch.h"
#include "base/time.h"
#include "rules/number.h"

namespace marktwacht {

// What one event adds to a sum.
struct CellSum {
  std::uint32_t cell = 0;
  std::int32_t scale = 0;
  Int128 units = 0;
};

// What one event adds to another aggregate that is no count.
struct CellValue {
  std::uint32_t cell = 0;
  Number number;                            // of a max, min
  std::shared_ptr<const std::string> text;  // of a distinct
};

struct CellValues {
  std::vector<CellSum> sums;
  std::vector<CellValue> others;

  bool empty() const { return sums.empty() && others.empty(); }
  void clear() {
    sums.clear();
    others.clear();
  }
};

// One event as a table counts it.
struct WindowEntry {
  Time at;
  std::uint64_t seq = 0;
  std::uint64_t takers = 0;  // bits: whose `where` it passed
  std::uint64_t counts = 0;  // bits: cells of kind count
  CellValues values;
};

// One thread. Entries are named by their place, from 1 and, after 2^32 - 1, from 1 again; 0 is
// none. At most 2^31 at a time.
class EntryQueue {
 public:
  struct Entry {
    Time at;
    std::uint64_t seq = 0, takers = 0, counts = 0;
    std::uint64_t* row = nullptr;  // where it is counted; nullptr: that is gone
    std::uint32_t next = 0;        // of the same row
    bool has_values = false;
  };

  bool empty() const { return first_ == end_; }
  const Entry& front() const { return ring_[slot(first_)]; }
  std::uint32_t first() const { return first_; }
  Entry& operator[](std::uint32_t place) { return ring_[slot(place)]; }
  const Entry& operator[](std::uint32_t place) const { return ring_[slot(place)]; }
  // Of an entry that has some.
  const CellValues& values(std::uint32_t place) const { return values_.find(place)->second; }
  // Starts fetching an entry that will be the front one, and the row of one that will be it soon.
  // Behind the end, those of old times.
  void look_ahead() const {
    prefetch_line(&ring_[slot(first_ + 16)]);
    prefetch_line(ring_[slot(first_ + 4)].row);
  }

  // Starts fetching an entry that another of its row will follow.
  void prefetch(std::uint32_t place) const { prefetch_line(ring_.data() + slot(place)); }

  std::uint32_t push(const WindowEntry& entry, std::uint64_t* row) {
    if (size_ == room_) [[unlikely]] {
      grow();
    }
    const std::uint32_t place = end_;
    const bool has_values = !entry.values.empty();
    Entry& added = ring_[slot(place)];
    added.at = entry.at;
    added.seq = entry.seq;
    added.takers = entry.takers;
    added.counts = entry.counts;
    added.row = row;
    added.next = 0;
    added.has_values = has_values;
    if (has_values) [[unlikely]] {
      keep_values(place, entry.values);
    }
    end_ = after(end_);
    ++size_;
    return place;
  }
  // Of the front entry, which has some: it has none any more.
  CellValues take_values();
  // The front entry has no values.
  void pop() {
    first_ = after(first_);
    --size_;
  }

 private:
  static std::uint32_t after(std::uint32_t place) { return place == UINT32_MAX ? 1 : place + 1; }
  std::size_t slot(std::uint32_t place) const { return place & (room_ - 1); }

  void grow();
  void keep_values(std::uint32_t place, const CellValues& values);

  BigVector<Entry> ring_;
  std::size_t room_ = 0;  // of the ring: a power of two
  std::uint32_t first_ = 1, end_ = 1;
  std::size_t size_ = 0;
  boost::unordered_flat_map<std::uint32_t, CellValues> values_;  // by place
};

}  // namespace marktwacht
