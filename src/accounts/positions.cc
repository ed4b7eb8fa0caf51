// Execution works everything out before it changes anything, so that what does not fit leaves no
// trace.
#include "accounts/positions.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

bool short_side(const PositionKey& key, bool otherwise) {
  return key.leg == Leg::net ? otherwise : key.leg == Leg::short_leg;
}

bool take_off(Int128& sum, Int128 amount) { return !__builtin_sub_overflow(sum, amount, &sum); }
bool put_on(Int128& sum, Int128 amount) { return !__builtin_add_overflow(sum, amount, &sum); }

// The share of `amount` that falls to `part` of `whole`; it is never larger than `amount`.
Int128 share(Money amount, Quantity part, Quantity whole) {
  return *multiply_divide(amount.units, part.units, whole.units);
}

bool same_lot(const Lot& a, const Lot& b) {
  return a.price == b.price && a.price_known == b.price_known && a.opened == b.opened;
}

}  // namespace

// How an execution falls into what it closes and what it opens.
struct Positions::Parts {
  Quantity closed;
  Quantity opened;
  bool is_short = false;  // the side of what it opens
};

// What closing comes to, worked out before anything is taken.
struct Positions::Closing {
  std::size_t whole_lots = 0;
  Quantity rest;        // of the lot after these
  Int128 rest_fee = 0;  // that goes with it
  Quantity priced;      // what of it had a known entry price
  Int128 gross = 0;
  Int128 gain = 0;
  Int128 age_sum = 0;  // nanoseconds × quantity: below 2^127, as both are below 2^63 and 2^64
  Int128 opening_fee = 0;
  Time opened_last;
};

Positions::Parts Positions::parts_of(const Terms& terms, const Execution& execution,
                                     const Position* position) {
  const bool is_sell = execution.side == Side::sell;
  const Quantity whole = execution.quantity;
  const bool on_leg = !terms.spot && execution.key.leg != Leg::net;
  const bool is_short = terms.spot ? false : short_side(execution.key, is_sell);
  Quantity closed;
  if (position != nullptr && position->is_short != is_sell) {
    closed = terms.spot && position->is_short ? Quantity{} : min(whole, position->held);
  }
  const bool opens = terms.spot ? !is_sell : !on_leg || is_short == is_sell;
  return {closed, opens ? whole - closed : Quantity{}, is_short};
}

std::optional<Positions::Closing> Positions::work_out(const Terms& terms,
                                                      const Execution& execution,
                                                      const Position& position, Quantity closed) {
  Closing closing;
  Quantity left = closed;
  for (const Lot& lot : position.lots) {
    if (left.units == 0) {
      break;
    }
    const Quantity part = min(left, lot.quantity);
    const Int128 fee = share(lot.fee, part, lot.quantity);
    left = left - part;
    if (part == lot.quantity) {
      ++closing.whole_lots;
    } else {
      closing.rest = part;
      closing.rest_fee = fee;
    }
    closing.opened_last = lot.opened;
    const Int128 age = Int128{execution.at.ns} - lot.opened.ns;
    closing.age_sum += std::max<Int128>(age, 0) * part.units;
    if (lot.price_known && !(terms.inverse && lot.price.units <= 0)) {
      closing.priced = closing.priced + part;
      const auto gained = gain(terms, !position.is_short, lot.price, execution.price, part);
      if (!gained || !put_on(closing.gross, gained->units) ||
          !put_on(closing.gain, gained->units) || !take_off(closing.gain, fee)) {
        return std::nullopt;
      }
    }
  }
  return closing;
}

// The closed part carries its share of the fee, and of that only what had a price is charged; the
// rest of the fee goes with what is opened.
bool Positions::charge_exit(const Execution& execution, Quantity closed, Closing& closing) {
  closing.opening_fee = execution.fee.units - share(execution.fee, closed, execution.quantity);
  return take_off(closing.gain, share(execution.fee, closing.priced, execution.quantity));
}

bool Positions::can_open(const Position& position, const Lot& lot) {
  const Quantity limit{std::numeric_limits<std::int64_t>::max()};
  return lot.quantity <= limit - position.held &&
         (position.lots.empty() || !same_lot(position.lots.back(), lot) ||
          add(position.lots.back().fee.units, lot.fee.units));
}

