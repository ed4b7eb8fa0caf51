// From rows to events, field by field.
#include "edges/adapters/hyperliquid_events.h"

#include <charconv>

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr std::string_view dollar = "USDC";

template <class T>
void mark(T& event, typename T::Field field) {
  event.present |= std::uint64_t{1} << static_cast<unsigned>(field);
}

template <class T, class Member, class Value>
void set(T& event, Member T::* member, typename T::Field field, const Value& value) {
  event.*member = value;
  mark(event, field);
}

}  // namespace

// One spelling for the member and for its bit.
#define MW_SET(event, member, value)                            \
  set(event, &std::remove_reference_t<decltype(event)>::member, \
      std::remove_reference_t<decltype(event)>::Field::member, value)

HyperliquidEvents::HyperliquidEvents(Batch& batch, const InstrumentOption& instrument,
                                     int quantity_scale)
    : batch_(batch), instrument_(instrument), quantity_scale_(quantity_scale) {}

Item& HyperliquidEvents::add_item() {
  Item& item = batch_.items.emplace_back();
  item.line = origin_.line;
  item.offset = origin_.offset;
  item.text = origin_.head;
  return item;
}

template <class T>
T& HyperliquidEvents::add(Time ts) {
  T* event = batch_.arena.make<T>();
  event->type = T::event_type;
  event->ts = ts;
  Item& item = add_item();
  item.event = event;
  item.type = T::event_type;
  if constexpr (requires { T::Field::instrument_id; }) {
    MW_SET(*event, instrument_id, copy(instrument_.instrument_id));
  }
  return *event;
}

void HyperliquidEvents::refuse(const Fault& fault) { add_item().fault = fault; }

Text HyperliquidEvents::id(std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  return copy({digits, static_cast<std::size_t>(end - digits)});
}

Decimal HyperliquidEvents::quantity(std::int64_t units) const {
  const auto value = make_decimal(units, -quantity_scale_);
  check(value.has_value(), "a size has a decimal form");
  return *value;
}

void HyperliquidEvents::instrument(Time ts) {
  auto& event = add<event::Instrument>(ts);
  MW_SET(event, kind, InstrumentKind::perpetual);
  MW_SET(event, base, copy(instrument_.instrument_id));
  MW_SET(event, quote, make_text(dollar));
  MW_SET(event, tick_size, instrument_.tick_size);
  MW_SET(event, lot_size, instrument_.lot_size);
  MW_SET(event, contract_type, ContractType::linear);
  MW_SET(event, settle_asset, make_text(dollar));
}

void HyperliquidEvents::book_reset(Time ts) { add<event::BookReset>(ts); }

template <class T>
void HyperliquidEvents::fill_order(T& event, const OrderTerms& terms) {
  MW_SET(event, order_id, id(terms.oid));
  MW_SET(event, account_id, copy(terms.account));
  MW_SET(event, side, terms.side);
  MW_SET(event, price, terms.price);
  MW_SET(event, quantity, quantity(terms.quantity));
  MW_SET(event, time_in_force, terms.time_in_force);
  if (terms.reduce_only) {
    MW_SET(event, reduce_only, true);
  }
  if (terms.trigger_price) {
    MW_SET(event, trigger_price, *terms.trigger_price);
  }
}

void HyperliquidEvents::order(Time ts, const OrderTerms& terms) {
  fill_order(add<event::Order>(ts), terms);
}

void HyperliquidEvents::book_order(Time ts, const OrderTerms& terms) {
  fill_order(add<event::BookOrder>(ts), terms);
}

void HyperliquidEvents::triggered(Time ts, std::uint64_t oid) {
  auto& event = add<event::Triggered>(ts);
  MW_SET(event, order_id, id(oid));
}

void HyperliquidEvents::replace(Time ts, std::uint64_t oid, std::int64_t remaining) {
  auto& event = add<event::Replace>(ts);
  MW_SET(event, order_id, id(oid));
  MW_SET(event, quantity, quantity(remaining));
}

void HyperliquidEvents::cancel(Time ts, std::uint64_t oid, CancelReason reason) {
  auto& event = add<event::Cancel>(ts);
  MW_SET(event, order_id, id(oid));
  MW_SET(event, reason, reason);
}

void HyperliquidEvents::reject(Time ts, const OrderTerms& terms, RejectedOrderReason reason) {
  auto& event = add<event::Reject>(ts);
  MW_SET(event, order_id, id(terms.oid));
  MW_SET(event, account_id, copy(terms.account));
  MW_SET(event, side, terms.side);
  MW_SET(event, price, terms.price);
  if (terms.quantity > 0) {
    MW_SET(event, quantity, quantity(terms.quantity));
  }
  MW_SET(event, time_in_force, terms.time_in_force);
  MW_SET(event, reason, reason);
}

void HyperliquidEvents::trade(Time ts, const MatchedFill& fill) {
  auto& event = add<event::Trade>(ts);
  const FillRow& maker = *fill.maker;
  const FillRow& taker = *fill.taker;
  const FillRow& buyer = taker.side == Side::buy ? taker : maker;
  const FillRow& seller = taker.side == Side::buy ? maker : taker;
  MW_SET(event, trade_id, id(taker.tid));
  MW_SET(event, price, taker.price);
  MW_SET(event, quantity, quantity(taker.size));
  MW_SET(event, maker_order_id, id(maker.oid));
  MW_SET(event, taker_order_id, id(taker.oid));
  MW_SET(event, buyer_id, copy(buyer.account));
  MW_SET(event, seller_id, copy(seller.account));
  MW_SET(event, aggressor, taker.side);
  const bool deleveraging =
      maker.direction == "Auto-Deleveraging" || taker.direction == "Auto-Deleveraging";
  if (deleveraging) {
    MW_SET(event, kind, TradeKind::adl);
  } else if (maker.liquidation || taker.liquidation) {
    MW_SET(event, kind, TradeKind::liquidation);
  }
  const std::string_view liquidated =
      taker.liquidated.empty() ? maker.liquidated : taker.liquidated;
  if (!liquidated.empty() && (liquidated == buyer.account || liquidated == seller.account)) {
    MW_SET(event, liquidated, liquidated == buyer.account ? Side::buy : Side::sell);
  }
  MW_SET(event, maker_fee, maker.fee);
  MW_SET(event, taker_fee, taker.fee);
  MW_SET(event, maker_fee_asset, copy(maker.fee_asset));
  MW_SET(event, taker_fee_asset, copy(taker.fee_asset));
  if (const auto effect = parse_direction(buyer.direction); effect != PositionEffect::none) {
    MW_SET(event, buyer_effect, effect);
  }
  if (const auto effect = parse_direction(seller.direction); effect != PositionEffect::none) {
    MW_SET(event, seller_effect, effect);
  }
}

#undef MW_SET

}  // namespace marktwacht
