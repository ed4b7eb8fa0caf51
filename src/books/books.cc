// Order books with owners: what changes them.
#include "books/books.h"

#include <limits>

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

Quantity capped(UInt128 sum) {
  return {sum > static_cast<std::uint64_t>(largest) ? largest : static_cast<std::int64_t>(sum)};
}

}  // namespace

Books::Books() : orders_(&memory_), pools_(&memory_) {}
Books::~Books() = default;

void Books::set_tick(InstrumentIndex instrument, std::int64_t tick) {
  check(instrument.exists() && tick > 0, "a tick is positive and of an instrument");
  while (books_.size() <= instrument.value) {
    books_.emplace_back(&memory_);
  }
  Book& book = books_[instrument.value];
  book.known = true;
  book.ladder(Side::buy).set_tick(tick, pools_);
  book.ladder(Side::sell).set_tick(tick, pools_);
}

OrderSlot Books::add(const NewOrder& from, const IdKey& key) {
  check(book(from.instrument) != nullptr, "a tick comes before the first order");
  check(from.quantity.units > 0 && from.display.units >= 0, "an order has a quantity");
  check(from.has_price || !from.rests, "an order rests at a price");
  const OrderSlot slot = orders_.add(key);
  Order& order = orders_[slot];
  order.placed = from.placed;
  order.price = from.has_price ? from.price : Price{};
  order.remaining = from.quantity;
  order.filled = {};
  order.account = from.account;
  order.instrument = from.instrument;
  order.side = from.side;
  order.rests = from.rests;
  order.has_price = from.has_price;
  order.has_display = false;
  order.tags = from.tags;
  if (from.display.units > 0) [[unlikely]] {
    orders_.set_display(slot, from.display);
  }
  if (from.rests) [[likely]] {
    enqueue(slot);
  } else {
    push_beside(slot);
  }
  return slot;
}

bool Books::fill(OrderSlot slot, Quantity quantity) {
  Order& order = orders_[slot];
  check(quantity.units > 0 && quantity <= order.remaining, "a fill takes what is there");
  if (quantity == order.remaining) {
    remove(slot);
    return true;
  }
  set_remaining(slot, order.remaining - quantity);
  if (__builtin_add_overflow(order.filled.units, quantity.units, &order.filled.units)) {
    order.filled.units = largest;
  }
  return false;
}

void Books::remove(OrderSlot slot) {
  if (orders_[slot].rests) [[likely]] {
    dequeue(slot);
  } else {
    take_beside(slot);
  }
  orders_.remove(slot);
}

void Books::change(OrderSlot slot, std::optional<Price> price, Quantity quantity) {
  check(quantity.units > 0, "an order keeps a quantity");
  Order& order = orders_[slot];
  const bool same_price = !price || (order.has_price && *price == order.price);
  if (!order.rests || (same_price && quantity < order.remaining)) {
    order.price = price.value_or(order.price);
    order.has_price = order.has_price || price;
    set_remaining(slot, quantity);
    return;
  }
  dequeue(slot);
  order.price = price.value_or(order.price);
  order.remaining = quantity;
  enqueue(slot);
}

void Books::rename(OrderSlot slot, Text order_id) { orders_.rename(slot, order_id); }

void Books::rest(OrderSlot slot) {
  Order& order = orders_[slot];
  check(!order.rests && order.has_price, "an order beside the book, with a price");
  take_beside(slot);
  order.rests = true;
  enqueue(slot);
}

void Books::clear(InstrumentIndex instrument) {
  if (book(instrument) == nullptr) {
    return;
  }
  Book& book = books_[instrument.value];
  for (Ladder& ladder : book.sides) {
    while (ladder.best().exists()) {
      remove(pools_.levels[ladder.best()].head);
    }
  }
  while (book.beside_head.exists()) {
    remove(book.beside_head);
  }
}

void Books::keep_owned(bool kept) {
  if (kept == keeps_owned_) {
    return;
  }
  keeps_owned_ = kept;
  owned_.clear();
  for (std::uint32_t at = 0; kept && at < books_.size(); ++at) {
    for (const Side side : {Side::buy, Side::sell}) {
      visit_levels({at}, side, [&](const LevelView& level) {
        visit_queue({at}, side, level.price, [&](OrderSlot slot) {
          owned_.add(slot, order(slot));
          return true;
        });
        return true;
      });
    }
  }
}

std::uint32_t Books::owned(AccountIndex account, InstrumentIndex instrument, Side side) const {
  check(keeps_owned_, "kept before it is asked");
  return owned_.count(account, instrument, side);
}

void Books::append(OrderSlot slot, OrderSlot& head, OrderSlot& tail) {
  Order& order = orders_[slot];
  order.prev = tail;
  order.next = OrderSlot::none();
  orders_.or_spare(tail).next = slot;
  head = tail.exists() ? head : slot;
  tail = slot;
}

