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
  static constexpr std::uint32_t gone = 0xFFFF'FFFF;

  struct Entry {
    Time at;
    std::uint64_t seq = 0, takers = 0, counts = 0;
    std::uint32_t row = gone;  // gone: its row is
    std::uint32_t next = 0;    // of the same row
    bool has_values = false;
  };

  bool empty() const { return first_ == end_; }
  const Entry& front() const { return ring_[slot(first_)]; }
  std::uint32_t first() const { return first_; }
  Entry& operator[](std::uint32_t place) { return ring_[slot(place)]; }
  const Entry& operator[](std::uint32_t place) const { return ring_[slot(place)]; }
  // Of an entry that has some.
  const CellValues& values(std::uint32_t place) const { return values_.find(place)->second; }

  std::uint32_t push(const WindowEntry& entry, std::uint32_t row) {
    if (size_ == ring_.size()) {
      grow();
    }
    const std::uint32_t place = end_;
    ring_[slot(place)] = {entry.at, entry.seq, entry.takers,         entry.counts,
                          row,      0,         !entry.values.empty()};
    if (!entry.values.empty()) {
      values_[place] = entry.values;
    }
    end_ = after(end_);
    ++size_;
    return place;
  }
  void pop() {
    if (front().has_values) {
      values_.erase(first_);
    }
    first_ = after(first_);
    --size_;
  }

 private:
  static std::uint32_t after(std::uint32_t place) { return place == UINT32_MAX ? 1 : place + 1; }
  std::size_t slot(std::uint32_t place) const { return place & (ring_.size() - 1); }

  void grow() {
    decltype(ring_) larger(std::max<std::size_t>(1'024, 2 * ring_.size()));
    for (std::uint32_t place = first_; place != end_; place = after(place)) {
      larger[place & (larger.size() - 1)] = ring_[slot(place)];
    }
    ring_ = std::move(larger);
  }

  BigVector<Entry> ring_;  // a power of two
  std::uint32_t first_ = 1, end_ = 1;
  std::size_t size_ = 0;
  boost::unordered_flat_map<std::uint32_t, CellValues> values_;  // by place
};

}  // namespace marktwacht
