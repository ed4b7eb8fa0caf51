// The order book of one instrument: levels in pages of 64 ticks, orders of a level in a queue.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/order.h"

namespace marktwacht::sim {

// All live orders of the venue, by slot; slot 0 is nobody's.
class OrderPool {
 public:
  OrderPool() : orders_(1) {}

  std::uint32_t add();
  void remove(std::uint32_t slot);
  Order& operator[](std::uint32_t slot) { return orders_[slot]; }
  const Order& operator[](std::uint32_t slot) const { return orders_[slot]; }
  // Nothing when it is gone.
  const Order* find(OrderRef ref) const {
    return ref.slot != no_slot && orders_[ref.slot].id == ref.id ? &orders_[ref.slot] : nullptr;
  }
  std::uint32_t live() const { return live_; }

 private:
  std::vector<Order> orders_;
  std::uint32_t free_ = no_slot;
  std::uint32_t live_ = 0;
};

struct BookLevel {
  std::uint32_t head = no_slot, tail = no_slot;
  std::int64_t visible = 0;  // lots
};

class Book {
 public:
  // 0 where there are no bids, `price_end` where there are no asks.
  std::int32_t best_bid() const { return best_bid_; }
  std::int32_t best_ask() const { return best_ask_; }
  std::int32_t best(Side side) const { return side == Side::buy ? best_bid_ : best_ask_; }
  bool has(Side side) const { return side == Side::buy ? best_bid_ > 0 : best_ask_ < price_end; }
  // The nearest level that holds orders and is worse than `price`, else 0 or `price_end`.
  std::int32_t worse(Side side, std::int32_t price) const;
  const BookLevel& level(std::int32_t price) const;
  // Visible lots at `price` and better.
  std::int64_t depth(Side side, std::int32_t price) const;

  // Behind the others of its price. Must not meet the other side.
  void enqueue(std::uint32_t slot, OrderPool& orders);
  void dequeue(std::uint32_t slot, OrderPool& orders);
  // A resting order has `quantity` left; it keeps its place.
  void resize(std::uint32_t slot, std::int64_t quantity, OrderPool& orders);

 private:
  struct Page {
    std::uint64_t occupied = 0;  // a bit a tick
    std::array<BookLevel, 64> levels;
  };
  static constexpr std::uint32_t pages_end = price_end / 64;

  Page& page(std::int32_t price);
  void vacate(std::int32_t price, Side side);

  std::array<std::uint16_t, pages_end> directory_{};      // place in pages_ plus one; 0: none yet
  std::array<std::uint64_t, pages_end / 64> occupied_{};  // a bit a page
  std::vector<Page> pages_;
  std::int32_t best_bid_ = 0;
  std::int32_t best_ask_ = price_end;
};

}  // namespace marktwacht::sim
