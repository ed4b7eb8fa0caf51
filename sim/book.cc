// Levels and queues: see book.h.
#include "sim/book.h"

#include <bit>

#include "base/check.h"

namespace marktwacht::sim {
namespace {

// The highest set bit at or below `at`, or −1.
int below(std::uint64_t bits, int at) {
  const std::uint64_t kept = at == 63 ? bits : bits & ((std::uint64_t{2} << at) - 1);
  return kept == 0 ? -1 : 63 - std::countl_zero(kept);
}

// The lowest set bit at or above `at`, or −1.
int above(std::uint64_t bits, int at) {
  const std::uint64_t kept = bits >> at << at;
  return kept == 0 ? -1 : std::countr_zero(kept);
}

}  // namespace

std::uint32_t OrderPool::add() {
  ++live_;
  if (free_ == no_slot) {
    orders_.emplace_back();
    return static_cast<std::uint32_t>(orders_.size() - 1);
  }
  const std::uint32_t slot = free_;
  free_ = orders_[slot].next;
  return slot;
}

void OrderPool::remove(std::uint32_t slot) {
  Order& order = orders_[slot];
  order.id = 0;
  order.state = OrderState::free;
  order.next = free_;
  free_ = slot;
  --live_;
}

Book::Page& Book::page(std::int32_t price) {
  std::uint16_t& place = directory_[static_cast<std::size_t>(price) / 64];
  if (place == 0) {
    pages_.emplace_back();
    place = static_cast<std::uint16_t>(pages_.size());
  }
  return pages_[place - 1];
}

const BookLevel& Book::level(std::int32_t price) const {
  static const BookLevel nothing;
  const std::uint16_t place = directory_[static_cast<std::size_t>(price) / 64];
  return place == 0 ? nothing : pages_[place - 1].levels[static_cast<std::size_t>(price) % 64];
}

std::int32_t Book::worse(Side side, std::int32_t price) const {
  const bool down = side == Side::buy;
  const std::int32_t none = down ? 0 : price_end;
  const std::int32_t from = down ? price - 1 : price + 1;
  if (from <= 0 || from >= price_end) {
    return none;
  }
  const auto find = down ? below : above;
  int page = from / 64;
  if (const std::uint16_t place = directory_[static_cast<std::size_t>(page)]; place != 0) {
    if (const int bit = find(pages_[place - 1].occupied, from % 64); bit >= 0) {
      return page * 64 + bit;
    }
  }
  const int step = down ? -1 : 1;
  page += step;
  const int words = static_cast<int>(occupied_.size());
  for (int word = page >= 0 ? page / 64 : -1, at = page >= 0 ? page % 64 : 0;
       word >= 0 && word < words; word += step, at = down ? 63 : 0) {
    if (const int found = find(occupied_[static_cast<std::size_t>(word)], at); found >= 0) {
      const auto number = static_cast<std::size_t>(word * 64 + found);
      const std::uint64_t bits = pages_[directory_[number] - 1u].occupied;
      return static_cast<std::int32_t>(number) * 64 + find(bits, down ? 63 : 0);
    }
  }
  return none;
}

std::int64_t Book::depth(Side side, std::int32_t price) const {
  std::int64_t sum = 0;
  for (std::int32_t at = best(side);
       side == Side::buy ? at >= price && at > 0 : at <= price && at < price_end;
       at = worse(side, at)) {
    sum += level(at).visible;
  }
  return sum;
}

void Book::enqueue(std::uint32_t slot, OrderPool& orders) {
  Order& order = orders[slot];
  const std::int32_t price = order.price;
  check(order.side == Side::buy ? price < best_ask_ : price > best_bid_, "a book never crosses");
  Page& on = page(price);
  BookLevel& level = on.levels[static_cast<std::size_t>(price) % 64];
  order.prev = level.tail;
  order.next = no_slot;
  order.state = OrderState::resting;
  if (level.tail == no_slot) {
    level.head = slot;
    on.occupied |= std::uint64_t{1} << price % 64;
    occupied_[static_cast<std::size_t>(price) / 64 / 64] |= std::uint64_t{1} << price / 64 % 64;
    if (order.side == Side::buy) {
      best_bid_ = std::max(best_bid_, price);
    } else {
      best_ask_ = std::min(best_ask_, price);
    }
  } else {
    orders[level.tail].next = slot;
  }
  level.tail = slot;
  level.visible += order.visible();
}

void Book::vacate(std::int32_t price, Side side) {
  Page& on = page(price);
  on.occupied &= ~(std::uint64_t{1} << price % 64);
  if (on.occupied == 0) {
    occupied_[static_cast<std::size_t>(price) / 64 / 64] &= ~(std::uint64_t{1} << price / 64 % 64);
  }
  if (side == Side::buy && price == best_bid_) {
    best_bid_ = worse(Side::buy, price);
  } else if (side == Side::sell && price == best_ask_) {
    best_ask_ = worse(Side::sell, price);
  }
}

void Book::dequeue(std::uint32_t slot, OrderPool& orders) {
  const Order& order = orders[slot];
  BookLevel& level = page(order.price).levels[static_cast<std::size_t>(order.price) % 64];
  (order.prev == no_slot ? level.head : orders[order.prev].next) = order.next;
  (order.next == no_slot ? level.tail : orders[order.next].prev) = order.prev;
  level.visible -= order.visible();
  if (level.head == no_slot) {
    vacate(order.price, order.side);
  }
}

void Book::resize(std::uint32_t slot, std::int64_t quantity, OrderPool& orders) {
  Order& order = orders[slot];
  BookLevel& level = page(order.price).levels[static_cast<std::size_t>(order.price) % 64];
  level.visible -= order.visible();
  order.remaining = quantity;
  level.visible += order.visible();
}

}  // namespace marktwacht::sim