// Without branches: which end it stands at nobody can foresee.
void Books::unlink(OrderSlot slot, OrderSlot& head, OrderSlot& tail) {
  const OrderSlot prev = orders_[slot].prev;
  const OrderSlot next = orders_[slot].next;
  orders_.or_spare(prev).next = next;
  orders_.or_spare(next).prev = prev;
  head = prev.exists() ? head : next;
  tail = next.exists() ? tail : prev;
}

void Books::enqueue(OrderSlot slot) {
  Order& order = orders_[slot];
  order.level = book_of(order).ladder(order.side).find_or_add(order.price, pools_);
  Level& level = pools_.levels[order.level];
  append(slot, level.head, level.tail);
  ++level.orders;
  level.add(order.remaining);
  if (order.has_display) [[unlikely]] {
    const auto part = static_cast<std::uint64_t>(hidden(slot).units);
    pools_.levels.set_hidden(order.level, pools_.levels.hidden(order.level) + part);
  }
  if (keeps_owned_) {
    owned_.add(slot, order);
  }
}

void Books::dequeue(OrderSlot slot) {
  Order& order = orders_[slot];
  if (keeps_owned_) {
    owned_.remove(slot);
  }
  if (order.has_display) [[unlikely]] {
    const auto part = static_cast<std::uint64_t>(hidden(slot).units);
    pools_.levels.set_hidden(order.level, pools_.levels.hidden(order.level) - part);
  }
  // Alone in its queue? Said by the order, so that nothing waits for the level's record.
  if ((order.prev.value & order.next.value) == OrderSlot::none_value) {
    book_of(order).ladder(order.side).remove(order.price, order.level, pools_);
    return;
  }
  Level& level = pools_.levels[order.level];
  --level.orders;
  level.take(order.remaining);
  unlink(slot, level.head, level.tail);
}

void Books::push_beside(OrderSlot slot) {
  Book& book = book_of(orders_[slot]);
  orders_[slot].level = LevelIndex::none();
  append(slot, book.beside_head, book.beside_tail);
}

void Books::take_beside(OrderSlot slot) {
  Book& book = book_of(orders_[slot]);
  unlink(slot, book.beside_head, book.beside_tail);
}

// In its place in the queue, the level's sums with it.
void Books::set_remaining(OrderSlot slot, Quantity quantity) {
  Order& order = orders_[slot];
  if (!order.rests) {
    order.remaining = quantity;
    return;
  }
  Level& level = pools_.levels[order.level];
  level.take(order.remaining);
  level.add(quantity);
  if (!order.has_display) [[likely]] {
    order.remaining = quantity;
    return;
  }
  UInt128 all = pools_.levels.hidden(order.level) - static_cast<std::uint64_t>(hidden(slot).units);
  order.remaining = quantity;
  all += static_cast<std::uint64_t>(hidden(slot).units);
  pools_.levels.set_hidden(order.level, all);
}

Quantity Books::visible(OrderSlot slot) const {
  const Order& at = order(slot);
  return at.has_display ? min(display(slot), at.remaining) : at.remaining;
}

std::optional<Price> Books::best(InstrumentIndex instrument, Side side) const {
  const Book* const at = book(instrument);
  if (at == nullptr || at->ladder(side).size() == 0) {
    return std::nullopt;
  }
  return at->ladder(side).best_price();
}

bool Books::crossed(InstrumentIndex instrument) const {
  const std::optional<Price> bid = best(instrument, Side::buy);
  const std::optional<Price> ask = best(instrument, Side::sell);
  return bid && ask && *bid >= *ask;
}

LevelView Books::view(LevelIndex index) const {
  const Level& level = pools_.levels[index];
  const UInt128 total = level.total();
  return {level.price, capped(total - pools_.levels.hidden(index)), capped(total), level.orders};
}

LevelView Books::level(InstrumentIndex instrument, Side side, Price price) const {
  const Book* const at = book(instrument);
  const LevelIndex index = at ? at->ladder(side).find(price, pools_) : LevelIndex::none();
  return index.exists() ? view(index) : LevelView{price, {}, {}, 0};
}

std::uint32_t Books::levels(InstrumentIndex instrument, Side side) const {
  const Book* const at = book(instrument);
  return at ? at->ladder(side).size() : 0;
}

Quantity Books::depth(InstrumentIndex instrument, Side side, Price price, Quantity enough) const {
  const Book* const at = book(instrument);
  if (at == nullptr) {
    return {};
  }
  UInt128 sum = 0;
  at->ladder(side).visit(pools_, [&](LevelIndex index) {
    const Level& level = pools_.levels[index];
    if (side == Side::buy ? level.price < price : level.price > price) {
      return false;
    }
    sum += level.total() - pools_.levels.hidden(index);
    return sum <= static_cast<std::uint64_t>(enough.units);
  });
  return capped(sum);
}

std::size_t Books::bytes() const {
  std::size_t sum = orders_.bytes() + pools_.levels.bytes() + pools_.pages.bytes();
  for (const Book& at : books_) {
    sum += sizeof at + at.sides[0].bytes() + at.sides[1].bytes() - 2 * sizeof(Ladder);
  }
  return sum;
}

}  // namespace marktwacht
