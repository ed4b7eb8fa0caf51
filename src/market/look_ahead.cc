// Fetching what events will touch before their turn comes: one that waits for memory need not make
// those behind it wait too.
#include "market/market.h"

namespace marktwacht {
namespace {

// The order ids that an event names.
template <class Visitor>
void each_order_id(const Event& event, Visitor&& visitor) {
  switch (event.type) {
    case EventType::order:
      visitor(static_cast<const event::Order&>(event).order_id);
      break;
    case EventType::cancel:
      visitor(static_cast<const event::Cancel&>(event).order_id);
      break;
    case EventType::replace:
      visitor(static_cast<const event::Replace&>(event).order_id);
      break;
    case EventType::trade: {
      const auto& trade = static_cast<const event::Trade&>(event);
      if (trade.has_maker_order_id()) {
        visitor(trade.maker_order_id);
        visitor(trade.taker_order_id);
      }
      break;
    }
    default:
      break;
  }
}

// The accounts that it names.
template <class Visitor>
void each_account_id(const Event& event, Visitor&& visitor) {
  switch (event.type) {
    case EventType::order:
      visitor(static_cast<const event::Order&>(event).account_id);
      break;
    case EventType::reject:
      visitor(static_cast<const event::Reject&>(event).account_id);
      break;
    case EventType::trade: {
      const auto& trade = static_cast<const event::Trade&>(event);
      if (trade.has_buyer_id()) {
        visitor(trade.buyer_id);
        visitor(trade.seller_id);
      }
      break;
    }
    case EventType::login:
      visitor(static_cast<const event::Login&>(event).account_id);
      break;
    default:
      break;
  }
}

}  // namespace

void Market::prefetch_names(const Event& event) const {
  each_order_id(event, [&](Text id) { books_.prefetch(id); });
  each_account_id(event, [&](Text id) { directory_.prefetch_account(id); });
}

void Market::prefetch_found(const Event& event) const {
  each_order_id(event, [&](Text id) { books_.prefetch_order(id); });
  each_account_id(event, [&](Text id) { directory_.prefetch_account_text(id); });
}

Whom Market::prefetch_places(const Event& event) const {
  Whom whom;
  std::size_t accounts = 0;
  if (event.type == EventType::order) {
    whom.instrument =
        directory_.find_instrument(static_cast<const event::Order&>(event).instrument_id);
  } else {
    each_order_id(event, [&](Text id) {
      if (const OrderSlot slot = books_.find(id); slot.exists()) {
        books_.prefetch_place(slot);
        whom.instrument = books_.order(slot).instrument;
        whom.accounts[accounts++] = books_.order(slot).account;
      }
    });
  }
  each_account_id(event, [&](Text id) {
    if (accounts < 2) {
      whom.accounts[accounts++] = directory_.find_account(id);
    }
  });
  if (event.type == EventType::login) {
    prefetch_login(Links::Look::row, static_cast<const event::Login&>(event), whom);
  }
  return whom;
}

void Market::prefetch_login(Links::Look look, const event::Login& event, Whom& whom) const {
  if (whom.accounts[0].exists() && event.result == LoginResult::ok) {
    links_.look_ahead(look, login_of(event, whom.accounts[0], event.ts), whom.login);
  }
}

}  // namespace marktwacht
