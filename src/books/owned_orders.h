// Whose resting orders stand where: those of one account in one instrument and side, as a list.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "base/index.h"
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
    const auto [place, fresh] =
        places_.try_emplace(key(order.account, order.instrument, order.side));
    if (fresh) {
      place->second = new_list(place->first);
    }
    if (links_.size() <= slot.value) {
      links_.resize(slot.value + 1);
    }
    List& list = lists_[place->second];
    links_[slot.value] = {place->second, OrderSlot::none(), list.head};
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
    const auto place = places_.find(key(account, instrument, side));
    return place == places_.end() ? 0 : lists_[place->second].orders;
  }
  template <class Visitor>
  void visit(AccountIndex account, InstrumentIndex instrument, Side side, Visitor&& visitor) const {
    const auto place = places_.find(key(account, instrument, side));
    OrderSlot slot = place == places_.end() ? OrderSlot::none() : lists_[place->second].head;
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
    std::uint32_t at = static_cast<std::uint32_t>(lists_.size());
    if (free_.empty()) {
      lists_.emplace_back();
    } else {
      at = free_.back();
      free_.pop_back();
    }
    lists_[at] = {key, OrderSlot::none(), 0};
    return at;
  }

  boost::unordered_flat_map<std::uint64_t, std::uint32_t> places_;
  std::vector<List> lists_;
  std::vector<std::uint32_t> free_;
  std::vector<Link> links_;  // by slot
};

}  // namespace marktwacht
