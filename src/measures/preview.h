// What a measure would do, for those who are to approve it: whom it is about, what they have, and
// what closing it would mean for the market. Contract: enforcement.md, "Decisions".
#pragma once

#include <cstdint>
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

struct Preview {
  std::uint64_t measure = 0;
  std::string hash;  // what `approve` must name
  std::vector<PreviewAccount> accounts;
  std::vector<Restriction> restrictions;        // that it adds
  std::vector<PreviewLiquidation> liquidation;  // of kinds that close positions
  std::string gain_currency;
};

// Looks at every order of the instruments that there are: for people, not for every event.
Preview preview_of(const Market& market, const Enforcement& enforcement, const Measure& measure);
// As one JSON object, without a line end.
void write_preview(const Preview& preview, std::string& out);

}  // namespace marktwacht
