// Requests to the venue: see venue.h.
#include "sim/venue.h"

#include <algorithm>

#include "base/check.h"

namespace marktwacht::sim {
namespace {

constexpr std::uint64_t first_order_id = 1'000'000'000;

}  // namespace

Venue::Venue(const std::vector<Listing>& listings, const Population& population, Tape& tape,
             std::uint32_t insurance)
    : listings_(listings),
      population_(population),
      tape_(tape),
      books_(listings.size()),
      waiting_(listings.size()),
      last_(listings.size(), 1),
      positions_(static_cast<std::uint32_t>(listings.size())),
      ids_(first_order_id),
      insurance_(insurance) {}

void Venue::refuse(const OrderRequest& request, RejectedOrderReason reason) {
  tape_.pass();
  tape_.reject(request, reason);
}

Placed Venue::place(const OrderRequest& request, std::uint32_t owner) {
  check(request.quantity > 0, "an order has a quantity");
  const bool off_band =
      request.price != no_price && (request.price <= 0 || request.price >= price_end);
  std::int64_t quantity = request.quantity;
  if (request.reduce_only) {
    const std::int64_t held = position(request.account, request.instrument);
    quantity = std::min(quantity, request.side == Side::buy ? -held : held);
  }
  if (off_band || quantity <= 0) {
    refuse(request, off_band ? RejectedOrderReason::limit : RejectedOrderReason::other);
    return {.refused = true};
  }
  const Book& book = books_[request.instrument];
  if (request.time_in_force == TimeInForce::gtx && request.trigger == no_price &&
      (request.side == Side::buy ? request.price >= book.best_ask()
                                 : request.price <= book.best_bid())) {
    refuse(request, RejectedOrderReason::post_only);
    return {.refused = true};
  }
  tape_.pass();
  const std::uint32_t slot = orders_.add();
  orders_[slot] = {.id = ++ids_,
                   .remaining = quantity,
                   .placed = tape_.now(),
                   .account = request.account,
                   .owner = owner,
                   .tag = request.tag,
                   .price = request.price,
                   .trigger = request.trigger,
                   .display = static_cast<std::uint32_t>(request.display),
                   .instrument = static_cast<std::uint16_t>(request.instrument),
                   .side = request.side,
                   .time_in_force = request.time_in_force,
                   .state = OrderState::taking,
                   .self_match = request.self_match,
                   .liquidation = request.channel == Channel::liquidation,
                   .reduce_only = request.reduce_only,
                   .leverage = request.leverage};
  const OrderRef ref{slot, orders_[slot].id};
  tape_.order(request, ref.id, quantity);
  if (request.time_in_force == TimeInForce::gtd) {
    expire_at(ref, request.expires);
  }
  if (request.trigger != no_price) {
    wait(slot);
    return {.order = ref};
  }
  Placed placed{.order = ref, .filled = execute(slot)};
  fire_triggers(request.instrument);
  placed.order = orders_.find(ref) != nullptr ? ref : OrderRef{};
  return placed;
}

bool Venue::cancel(OrderRef ref, CancelReason reason) {
  if (orders_.find(ref) == nullptr) {
    return false;
  }
  tape_.pass();
  end(ref.slot, reason);
  return true;
}

Placed Venue::replace(OrderRef ref, std::int32_t price, std::int64_t quantity) {
  check(quantity > 0, "an order keeps a quantity");
  if (orders_.find(ref) == nullptr || orders_[ref.slot].state != OrderState::resting) {
    return {};
  }
  Order& order = orders_[ref.slot];
  const Book& book = books_[order.instrument];
  const bool off_band = price <= 0 || price >= price_end;
  const bool crosses =
      order.side == Side::buy ? price >= book.best_ask() : price <= book.best_bid();
  if (off_band || (crosses && order.time_in_force == TimeInForce::gtx)) {
    const OrderRequest asked{.account = order.account,
                             .instrument = order.instrument,
                             .side = order.side,
                             .price = price,
                             .quantity = quantity,
                             .time_in_force = order.time_in_force};
    refuse(asked, off_band ? RejectedOrderReason::limit : RejectedOrderReason::post_only);
    return {.order = ref, .refused = true};
  }
  tape_.pass();
  if (price == order.price && quantity < order.remaining) {
    tape_.replace(order, 0, no_price, quantity);
    books_[order.instrument].resize(ref.slot, quantity, orders_);
    return {.order = ref};
  }
  const std::uint64_t new_id = ++ids_;
  tape_.replace(order, new_id, price == order.price ? no_price : price, quantity);
  books_[order.instrument].dequeue(ref.slot, orders_);
  order.id = new_id;
  order.price = price;
  order.remaining = quantity;
  order.placed = tape_.now();
  order.state = OrderState::taking;
  const OrderRef now{ref.slot, new_id};
  if (order.time_in_force == TimeInForce::gtd) {
    expire_at(now, expires_[ref.slot]);
  }
  const std::uint32_t instrument = order.instrument;
  Placed placed{.order = now, .filled = execute(ref.slot)};
  fire_triggers(instrument);
  placed.order = orders_.find(now) != nullptr ? now : OrderRef{};
  return placed;
}

void Venue::expire_at(OrderRef order, Time due) {
  expires_.resize(std::max<std::size_t>(expires_.size(), order.slot + 1));
  expires_[order.slot] = due;
  expiries_.push_back({due, order});
  std::ranges::push_heap(expiries_, std::greater(), &Expiry::due);
}

void Venue::expire(Time until) {
  while (!expiries_.empty() && expiries_.front().due <= until) {
    const Expiry next = expiries_.front();
    std::ranges::pop_heap(expiries_, std::greater(), &Expiry::due);
    expiries_.pop_back();
    tape_.advance(next.due);
    cancel(next.order, CancelReason::expired);
  }
}

void Venue::wait(std::uint32_t slot) {
  Order& order = orders_[slot];
  order.state = OrderState::waiting;
  Waiting& waiting = waiting_[order.instrument];
  const WaitingOrder entry{order.trigger, order.id, slot};
  const auto later = [&](const WaitingOrder& a, const WaitingOrder& b) {
    if (a.trigger != b.trigger) {
      return order.side == Side::buy ? a.trigger > b.trigger : a.trigger < b.trigger;
    }
    return a.id > b.id;
  };
  auto& list = order.side == Side::buy ? waiting.buys : waiting.sells;
  list.insert(std::ranges::lower_bound(list, entry, later), entry);
}

void Venue::stop_waiting(const Order& order) {
  Waiting& waiting = waiting_[order.instrument];
  auto& list = order.side == Side::buy ? waiting.buys : waiting.sells;
  list.erase(std::ranges::find(list, order.id, &WaitingOrder::id));
}

// Cuts a fired order to what it may close; false when that is nothing and it is gone.
bool Venue::keep_reducing(std::uint32_t slot) {
  Order& order = orders_[slot];
  const std::int64_t held = position(order.account, order.instrument);
  const std::int64_t closes = order.side == Side::buy ? -held : held;
  if (closes <= 0) {
    end(slot, CancelReason::reduce_only);
    return false;
  }
  if (order.remaining > closes) {
    tape_.replace(order, 0, no_price, closes);
    order.remaining = closes;
  }
  return true;
}

// By the last trade; what a fired order trades may fire the next.
void Venue::fire_triggers(std::uint32_t instrument) {
  Waiting& waiting = waiting_[instrument];
  while (true) {
    const std::int32_t last = last_[instrument];
    const bool buy = !waiting.buys.empty() && waiting.buys.back().trigger <= last;
    const bool sell = !waiting.sells.empty() && waiting.sells.back().trigger >= last;
    if (!buy && !sell) {
      return;
    }
    auto& list = buy ? waiting.buys : waiting.sells;
    const std::uint32_t slot = list.back().slot;
    list.pop_back();
    tape_.pass();
    Order& order = orders_[slot];
    tape_.triggered(order);
    order.state = OrderState::taking;
    if (!order.reduce_only || keep_reducing(slot)) {
      execute(slot);
    }
  }
}

}  // namespace marktwacht::sim
