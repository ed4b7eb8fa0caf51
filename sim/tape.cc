// Events of orders, trades and prices: see tape.h.
#include "sim/tape.h"

#include <charconv>

#include "sim/set_field.h"

namespace marktwacht::sim {
namespace {

// In 10^-5 of the notional.
constexpr std::int64_t maker_rate = 10, taker_rate = 50;
constexpr int fee_places = 6;

// Absent fields must have their defaults: the engine reads them.
template <class T>
void begin(T& event) {
  event = T{};
  event.type = T::event_type;
}

}  // namespace

Tape::Tape(const std::vector<Listing>& listings, const Population& population, Sink& sink)
    : listings_(listings), population_(population), sink_(sink) {
  for (const Listing& listing : listings) {
    instrument_hashes_.push_back(hash_of(listing.instrument_id));
  }
}

Text Tape::text(std::uint64_t id, IdText& room) {
  const auto end = std::to_chars(room.data(), room.data() + room.size(), id).ptr;
  return make_text({room.data(), end});
}

Decimal Tape::price(std::uint32_t instrument, std::int64_t ticks) const {
  const GridStep& tick = listings_[instrument].tick;
  return decimal(ticks * tick.mantissa, tick.exponent);
}

Decimal Tape::quantity(std::uint32_t instrument, std::int64_t lots) const {
  const GridStep& lot = listings_[instrument].lot;
  return decimal(lots * lot.mantissa, lot.exponent);
}

Decimal Tape::notional(std::uint32_t instrument, std::int64_t ticks, std::int64_t lots) const {
  const Listing& listing = listings_[instrument];
  return decimal(ticks * listing.tick.mantissa * lots * listing.lot.mantissa,
                 listing.tick.exponent + listing.lot.exponent);
}

Decimal Tape::fee(const Listing& listing, std::int64_t ticks, std::int64_t lots,
                  std::int64_t rate) const {
  std::int64_t units = ticks * listing.tick.mantissa * lots * listing.lot.mantissa * rate;
  int exponent = listing.tick.exponent + listing.lot.exponent - 5;
  for (; exponent < -fee_places; ++exponent) {
    units /= 10;
  }
  return decimal(units, exponent);
}

void Tape::order(const OrderRequest& request, std::uint64_t id, std::int64_t quantity) {
  begin(order_);
  MW_SET(order_, order_id, text(id, first_id_));
  MW_SET(order_, account_id, population_.account_id(request.account));
  MW_SET(order_, instrument_id, instrument_id(request.instrument));
  MW_SET(order_, side, request.side);
  if (request.price != no_price) {
    MW_SET(order_, price, price(request.instrument, request.price));
  }
  MW_SET(order_, quantity, this->quantity(request.instrument, quantity));
  if (request.display != 0) {
    MW_SET(order_, display_quantity, this->quantity(request.instrument, request.display));
  }
  if (request.time_in_force != TimeInForce::gtc) {
    MW_SET(order_, time_in_force, request.time_in_force);
  }
  if (request.reduce_only) {
    MW_SET(order_, reduce_only, true);
  }
  if (request.trigger != no_price) {
    MW_SET(order_, trigger_price, price(request.instrument, request.trigger));
  }
  MW_SET(order_, channel, request.channel);
  if (request.copied_from != no_account) {
    MW_SET(order_, copied_from, population_.account_id(request.copied_from));
  }
  if (request.leverage != 0) {
    MW_SET(order_, leverage, decimal(request.leverage, 0));
  }
  publish(order_);
}

void Tape::reject(const OrderRequest& request, RejectedOrderReason reason) {
  begin(reject_);
  MW_SET(reject_, account_id, population_.account_id(request.account));
  MW_SET(reject_, instrument_id, instrument_id(request.instrument));
  MW_SET(reject_, side, request.side);
  if (request.price != no_price) {
    MW_SET(reject_, price, price(request.instrument, request.price));
  }
  MW_SET(reject_, quantity, quantity(request.instrument, request.quantity));
  if (request.time_in_force != TimeInForce::gtc) {
    MW_SET(reject_, time_in_force, request.time_in_force);
  }
  MW_SET(reject_, reason, reason);
  publish(reject_);
}

void Tape::cancel(const Order& order, CancelReason reason) {
  begin(cancel_);
  MW_SET(cancel_, order_id, text(order.id, first_id_));
  MW_SET(cancel_, instrument_id, instrument_id(order.instrument));
  MW_SET(cancel_, reason, reason);
  publish(cancel_);
}

void Tape::replace(const Order& order, std::uint64_t new_id, std::int32_t price,
                   std::int64_t quantity) {
  begin(replace_);
  MW_SET(replace_, order_id, text(order.id, first_id_));
  MW_SET(replace_, instrument_id, instrument_id(order.instrument));
  if (new_id != 0) {
    MW_SET(replace_, new_order_id, text(new_id, second_id_));
  }
  if (price != no_price) {
    MW_SET(replace_, price, this->price(order.instrument, price));
  }
  MW_SET(replace_, quantity, this->quantity(order.instrument, quantity));
  publish(replace_);
}

void Tape::triggered(const Order& order) {
  event::Triggered triggered;
  begin(triggered);
  MW_SET(triggered, order_id, text(order.id, first_id_));
  MW_SET(triggered, instrument_id, instrument_id(order.instrument));
  publish(triggered);
}

void Tape::trade(const TradeFacts& trade) {
  begin(trade_);
  const Listing& listing = listings_[trade.instrument];
  const Text maker = population_.account_id(trade.maker_account);
  const Text taker = population_.account_id(trade.taker_account);
  const bool buys = trade.taker_side == Side::buy;
  MW_SET(trade_, trade_id, text(++trades_, trade_id_));
  MW_SET(trade_, instrument_id, instrument_id(trade.instrument));
  MW_SET(trade_, price, price(trade.instrument, trade.price));
  MW_SET(trade_, quantity, quantity(trade.instrument, trade.quantity));
  if (trade.maker_order != 0) {
    MW_SET(trade_, maker_order_id, text(trade.maker_order, first_id_));
    MW_SET(trade_, taker_order_id, text(trade.taker_order, second_id_));
  }
  MW_SET(trade_, buyer_id, buys ? taker : maker);
  MW_SET(trade_, seller_id, buys ? maker : taker);
  MW_SET(trade_, aggressor, trade.taker_side);
  if (trade.kind != TradeKind::book) {
    MW_SET(trade_, kind, trade.kind);
    MW_SET(trade_, liquidated, trade.taker_side);
  }
  MW_SET(trade_, maker_fee, fee(listing, trade.price, trade.quantity, maker_rate));
  MW_SET(trade_, taker_fee, fee(listing, trade.price, trade.quantity, taker_rate));
  publish(trade_);
}

void Tape::index_price(std::uint32_t instrument, std::int64_t sixteenths, IndexStatus status) {
  event::IndexPrice index;
  begin(index);
  const GridStep& tick = listings_[instrument].tick;
  MW_SET(index, instrument_id, instrument_id(instrument));
  MW_SET(index, price, decimal(sixteenths * tick.mantissa * 625 / 100, tick.exponent - 2));
  if (status != IndexStatus::ok) {
    MW_SET(index, status, status);
  }
  publish(index);
}

void Tape::mark_price(std::uint32_t instrument, std::int32_t price) {
  event::MarkPrice mark;
  begin(mark);
  MW_SET(mark, instrument_id, instrument_id(instrument));
  MW_SET(mark, price, this->price(instrument, price));
  publish(mark);
}

void Tape::settlement(std::uint32_t instrument, std::int32_t price, std::int64_t rate_millionths) {
  event::Settlement settlement;
  begin(settlement);
  MW_SET(settlement, instrument_id, instrument_id(instrument));
  MW_SET(settlement, price, this->price(instrument, price));
  MW_SET(settlement, funding_rate, decimal(rate_millionths, -6));
  publish(settlement);
}

}  // namespace marktwacht::sim
