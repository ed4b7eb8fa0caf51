// The lots of one position, first in, first out, contiguous.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "accounts/accounts.h"

namespace marktwacht {

// Taking from the front is amortised O(1): what was taken stays in place until it is half of all.
class LotQueue {
 public:
  bool empty() const { return first_ == lots_.size(); }
  std::span<const Lot> view() const { return std::span(lots_).subspan(first_); }
  Lot& front() { return lots_[first_]; }
  Lot& back() { return lots_.back(); }
  const Lot& back() const { return lots_.back(); }

  void push(const Lot& lot) { lots_.push_back(lot); }

  void pop(std::size_t count) {
    first_ += count;
    if (first_ * 2 < lots_.size()) {
      return;
    }
    lots_.erase(lots_.begin(), lots_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
    if (lots_.capacity() > keep_capacity && lots_.size() * 4 < lots_.capacity()) {
      lots_.shrink_to_fit();
    }
  }

 private:
  static constexpr std::size_t keep_capacity = 32;

  std::vector<Lot> lots_;
  std::size_t first_ = 0;
};

}  // namespace marktwacht
