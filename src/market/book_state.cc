// Whether a book shows all of its orders: gaps, resets, snapshots, and orders nobody has seen.
#include "market/market.h"

namespace marktwacht {

void Market::commit(const event::BookReset&, const ParsedPlace& parsed, const Moment&) {
  const InstrumentIndex index = parsed.instrument;
  for (const Side side : {Side::buy, Side::sell}) {
    books_.visit_levels(index, side, [&](const LevelView& level) {
      books_.visit_queue(index, side, level.price, [&](OrderSlot slot) {
        forget(slot);
        return true;
      });
      return true;
    });
  }
  books_.visit_beside(index, [&](OrderSlot slot) {
    forget(slot);
    return true;
  });
  books_.clear(index);
  Instrument& instrument = directory_.instrument(index);
  unfilled_books_ += instrument.book_state == BookState::whole ? 1 : 0;
  instrument.book_state = BookState::reset;
}

// A snapshot is complete with the first event of its book that is no book_order.
void Market::book_moved(InstrumentIndex index, const Moment& moment) {
  Instrument& instrument = directory_.instrument(index);
  if (instrument.book_state == BookState::filling) [[unlikely]] {
    instrument.book_state = BookState::whole;
    instrument.whole_since_seq = moment.seq;
    --unfilled_books_;
  }
}

bool Market::may_be_unknown(const Event& event, InstrumentIndex index) const {
  const Instrument& instrument = directory_.instrument(index);
  if (instrument.book_state != BookState::whole) {
    return instrument.book_state == BookState::reset;
  }
  return feeds_.place(event) == Feeds::Place::after_gap ||
         feeds_.last_gap_seq(event) > instrument.whole_since_seq;
}

// For an event that names no instrument: the order may be one of any book that is not whole.
bool Market::may_be_unknown(const Event& event) const {
  return unfilled_books_ > 0 || feeds_.place(event) == Feeds::Place::after_gap ||
         feeds_.last_gap_seq(event) > 0;
}

// The live order, or none where it may be one that we could not see.
std::expected<ParsedFound, Fault> Market::find_order(const Event& event, const Text& order_id,
                                                     const Text* instrument_id) const {
  InstrumentIndex named;
  if (instrument_id != nullptr) {
    const auto index = instrument(*instrument_id, "instrument_id");
    if (!index) {
      return std::unexpected(index.error());
    }
    named = *index;
  }
  const OrderSlot slot = live_order(order_id);
  if (!slot.exists()) {
    const bool unseen = named.exists() ? may_be_unknown(event, named) : may_be_unknown(event);
    if (!unseen) {
      return std::unexpected(Fault{RejectReason::unknown_order, "order_id"});
    }
    return ParsedFound{slot};
  }
  if (named.exists() && books_.order(slot).instrument != named) {
    return std::unexpected(Fault{RejectReason::mismatch, "instrument_id"});
  }
  return ParsedFound{slot};
}

}  // namespace marktwacht
