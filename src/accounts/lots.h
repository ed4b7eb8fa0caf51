// The lots of one position, first in, first out: the oldest as it is, the others packed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>

#include "accounts/accounts.h"
#include "base/bytes.h"

namespace marktwacht {

// Positions of a busy market hold dozens of lots each, far more than anything else kept of them:
// packed, a lot takes 10 to 20 bytes instead of 48. Adding and taking are amortised O(1).
class LotQueue {
 public:
  // Oldest first. Invalid once the queue changes.
  class Iterator {
   public:
    explicit Iterator(const LotQueue& queue)
        : lot_(queue.front_), left_(queue.size_), packed_(queue.packed()) {}
    const Lot& operator*() const { return lot_; }
    Iterator& operator++() {
      if (--left_ > 0) {
        lot_ = unpack(packed_, lot_);
      }
      return *this;
    }
    bool operator==(std::default_sentinel_t) const { return left_ == 0; }

   private:
    Lot lot_;
    std::size_t left_;
    ByteReader packed_;
  };

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  Iterator begin() const { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }
  const Lot& front() const { return front_; }  // one must exist
  const Lot& back() const { return rest_ == nullptr ? front_ : rest_->last; }

  void push(const Lot& lot);
  void grow_back(Quantity quantity, Money fee);
  void shrink_front(Quantity quantity, Money fee);
  void pop(std::size_t count);

 private:
  // Each lot is packed as how it differs from the one before.
  struct Rest {
    std::string packed;
    std::size_t taken = 0;    // of `packed`: what is taken goes when it is a quarter of all
    std::size_t last_at = 0;  // where the last one begins
    Lot last, before_last;
  };
  static void pack(const Lot& lot, const Lot& before, std::string& out);
  static Lot unpack(ByteReader& in, const Lot& before);

  std::string_view packed() const {
    return rest_ == nullptr ? std::string_view()
                            : std::string_view(rest_->packed).substr(rest_->taken);
  }
  void drop_taken();

  Lot front_;
  std::size_t size_ = 0;
  std::unique_ptr<Rest> rest_;  // where there are two or more
};

}  // namespace marktwacht
