// The visitors of Books. Included by books.h.
#pragma once

#include "books/books.h"

namespace marktwacht {

template <class Visitor>
void Books::visit_levels(InstrumentIndex instrument, Side side, Visitor&& visitor) const {
  if (const Book* const at = book(instrument)) {
    at->ladder(side).visit(pools_, [&](LevelIndex level) { return visitor(view(level)); });
  }
}

template <class Visitor>
void Books::visit_queue(InstrumentIndex instrument, Side side, Price price,
                        Visitor&& visitor) const {
  const Book* const at = book(instrument);
  const LevelIndex level = at ? at->ladder(side).find(price, pools_) : LevelIndex::none();
  if (level.exists()) {
    OrderSlot slot = pools_.levels[level].head;
    while (slot.exists() && visitor(slot)) {
      slot = orders_[slot].next;
    }
  }
}

template <class Visitor>
void Books::visit_owned(AccountIndex account, InstrumentIndex instrument, Side side,
                        Visitor&& visitor) const {
  check(keeps_owned_, "kept before it is asked");
  owned_.visit(account, instrument, side, visitor);
}

template <class Visitor>
void Books::visit_beside(InstrumentIndex instrument, Visitor&& visitor) const {
  if (const Book* const at = book(instrument)) {
    OrderSlot slot = at->beside_head;
    while (slot.exists() && visitor(slot)) {
      slot = orders_[slot].next;
    }
  }
}

}  // namespace marktwacht
