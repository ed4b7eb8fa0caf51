// Order books with owners: all state to bytes and back. Snapshots hold this: change it only
// together with their version.
#include <limits>

#include "base/check.h"
#include "books/books.h"

namespace marktwacht {
namespace {

constexpr std::uint8_t sells = 1;
constexpr std::uint8_t priced = 2;

// A quantity as it was written; the reader fails where it is none.
Quantity read_quantity(ByteReader& in) {
  const std::uint64_t units = in.varint();
  if (units > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    in.fail();
    return {};
  }
  return {static_cast<std::int64_t>(units)};
}

// A number below `limit`; the reader fails where it is none.
std::uint32_t read_number(ByteReader& in, std::uint64_t limit) {
  const std::uint64_t number = in.varint();
  if (number >= limit) {
    in.fail();
    return 0;
  }
  return static_cast<std::uint32_t>(number);
}

}  // namespace

// Instruments by index. Of each: tick (0 = none, and nothing more), buy levels, sell levels, the
// orders beside. Of each side: number of levels, from the best on price, number of orders, orders.
void Books::save(ByteWriter& out) const {
  out.varint(books_.size());
  for (const Book& book : books_) {
    if (!book.known) {
      out.varint(0);
      continue;
    }
    out.varint(static_cast<std::uint64_t>(book.ladder(Side::buy).tick()));
    for (const Ladder& ladder : book.sides) {
      out.varint(ladder.size());
      ladder.visit(pools_, [&](LevelIndex index) {
        const Level& level = pools_.levels[index];
        out.zigzag(level.price.units);
        out.varint(level.orders);
        for (OrderSlot slot = level.head; slot.exists(); slot = orders_[slot].next) {
          save_order(slot, out);
        }
        return true;
      });
    }
    std::uint64_t beside = 0;
    for (OrderSlot slot = book.beside_head; slot.exists(); slot = orders_[slot].next) {
      ++beside;
    }
    out.varint(beside);
    for (OrderSlot slot = book.beside_head; slot.exists(); slot = orders_[slot].next) {
      const Order& order = orders_[slot];
      out.byte(static_cast<std::uint8_t>((order.side == Side::sell ? sells : 0) |
                                         (order.has_price ? priced : 0)));
      out.zigzag(order.price.units);
      save_order(slot, out);
    }
  }
}

void Books::save_order(OrderSlot slot, ByteWriter& out) const {
  const Order& order = orders_[slot];
  out.text(order_id(slot));
  out.varint(order.account.value);
  out.varint(static_cast<std::uint64_t>(order.remaining.units));
  out.varint(static_cast<std::uint64_t>(order.filled.units));
  out.varint(static_cast<std::uint64_t>(display(slot).units));
  out.zigzag(order.placed.ns);
  out.varint(order.tags);
}

bool Books::load(ByteReader& in) {
  check(books_.empty(), "books are loaded into fresh ones");
  const std::uint64_t instruments = in.varint();
  if (instruments > in.left()) {  // each takes a byte at least
    return false;
  }
  for (std::uint32_t at = 0; at < instruments; ++at) {
    const Quantity tick = read_quantity(in);
    if (!in.ok() || (tick.units == 0 && at + 1 == instruments)) {
      return false;
    }
    if (tick.units == 0) {
      continue;
    }
    const InstrumentIndex instrument{at};
    set_tick(instrument, tick.units);
    if (!load_side(instrument, Side::buy, in) || !load_side(instrument, Side::sell, in) ||
        !load_beside(instrument, in)) {
      return false;
    }
  }
  return in.ok();
}

bool Books::load_side(InstrumentIndex instrument, Side side, ByteReader& in) {
  NewOrder order{.instrument = instrument, .side = side, .has_price = true, .rests = true};
  const std::uint64_t levels = in.varint();
  for (std::uint64_t at = 0; at < levels; ++at) {
    const Price better = order.price;
    order.price = {in.zigzag()};
    if (at > 0 && (side == Side::buy ? order.price >= better : order.price <= better)) {
      return false;
    }
    const std::uint64_t orders = in.varint();
    if (orders == 0) {
      return false;
    }
    for (std::uint64_t i = 0; i < orders; ++i) {
      if (!load_order(order, in)) {
        return false;
      }
    }
  }
  return in.ok();
}

bool Books::load_beside(InstrumentIndex instrument, ByteReader& in) {
  const std::uint64_t orders = in.varint();
  for (std::uint64_t i = 0; i < orders; ++i) {
    const std::uint8_t flags = in.byte();
    const Price price{in.zigzag()};
    const NewOrder order{.instrument = instrument,
                         .side = (flags & sells) != 0 ? Side::sell : Side::buy,
                         .has_price = (flags & priced) != 0,
                         .price = price};
    if (flags > (sells | priced) || (!order.has_price && price.units != 0) ||
        !load_order(order, in)) {
      return false;
    }
  }
  return in.ok();
}

// The rest of `order` from the bytes, and the order into the books.
bool Books::load_order(NewOrder order, ByteReader& in) {
  const std::string_view id = in.text();
  order.account = {read_number(in, std::uint64_t{1} << 32)};
  order.quantity = read_quantity(in);
  const Quantity filled = read_quantity(in);
  order.display = read_quantity(in);
  order.placed = {in.zigzag()};
  order.tags = static_cast<std::uint16_t>(read_number(in, 1 << 16));
  if (!in.ok() || id.empty() || id.size() > IdStore::size_max || order.quantity.units == 0) {
    return false;
  }
  order.order_id = make_text(id);
  if (find(order.order_id).exists()) {
    return false;
  }
  orders_[add(order)].filled = filled;
  return true;
}

}  // namespace marktwacht
