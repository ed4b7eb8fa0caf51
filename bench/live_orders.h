// The live orders of a stream while it is being made: a plain book of its own, so that what is
// measured has no hand in its input.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory_resource>
#include <vector>

#include "base/fixed.h"
#include "sim/random.h"

namespace marktwacht::bench {

using sim::Random;

struct LiveOrder {
  std::uint64_t order_id = 0;
  std::int32_t price = 0;      // in ticks
  std::uint32_t quantity = 0;  // in lots, what remains
  std::uint32_t account = 0;
  std::uint16_t instrument = 0;
  Side side = Side::buy;
};

// One thread. A place stays an order's own until it is removed.
class LiveOrders {
 public:
  explicit LiveOrders(std::uint32_t instruments);

  std::uint32_t add(const LiveOrder& order);
  void remove(std::uint32_t place);
  // To the end of the queue at `price`.
  void move(std::uint32_t place, std::int32_t price, std::uint32_t quantity);
  LiveOrder& operator[](std::uint32_t place) { return nodes_[place].order; }

  std::uint32_t size() const { return static_cast<std::uint32_t>(live_.size()); }
  bool empty(std::uint32_t instrument, Side side) const { return levels(instrument, side).empty(); }
  // The first order at the best price; the side must not be empty.
  std::uint32_t best(std::uint32_t instrument, Side side) const {
    return levels(instrument, side).begin()->second.head;
  }
  // Any live order; there must be one.
  std::uint32_t any(Random& random) const { return live_[random.below(size())]; }
  // One of the orders placed last, or any when those are gone.
  std::uint32_t young(Random& random) const;

  std::uint32_t levels() const { return level_count_; }
  // Both sides together.
  std::uint32_t levels_of(std::uint32_t instrument) const {
    return static_cast<std::uint32_t>(levels(instrument, Side::buy).size() +
                                      levels(instrument, Side::sell).size());
  }

 private:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;
  static constexpr std::uint32_t young_size = 4096;

  struct Node {
    LiveOrder order;
    std::uint32_t next = none, prev = none;
    std::uint32_t live_at = none;  // place in live_, none when it is free
    std::uint64_t number = 0;      // of the order, 1 for the first
  };
  struct Queue {
    std::uint32_t head = none, tail = none;
  };
  // By distance: the best price has the lowest key.
  using Levels = std::pmr::map<std::int64_t, Queue>;
  struct Young {
    std::uint32_t place = 0;
    std::uint64_t number = 0;
  };

  static std::int64_t key(const LiveOrder& order) {
    return order.side == Side::buy ? -std::int64_t{order.price} : order.price;
  }
  Levels& levels(std::uint32_t instrument, Side side) {
    return books_[2 * instrument + static_cast<std::uint32_t>(side)];
  }
  const Levels& levels(std::uint32_t instrument, Side side) const {
    return books_[2 * instrument + static_cast<std::uint32_t>(side)];
  }
  void enqueue(std::uint32_t place);
  void dequeue(std::uint32_t place);

  std::pmr::unsynchronized_pool_resource memory_;
  std::vector<Levels> books_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> live_;
  std::array<Young, young_size> young_{};
  std::uint64_t placed_ = 0;
  std::uint32_t level_count_ = 0;
};

}  // namespace marktwacht::bench
