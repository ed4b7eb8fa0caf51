// How positions are closed for an account without moving the market more than need be.
#include <algorithm>

#include "measures/measures.h"

namespace marktwacht {
namespace {

constexpr std::int64_t slice_share = 20;      // a slice is a 20th of an hour's volume, at most
constexpr std::int64_t band_share = 50;       // prices within a 50th of the index
constexpr std::uint32_t slices_most = 1'440;  // a day of minutes

std::optional<Price> price_of(const Instrument& instrument) {
  return instrument.index_price  ? instrument.index_price
         : instrument.mark_price ? instrument.mark_price
                                 : instrument.trade_price;
}

// Notional that stands to be closed, for the order of the plan.
Int128 risk_of(const Instrument& instrument, Quantity quantity) {
  const Int128 units = quantity.units < 0 ? -Int128{quantity.units} : Int128{quantity.units};
  const auto price = price_of(instrument);
  return price ? units * std::max<std::int64_t>(price->units, 1) : units;
}

std::uint32_t slices_of(const Instrument& instrument, std::int64_t units) {
  const std::int64_t volume = std::max(instrument.volume.hour, instrument.volume.hour_before);
  const std::int64_t slice = std::max<std::int64_t>(volume / slice_share, 1);
  if (volume == 0) {
    return 1;  // nobody trades: a plan of volume says nothing
  }
  const std::int64_t slices = units / slice + (units % slice == 0 ? 0 : 1);
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(slices, 1, slices_most));
}

}  // namespace

// Riskiest first: the largest notional.
std::vector<LiquidationStep> Measures::liquidation_of(const Measure& measure,
                                                      const std::string& account_id) const {
  const Directory& directory = market_.directory();
  const AccountIndex account = directory.find_account(make_text(account_id));
  const std::string& only = measure.plan.parameters.instrument_id;
  std::vector<std::pair<Int128, LiquidationStep>> steps;
  for (std::uint32_t i = 0; account.exists() && i < directory.instruments(); ++i) {
    const InstrumentIndex index{i};
    const Instrument& instrument = directory.instrument(index);
    if (instrument.terms.spot || (!only.empty() && directory.instrument_id(index) != only)) {
      continue;
    }
    for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
      const Quantity held = market_.accounts().position({account, index, leg});
      if (held.units == 0) {
        continue;
      }
      const std::int64_t units = held.units < 0 ? -held.units : held.units;
      LiquidationStep step;
      step.instrument_id = directory.instrument_id(index);
      step.side = held.units > 0 ? Side::sell : Side::buy;
      step.quantity = make_decimal(units, -instrument.terms.quantity_scale).value_or(Decimal{});
      step.slices = slices_of(instrument, units);
      if (const auto price = price_of(instrument)) {
        const int scale = instrument.terms.price_scale;
        const std::int64_t band = price->units / band_share;
        step.price_least = make_decimal(price->units - band, -scale);
        step.price_most = make_decimal(price->units + band, -scale);
      }
      steps.emplace_back(risk_of(instrument, held), std::move(step));
    }
  }
  std::ranges::stable_sort(steps, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<LiquidationStep> plan;
  for (auto& [risk, step] : steps) {
    plan.push_back(std::move(step));
  }
  return plan;
}

std::vector<std::string> Measures::holders_of(const std::string& instrument_id) const {
  const Directory& directory = market_.directory();
  const InstrumentIndex instrument = directory.find_instrument(make_text(instrument_id));
  std::set<std::string> holders;
  market_.accounts().visit_positions([&](const PositionKey& key, Quantity) {
    if (key.instrument == instrument) {
      holders.insert(directory.account_id(key.account));
    }
  });
  return {holders.begin(), holders.end()};
}

}  // namespace marktwacht
