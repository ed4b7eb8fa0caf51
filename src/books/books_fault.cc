// Order books with owners: a walk over all structures, for tests.
#include <string>

#include "books/books.h"

namespace marktwacht {

std::string Ladder::fault(const LadderPools& pools) const {
  std::uint32_t seen = 0;
  LevelIndex first;
  std::int64_t last = 0;
  std::string found;
  visit(pools, [&](LevelIndex level) {
    const std::int64_t at = level.exists() ? rank(pools.levels[level].price) : 0;
    if (!level.exists() || (seen > 0 && at <= last)) {
      found = "levels are not sorted";
    } else if (find(pools.levels[level].price, pools) != level) {
      found = "a level is not found by its price";
    }
    first = seen == 0 ? level : first;
    last = at;
    ++seen;
    return found.empty();
  });
  if (found.empty() && seen != size_) {
    found = "the number of levels is wrong";
  }
  if (found.empty() && (near_size_ + far_.size() != size_ || best_ != first)) {
    found = "the best level is not the first";
  }
  if (found.empty() && best_.exists() && pools.levels[best_].price != best_price_) {
    found = "the best price is not that of the best level";
  }
  for (const auto& [at, level] : far_) {
    std::int64_t tick = 0;
    if (in_window(Price{at ^ flip_}, tick)) {
      found = "a far level belongs into the window";
    }
  }
  return found;
}

std::string Books::fault_of_level(InstrumentIndex instrument, Side side, LevelIndex index) const {
  const Level& level = pools_.levels[index];
  UInt128 total = 0;
  UInt128 not_shown = 0;
  std::uint32_t seen = 0;
  OrderSlot prev;
  for (OrderSlot slot = level.head; slot.exists(); slot = orders_[slot].next) {
    const Order& at = orders_[slot];
    if (at.prev != prev || at.level != index || !at.rests || at.price != level.price ||
        at.side != side || at.instrument != instrument || at.remaining.units <= 0 ||
        !orders_.finds(slot)) {
      return "an order does not fit its level";
    }
    total += static_cast<std::uint64_t>(at.remaining.units);
    not_shown += static_cast<std::uint64_t>(hidden(slot).units);
    prev = slot;
    if (++seen > level.orders) {
      return "a queue is too long";
    }
  }
  if (seen == 0 || seen != level.orders || prev != level.tail || total != level.total() ||
      not_shown != pools_.levels.hidden(index)) {
    return "a level's sums are wrong";
  }
  return {};
}

std::string Books::fault_of_side(InstrumentIndex instrument, Side side) const {
  const Ladder& ladder = books_[instrument.value].ladder(side);
  std::string found = ladder.fault(pools_);
  if (found.empty()) {
    ladder.visit(pools_, [&](LevelIndex level) {
      found = fault_of_level(instrument, side, level);
      return found.empty();
    });
  }
  return found;
}

std::size_t Books::far_levels(InstrumentIndex instrument, Side side) const {
  return books_[instrument.value].ladder(side).far_size();
}

std::string Books::fault() const {
  std::uint64_t orders = 0;
  std::uint64_t levels_seen = 0;
  for (std::uint32_t at = 0; at < books_.size(); ++at) {
    const InstrumentIndex instrument{at};
    for (const Side side : {Side::buy, Side::sell}) {
      if (std::string found = fault_of_side(instrument, side); !found.empty()) {
        return found;
      }
      levels_seen += levels(instrument, side);
      visit_levels(instrument, side, [&](const LevelView& level) {
        orders += level.orders;
        return true;
      });
    }
    OrderSlot prev;
    for (OrderSlot slot = books_[at].beside_head; slot.exists(); slot = orders_[slot].next) {
      const Order& order = orders_[slot];
      if (order.prev != prev || order.rests || order.level.exists() ||
          order.instrument != instrument || !orders_.finds(slot)) {
        return "an order does not fit beside its book";
      }
      prev = slot;
      ++orders;
    }
    if (books_[at].beside_tail != prev) {
      return "a list beside a book has a wrong end";
    }
  }
  if (orders != live_orders() || levels_seen != pools_.levels.live()) {
    return "orders or levels are lost";
  }
  return {};
}

}  // namespace marktwacht
