// What each account has: balances per asset, positions per instrument with first-in-first-out
// holdings. Knows nothing of orders, groups or events.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "accounts/terms.h"
#include "base/bytes.h"
#include "base/fixed.h"
#include "base/index.h"
#include "base/prefetch.h"
#include "base/time.h"

namespace marktwacht {

// An account keeps one net position per instrument, or a long and a short leg where its venue
// states `position_side`.
enum class Leg : std::uint8_t { net, long_leg, short_leg };

struct PositionKey {
  AccountIndex account;
  InstrumentIndex instrument;
  Leg leg = Leg::net;
  auto operator<=>(const PositionKey&) const = default;
};

// One side of a trade.
struct Execution {
  PositionKey key;
  Side side = Side::buy;
  Price price;
  Quantity quantity;  // > 0
  Money fee;          // in 10^-gain_scale, negative = rebate; 0 where it cannot be counted in
  Time at;            // never before an earlier one; an age counts as 0 where it is
};

// What an execution did to the position. Quantities add up: opened + closed = quantity on
// derivatives' net positions; on spot a buy opens, a sell closes what holdings are known, the rest
// is neither; so is what exceeds a leg. Of holdings whose entry price is unknown, quantity and age
// count, gain and fees do not.
struct Effect {
  Quantity opened;
  Quantity closed;
  std::int64_t held_ms = 0;      // of what was closed: mean age weighted by quantity, rounded down
  Money realised_gain;           // of what was closed, FIFO, entry and exit fees in; 10^-gain_scale
  Money gross_gain;              // the same before fees: what settles
  bool opened_position = false;  // the account had none before
  bool gain_known = true;        // the entry price of all that was closed
  Time opened_first, opened_last;  // of the holdings that were closed
};

struct Balance {
  Money total;
  Money available;      // as last stated, moved along with `total`
  bool stated = false;  // a `balance` event has stated it
  bool missed = false;  // a change since then is not in it
};

// A balance (of an asset) or position (in an instrument) as it was stated, and what explains it:
// what was stated before (nothing before the first) and every change since.
struct Statement {
  AccountIndex account;
  AssetIndex asset;
  InstrumentIndex instrument;
  Int128 stated = 0, explained = 0;
  bool whole = true;  // no change since was missed

  // Nothing where it leaves 128 bits.
  std::optional<Int128> unexplained() const {
    Int128 rest = 0;
    return __builtin_sub_overflow(stated, explained, &rest) ? std::nullopt : std::optional(rest);
  }
};

// Fills of one price at one instant are one lot.
struct Lot {
  Quantity quantity;  // > 0, also on the short side
  Price price;
  bool price_known = true;
  Time opened;
  Money fee;  // of the entry, still to be charged to what closes it
};

// One thread.
class Accounts {
 public:
  Accounts();
  ~Accounts();

  // --- balances, in the asset's own decimals. A delta that would leave 128 bits is missed: it
  // changes no sum and returns false.
  bool change_balance(AccountIndex account, AssetIndex asset, Money delta);
  // There was a change that cannot be said in units.
  void miss_change(AccountIndex account, AssetIndex asset);
  void state_balance(AccountIndex account, AssetIndex asset, Money total, Money available);
  Balance balance(AccountIndex account, AssetIndex asset) const;
  // What the last statement of a balance or position said; no part of the state.
  const Statement& last_statement() const;
  // Whether `rescale_asset` would succeed.
  bool can_rescale(AssetIndex asset, int from_decimals, int to_decimals) const;
  // Multiplies or divides all balances of `asset` by a power of ten when its decimals become known
  // late; false, with nothing changed, when one would lose digits or leave 128 bits.
  bool rescale_asset(AssetIndex asset, int from_decimals, int to_decimals);

  // --- positions
  // Applies one side of a trade; nothing, with nothing changed, when a sum leaves its range, or of
  // an inverse contract at a price <= 0.
  // Derivatives: first closes the opposite holdings, oldest first, then opens with the rest; on a
  // leg, `side` decides (a buy opens a long leg and closes a short one; a leg never turns).
  std::optional<Effect> execute(const Terms& terms, const Execution& execution);
  // States a position: equal quantity keeps the holdings; else they become one lot at `price`
  // (unknown when absent), opened at `at`. A leg's sign is its own, whatever the sign of
  // `quantity`; on spot what is stated below zero counts as none when next traded. False, with
  // nothing changed, at -2^63.
  bool state_position(const PositionKey& key, Quantity quantity, std::optional<Price> price,
                      Time at);
  Quantity position(const PositionKey& key) const;      // signed; short legs negative
  std::vector<Lot> lots(const PositionKey& key) const;  // oldest first
  // When the oldest of its holdings was opened; nothing where it is zero.
  std::optional<Time> position_opened(const PositionKey& key) const;
  // On spot: how far a buy of `quantity` raises the day's net bought quantity above its previous
  // peak of that day; a sell lowers the net. Days are numbers that never go back: another day
  // starts all anew.
  Quantity spot_opened(const PositionKey& key, Side side, Quantity quantity,
                       std::int64_t trading_day);

  // Fetching what a trade will change: the position, and the account's balances of two assets
  // (none: not of one); of spot, which has two, what was bought today.
  void look_ahead(Ahead which, const PositionKey& key, AssetIndex one, AssetIndex other) const;

  // Visits every position that is not zero, by account, instrument, leg.
  template <class Visitor>
  void visit_positions(Visitor&& visitor) const {  // (PositionKey, Quantity)
    for (const PositionKey& key : position_keys()) {
      visitor(key, position(key));
    }
  }
  // Visits every balance ever touched, by account, asset.
  template <class Visitor>
  void visit_balances(Visitor&& visitor) const {  // (AccountIndex, AssetIndex, Balance)
    for (const auto& [account, asset] : balance_keys()) {
      visitor(account, asset, balance(account, asset));
    }
  }

  // All state in canonical order: equal accounts write equal bytes.
  void save(ByteWriter& out) const;
  // Into fresh Accounts; false when the bytes are malformed.
  bool load(ByteReader& in);

 private:
  struct State;

  std::vector<PositionKey> position_keys() const;
  std::vector<std::pair<AccountIndex, AssetIndex>> balance_keys() const;

  std::unique_ptr<State> state_;
};

}  // namespace marktwacht
