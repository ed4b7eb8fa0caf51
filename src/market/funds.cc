// Money that moves without a trade, and balances and positions that the exchange states.
#include "market/market.h"

namespace marktwacht {

// The amount in the asset's decimals, which for an asset nobody announced are 18.
std::expected<ParsedAmount, Fault> Market::amount(Text asset, const Decimal& value,
                                                  std::string_view field) const {
  const auto units = wide_units_of(value, directory_.decimals(asset), field);
  if (!units) {
    return std::unexpected(units.error());
  }
  return ParsedAmount{*units};
}

void Market::change_balance(AccountIndex account, AssetIndex asset, Int128 units) {
  if (!accounts_.change_balance(account, asset, Money{units})) {
    ++counts_.uncounted_sums;
  }
}

std::expected<ParsedAmount, Fault> Market::parse(const event::Deposit& event) const {
  return amount(event.asset, event.amount, "amount");
}

void Market::commit(const event::Deposit& event, const ParsedAmount& parsed, const Moment& moment) {
  const AccountIndex to = account(event.account_id);
  const AssetIndex of = asset(event.asset);
  if (event.status == DepositStatus::completed) {
    change_balance(to, of, parsed.units);
  }
  see_address(to, event.source_address, moment);
  links_.receive_by(to, event.tx_id.view(), moment.now);
  links_.remember(moment.now, moment.seq);
}

std::expected<ParsedAmount, Fault> Market::parse(const event::Withdrawal& event) const {
  return amount(event.asset, event.amount, "amount");
}

// A rejected withdrawal moves nothing, and its destination proves nothing.
void Market::commit(const event::Withdrawal& event, const ParsedAmount& parsed,
                    const Moment& moment) {
  const AccountIndex from = account(event.account_id);
  const AssetIndex of = asset(event.asset);
  if (event.status == WithdrawalStatus::completed) {
    change_balance(from, of, -parsed.units);
  }
  if (event.status != WithdrawalStatus::rejected) {
    see_address(from, event.destination, moment);
    links_.send_by(from, event.tx_id.view(), moment.now);
    links_.remember(moment.now, moment.seq);
  }
}

std::expected<ParsedAmount, Fault> Market::parse(const event::Transfer& event) const {
  return amount(event.asset, event.amount, "amount");
}

void Market::commit(const event::Transfer& event, const ParsedAmount& parsed,
                    const Moment& moment) {
  const AccountIndex from = account(event.from_account_id);
  const AccountIndex to = account(event.to_account_id);
  const AssetIndex of = asset(event.asset);
  change_balance(from, of, -parsed.units);
  change_balance(to, of, parsed.units);
  links_.transfer(from, to, moment.now);
  links_.remember(moment.now, moment.seq);
}

std::expected<ParsedAmount, Fault> Market::parse(const event::Reward& event) const {
  return amount(event.asset, event.amount, "amount");
}

// A grant credits, a revocation takes back; a release only lets the account withdraw it.
void Market::commit(const event::Reward& event, const ParsedAmount& parsed, const Moment& moment) {
  const AccountIndex to = account(event.account_id);
  const AssetIndex of = asset(event.asset);
  if (event.has_source_account_id()) {
    account(event.source_account_id);
  }
  if (event.status != RewardStatus::released) {
    change_balance(to, of, event.status == RewardStatus::granted ? parsed.units : -parsed.units);
  }
  note_reward(event, parsed.units, moment);
}

std::expected<ParsedAmount, Fault> Market::parse(const event::Ledger& event) const {
  return amount(event.asset, event.amount, "amount");
}

void Market::commit(const event::Ledger& event, const ParsedAmount& parsed, const Moment&) {
  const AccountIndex to = account(event.account_id);
  change_balance(to, asset(event.asset), parsed.units);
}

std::expected<ParsedBalance, Fault> Market::parse(const event::Balance& event) const {
  const auto total = amount(event.asset, event.total, "total");
  const auto available = amount(event.asset, event.available, "available");
  if (!total || !available) {
    return std::unexpected(total ? available.error() : total.error());
  }
  return ParsedBalance{total->units, available->units};
}

// A balance of one wallet says nothing of the whole, so only statements without `wallet` count.
void Market::commit(const event::Balance& event, const ParsedBalance& parsed, const Moment&) {
  const AccountIndex of = account(event.account_id);
  const AssetIndex in = asset(event.asset);
  if (!event.has_wallet()) {
    accounts_.state_balance(of, in, Money{parsed.total}, Money{parsed.available});
  }
}

std::expected<ParsedNothing, Fault> Market::parse(const event::Valuation&) const { return {}; }

void Market::commit(const event::Valuation& event, const ParsedNothing&, const Moment&) {
  const AssetIndex of = asset(event.asset), in = asset(event.currency);
  first_currency_ = first_currency_.exists() ? first_currency_ : in;
  valuations_[static_cast<std::uint64_t>(of.value) << 32 | in.value] = event.price;
}

std::expected<ParsedPosition, Fault> Market::parse(const event::Position& event) const {
  const auto index = instrument(event.instrument_id, "instrument_id");
  if (!index) {
    return std::unexpected(index.error());
  }
  const Instrument& stated = directory_.instrument(*index);
  if (event.has_entry_price() && !stated.may_price_at(event.entry_price)) {
    return std::unexpected(Fault{RejectReason::bad_value, "entry_price"});
  }
  const auto quantity = units_of(event.quantity, stated.terms.quantity_scale, "quantity");
  if (!quantity) {
    return std::unexpected(quantity.error());
  }
  ParsedPosition parsed{*index, Quantity{*quantity}, {}};
  if (event.has_entry_price()) {
    const auto units = units_of(event.entry_price, stated.terms.price_scale, "entry_price");
    if (!units) {
      return std::unexpected(units.error());
    }
    parsed.entry_price = Price{*units};
  }
  return parsed;
}

void Market::commit(const event::Position& event, const ParsedPosition& parsed,
                    const Moment& moment) {
  PositionKey key{account(event.account_id), parsed.instrument, Leg::net};
  Quantity held = parsed.quantity;
  if (event.has_position_side()) {  // a leg's sign is its side's, however the venue writes it
    const bool is_short = event.position_side == PositionSide::short_;
    key.leg = is_short ? Leg::short_leg : Leg::long_leg;
    held.units = (held.units < 0) == is_short ? held.units : -held.units;
  }
  accounts_.state_position(key, held, parsed.entry_price, moment.now);
}

}  // namespace marktwacht
