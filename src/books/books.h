// Order books with owners: every live order of every instrument, its place in the queue, and the
// price levels. Knows nothing of accounts' money, of time or of events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/fixed.h"
#include "base/index.h"
#include "base/text.h"
#include "base/time.h"
#include "books/id_store.h"
#include "books/ladder.h"
#include "books/order_table.h"
#include "books/owned_orders.h"

namespace marktwacht {

struct NewOrder {
  Text order_id{};
  AccountIndex account{};
  InstrumentIndex instrument{};
  Side side = Side::buy;
  bool has_price = false;  // without one it never rests
  bool rests = false;  // stands in the book; else it is live beside it (market, ioc, untriggered)
  std::uint16_t tags = 0;  // the owner's own marks, kept as they are
  Price price{};
  Quantity quantity{};  // > 0
  Quantity display{};   // visible part at most; 0 = all
  Time placed{};
};

// One line of a book, best first. The book's own sums are exact whatever their size; a view stops
// at the largest int64.
struct LevelView {
  Price price{};
  Quantity visible;
  Quantity total;
  std::uint32_t orders = 0;
};

// One thread. All calls about an order take its slot, which stays the same until the order is
// removed; then the slot is given to another. Prices given for resting orders may be any integer;
// those that are multiples of the instrument's tick are the quick case. What is asked about an
// instrument nobody set a tick for is empty. Order ids come with the hash that `make_text` gives.
// No memory is asked for while orders and levels are no more than there once were, but when prices
// wander to new ranges.
class Books {
 public:
  Books();
  ~Books();
  Books(const Books&) = delete;
  Books& operator=(const Books&) = delete;

  // Must come before the first order of `instrument`. `tick` is its step in price units, > 0; a
  // later call with another tick is allowed.
  void set_tick(InstrumentIndex instrument, std::int64_t tick);

  // The live order with this id, or none.
  OrderSlot find(Text order_id) const { return orders_.find(order_id); }
  // What `find` and `add` look for, made once for both; `order_id` has 1–128 bytes.
  static IdKey key(Text order_id) { return IdStore::key(order_id); }
  OrderSlot find(const IdKey& key) const { return orders_.find(key); }
  // The same, looked for where `prefetch_order` has said first.
  OrderSlot find(const IdKey& key, OrderSlot likely) const { return orders_.find(key, likely); }
  // Starts fetching what `find` will touch.
  void prefetch(const IdKey& key) const { orders_.prefetch(key); }
  // A second step, some events after `prefetch`: starts fetching the order itself. Says where it is
  // most likely, or none.
  OrderSlot prefetch_order(const IdKey& key) const { return orders_.prefetch_order(key); }

  // A third: its level and its neighbours in the queue.
  void prefetch_place(OrderSlot slot) const {
    const Order& order = orders_[slot];
    if (order.level.exists()) {
      pools_.levels.prefetch(order.level);
    }
    orders_.prefetch(order.prev);
    orders_.prefetch(order.next);
  }

  // What an order that comes to this price will touch, in three steps: where its level is looked
  // for, the level (none if there is none yet), and the order that is last there.
  void prefetch_price(InstrumentIndex instrument, Side side, Price price) const {
    if (const Book* const at = book(instrument)) {
      at->ladder(side).prefetch(price, pools_);
    }
  }
  LevelIndex prefetch_level(InstrumentIndex instrument, Side side, Price price) const {
    const Book* const at = book(instrument);
    const LevelIndex level = at ? at->ladder(side).find(price, pools_) : LevelIndex::none();
    if (level.exists()) {
      pools_.levels.prefetch(level);
    }
    return level;
  }
  void prefetch_tail(LevelIndex level) const {
    if (level.exists()) {
      orders_.prefetch(pools_.levels[level].tail);
    }
  }
  // Where `depth` begins.
  void prefetch_best(InstrumentIndex instrument, Side side) const {
    if (const Book* const at = book(instrument)) {
      at->ladder(side).prefetch_best(pools_);
    }
  }

  // `order_id` must not be live.
  OrderSlot add(const NewOrder& order) { return add(order, key(order.order_id)); }
  // `key` is that of its id.
  OrderSlot add(const NewOrder& order, const IdKey& key);
  // A fill of `quantity` (<= remaining). An order with nothing left is removed; true when it was.
  bool fill(OrderSlot slot, Quantity quantity);
  void remove(OrderSlot slot);
  // New terms; priority is lost unless only the quantity falls. `quantity` is the new remaining,
  // > 0. An order beside the book keeps its place there, and gets a price if it had none.
  void change(OrderSlot slot, std::optional<Price> price, Quantity quantity);
  // Another id for the same order; `order_id` must not be live.
  void rename(OrderSlot slot, Text order_id);
  // Puts a live order that does not rest into the book (it must have a price).
  void rest(OrderSlot slot);
  // New marks of the owner.
  void mark(OrderSlot slot, std::uint16_t tags) { orders_[slot].tags = tags; }
  // Another time of placing: a trigger order counts from its trigger.
  void restamp(OrderSlot slot, Time placed) { orders_[slot].placed = placed; }
  // Removes all live orders of the instrument.
  void clear(InstrumentIndex instrument);
  // Whether it is kept whose orders stand where, for `owned` and `visit_owned`. What stands already
  // is walked once.
  void keep_owned(bool kept);
  // Takes the memory for so many live orders at once.
  void reserve(std::uint32_t orders) { orders_.reserve(orders); }

