// Trades: both orders, both accounts, both balances.
#include "market/market.h"

namespace marktwacht {

std::expected<OrderSlot, Fault> Market::trade_order(const event::Trade& event,
                                                    InstrumentIndex instrument,
                                                    const Text& order_id,
                                                    std::string_view field) const {
  const OrderSlot slot = live_order(order_id);
  if (!slot.exists()) {
    if (!event.has_buyer_id() && !may_be_unknown(event, instrument)) {
      return std::unexpected(Fault{RejectReason::unknown_order, field});
    }
    return slot;
  }
  const Order& order = books_.order(slot);
  if (order.instrument != instrument || OrderTags::unpack(order.tags).untriggered) {
    return std::unexpected(Fault{RejectReason::mismatch, field});
  }
  return slot;
}

std::optional<Fault> Market::find_trade_orders(const event::Trade& event,
                                               ParsedTrade& trade) const {
  if (!event.has_maker_order_id()) {
    trade.taker_side = event.aggressor;
    return std::nullopt;
  }
  const auto maker = trade_order(event, trade.instrument, event.maker_order_id, "maker_order_id");
  if (!maker) {
    return maker.error();
  }
  const auto taker = trade_order(event, trade.instrument, event.taker_order_id, "taker_order_id");
  if (!taker) {
    return taker.error();
  }
  trade.maker = *maker;
  trade.taker = *taker;
  trade.unknown_orders = (maker->exists() ? 0 : 1) + (taker->exists() ? 0 : 1);
  if (taker->exists()) {
    trade.taker_side = books_.order(*taker).side;
  } else if (maker->exists()) {
    trade.taker_side = opposite(books_.order(*maker).side);
  } else {
    trade.taker_side = event.aggressor;
  }
  if (maker->exists() && taker->exists() && books_.order(*maker).side == trade.taker_side) {
    return Fault{RejectReason::mismatch, "taker_order_id"};
  }
  return std::nullopt;
}

std::expected<ParsedTrade, Fault> Market::parse(const event::Trade& event) const {
  ParsedTrade trade;
  trade.kind = event.kind;
  trade.trade_id = event.trade_id;
  const auto index = instrument(event.instrument_id, "instrument_id");
  if (!index) {
    return std::unexpected(index.error());
  }
  trade.instrument = *index;
  const Instrument& of = directory_.instrument(*index);
  if (!of.may_price_at(event.price)) {
    return std::unexpected(Fault{RejectReason::bad_value, "price"});
  }
  if (const auto fault = find_trade_orders(event, trade)) {
    return std::unexpected(*fault);
  }
  const auto price = units_of(event.price, of.terms.price_scale, "price");
  const auto quantity = units_of(event.quantity, of.terms.quantity_scale, "quantity");
  if (!price || !quantity) {
    return std::unexpected(price ? quantity.error() : price.error());
  }
  trade.price.units = *price;
  trade.quantity.units = *quantity;
  const auto amount = notional(of.terms, trade.price, trade.quantity);
  if (!amount) {
    return std::unexpected(Fault{RejectReason::bad_value, "quantity"});
  }
  trade.notional = *amount;
  if (const auto fault = parse_fees(event, trade)) {
    return std::unexpected(*fault);
  }
  for (const OrderSlot slot : {trade.maker, trade.taker}) {
    if (const auto fault = check_fill(slot, trade)) {
      return std::unexpected(*fault);
    }
  }
  return trade;
}

// Fees are in their asset's decimals; where no asset is named, in what the trade settles in.
std::optional<Fault> Market::parse_fees(const event::Trade& event, ParsedTrade& trade) const {
  const Instrument& instrument = directory_.instrument(trade.instrument);
  const AssetIndex usual = instrument.terms.spot ? instrument.quote : instrument.settle;
  const auto parse = [&](bool named, Text asset, const Decimal& value, std::string_view field) {
    const int decimals = named ? directory_.decimals(asset) : directory_.asset(usual).decimals;
    return wide_units_of(value, decimals, field);
  };
  const auto maker =
      parse(event.has_maker_fee_asset(), event.maker_fee_asset, event.maker_fee, "maker_fee");
  const auto taker =
      parse(event.has_taker_fee_asset(), event.taker_fee_asset, event.taker_fee, "taker_fee");
  if (!maker || !taker) {
    return maker ? taker.error() : maker.error();
  }
  trade.maker_fee = *maker;
  trade.taker_fee = *taker;
  return std::nullopt;
}

std::optional<Fault> Market::check_fill(OrderSlot slot, const ParsedTrade& trade) const {
  if (!slot.exists()) {
    return std::nullopt;
  }
  const Order& order = books_.order(slot);
  const bool by_quote = OrderTags::unpack(order.tags).by_quote;
  const bool too_much =
      trade.quantity > order.remaining ||
      (by_quote && trade.notional.units > extras_.find(slot.value)->quote_remaining);
  return too_much ? std::optional(Fault{RejectReason::overfill, "quantity"}) : std::nullopt;
}

Party Market::party_of(const event::Trade& event, const ParsedTrade& trade, bool maker) {
  Party party;
  party.maker = maker;
  party.order = maker ? trade.maker : trade.taker;
  party.side = maker ? opposite(trade.taker_side) : trade.taker_side;
  const bool buys = party.side == Side::buy;
  if (party.order.exists()) {
    party.account = books_.order(party.order).account;
  } else if (event.has_buyer_id() && event.has_seller_id()) {
    party.account = account(buys ? event.buyer_id : event.seller_id);
  }
  party.stated_effect = buys ? event.buyer_effect : event.seller_effect;
  party.fee = maker ? trade.maker_fee : trade.taker_fee;
  const bool named = maker ? event.has_maker_fee_asset() : event.has_taker_fee_asset();
  const Instrument& instrument = directory_.instrument(trade.instrument);
  party.fee_asset = named ? asset(maker ? event.maker_fee_asset : event.taker_fee_asset)
                    : instrument.terms.spot ? instrument.quote
                                            : instrument.settle;
  return party;
}

void Market::commit(const event::Trade& event, const ParsedTrade& trade, const Moment& moment) {
  counts_.unknown_orders += trade.unknown_orders;
  note_on_tape(trade, moment);
  const Party maker = party_of(event, trade, true), taker = party_of(event, trade, false);
  const bool maker_opened = settle(trade, maker, taker, moment);
  const bool taker_opened = settle(trade, taker, maker, moment);
  fill_order(trade, trade.maker, maker_opened, moment);
  fill_order(trade, trade.taker, taker_opened, moment);
  Instrument& instrument = directory_.instrument(trade.instrument);
  instrument.trade_price = trade.price;
  instrument.volume.add(trade.quantity, moment.now);
  book_moved(trade.instrument, moment);
}

// The order's share of the trade; an order with nothing left is gone.
void Market::fill_order(const ParsedTrade& trade, OrderSlot slot, bool opened,
                        const Moment& moment) {
  if (!slot.exists()) {
    return;
  }
  const Order& order = books_.order(slot);
  OrderTags tags = OrderTags::unpack(order.tags);
  bool ends = order.remaining == trade.quantity;
  if (tags.by_quote) {
    OrderExtra& extra = *extras_.find(slot.value);
    extra.quote_remaining -= trade.notional.units;
    const Instrument& instrument = directory_.instrument(trade.instrument);
    const auto lot = notional(instrument.terms, trade.price, Quantity{instrument.lot});
    ends = !lot || extra.quote_remaining < lot->units;
  }
  if (!tags.has_extra && !ends) {
    tags.has_extra = true;
    books_.mark(slot, tags.pack());
    extras_[slot.value] = {};
  }
  if (tags.has_extra) {
    OrderExtra& extra = *extras_.find(slot.value);
    extra.filled_notional += trade.notional.units;
    extra.opened_day = opened ? moment.day : extra.opened_day;
  }
  if (!ends) {
    books_.fill(slot, trade.quantity);
    return;
  }
  derive_filled(slot, trade, moment);
  forget(slot);
  if (!books_.fill(slot, trade.quantity)) {
    books_.remove(slot);  // by quote: what is left of the quote buys no lot
  }
}

}  // namespace marktwacht