void Positions::take(Position& position, Quantity closed, const Closing& closing) {
  position.lots.pop(closing.whole_lots);
  if (closing.rest.units != 0) {
    position.lots.shrink_front(closing.rest, {closing.rest_fee});
  }
  position.held = position.held - closed;
}

void Positions::open(Position& position, const Lot& lot) {
  if (!position.lots.empty() && same_lot(position.lots.back(), lot)) {
    position.lots.grow_back(lot.quantity, lot.fee);
  } else {
    position.lots.push(lot);
  }
  position.held = position.held + lot.quantity;
}

std::optional<Effect> Positions::execute(const Terms& terms, const Execution& execution) {
  check(execution.quantity.units > 0, "an execution has a quantity");
  if (terms.inverse && execution.price.units <= 0) {
    return std::nullopt;
  }
  auto& positions = table(execution.key.leg);
  Position* const position = positions.find(key_of(execution.key));
  const Parts parts = parts_of(terms, execution, position);

  Closing closing;
  Time opened_first;
  if (parts.closed.units != 0) {
    opened_first = position->lots.front().opened;
    const auto worked_out = work_out(terms, execution, *position, parts.closed);
    if (!worked_out) {
      return std::nullopt;
    }
    closing = *worked_out;
  }
  if (!charge_exit(execution, parts.closed, closing)) {
    return std::nullopt;
  }
  const Lot lot{parts.opened, execution.price, true, execution.at, {closing.opening_fee}};
  const bool extends = position != nullptr && position->is_short == parts.is_short;
  if (extends && parts.opened.units != 0 && !can_open(*position, lot)) {
    return std::nullopt;
  }

  const bool had_none = position == nullptr || (terms.spot && position->is_short);
  if (position != nullptr) {
    take(*position, parts.closed, closing);
    if (parts.opened.units == 0 && position->held.units == 0) {
      positions.erase(key_of(execution.key));
    }
  }
  if (parts.opened.units != 0) {
    Position& target = position != nullptr ? *position : positions[key_of(execution.key)];
    if (!extends) {  // it turns; on spot it may have been stated below zero
      target.lots.pop(target.lots.size());
      target.held = {};
      target.is_short = parts.is_short;
    }
    open(target, lot);
  }

  Effect effect;
  effect.opened = parts.opened;
  effect.closed = parts.closed;
  effect.opened_position = had_none && parts.opened.units != 0;
  if (parts.closed.units != 0) {
    effect.held_ms = static_cast<std::int64_t>(closing.age_sum / parts.closed.units / ns_per_ms);
    effect.gross_gain = {closing.gross};
    effect.realised_gain = {closing.gain};
    effect.gain_known = closing.priced == parts.closed;
    effect.opened_first = opened_first;
    effect.opened_last = closing.opened_last;
  }
  return effect;
}

bool Positions::state(const PositionKey& key, Quantity quantity, std::optional<Price> price,
                      Time at) {
  if (quantity.units == std::numeric_limits<std::int64_t>::min()) {
    return false;
  }
  const Quantity held{quantity.units < 0 ? -quantity.units : quantity.units};
  const bool is_short = short_side(key, quantity.units < 0);
  auto& positions = table(key.leg);
  const Position* const found = positions.find(key_of(key));
  if (found != nullptr && found->held == held && found->is_short == is_short) {
    return true;
  }
  if (held.units == 0) {
    positions.erase(key_of(key));
    return true;
  }
  Position position;
  position.is_short = is_short;
  open(position, {held, price.value_or(Price{}), price.has_value(), at, {}});
  positions[key_of(key)] = std::move(position);
  return true;
}

const Positions::Position* Positions::find(const PositionKey& key) const {
  return table(key.leg).find(key_of(key));
}

Quantity Positions::quantity(const PositionKey& key) const {
  const Position* const position = find(key);
  if (position == nullptr) {
    return {};
  }
  return position->is_short ? Quantity{-position->held.units} : position->held;
}

std::vector<Lot> Positions::lots(const PositionKey& key) const {
  std::vector<Lot> lots;
  if (const Position* const position = find(key); position != nullptr) {
    for (const Lot& lot : position->lots) {
      lots.push_back(lot);
    }
  }
  return lots;
}

std::optional<Time> Positions::opened(const PositionKey& key) const {
  const Position* const position = find(key);
  return position == nullptr ? std::nullopt : std::optional(position->lots.front().opened);
}

}  // namespace marktwacht
