// Whose resting orders stand where: those of one account in one instrument and side, as a list.
#pragma once

#include <cstdint>
#include <vector>

#include "base/free_places.h"
#include "base/huge_pages.h"
#include "base/index.h"
#include "base/key_table.h"
#include "books/order_table.h"
#include "events/words.h"

namespace marktwacht {

// One thread. Follows from the books alone and is no part of their state: the order in which a list
// is visited says nothing. O(1) for each change; 12 bytes a slot, about 40 for each list that is
// not empty.
class OwnedOrders {
 public:
  // `slot` must be in no list.
  void add(OrderSlot slot, const Order& order) {
    const std::uint64_t of = key(order.account, order.instrument, order.side);
    const std::uint32_t* const known = places_.find(of);
    const std::uint32_t place = known != nullptr ? *known : new_list(of);
    if (links_.size() <= slot.value) {
      links_.resize(slot.value + 1);
    }
    List& list = lists_[place];
    links_[slot.value] = {place, OrderSlot::none(), list.head};
    if (list.head.exists()) {
      links_[list.head.value].before = slot;
    }
    list.head = slot;
    ++list.orders;
  }
  // It must be in one.
  void remove(OrderSlot slot) {
    const Link link = links_[slot.value];
    List& list = lists_[link.list];
    if (--list.orders == 0) {
      places_.erase(list.key);
      free_.push_back(link.list);
      return;
    }
    (link.before.exists() ? links_[link.before.value].after : list.head) = link.after;
    if (link.after.exists()) {
      links_[link.after.value].before = link.before;
    }
  }
  void clear() { *this = {}; }

  std::uint32_t count(AccountIndex account, InstrumentIndex instrument, Side side) const {
    const std::uint32_t* const place = places_.find(key(account, instrument, side));
    return place == nullptr ? 0 : lists_[*place].orders;
  }
  template <class Visitor>
  void visit(AccountIndex account, InstrumentIndex instrument, Side side, Visitor&& visitor) const {
    const std::uint32_t* const place = places_.find(key(account, instrument, side));
    OrderSlot slot = place == nullptr ? OrderSlot::none() : lists_[*place].head;
    for (; slot.exists(); slot = links_[slot.value].after) {
      visitor(slot);
    }
  }
  std::size_t lists() const { return places_.size(); }

 private:
  struct List {
    std::uint64_t key = 0;
    OrderSlot head;
    std::uint32_t orders = 0;
  };
  struct Link {
    std::uint32_t list = 0;
    OrderSlot before, after;
  };

  static std::uint64_t key(AccountIndex account, InstrumentIndex instrument, Side side) {
    return static_cast<std::uint64_t>(account.value) << 32 | instrument.value << 1 |
           static_cast<std::uint64_t>(side);
  }
  std::uint32_t new_list(std::uint64_t key) {
    const std::uint32_t at = take_place(lists_, free_);
    lists_[at] = {key, OrderSlot::none(), 0};
    places_[key] = at;
    return at;
  }

  KeyTable<std::uint32_t> places_;
  BigVector<List> lists_;
  std::vector<std::uint32_t> free_;
  BigVector<Link> links_;  // by slot
};

}  // namespace marktwacht
