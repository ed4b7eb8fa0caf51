// Matching: see venue.h.
#include <algorithm>

#include "sim/venue.h"

namespace marktwacht::sim {

bool Venue::meets(const Order& order, std::int32_t price) const {
  if (price <= 0 || price >= price_end) {
    return false;
  }
  return order.price == no_price ||
         (order.side == Side::buy ? price <= order.price : price >= order.price);
}

// Whether all of it trades at once. What prevention would take out of the way, or would end the
// order at, does not count.
bool Venue::can_fill(const Order& order) const {
  const Book& book = books_[order.instrument];
  const Side other = opposite(order.side);
  std::int64_t found = 0;
  for (std::int32_t price = book.best(other); meets(order, price);
       price = book.worse(other, price)) {
    for (std::uint32_t slot = book.level(price).head; slot != no_slot; slot = orders_[slot].next) {
      const Order& maker = orders_[slot];
      if (order.self_match != SelfMatch::none &&
          population_.person(maker.account) == population_.person(order.account)) {
        if (order.self_match == SelfMatch::cancel_maker) {
          continue;
        }
        return false;
      }
      found += maker.remaining;
      if (found >= order.remaining) {
        return true;
      }
    }
  }
  return false;
}

// Trades what it can, then rests or ends. The lots traded.
std::int64_t Venue::execute(std::uint32_t slot) {
  const std::int64_t before = orders_[slot].remaining;
  const std::uint64_t id = orders_[slot].id;
  const OrderRef ref{slot, id};
  const TimeInForce time_in_force = orders_[slot].time_in_force;
  if (time_in_force == TimeInForce::fok && !can_fill(orders_[slot])) {
    end(slot, CancelReason::fok);
    return 0;
  }
  std::int64_t left = before;
  while (match_next(slot)) {
    const Order* order = orders_.find(ref);
    left = order != nullptr ? order->remaining : 0;
    if (order == nullptr) {
      break;
    }
  }
  const Order* order = orders_.find(ref);
  if (order == nullptr) {
    return before - left;
  }
  left = order->remaining;
  if (order->price == no_price || time_in_force == TimeInForce::ioc) {
    end(slot, CancelReason::ioc);
  } else if (time_in_force == TimeInForce::gtx &&
             meets(*order, books_[order->instrument].best(opposite(order->side)))) {
    end(slot, CancelReason::post_only);  // triggered where it would trade
  } else {
    books_[order->instrument].enqueue(slot, orders_);
  }
  return before - left;
}

// One meeting with the best order of the other side; false when there is none to come.
bool Venue::match_next(std::uint32_t slot) {
  const Order& taker = orders_[slot];
  const Book& book = books_[taker.instrument];
  const std::int32_t price = book.best(opposite(taker.side));
  if (!meets(taker, price) || taker.time_in_force == TimeInForce::gtx) {
    return false;
  }
  const std::uint32_t maker = book.level(price).head;
  if (taker.self_match != SelfMatch::none &&
      population_.person(orders_[maker].account) == population_.person(taker.account)) {
    return prevent_self_match(slot, maker);
  }
  trade(slot, maker, std::min(taker.remaining, orders_[maker].remaining));
  return true;
}

// False when the taker is gone.
bool Venue::prevent_self_match(std::uint32_t taker, std::uint32_t maker) {
  switch (orders_[taker].self_match) {
    case SelfMatch::none:
      return true;
    case SelfMatch::cancel_taker:
      end(taker, CancelReason::self_match);
      return false;
    case SelfMatch::cancel_maker:
      end(maker, CancelReason::self_match);
      return true;
    case SelfMatch::cancel_both:
      end(maker, CancelReason::self_match);
      end(taker, CancelReason::self_match);
      return false;
    case SelfMatch::decrement:
      break;
  }
  // The smaller is cancelled, the larger is smaller by it.
  const std::int64_t own = orders_[taker].remaining, other = orders_[maker].remaining;
  if (other > own) {
    tape_.replace(orders_[maker], 0, no_price, other - own);
    books_[orders_[maker].instrument].resize(maker, other - own, orders_);
  } else {
    end(maker, CancelReason::self_match);
  }
  if (own > other) {
    tape_.replace(orders_[taker], 0, no_price, own - other);
    orders_[taker].remaining = own - other;
    return true;
  }
  end(taker, CancelReason::self_match);
  return false;
}

void Venue::trade(std::uint32_t taker, std::uint32_t maker, std::int64_t quantity) {
  Order& takes = orders_[taker];
  Order& makes = orders_[maker];
  const std::uint32_t instrument = takes.instrument;
  const std::int32_t price = makes.price;
  tape_.trade({.instrument = instrument,
               .price = price,
               .quantity = quantity,
               .maker_order = makes.id,
               .taker_order = takes.id,
               .maker_account = makes.account,
               .taker_account = takes.account,
               .taker_side = takes.side,
               .kind = takes.liquidation ? TradeKind::liquidation : TradeKind::book});
  last_[instrument] = price;
  if (listings_[instrument].perpetual()) {
    const std::int64_t signed_lots = takes.side == Side::buy ? quantity : -quantity;
    positions_.trade(takes.account, instrument, signed_lots, price, takes.leverage);
    positions_.trade(makes.account, instrument, -signed_lots, price, makes.leverage);
  }
  takes.remaining -= quantity;
  notify(takes, taker, false, price, quantity);
  if (quantity == makes.remaining) {
    books_[instrument].dequeue(maker, orders_);
    makes.remaining = 0;
    notify(makes, maker, true, price, quantity);
    orders_.remove(maker);
  } else {
    books_[instrument].resize(maker, makes.remaining - quantity, orders_);
    notify(makes, maker, true, price, quantity);
  }
  if (takes.remaining == 0) {
    orders_.remove(taker);
  }
}

void Venue::notify(const Order& order, std::uint32_t slot, bool maker, std::int32_t price,
                   std::int64_t quantity) {
  notices_.push_back({order.owner,
                      {.order = {slot, order.id},
                       .account = order.account,
                       .instrument = order.instrument,
                       .tag = order.tag,
                       .side = order.side,
                       .maker = maker,
                       .price = price,
                       .quantity = quantity,
                       .remaining = order.remaining}});
}

// Cancels it, wherever it is.
void Venue::end(std::uint32_t slot, CancelReason reason) {
  const Order& order = orders_[slot];
  if (order.state == OrderState::resting) {
    books_[order.instrument].dequeue(slot, orders_);
  } else if (order.state == OrderState::waiting) {
    stop_waiting(order);
  }
  tape_.cancel(order, reason);
  orders_.remove(slot);
}

}  // namespace marktwacht::sim