  const Order& order(OrderSlot slot) const { return orders_[slot]; }
  // An id in place (id_store.h) is written out: its view holds until eight more are asked for.
  std::string_view order_id(OrderSlot slot) const { return orders_.id(slot); }
  Quantity display(OrderSlot slot) const { return orders_.display(slot); }  // 0 = all
  Quantity visible(OrderSlot slot) const;                                   // of what remains
  std::uint32_t live_orders() const { return orders_.live(); }

  // The best price of a side, or nothing when it is empty.
  std::optional<Price> best(InstrumentIndex instrument, Side side) const;
  bool crossed(InstrumentIndex instrument) const;
  LevelView level(InstrumentIndex instrument, Side side, Price price) const;  // orders 0 if empty
  std::uint32_t levels(InstrumentIndex instrument, Side side) const;
  // Visits levels from the best on while `visitor(LevelView)` returns true.
  template <class Visitor>
  void visit_levels(InstrumentIndex instrument, Side side, Visitor&& visitor) const;
  // Visits orders of one level, first in the queue first, while `visitor(OrderSlot)` returns true.
  template <class Visitor>
  void visit_queue(InstrumentIndex instrument, Side side, Price price, Visitor&& visitor) const;
  // Visits live orders that do not rest, in order of arrival.
  template <class Visitor>
  void visit_beside(InstrumentIndex instrument, Visitor&& visitor) const;
  // Visible quantity at prices at least as good as `price`; stops at the largest int64, and after
  // the first level with which it is more than `enough`.
  Quantity depth(InstrumentIndex instrument, Side side, Price price,
                 Quantity enough = {INT64_MAX}) const;
  // How many resting orders the account has there, and a visit to each, in no order that means
  // anything. Only while `keep_owned`.
  std::uint32_t owned(AccountIndex account, InstrumentIndex instrument, Side side) const;
  template <class Visitor>
  void visit_owned(AccountIndex account, InstrumentIndex instrument, Side side,
                   Visitor&& visitor) const;

  // All state, in a canonical order: equal books write equal bytes, however they came about.
  void save(ByteWriter& out) const;
  // Into fresh Books; false when the bytes are malformed, then these are for nothing but the bin.
  // Slots are given anew.
  bool load(ByteReader& in);

  // The first broken invariant, or nothing. For tests: walks everything.
  std::string fault() const;
  // Levels that do not stand in the quick part of a side. For tests.
  std::size_t far_levels(InstrumentIndex instrument, Side side) const;
  // Lists that `keep_owned` keeps. For tests.
  std::size_t owned_lists() const { return owned_.lists(); }
  // Memory in use, about.
  std::size_t bytes() const;

 private:
  struct Book {
    explicit Book(std::pmr::memory_resource* memory)
        : sides{Ladder(Side::buy, memory), Ladder(Side::sell, memory)} {}

    bool known = false;
    OrderSlot beside_head;
    OrderSlot beside_tail;
    Ladder sides[2];

    Ladder& ladder(Side side) { return sides[static_cast<int>(side)]; }
    const Ladder& ladder(Side side) const { return sides[static_cast<int>(side)]; }
  };

  // Nothing when no tick was set.
  const Book* book(InstrumentIndex instrument) const {
    return instrument.value < books_.size() && books_[instrument.value].known
               ? &books_[instrument.value]
               : nullptr;
  }
  Book& book_of(const Order& order) { return books_[order.instrument.value]; }

  Quantity hidden(OrderSlot slot) const { return order(slot).remaining - visible(slot); }
  LevelView view(LevelIndex level) const;
  void enqueue(OrderSlot slot);
  void dequeue(OrderSlot slot);
  void push_beside(OrderSlot slot);
  void take_beside(OrderSlot slot);
  void unlink(OrderSlot slot, OrderSlot& head, OrderSlot& tail);
  void append(OrderSlot slot, OrderSlot& head, OrderSlot& tail);
  void set_remaining(OrderSlot slot, Quantity quantity);

  void save_order(OrderSlot slot, ByteWriter& out) const;
  bool load_order(NewOrder order, ByteReader& in);
  bool load_side(InstrumentIndex instrument, Side side, ByteReader& in);
  bool load_beside(InstrumentIndex instrument, ByteReader& in);
  std::string fault_of_side(InstrumentIndex instrument, Side side) const;
  std::string fault_of_level(InstrumentIndex instrument, Side side, LevelIndex level) const;

  std::pmr::unsynchronized_pool_resource memory_;  // of the maps for what is rare
  OrderTable orders_;
  LadderPools pools_;
  bool keeps_owned_ = false;
  OwnedOrders owned_;
  std::vector<Book> books_;  // by instrument
};

}  // namespace marktwacht

#include "books/books_visit.h"
