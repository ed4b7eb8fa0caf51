// Written from accounts.h and terms.h alone, one statement of theirs after the other.
#include "accounts/accounts_twin.h"

#include <limits>

namespace marktwacht {

BigInt big(Int128 value) {
  const bool negative = value < 0;
  const UInt128 size =
      negative ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
  BigInt result = static_cast<std::uint64_t>(size >> 64);
  result <<= 64;
  result += static_cast<std::uint64_t>(size);
  return negative ? BigInt(-result) : result;
}

std::optional<Int128> fitting(const BigInt& value) {
  if (value > big(int128_max) || value < big(int128_min)) {
    return std::nullopt;
  }
  const BigInt size = abs(value);
  const auto high = static_cast<std::uint64_t>(size >> 64);
  const auto low = static_cast<std::uint64_t>(size & std::numeric_limits<std::uint64_t>::max());
  const UInt128 magnitude = static_cast<UInt128>(high) << 64 | low;
  return static_cast<Int128>(value < 0 ? UInt128{0} - magnitude : magnitude);
}

BigInt nearest(const BigInt& numerator, const BigInt& denominator) {
  BigInt quotient = numerator / denominator;
  if (quotient * denominator > numerator) {
    --quotient;  // the floor
  }
  const BigInt twice = 2 * (numerator - quotient * denominator);
  const bool up = twice > denominator || (twice == denominator && quotient % 2 != 0);
  return up ? BigInt(quotient + 1) : quotient;
}

BigInt ten_to(int exponent) {
  return boost::multiprecision::pow(BigInt(10), static_cast<unsigned>(exponent));
}

namespace {

// numerator / denominator × 10^exponent to the nearest integer.
BigInt scaled(const BigInt& numerator, const BigInt& denominator, int exponent) {
  return exponent >= 0 ? nearest(numerator * ten_to(exponent), denominator)
                       : nearest(numerator, denominator * ten_to(-exponent));
}

}  // namespace

std::optional<BigInt> exact_value(const Terms& terms, Price price, Quantity quantity) {
  const BigInt amount = BigInt(quantity.units) * big(terms.multiplier);
  if (!terms.inverse) {
    return scaled(amount * price.units, 1, terms.gain_scale - terms.notional_scale);
  }
  if (price.units <= 0) {
    return std::nullopt;
  }
  return scaled(amount, price.units, terms.price_scale + terms.gain_scale - terms.notional_scale);
}

std::optional<BigInt> exact_gain(const Terms& terms, bool long_leg, Price entry, Price exit,
                                 Quantity quantity) {
  const BigInt amount = BigInt(quantity.units) * big(terms.multiplier) * (long_leg ? 1 : -1);
  const BigInt rise = BigInt(exit.units) - entry.units;
  if (!terms.inverse) {
    return scaled(amount * rise, 1, terms.gain_scale - terms.notional_scale);
  }
  if (entry.units <= 0 || exit.units <= 0) {
    return std::nullopt;
  }
  return scaled(amount * rise, BigInt(entry.units) * exit.units,
                terms.price_scale + terms.gain_scale - terms.notional_scale);
}

bool AccountsTwin::change_balance(AccountIndex account, AssetIndex asset, Money delta) {
  TwinBalance& balance = balances[{account, asset}];
  const BigInt total = balance.total + big(delta.units);
  const BigInt available = balance.available + big(delta.units);
  if (!fitting(total) || !fitting(available)) {
    balance.missed = true;
    return false;
  }
  balance.total = total;
  balance.available = available;
  balance.changes.push_back(big(delta.units));
  return true;
}

void AccountsTwin::miss_change(AccountIndex account, AssetIndex asset) {
  balances[{account, asset}].missed = true;
}

// What was said before, and then everything that happened, one after the other.
void AccountsTwin::state_balance(AccountIndex account, AssetIndex asset, Money total,
                                 Money available) {
  TwinBalance& balance = balances[{account, asset}];
  BigInt explained = balance.last_stated;
  for (const BigInt& change : balance.changes) {
    explained += change;
  }
  last_statement = {
      account, asset, InstrumentIndex::none(), total.units, *fitting(explained), !balance.missed};
  balance = {};
  balance.total = balance.last_stated = big(total.units);
  balance.available = big(available.units);
  balance.stated = true;
}

bool AccountsTwin::rescale_asset(AssetIndex asset, int from_decimals, int to_decimals) {
  const BigInt up = ten_to(std::max(to_decimals - from_decimals, 0));
  const BigInt down = ten_to(std::max(from_decimals - to_decimals, 0));
  auto changed = balances;
  for (auto& [key, balance] : changed) {
    if (key.second != asset) {
      continue;
    }
    // One by one they may lose digits that their sum keeps.
    balance.changes.clear();
    balance.last_stated = balance.total;
    for (BigInt* amount : {&balance.total, &balance.available, &balance.last_stated}) {
      *amount *= up;
      if (*amount % down != 0) {
        return false;
      }
      *amount /= down;
      if (!fitting(*amount)) {
        return false;
      }
    }
  }
  balances = changed;
  return true;
}

BigInt AccountsTwin::TwinPosition::held() const {
  BigInt sum = 0;
  for (const TwinLot& lot : lots) {
    sum += lot.quantity;
  }
  return sum;
}

namespace {

using TwinLot = AccountsTwin::TwinLot;
using TwinPosition = AccountsTwin::TwinPosition;

// What closing the oldest lots came to, before the exit fee.
struct Closing {
  BigInt left;
  BigInt priced = 0, gross = 0, realised = 0, age_sum = 0;
  std::list<BigInt> opened;
};

// False where a sum leaves its range.
bool close_lots(const Terms& terms, const Execution& execution, TwinPosition& after,
                Closing& closing) {
  while (closing.left > 0 && !after.lots.empty()) {
    TwinLot& lot = after.lots.front();
    const BigInt part = closing.left < lot.quantity ? closing.left : lot.quantity;
    const BigInt lot_fee = nearest(lot.fee * part, lot.quantity);
    closing.opened.push_back(lot.opened);
    const BigInt age = BigInt(execution.at.ns) - lot.opened;
    closing.age_sum += (age > 0 ? age : BigInt(0)) * part;
    if (lot.price_known && !(terms.inverse && lot.price <= 0)) {
      const auto gained =
          *exact_gain(terms, after.sign > 0, Price{static_cast<std::int64_t>(lot.price)},
                      execution.price, Quantity{static_cast<std::int64_t>(part)});
      closing.gross += gained;
      closing.realised += gained;
      const bool fits = fitting(gained) && fitting(closing.gross) && fitting(closing.realised);
      closing.realised -= lot_fee;
      if (!fits || !fitting(closing.realised)) {
        return false;
      }
      closing.priced += part;
    }
    closing.left -= part;
    lot.quantity -= part;
    lot.fee -= lot_fee;
    if (lot.quantity == 0) {
      after.lots.pop_front();
    }
  }
  return true;
}

bool opens(const Terms& terms, const Execution& execution) {
  const bool buys = execution.side == Side::buy;
  if (terms.spot) {
    return buys;
  }
  return execution.key.leg == Leg::net || buys == (execution.key.leg == Leg::long_leg);
}

// False where a sum leaves its range.
bool open_lot(const Execution& execution, const BigInt& opened, const BigInt& fee,
              TwinPosition& after) {
  const TwinLot lot{opened, execution.price.units, execution.at.ns, fee, true};
  TwinLot* last = after.lots.empty() ? nullptr : &after.lots.back();
  if (last != nullptr && last->price == lot.price && last->opened == lot.opened &&
      last->price_known) {
    last->quantity += lot.quantity;
    last->fee += lot.fee;
    if (!fitting(last->fee)) {
      return false;
    }
  } else {
    after.lots.push_back(lot);
  }
  after.sign = execution.side == Side::buy ? 1 : -1;
  return after.held() <= std::numeric_limits<std::int64_t>::max();
}

}  // namespace

std::optional<Effect> AccountsTwin::execute(const Terms& terms, const Execution& execution) {
  if (terms.inverse && execution.price.units <= 0) {
    return std::nullopt;
  }
  TwinPosition after = positions[execution.key];
  if (terms.spot && after.sign < 0) {
    after = {};
  }
  const bool had_none = after.lots.empty();
  const int direction = execution.side == Side::buy ? 1 : -1;
  const BigInt quantity = execution.quantity.units, fee = big(execution.fee.units);
  Closing closing{quantity, 0, 0, 0, 0, {}};
  if (after.sign == -direction && !close_lots(terms, execution, after, closing)) {
    return std::nullopt;
  }
  const BigInt closed = quantity - closing.left;
  closing.realised -= nearest(fee * closing.priced, quantity);
  if (!fitting(closing.realised)) {
    return std::nullopt;
  }
  const BigInt opened = opens(terms, execution) ? closing.left : BigInt(0);
  if (opened > 0 && !open_lot(execution, opened, fee - nearest(fee * closed, quantity), after)) {
    return std::nullopt;
  }
  if (after.lots.empty()) {
    after.sign = 0;
  }
  // A spot short that was stated stays until a buy.
  if (!(terms.spot && positions[execution.key].sign < 0 && opened == 0)) {
    positions[execution.key] = after;
  }
  Effect effect;
  effect.opened = {static_cast<std::int64_t>(opened)};
  effect.closed = {static_cast<std::int64_t>(closed)};
  effect.opened_position = had_none && opened > 0;
  if (closed > 0) {
    effect.held_ms = static_cast<std::int64_t>(BigInt(closing.age_sum / (closed * 1'000'000)));
    effect.gross_gain = {*fitting(closing.gross)};
    effect.realised_gain = {*fitting(closing.realised)};
    effect.gain_known = closing.priced == closed;
    effect.opened_first = Time{static_cast<std::int64_t>(closing.opened.front())};
    effect.opened_last = Time{static_cast<std::int64_t>(closing.opened.back())};
  }
  return effect;
}

void AccountsTwin::state_position(const PositionKey& key, Quantity quantity,
                                  std::optional<Price> price, Time at) {
  TwinPosition& position = positions[key];
  BigInt stated = quantity.units;
  if (key.leg != Leg::net) {
    stated = key.leg == Leg::short_leg ? BigInt(-abs(stated)) : BigInt(abs(stated));
  }
  last_statement = {key.account,
                    AssetIndex::none(),
                    key.instrument,
                    *fitting(stated),
                    *fitting(position.held() * position.sign),
                    true};
  if (position.held() * position.sign == stated) {
    return;
  }
  position = {};
  if (stated != 0) {
    position.sign = stated > 0 ? 1 : -1;
    position.lots.push_back({abs(stated), price ? price->units : 0, at.ns, 0, price.has_value()});
  }
}

Quantity AccountsTwin::spot_opened(const PositionKey& key, Side side, Quantity quantity,
                                   std::int64_t day_at) {
  Day& now = days[{key.account, key.instrument}];
  if (now.number != day_at) {
    now = {day_at, 0, 0};
  }
  now.net += side == Side::buy ? BigInt(quantity.units) : BigInt(-BigInt(quantity.units));
  if (now.net <= now.peak) {
    return {};
  }
  const BigInt rise = now.net - now.peak;
  now.peak = now.net;
  return {static_cast<std::int64_t>(rise)};
}

}  // namespace marktwacht
