// Derived events about orders, made only for those who listen.
#include <algorithm>

#include "market/market.h"

namespace marktwacht {
namespace {

std::int64_t ms_between(Time from, Time to) { return (to - from).ns / millisecond.ns; }

}  // namespace

inline void Market::take_facts(OrderSlot slot, OrderFacts& facts) const {
  const Order& order = books_.order(slot);
  const OrderTags tags = OrderTags::unpack(order.tags);
  facts.known = true;
  facts.has_price = order.has_price;
  facts.side = order.side;
  facts.price = order.price;
  facts.sized = !tags.by_quote;
  facts.quantity = tags.by_quote ? order.filled : order.remaining + order.filled;
  facts.filled = order.filled;
  facts.placed = order.placed;
  facts.time_in_force = tags.time_in_force;
  facts.position_effect = tags.position_effect;
  facts.reduce_only = tags.reduce_only;
  facts.copied = tags.copied;
}

OrderFacts Market::facts(OrderSlot slot) const {
  OrderFacts facts;
  take_facts(slot, facts);
  return facts;
}

Standing Market::standing(OrderSlot slot) const {
  const Order& order = books_.order(slot);
  Standing standing;
  const auto touch = books_.best(order.instrument, order.side);
  if (!order.rests || !touch) {
    return standing;
  }
  standing.rested = true;
  standing.side = order.side;
  standing.price = order.price;
  standing.touch = *touch;
  standing.touch_units =
      order.side == Side::buy ? touch->units - order.price.units : order.price.units - touch->units;
  standing.own = books_.visible(slot);
  return standing;
}

// All others stand where they stood, so what stands there now and what was taken away is what stood
// there before. Made on demand: a walk over levels.
Quantity Market::depth_before(InstrumentIndex instrument, const Standing& standing,
                              Quantity enough) const {
  // `enough` of what stands now, with what is left of its own in it: more where that is far away.
  const Int128 there = Int128{enough.units} + standing.left.units - standing.own.units;
  const Quantity now_enough{
      static_cast<std::int64_t>(std::clamp<Int128>(there, 1, Int128{INT64_MAX}))};
  return books_.depth(instrument, standing.side, standing.price, now_enough) - standing.left +
         standing.own;
}

void Market::touch(OrderSlot slot) {
  if (listening_.order_touched) {
    const Order& order = books_.order(slot);
    OrderTouched& touched = touched_.emplace();
    touched.account = order.account;
    touched.instrument = order.instrument;
    take_facts(slot, touched.order);
    touched.counts = counts(slot);
  }
}

bool Market::is_large(const Order& order, Quantity quantity) const {
  const Quantity large = directory_.instrument(order.instrument).large_order_quantity;
  return large.units > 0 && quantity >= large;
}

void Market::derive_withdrawn(OrderSlot slot, const Taking& taking, const Standing& standing,
                              const Moment& moment) {
  if (!listening_.withdrawn || taking.quantity.units == 0 || !counts(slot)) {
    return;
  }
  const Order& order = books_.order(slot);
  Withdrawn& withdrawn = derive<Withdrawn>();
  withdrawn.account = order.account;
  withdrawn.instrument = order.instrument;
  withdrawn.by_replace = taking.by_replace;
  withdrawn.order = known_facts(slot);
  withdrawn.standing = standing;
  withdrawn.quantity = taking.quantity;
  withdrawn.notional =
      notional(directory_.instrument(order.instrument).terms, order.price, taking.quantity)
          .value_or(Money{});
  withdrawn.age_ms = ms_between(order.placed, moment.now);
  withdrawn.large = is_large(order, order.remaining);
}

OrderClosed& Market::close(OrderSlot slot, const Standing& standing, const Moment& moment) {
  const Order& order = books_.order(slot);
  const Terms& terms = directory_.instrument(order.instrument).terms;
  OrderClosed& closed = derive<OrderClosed>();
  closed.account = order.account;
  closed.instrument = order.instrument;
  closed.order = known_facts(slot);
  closed.standing = standing;
  closed.life_ms = ms_between(order.placed, moment.now);
  closed.large = is_large(order, order.remaining);
  if (OrderTags::unpack(order.tags).has_extra) {
    closed.filled_notional.units = extras_.find(slot.value)->filled_notional;
  }
  closed.notional = order.has_price
                        ? notional(terms, order.price, closed.order.quantity).value_or(Money{})
                        : closed.filled_notional;
  return closed;
}

void Market::derive_closed(OrderSlot slot, CancelReason reason, const Standing& standing,
                           const Moment& moment) {
  if (listening_.order_closed && counts(slot)) {
    close(slot, standing, moment).reason = reason;
  }
}

// Before the last fill is booked, so that the standing is the one it was filled in.
void Market::derive_filled(OrderSlot slot, const ParsedTrade& trade, const Moment& moment) {
  if (!listening_.order_closed || !counts(slot)) {
    return;
  }
  OrderClosed& closed = close(slot, standing(slot), moment);
  closed.filled = true;
  closed.order.filled = closed.order.filled + trade.quantity;
  if (!OrderTags::unpack(books_.order(slot).tags).has_extra) {
    closed.filled_notional = trade.notional;
  }
  if (!closed.order.has_price) {
    closed.order.quantity = closed.order.filled;
    closed.notional = closed.filled_notional;
  }
}

}  // namespace marktwacht
