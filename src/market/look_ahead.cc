// Fetching what events will touch before their turn comes: one that waits for memory need not make
// those behind it wait too.
#include <iterator>

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

template <class T, class Visitor>
void visit_account(const Event& event, Visitor&& visitor) {
  visitor(static_cast<const T&>(event).account_id);
}

// The accounts that it names, as far as their types come often.
template <class Visitor>
void each_account_id(const Event& event, Visitor&& visitor) {
  switch (event.type) {
    case EventType::order:
      return visit_account<event::Order>(event, visitor);
    case EventType::reject:
      return visit_account<event::Reject>(event, visitor);
    case EventType::login:
      return visit_account<event::Login>(event, visitor);
    case EventType::deposit:
      return visit_account<event::Deposit>(event, visitor);
    case EventType::withdrawal:
      return visit_account<event::Withdrawal>(event, visitor);
    case EventType::reward:
      return visit_account<event::Reward>(event, visitor);
    case EventType::balance:
      return visit_account<event::Balance>(event, visitor);
    case EventType::position:
      return visit_account<event::Position>(event, visitor);
    case EventType::transfer:
      visitor(static_cast<const event::Transfer&>(event).from_account_id);
      visitor(static_cast<const event::Transfer&>(event).to_account_id);
      break;
    case EventType::trade: {
      const auto& trade = static_cast<const event::Trade&>(event);
      if (trade.has_buyer_id()) {
        visitor(trade.buyer_id);
        visitor(trade.seller_id);
      }
      break;
    }
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

void Market::prefetch_places(const Event& event, Whom& whom) const {
  whom = {};
  std::size_t accounts = 0;
  const auto add = [&](AccountIndex account) {
    if (accounts < std::size(whom.accounts) && account.exists()) {
      whom.accounts[accounts++] = account;
    }
  };
  // Who is named: an order that was placed just before its cancel or trade is not known yet.
  each_account_id(event, [&](Text id) { add(directory_.find_account(id)); });
  if (event.type == EventType::order) {
    whom.instrument =
        directory_.find_instrument(static_cast<const event::Order&>(event).instrument_id);
    return;
  }
  if (event.type == EventType::trade) {
    whom.instrument =
        directory_.find_instrument(static_cast<const event::Trade&>(event).instrument_id);
  }
  const bool named = accounts > 0;
  each_order_id(event, [&](Text id) {
    if (const OrderSlot slot = books_.find(id); slot.exists()) {
      books_.prefetch_place(slot);
      whom.instrument = books_.order(slot).instrument;
      add(named ? AccountIndex::none() : books_.order(slot).account);
    }
  });
  if (event.type == EventType::login) {
    prefetch_login(Links::Look::row, static_cast<const event::Login&>(event), whom);
  }
}

void Market::prefetch_holdings(Ahead which, const Event& event, const Whom& whom) const {
  if (event.type != EventType::trade || !whom.instrument.exists()) {
    return;
  }
  gains_.look_ahead(which, whom.accounts, as<event::Trade>(event).trade_id.view());
  const Instrument& instrument = directory_.instrument(whom.instrument);
  const bool spot = instrument.terms.spot;
  for (const AccountIndex account : whom.accounts) {
    if (account.exists()) {
      accounts_.look_ahead(which, {account, whom.instrument},
                           spot ? instrument.base : instrument.settle,
                           spot ? instrument.quote : AssetIndex::none());
    }
  }
}

void Market::prefetch_login(Links::Look look, const event::Login& event, Whom& whom) const {
  if (whom.accounts[0].exists() && event.result == LoginResult::ok) {
    links_.look_ahead(look, login_of(event, whom.accounts[0], event.ts), whom.login);
  }
}

}  // namespace marktwacht
