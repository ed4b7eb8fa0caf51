// Fetching what events will touch before their turn comes: one that waits for memory need not make
// those behind it wait too.
#include <iterator>

#include "market/market.h"

namespace marktwacht {
namespace {

template <class T>
void name_account(const Event& event, Whom& whom) {
  whom.named[0].id = static_cast<const T&>(event).account_id;
}

template <class T>
void name_order(const Event& event, Whom& whom) {
  whom.orders[0].key = Books::key(static_cast<const T&>(event).order_id);
}

void name_all(const event::Trade& trade, Whom& whom) {
  whom.instrument_id = trade.instrument_id;
  if (trade.has_maker_order_id()) {
    whom.orders[0].key = Books::key(trade.maker_order_id);
    whom.orders[1].key = Books::key(trade.taker_order_id);
  }
  if (trade.has_buyer_id()) {
    whom.named[0].id = trade.buyer_id;
    whom.named[1].id = trade.seller_id;
  }
}

// The order ids and accounts that it names, as far as its type comes often.
void name_all(const Event& event, Whom& whom) {
  switch (event.type) {
    case EventType::order:
      name_order<event::Order>(event, whom);
      whom.instrument_id = static_cast<const event::Order&>(event).instrument_id;
      return name_account<event::Order>(event, whom);
    case EventType::cancel:
      return name_order<event::Cancel>(event, whom);
    case EventType::replace:
      return name_order<event::Replace>(event, whom);
    case EventType::trade:
      return name_all(static_cast<const event::Trade&>(event), whom);
    case EventType::reject:
      return name_account<event::Reject>(event, whom);
    case EventType::login:
      return name_account<event::Login>(event, whom);
    case EventType::deposit:
      return name_account<event::Deposit>(event, whom);
    case EventType::withdrawal:
      return name_account<event::Withdrawal>(event, whom);
    case EventType::reward:
      return name_account<event::Reward>(event, whom);
    case EventType::balance:
      return name_account<event::Balance>(event, whom);
    case EventType::position:
      return name_account<event::Position>(event, whom);
    case EventType::transfer:
      whom.named[0].id = static_cast<const event::Transfer&>(event).from_account_id;
      whom.named[1].id = static_cast<const event::Transfer&>(event).to_account_id;
      return;
    default:
      return;
  }
}

// A price of the event's on the side of the order's; whether it has one.
template <class T>
bool comes_to(const T& event, Side side, const Instrument& instrument, Whom& whom) {
  if (!event.has_price()) {
    return false;
  }
  const auto units = units_of(event.price, instrument.terms.price_scale, "price");
  whom.side = side;
  whom.price.units = units.value_or(0);
  return units.has_value();
}

}  // namespace

void Market::prefetch_names(const Event& event, Whom& whom) const {
  whom = Whom{};
  whom.event = &event;
  name_all(event, whom);
  for (const Whom::NamedOrder& one : whom.orders) {
    if (one.key.text.data != nullptr) {
      books_.prefetch(one.key);
    }
  }
  for (const Whom::NamedAccount& one : whom.named) {
    if (one.id.data != nullptr) {
      directory_.prefetch_account(one.id);
    }
  }
}

void Market::prefetch_found(Whom& whom) const {
  for (Whom::NamedOrder& one : whom.orders) {
    if (one.key.text.data != nullptr) {
      one.likely = books_.prefetch_order(one.key);
    }
  }
  for (Whom::NamedAccount& one : whom.named) {
    if (one.id.data != nullptr) {
      one.found = directory_.prefetch_account_text(one.id);
    }
  }
}

void Market::prefetch_places(Whom& whom) const {
  std::size_t accounts = 0;
  const auto add = [&](AccountIndex account) {
    if (account.exists() && accounts < std::size(whom.accounts)) {
      whom.accounts[accounts++] = account;
    }
  };
  for (Whom::NamedAccount& one : whom.named) {
    if (one.found.exists()) {
      one.found = directory_.find_account(one.id, one.found);
      add(one.found);
    }
  }
  if (whom.instrument_id.data != nullptr) {
    whom.instrument = directory_.find_instrument(whom.instrument_id);
  }
  const bool named = accounts > 0;
  for (Whom::NamedOrder& one : whom.orders) {
    if (one.likely.exists()) {
      one.likely = books_.find(one.key, one.likely);
    }
    if (one.likely.exists()) {
      books_.prefetch_place(one.likely);
      const Order& order = books_.order(one.likely);
      // An order that was placed just before its cancel or trade is not known yet: who is named is.
      add(named ? AccountIndex::none() : order.account);
      if (whom.instrument_id.data == nullptr) {
        whom.instrument = order.instrument;
      }
    }
  }
  prefetch_price(whom);
}

// Where an order will stand, and where those before one that goes are counted from.
void Market::prefetch_price(Whom& whom) const {
  if (!whom.instrument.exists()) {
    return;
  }
  const Instrument& instrument = directory_.instrument(whom.instrument);
  const OrderSlot known = whom.orders[0].likely;
  if (whom.event->type == EventType::order) {
    const auto& order = static_cast<const event::Order&>(*whom.event);
    whom.comes_to_price = comes_to(order, order.side, instrument, whom);
  } else if (known.exists() && whom.event->type == EventType::replace) {
    whom.comes_to_price = comes_to(static_cast<const event::Replace&>(*whom.event),
                                   books_.order(known).side, instrument, whom);
  }
  if (whom.comes_to_price) {
    books_.prefetch_price(whom.instrument, whom.side, whom.price);
  }
  if (known.exists() && whom.event->type != EventType::trade) {
    books_.prefetch_best(whom.instrument, books_.order(known).side);
  }
}

void Market::prefetch_level(Ahead which, Whom& whom) const {
  if (which == Ahead::record) {
    books_.prefetch_tail(whom.level);
  } else if (whom.comes_to_price) {
    whom.level = books_.prefetch_level(whom.instrument, whom.side, whom.price);
  }
}

void Market::prefetch_holdings(Ahead which, const event::Trade& event, const Whom& whom) const {
  if (!whom.instrument.exists()) {
    return;
  }
  gains_.look_ahead(which, whom.accounts, event.trade_id.view());
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
