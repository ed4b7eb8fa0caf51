// What a measure would do, for those who are to approve it: whom it is about, what they have, and
// what closing it would mean for the market. Contract: enforcement.md, "Decisions".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "measures/command.h"
#include "measures/enforcement.h"

namespace marktwacht {

struct PreviewPosition {
  std::string instrument_id, quantity;  // signed
};

struct PreviewBalance {
  std::string asset, total, available;
};

struct PreviewAccount {
  std::string account_id, country;
  std::uint32_t open_orders = 0;
  std::vector<PreviewPosition> positions;
  std::vector<PreviewBalance> balances;   // that are not zero
  std::string gain;                       // in the case, in its currency; empty without one
  std::vector<Restriction> restrictions;  // that hold already
};

// One step of the plan against the book as it is.
struct PreviewLiquidation {
  std::string account_id;
  LiquidationStep step;
  std::string depth;  // visible on the side that it would hit, within the band
};

// One thing that an account did and would have been kept from.
struct RefusedAction {
  std::uint64_t seq = 0;
  Time at;
  std::string account_id;
  GateAction action{};
  std::string instrument_id, asset;  // as far as the action has them
  bool reduce_only = false;          // of an order: what reduces the position would have passed
  std::string reason;                // a kind of measure, or what the gate could not know
};

// What the gate would have refused in a time that is over. gate/refused_before.h counts it.
struct RefusedBefore {
  static constexpr Duration span{7 * day.ns};
  static constexpr std::size_t listed_max = 100;

  Time from, to;
  std::uint64_t count = 0;
  std::vector<RefusedAction> actions;  // the newest listed_max of them, oldest first
};

struct Preview {
  std::uint64_t measure = 0;
  std::string hash;  // what `approve` must name
  std::vector<PreviewAccount> accounts;
  std::vector<Restriction> restrictions;        // that it adds
  std::vector<PreviewLiquidation> liquidation;  // of kinds that close positions
  std::string gain_currency;
  // Where somebody has counted it: it needs the journal. No part of the hash.
  std::optional<RefusedBefore> refused_before;
};

// Looks at every order of the instruments that there are: for people, not for every event.
Preview preview_of(const Market& market, const Enforcement& enforcement, const Measure& measure);
// As one JSON object, without a line end.
void write_preview(const Preview& preview, std::string& out);

}  // namespace marktwacht
