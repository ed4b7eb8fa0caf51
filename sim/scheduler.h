// Who acts next: wake-ups in the order of their time, those of one time in the order they were
// asked.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace marktwacht::sim {

struct Wake {
  Time due;
  std::uint64_t number = 0;  // in the order of asking: no two are equal
  std::uint32_t agent = 0;
};

// A heap of four children each: half the levels of one of two, and a level is one miss.
class Scheduler {
 public:
  bool empty() const { return heap_.empty(); }
  const Wake& next() const { return heap_.front(); }

  void ask(Time due, std::uint32_t agent) {
    heap_.push_back({due, ++asked_, agent});
    std::size_t at = heap_.size() - 1;
    for (; at > 0 && before(heap_[at], heap_[(at - 1) / 4]); at = (at - 1) / 4) {
      std::swap(heap_[at], heap_[(at - 1) / 4]);
    }
  }

  // Puts off the first: quicker than taking it and asking anew.
  void put_off(Time due) {
    heap_.front().due = due;
    heap_.front().number = ++asked_;
    sink();
  }

  void drop() {
    heap_.front() = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) {
      sink();
    }
  }

 private:
  static bool before(const Wake& a, const Wake& b) {
    return a.due != b.due ? a.due < b.due : a.number < b.number;
  }

  void sink() {
    const Wake moved = heap_.front();
    const std::size_t size = heap_.size();
    std::size_t at = 0;
    for (std::size_t child = 1; child < size; child = at * 4 + 1) {
      const std::size_t end = std::min(child + 4, size);
      std::size_t least = child;
      for (std::size_t other = child + 1; other < end; ++other) {
        least = before(heap_[other], heap_[least]) ? other : least;
      }
      if (!before(heap_[least], moved)) {
        break;
      }
      heap_[at] = heap_[least];
      at = least;
    }
    heap_[at] = moved;
  }

  std::vector<Wake> heap_;
  std::uint64_t asked_ = 0;
};

}  // namespace marktwacht::sim
