// Orders: placing, triggering, replacing, cancelling, and refusals.
#include <limits>

#include "market/market.h"

namespace marktwacht {
namespace {

// The remaining quantity of a market order by quote_quantity, whose base quantity nobody knows.
constexpr std::int64_t unbounded_units = std::int64_t{1} << 62;

bool rests_in(TimeInForce time_in_force) {
  return time_in_force != TimeInForce::ioc && time_in_force != TimeInForce::fok;
}

// A price on the instrument's grid.
inline std::expected<Price, Fault> grid_price(const Instrument& instrument, const Decimal& value,
                                              std::string_view field) {
  const auto units = units_of(value, instrument.terms.price_scale, field);
  if (!units) {
    return std::unexpected(units.error());
  }
  if (*units % instrument.tick != 0) {
    return std::unexpected(Fault{RejectReason::off_tick, field});
  }
  return Price{*units};
}

inline std::expected<Quantity, Fault> grid_quantity(const Instrument& instrument,
                                                    const Decimal& value) {
  const auto units = units_of(value, instrument.terms.quantity_scale, "quantity");
  if (!units) {
    return std::unexpected(units.error());
  }
  if (*units % instrument.lot != 0) {
    return std::unexpected(Fault{RejectReason::off_lot, "quantity"});
  }
  return Quantity{*units};
}

// Whole lots that `quote` buys at `price`.
Quantity quantity_for(const Instrument& instrument, Int128 quote, Price price) {
  const Terms& terms = instrument.terms;
  const Int128 per_unit = terms.inverse ? terms.multiplier : terms.multiplier * price.units;
  if (per_unit <= 0) {
    return {};
  }
  const Int128 lots = quote / per_unit / instrument.lot;
  return lots > std::numeric_limits<std::int64_t>::max() / 2 / instrument.lot
             ? Quantity{}
             : Quantity{static_cast<std::int64_t>(lots) * instrument.lot};
}

template <class OrderEvent>
OrderTags tags_of(const OrderEvent& event) {
  OrderTags tags;
  tags.time_in_force = event.time_in_force;
  tags.position_effect = event.position_effect;
  if (event.has_position_side()) {
    tags.leg = leg_of(event.position_side);
  }
  tags.reduce_only = event.reduce_only;
  tags.copied = event.has_copied_from() || (event.has_channel() && event.channel == Channel::copy);
  tags.liquidation = event.has_channel() && event.channel == Channel::liquidation;
  tags.untriggered = event.has_trigger_price();
  return tags;
}

template <class OrderEvent>
inline std::optional<Fault> parse_sizes(const OrderEvent& event, const Instrument& instrument,
                                        ParsedOrder& parsed) {
  NewOrder& order = parsed.order;
  if (event.has_quantity()) {
    const auto quantity = grid_quantity(instrument, event.quantity);
    if (!quantity) {
      return quantity.error();
    }
    order.quantity = *quantity;
  } else {
    const auto quote =
        wide_units_of(event.quote_quantity, instrument.terms.notional_scale, "quote_quantity");
    if (!quote) {
      return quote.error();
    }
    parsed.tags.by_quote = !order.has_price;
    parsed.quote = *quote;
    order.quantity =
        order.has_price ? quantity_for(instrument, *quote, order.price) : Quantity{unbounded_units};
    if (order.quantity.units == 0) {
      return Fault{RejectReason::bad_value, "quote_quantity"};
    }
  }
  if (event.has_display_quantity()) {
    const auto units =
        units_of(event.display_quantity, instrument.terms.quantity_scale, "display_quantity");
    if (!units) {
      return units.error();
    }
    order.display.units = *units;
  }
  return std::nullopt;
}

}  // namespace

template <class OrderEvent>
inline std::optional<Fault> Market::parse_order(const OrderEvent& event,
                                                ParsedOrder& parsed) const {
  const auto index = instrument(event.instrument_id, "instrument_id");
  if (!index) {
    return index.error();
  }
  parsed.instrument = *index;
  const Instrument& of = directory_.instrument(*index);
  if (event.has_price() && !of.may_price_at(event.price)) {
    return Fault{RejectReason::bad_value, "price"};
  }
  if (event.has_trigger_price() && !of.may_price_at(event.trigger_price)) {
    return Fault{RejectReason::bad_value, "trigger_price"};
  }
  parsed.key = order_named(event.order_id).key;
  if (books_.find(parsed.key).exists()) {
    return Fault{RejectReason::duplicate_order, "order_id"};
  }
  parsed.tags = tags_of(event);
  NewOrder& order = parsed.order;
  order.order_id = event.order_id;
  order.instrument = parsed.instrument;
  order.side = event.side;
  order.has_price = event.has_price();
  order.rests = order.has_price && rests_in(event.time_in_force) && !parsed.tags.untriggered;
  if (event.has_price()) {
    const auto price = grid_price(of, event.price, "price");
    if (!price) {
      return price.error();
    }
    order.price = *price;
  }
  if (event.has_trigger_price()) {
    const auto price = grid_price(of, event.trigger_price, "trigger_price");
    if (!price) {
      return price.error();
    }
    parsed.trigger_price = *price;
  }
  return parse_sizes(event, of, parsed);
}

template <class OrderEvent>
std::expected<ParsedOrder, Fault> Market::parsed_order(const OrderEvent& event) const {
  std::expected<ParsedOrder, Fault> parsed;
  if (const auto fault = parse_order(event, *parsed)) {
    parsed = std::unexpected(*fault);
  }
  return parsed;
}

template <class OrderEvent>
inline OrderSlot Market::place(const OrderEvent& event, const ParsedOrder& parsed, OrderTags tags,
                               const Moment& moment) {
  tags.has_extra = tags.by_quote || tags.untriggered;
  NewOrder order = parsed.order;
  order.account = account(event.account_id);
  order.placed = moment.now;
  order.tags = tags.pack();
  const OrderSlot slot = books_.add(order, parsed.key);
  if (tags.has_extra) {
    extras_[slot.value] = {.quote_remaining = parsed.quote, .trigger_price = parsed.trigger_price};
  }
  touch(slot);
  if (!tags.untriggered && !tags.from_snapshot) {
    derive_message(order.account, order.instrument, MessageKind::order);
  }
  return slot;
}

std::expected<ParsedOrder, Fault> Market::parse(const event::Order& event) const {
  return parsed_order(event);
}

void Market::commit(const event::Order& event, const ParsedOrder& parsed, const Moment& moment) {
  note_action(place(event, parsed, parsed.tags, moment), BookAct::place, moment);
  book_moved(parsed.instrument, moment);
}

std::expected<ParsedOrder, Fault> Market::parse(const event::BookOrder& event) const {
  return parsed_order(event);
}

void Market::commit(const event::BookOrder& event, const ParsedOrder& parsed,
                    const Moment& moment) {
  OrderTags tags = parsed.tags;
  tags.from_snapshot = true;
  place(event, parsed, tags, moment);
  Instrument& of = directory_.instrument(parsed.instrument);
  if (of.book_state == BookState::reset) {
    of.book_state = BookState::filling;
  }
}

std::expected<ParsedFound, Fault> Market::parse(const event::Triggered& event) const {
  const auto found =
      find_order(event, event.order_id, event.has_instrument_id() ? &event.instrument_id : nullptr);
  if (found && found->order.exists() &&
      !OrderTags::unpack(books_.order(found->order).tags).untriggered) {
    return std::unexpected(Fault{RejectReason::mismatch, "order_id"});
  }
  return found;
}

void Market::commit(const event::Triggered&, const ParsedFound& parsed, const Moment& moment) {
  if (!parsed.order.exists()) {
    ++counts_.unknown_orders;
    return;
  }
  const Order& order = books_.order(parsed.order);
  OrderTags tags = OrderTags::unpack(order.tags);
  tags.untriggered = false;
  books_.mark(parsed.order, tags.pack());
  books_.restamp(parsed.order, moment.now);
  if (order.has_price && rests_in(tags.time_in_force)) {
    books_.rest(parsed.order);
  }
  book_moved(order.instrument, moment);
  touch(parsed.order);
  derive_message(order.account, order.instrument, MessageKind::order);
}

std::expected<ParsedReplace, Fault> Market::parse(const event::Replace& event) const {
  const auto found =
      find_order(event, event.order_id, event.has_instrument_id() ? &event.instrument_id : nullptr);
  if (!found) {
    return std::unexpected(found.error());
  }
  ParsedReplace parsed{found->order, {}, {}};
  if (!found->order.exists()) {
    return parsed;
  }
  const Instrument& of = directory_.instrument(books_.order(found->order).instrument);
  if (event.has_price() && !of.may_price_at(event.price)) {
    return std::unexpected(Fault{RejectReason::bad_value, "price"});
  }
  if (event.has_new_order_id()) {
    const OrderSlot other = books_.find(event.new_order_id);
    if (other.exists() && other != found->order) {
      return std::unexpected(Fault{RejectReason::duplicate_order, "new_order_id"});
    }
  }
  if (event.has_price()) {
    const auto price = grid_price(of, event.price, "price");
    if (!price) {
      return std::unexpected(price.error());
    }
    parsed.price = *price;
  }
  if (event.has_quantity()) {
    const auto quantity = grid_quantity(of, event.quantity);
    if (!quantity) {
      return std::unexpected(quantity.error());
    }
    parsed.quantity = *quantity;
  }
  return parsed;
}

// A replace that moves the price takes back all that was visible, one that cuts the quantity takes
// back the difference.
void Market::withdraw_by_replace(const ParsedReplace& parsed, const Moment& moment) {
  const Order& order = books_.order(parsed.order);
  if (order.rests && listening_.withdrawn) {
    const Quantity before = books_.visible(parsed.order);
    const bool moves = parsed.price && *parsed.price != order.price;
    const Quantity kept = min(before, parsed.quantity.value_or(before));
    derive_withdrawn(parsed.order, {moves ? before : before - kept, true}, standing(parsed.order),
                     moment);
  }
}

// After a replace: what of the order stands where `depth_before` will look.
void Market::note_what_is_left(OrderSlot slot) {
  if (derived_.empty()) {
    return;
  }
  Withdrawn& withdrawn = std::get<Withdrawn>(derived_.back());
  const Order& order = books_.order(slot);
  const Price from = withdrawn.standing.price;
  if (order.side == Side::buy ? order.price >= from : order.price <= from) {
    withdrawn.standing.left = books_.visible(slot);
  }
}

void Market::commit(const event::Replace& event, const ParsedReplace& parsed,
                    const Moment& moment) {
  if (!parsed.order.exists()) {
    ++counts_.unknown_orders;
    return;
  }
  touch(parsed.order);
  withdraw_by_replace(parsed, moment);
  const Order& order = books_.order(parsed.order);
  OrderTags tags = OrderTags::unpack(order.tags);
  if (parsed.quantity && tags.by_quote) {  // from now on its size is a quantity
    tags.by_quote = false;
    books_.mark(parsed.order, tags.pack());
  }
  const bool moves = parsed.price && *parsed.price != order.price;
  books_.change(parsed.order, parsed.price, parsed.quantity.value_or(order.remaining));
  if (moves) {
    note_action(parsed.order, BookAct::place, moment);
  }
  note_what_is_left(parsed.order);
  if (event.has_new_order_id() && event.new_order_id.view() != event.order_id.view()) {
    books_.rename(parsed.order, event.new_order_id);
  }
  book_moved(order.instrument, moment);
  if (!tags.untriggered && !tags.from_snapshot) {
    derive_message(order.account, order.instrument, MessageKind::replace);
  }
}

std::expected<ParsedFound, Fault> Market::parse(const event::Cancel& event) const {
  return find_order(event, event.order_id,
                    event.has_instrument_id() ? &event.instrument_id : nullptr);
}

void Market::commit(const event::Cancel& event, const ParsedFound& parsed, const Moment& moment) {
  const OrderSlot slot = parsed.order;
  if (!slot.exists()) {
    ++counts_.unknown_orders;
    return;
  }
  touch(slot);
  const Order& order = books_.order(slot);
  const bool is_told = listening_.withdrawn || listening_.order_closed;
  const Standing stood = is_told ? standing(slot) : Standing{};
  if (event.reason == CancelReason::user) {
    if (order.rests) {
      derive_withdrawn(slot, {books_.visible(slot), false}, stood, moment);
    }
    if (counts(slot)) {
      derive_message(order.account, order.instrument, MessageKind::cancel);
    }
    note_action(slot, BookAct::take_back, moment);
  }
  derive_closed(slot, event.reason, stood, moment);
  const InstrumentIndex index = order.instrument;
  forget(slot);
  books_.remove(slot);
  book_moved(index, moment);
}

void Market::commit(const event::Reject& event, const ParsedPlace& parsed, const Moment&) {
  derive_message(account(event.account_id), parsed.instrument, MessageKind::reject);
}

void Market::forget(OrderSlot slot) {
  if (OrderTags::unpack(books_.order(slot).tags).has_extra) {
    extras_.erase(slot.value);
  }
}

}  // namespace marktwacht
