// The three tables behind Accounts.
#include "accounts/accounts.h"

#include "accounts/balances.h"
#include "accounts/positions.h"
#include "accounts/spot_days.h"

namespace marktwacht {

struct Accounts::State {
  Balances balances;
  Positions positions;
  SpotDays spot_days;
  Statement last_statement;
};

Accounts::Accounts() : state_(std::make_unique<State>()) {}
Accounts::~Accounts() = default;

bool Accounts::change_balance(AccountIndex account, AssetIndex asset, Money delta) {
  return state_->balances.change(account, asset, delta);
}

void Accounts::miss_change(AccountIndex account, AssetIndex asset) {
  state_->balances.miss(account, asset);
}

// The sum has taken in every change since the last statement, so that it is what explains this one.
void Accounts::state_balance(AccountIndex account, AssetIndex asset, Money total, Money available) {
  const Balance before = state_->balances.get(account, asset);
  state_->last_statement = {
      account, asset, InstrumentIndex::none(), total.units, before.total.units, !before.missed};
  state_->balances.state(account, asset, total, available);
}

const Statement& Accounts::last_statement() const { return state_->last_statement; }

Balance Accounts::balance(AccountIndex account, AssetIndex asset) const {
  return state_->balances.get(account, asset);
}

bool Accounts::can_rescale(AssetIndex asset, int from_decimals, int to_decimals) const {
  return state_->balances.can_rescale(asset, from_decimals, to_decimals);
}

bool Accounts::rescale_asset(AssetIndex asset, int from_decimals, int to_decimals) {
  return state_->balances.rescale(asset, from_decimals, to_decimals);
}

std::optional<Effect> Accounts::execute(const Terms& terms, const Execution& execution) {
  return state_->positions.execute(terms, execution);
}

bool Accounts::state_position(const PositionKey& key, Quantity quantity, std::optional<Price> price,
                              Time at) {
  const Int128 before = state_->positions.quantity(key).units;
  if (!state_->positions.state(key, quantity, price, at)) {
    return false;
  }
  state_->last_statement = {key.account,    AssetIndex::none(),
                            key.instrument, state_->positions.quantity(key).units,
                            before,         true};
  return true;
}

Quantity Accounts::position(const PositionKey& key) const {
  return state_->positions.quantity(key);
}

std::vector<Lot> Accounts::lots(const PositionKey& key) const {
  return state_->positions.lots(key);
}

std::optional<Time> Accounts::position_opened(const PositionKey& key) const {
  return state_->positions.opened(key);
}

Quantity Accounts::spot_opened(const PositionKey& key, Side side, Quantity quantity,
                               std::int64_t trading_day) {
  return state_->spot_days.opened(key, side, quantity, trading_day);
}

void Accounts::look_ahead(Ahead which, const PositionKey& key, AssetIndex one,
                          AssetIndex other) const {
  state_->positions.look_ahead(which, key);
  if (other.exists()) {
    state_->spot_days.look_ahead(which, key);
  }
  for (const AssetIndex asset : {one, other}) {
    if (asset.exists()) {
      state_->balances.look_ahead(which, key.account, asset);
    }
  }
}

std::vector<PositionKey> Accounts::position_keys() const { return state_->positions.keys(); }

std::vector<std::pair<AccountIndex, AssetIndex>> Accounts::balance_keys() const {
  return state_->balances.keys();
}

void Accounts::save(ByteWriter& out) const {
  state_->balances.save(out);
  state_->positions.save(out);
  state_->spot_days.save(out);
}

bool Accounts::load(ByteReader& in) {
  return state_->balances.load(in) && state_->positions.load(in) && state_->spot_days.load(in);
}

}  // namespace marktwacht
