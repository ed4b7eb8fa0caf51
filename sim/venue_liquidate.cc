// Liquidations: who cannot hold on at the mark price is closed in the book; what the book cannot
// take goes to the insurance account.
#include <cstdlib>

#include "sim/venue.h"

namespace marktwacht::sim {

void Venue::mark(std::uint32_t instrument, std::int32_t price) {
  tape_.pass();
  tape_.mark_price(instrument, price);
  for (std::uint32_t account = positions_.overdue(instrument, price); account != no_account;
       account = positions_.overdue(instrument, price)) {
    liquidate(account, instrument, price);
  }
}

void Venue::cancel_all(std::uint32_t account, std::uint32_t instrument) {
  const Book& book = books_[instrument];
  std::vector<OrderRef> own;
  for (const Side side : {Side::buy, Side::sell}) {
    for (std::int32_t price = book.best(side); price > 0 && price < price_end;
         price = book.worse(side, price)) {
      for (std::uint32_t at = book.level(price).head; at != no_slot; at = orders_[at].next) {
        if (orders_[at].account == account) {
          own.push_back({at, orders_[at].id});
        }
      }
    }
  }
  for (const OrderRef& ref : own) {
    cancel(ref, CancelReason::liquidation);
  }
}

void Venue::liquidate(std::uint32_t account, std::uint32_t instrument, std::int32_t mark) {
  cancel_all(account, instrument);
  const std::int64_t held = position(account, instrument);
  const Side side = held > 0 ? Side::sell : Side::buy;
  place({.account = account,
         .instrument = instrument,
         .side = side,
         .quantity = std::abs(held),
         .time_in_force = TimeInForce::ioc,
         .channel = Channel::liquidation,
         .reduce_only = true},
        0);
  // A trigger order of its own may have turned the position meanwhile: what is left is what counts.
  const std::int64_t left = position(account, instrument);
  if (left == 0 || (left > 0) != (held > 0)) {
    return;
  }
  tape_.trade({.instrument = instrument,
               .price = mark,
               .quantity = std::abs(left),
               .maker_account = insurance_,
               .taker_account = account,
               .taker_side = side,
               .kind = TradeKind::adl});
  positions_.trade(account, instrument, -left, mark, 0);
  positions_.trade(insurance_, instrument, left, mark, 0);
}

}  // namespace marktwacht::sim
