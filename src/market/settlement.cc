// What a trade does to one of its accounts: position, gain, balances, and the `fill` it gives.
#include "market/market.h"

namespace marktwacht {

// The fee in 10^-gain_scale, 0 where its asset is neither what gains are counted in nor, on spot,
// the base (which the trade's own price turns into the quote).
Money Market::fee_in_gain(const ParsedTrade& trade, const Party& party) const {
  const Instrument& instrument = directory_.instrument(trade.instrument);
  const Terms& terms = instrument.terms;
  if (party.fee == 0) {
    return {};
  }
  const int decimals = directory_.asset(party.fee_asset).decimals;
  const AssetIndex counted_in = terms.spot ? instrument.quote : instrument.settle;
  std::optional<Int128> fee;
  if (party.fee_asset == counted_in) {
    fee = rescale(party.fee, decimals, terms.gain_scale);
  } else if (terms.spot && party.fee_asset == instrument.base) {
    const auto product = multiply(party.fee, trade.price.units);
    fee =
        product ? rescale(*product, decimals + terms.price_scale, terms.gain_scale) : std::nullopt;
  }
  return Money{fee.value_or(0)};
}

bool Market::settle(const ParsedTrade& trade, const Party& party, const Party& other,
                    const Moment& moment) {
  if (!party.account.exists()) {
    return false;
  }
  const Terms& terms = directory_.instrument(trade.instrument).terms;
  const OrderTags tags =
      party.order.exists() ? OrderTags::unpack(books_.order(party.order).tags) : OrderTags{};
  const PositionKey key{party.account, trade.instrument, tags.leg};
  Execution execution{key,       party.side, trade.price, trade.quantity, fee_in_gain(trade, party),
                      moment.now};
  const auto effect = accounts_.execute(terms, execution);
  counts_.uncounted_sums += effect ? 0 : 1;
  Effect result = effect.value_or(Effect{});
  settle_funds(trade, party, result.gross_gain);
  note_gain(trade, party, result, moment);
  if (!terms.spot && (!effect || !result.gain_known)) {
    accounts_.miss_change(party.account, directory_.instrument(trade.instrument).settle);
  }
  if (terms.spot) {
    result.opened = accounts_.spot_opened(key, party.side, trade.quantity, moment.day);
  }
  const PositionEffect stated =
      party.stated_effect != PositionEffect::none ? party.stated_effect : tags.position_effect;
  if (stated != PositionEffect::none) {
    result.opened = stated == PositionEffect::open ? trade.quantity : Quantity{};
  }
  if (listening_.fill) {
    derive_fill(trade, party, other, result, moment);
  }
  return result.opened.units > 0;
}

// Spot exchanges both assets; derivatives settle what was gained. The fee comes on top.
void Market::settle_funds(const ParsedTrade& trade, const Party& party, Money gross_gain) {
  const Instrument& instrument = directory_.instrument(trade.instrument);
  const Terms& terms = instrument.terms;
  const auto change = [&](AssetIndex asset, std::optional<Int128> units, int scale) {
    const auto amount =
        units ? rescale(*units, scale, directory_.asset(asset).decimals) : std::nullopt;
    if (!amount) {
      ++counts_.uncounted_sums;
      accounts_.miss_change(party.account, asset);
    } else if (*amount != 0) {
      change_balance(party.account, asset, *amount);
    }
  };
  if (terms.spot) {
    const int sign = party.side == Side::buy ? 1 : -1;
    change(instrument.base, multiply(sign * terms.multiplier, trade.quantity.units),
           terms.quantity_scale + terms.multiplier_scale);
    change(instrument.quote, -sign * trade.notional.units, terms.notional_scale);
  } else {
    change(instrument.settle, gross_gain.units, terms.gain_scale);
  }
  if (party.fee != 0) {
    change_balance(party.account, party.fee_asset, -party.fee);
  }
}

// Asked before the fill is booked.
bool Market::first_opening(const Party& party, const Moment& moment) const {
  if (!party.order.exists()) {
    return false;
  }
  const OrderExtra* const extra = extras_.find(party.order.value);
  return extra == nullptr || extra->opened_day != moment.day;
}

void Market::derive_fill(const ParsedTrade& trade, const Party& party, const Party& other,
                         const Effect& effect, const Moment& moment) {
  Fill fill;
  fill.account = party.account;
  fill.instrument = trade.instrument;
  fill.counterparty = other.account;
  if (party.order.exists()) {
    fill.order = facts(party.order);
    fill.order.filled = fill.order.filled + trade.quantity;
  }
  if (other.order.exists()) {
    fill.counterparty_order = facts(other.order);
    fill.counterparty_order.filled = fill.counterparty_order.filled + trade.quantity;
  }
  fill.side = party.side;
  fill.price = trade.price;
  fill.quantity = trade.quantity;
  fill.notional = trade.notional;
  fill.maker = party.maker;
  fill.kind = trade.kind;
  fill.opened = effect.opened;
  fill.closed = effect.closed;
  fill.first_opening = effect.opened.units > 0 && first_opening(party, moment);
  fill.held_ms = effect.held_ms;
  fill.realised_gain = effect.realised_gain;
  fill.fee = Money{party.fee};
  fill.fee_asset = party.fee_asset;
  fill.same_account = other.account.exists() && party.account == other.account;
  fill.same_group = other.account.exists() && groups().same_group(party.account, other.account);
  derived_.emplace_back(fill);
}

}  // namespace marktwacht
