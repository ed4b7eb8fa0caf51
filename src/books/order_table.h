// The records of all live orders, found by slot or by id.
#pragma once

#include <array>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <unordered_map>

#include "base/check.h"
#include "base/fixed.h"
#include "base/huge_pages.h"
#include "base/id_index.h"
#include "base/index.h"
#include "base/prefetch.h"
#include "base/text.h"
#include "base/time.h"
#include "books/id_store.h"

namespace marktwacht {

using OrderSlot = Index<struct OrderTag>;
using LevelIndex = Index<struct LevelTag>;

// One cache line.
struct Order {
  PackedId id;
  Time placed;
  Price price;  // 0 without has_price
  Quantity remaining;
  Quantity filled;  // stops at the largest int64, which only replaces without end can reach
  AccountIndex account;
  InstrumentIndex instrument;
  OrderSlot next;  // in the queue of its level, or beside the book
  OrderSlot prev;
  LevelIndex level;  // none when it does not rest
  Side side;
  bool rests : 1;
  bool has_price : 1;
  bool has_display : 1;
  std::uint16_t tags;
};
static_assert(sizeof(Order) == 64);

// One thread. Slots are used again, the one freed last first. Costs 64 bytes an order, 11–22 in the
// index, and the slab for ids that are neither numbers nor short.
class OrderTable {
 public:
  static constexpr std::uint32_t orders_max = std::uint32_t{1} << 30;  // a whole number of chunks
  // A record that is nobody's: what is linked to it goes nowhere, without a branch.
  static constexpr std::uint32_t spare = 0;

  explicit OrderTable(std::pmr::memory_resource* memory) : display_(memory) {
    orders_.reserve(spare + 1);
  }

  const Order& operator[](OrderSlot slot) const { return orders_[slot.value]; }
  Order& operator[](OrderSlot slot) { return orders_[slot.value]; }
  // The order, or for `none` the spare record, to be written only.
  Order& or_spare(OrderSlot slot) {
    static_assert(spare == 0);
    return orders_[slot.value & (0U - std::uint32_t{slot.exists()})];
  }

  OrderSlot find(Text id) const {
    if (id.size == 0 || id.size > IdStore::size_max) {
      return OrderSlot::none();
    }
    return find(IdStore::key(id));
  }
  OrderSlot find(const IdKey& key) const {
    return {
        index_.find(key.hash, [&](std::uint32_t at) { return ids_.equal(orders_[at].id, key); })};
  }
  // The same; mostly it is in the slot `likely`, which is none or was given once.
  OrderSlot find(const IdKey& key, OrderSlot likely) const {
    const bool is_there = likely.exists() && ids_.equal(orders_[likely.value].id, key);
    return is_there ? likely : find(key);
  }
  void prefetch(const IdKey& key) const { index_.prefetch(key.hash); }
  // To be called when what `prefetch` asked for has come: fetches the record itself, and says where
  // it will mostly be.
  OrderSlot prefetch_order(const IdKey& key) const {
    const OrderSlot slot{index_.likely(key.hash)};
    prefetch(slot);
    return slot;
  }

  void prefetch(OrderSlot slot) const {
    if (slot.exists()) {
      prefetch_line(&orders_[slot.value]);
    }
  }

  // A slot whose record has the id; the other fields are the caller's to fill. The id must not be
  // live.
  OrderSlot add(const IdKey& key) {
    check_size(key.text);
    OrderSlot slot = free_;
    if (slot.exists()) {
      free_ = orders_[slot.value].next;
    } else {
      slot = fresh_slot();
    }
    insert(key, slot);
    orders_[slot.value].id = ids_.store(key);
    return slot;
  }

  void remove(OrderSlot slot) {
    Order& order = orders_[slot.value];
    if (order.has_display) {
      display_.erase(slot.value);
    }
    index_.erase(ids_.hash(order.id), slot.value);
    ids_.release(order.id);
    order.id = PackedId::nobody();
    order.next = free_;
    free_ = slot;
  }

  // `id` must not be live.
  void rename(OrderSlot slot, Text id) {
    check_size(id);
    const IdKey key = IdStore::key(id);
    Order& order = orders_[slot.value];
    index_.erase(ids_.hash(order.id), slot.value);
    ids_.release(order.id);
    insert(key, slot);
    order.id = ids_.store(key);
  }

  // The view of an id in place holds until eight more are asked for; that of another until the
  // order is removed or renamed.
  std::string_view id(OrderSlot slot) const {
    spaces_next_ = (spaces_next_ + 1) % spaces_.size();
    return ids_.text(orders_[slot.value].id, spaces_[spaces_next_]);
  }

  // 0 = all is visible.
  Quantity display(OrderSlot slot) const {
    return orders_[slot.value].has_display ? display_.at(slot.value) : Quantity{};
  }
  void set_display(OrderSlot slot, Quantity display) {
    orders_[slot.value].has_display = display.units > 0;
    if (display.units > 0) {
      display_[slot.value] = display;
    }
  }

  // Whether a search for the order's own id leads to it.
  bool finds(OrderSlot slot) const {
    const PackedId stored = orders_[slot.value].id;
    const std::string_view text = id(slot);
    const auto size = static_cast<std::uint32_t>(text.size());
    return find(Text{text.data(), size, ids_.hash(stored)}) == slot;
  }

  std::uint32_t live() const { return index_.size(); }
  // Takes memory for so many live orders at once.
  void reserve(std::uint32_t orders);
  // Of records, index, ids and displays; about.
  std::size_t bytes() const;

 private:
  static void check_size(Text id) {
    check(id.size >= 1 && id.size <= IdStore::size_max, "an id has 1 to 128 bytes");
  }
  void insert(const IdKey& key, OrderSlot slot) {
    index_.insert(key.hash, slot.value,
                  [&](std::uint32_t at) { return ids_.equal(orders_[at].id, key); });
  }
  OrderSlot fresh_slot() {
    if (slots_ == orders_.capacity()) [[unlikely]] {
      grow();
    }
    return {slots_++};
  }
  void grow();

  Chunks<Order, 15> orders_;
  IdIndex index_;
  IdStore ids_;
  std::uint32_t slots_ = spare + 1;  // ever used
  OrderSlot free_;                   // linked by `next`
  std::pmr::unordered_map<std::uint32_t, Quantity> display_;
  mutable std::array<std::array<char, IdStore::text_space>, 8> spaces_{};
  mutable std::size_t spaces_next_ = 0;
};

}  // namespace marktwacht
