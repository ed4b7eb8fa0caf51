// Twelve places, the smallest given away first.
#include "detectors/taken_back.h"

#include <algorithm>
#include <cstdlib>

#include "market/book_questions.h"

namespace marktwacht {

void TakenBackLately::add(const Occurrence& event, const Market& market, const Requoting& requoting,
                          Time since) {
  const Withdrawn& withdrawn = *event.withdrawn;
  for (std::uint64_t left = used; left != 0; left &= left - 1) {
    const auto at = static_cast<unsigned>(std::countr_zero(left));
    used &= ~(std::uint64_t{orders[at].at < since} << at);
  }
  const unsigned at = place_for_new();
  const std::int64_t stands = (used >> at & 1) != 0 ? orders[at].quantity : 0;
  if (stands >= withdrawn.quantity.units) {
    return;
  }
  used |= std::uint64_t{1} << at;
  orders[at] = {withdrawn.order.placed,   event.now(),
                withdrawn.quantity.units, withdrawn.standing.price,
                event.moment.seq,         static_cast<std::int64_t>(withdrawn.standing.side)};
  const OrderSlot slot = stands_now(event, market);
  if (slot.exists() && market.books().order(slot).price != withdrawn.standing.price) {
    const Order& order = market.books().order(slot);
    requote(order.side, order.price, order.remaining.units, event.now(),
            market.directory().instrument(event.instrument), requoting);
  }
}

// The first free one, or the one with the smallest.
unsigned TakenBackLately::place_for_new() const {
  const auto free = static_cast<unsigned>(std::countr_one(used));
  return free < places ? free
                       : static_cast<unsigned>(
                             std::ranges::min_element(orders, {}, &TakenBack::quantity) - orders);
}

void TakenBackLately::requote(const Occurrence& event, const Market& market,
                              const Requoting& requoting) {
  const OrderFacts& order = event.touched->order;
  if (order.has_price && order.sized) {
    requote(order.side, order.price, order.remaining().units, event.now(),
            market.directory().instrument(event.instrument), requoting);
  }
}

void TakenBackLately::requote(Side side, Price price, std::int64_t quantity, Time now,
                              const Instrument& instrument, const Requoting& requoting) {
  std::int64_t near = -1;  // not asked yet: mostly there is nothing to quote again
  for (std::uint64_t left = used; left != 0; left &= left - 1) {
    const auto at = static_cast<unsigned>(std::countr_zero(left));
    TakenBack& order = orders[at];
    if (order.side != static_cast<std::int64_t>(side) || now - order.at > requoting.within) {
      continue;
    }
    near =
        near >= 0 ? near : distance_of(instrument, price, requoting.ticks, requoting.bp_hundredths);
    if (std::abs(order.price.units - price.units) <= near) {
      const std::int64_t taken = std::min(quantity, order.quantity);
      order.quantity -= taken;
      quantity -= taken;
      used &= ~(std::uint64_t{order.quantity == 0} << at);
    }
  }
}

Int128 TakenBackLately::sum_of(Side side) const {
  Int128 sum = 0;
  for (const TakenBack& order : standing()) {
    sum += order.side == static_cast<std::int64_t>(side) ? order.quantity : 0;
  }
  return sum;
}

OrderSlot stands_now(const Occurrence& event, const Market& market) {
  if (!event.withdrawn->by_replace) {
    return {};
  }
  const auto& line = as<event::Replace>(*event.line);
  return market.books().find(line.has_new_order_id() ? line.new_order_id : line.order_id);
}

bool TakenBackLately::sound() const {
  return used >> places == 0 && std::ranges::all_of(standing(), [](const TakenBack& order) {
           return (order.side == 0 || order.side == 1) && order.quantity > 0;
         });
}

bool TakenBackEntries::load(ByteReader& in) {
  return entries_.load(in, [this](std::uint64_t key, const TakenBackLately& record) {
    for (const TakenBack& order : record.standing()) {
      added_[place(key)] = std::max(added_[place(key)], order.at);
    }
    return record.sound();
  });
}

}  // namespace marktwacht
