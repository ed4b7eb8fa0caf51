// Who and what an event is about, as far as can be seen before it happens.
#pragma once

#include <array>
#include <cstdint>

#include "base/index.h"
#include "base/text.h"
#include "books/books.h"
#include "events/event.h"
#include "links/links.h"

namespace marktwacht {

// Filled step by step, some events before its own. What was found by a text of the event's holds
// for that very text: names are never forgotten, and an order's place is looked at again.
struct Whom {
  struct NamedOrder {
    IdKey key;
    OrderSlot likely;
  };
  struct NamedAccount {
    Text id;
    AccountIndex found;
  };

  const Event* event = nullptr;
  std::array<NamedOrder, 2> orders;  // from the first on, as many as it names
  std::array<NamedAccount, 2> named;
  Text instrument_id;                    // of orders and trades
  InstrumentIndex instrument;            // that, or where its order is
  std::array<AccountIndex, 2> accounts;  // of a trade both sides
  // Where the order comes to stand, if that is known: its price, and the level there is.
  bool comes_to_price = false;
  Side side{};
  Price price;
  LevelIndex level;
  Links::Coming login;

  const NamedOrder* order_of(const Text& id) const {
    for (const NamedOrder& one : orders) {
      if (one.key.text.is_same(id)) {
        return &one;
      }
    }
    return nullptr;
  }
  AccountIndex account_of(const Text& id) const {
    for (const NamedAccount& one : named) {
      if (one.id.is_same(id)) {
        return one.found;
      }
    }
    return AccountIndex::none();
  }
};

}  // namespace marktwacht
