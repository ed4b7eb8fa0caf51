// Making and replacing assets, instruments and accounts.
#include "market/directory.h"

#include <algorithm>

namespace marktwacht {
namespace {

// Prices and quantities keep three digits below the tick and the lot, for averages and fees.
constexpr int extra_digits = 3;

Terms make_terms(const event::Instrument& event, int settle_decimals) {
  Terms terms;
  terms.spot = event.kind == InstrumentKind::spot;
  terms.inverse = !terms.spot && event.contract_type == ContractType::inverse;
  terms.price_scale = event.tick_size.places() + extra_digits;
  terms.quantity_scale = event.lot_size.places() + extra_digits;
  terms.multiplier_scale = event.has_contract_multiplier() ? event.contract_multiplier.places() : 0;
  const int quantity_part = terms.quantity_scale + terms.multiplier_scale;
  terms.notional_scale = terms.inverse ? quantity_part : quantity_part + terms.price_scale;
  terms.gain_scale =
      terms.inverse ? settle_decimals : std::max(terms.notional_scale, settle_decimals);
  return terms;
}

Text settle_asset_of(const event::Instrument& event) {
  if (event.has_settle_asset()) {
    return event.settle_asset;
  }
  return event.contract_type == ContractType::inverse ? event.base : event.quote;
}

}  // namespace

Fault scale_fault(ScaleFault fault, std::string_view field) {
  return {fault == ScaleFault::finer ? RejectReason::scale : RejectReason::bad_value, field};
}

std::expected<Int128, Fault> wide_units_of(const Decimal& value, int scale,
                                           std::string_view field) {
  const auto units = scaled_int128(value, scale);
  if (!units) {
    return std::unexpected(scale_fault(units.error(), field));
  }
  return *units;
}

AssetIndex Directory::intern_asset(Text asset) {
  const AssetIndex index = asset_names_.intern(asset);
  if (index.value == assets_.size()) {
    assets_.emplace_back();
  }
  return index;
}

int Directory::decimals(Text asset) const {
  const AssetIndex index = find_asset(asset);
  return index.exists() ? this->asset(index).decimals : Asset::unannounced_decimals;
}

AccountIndex Directory::intern_account(Text id) {
  const AccountIndex index = account_names_.intern(id);
  if (index.value == accounts_.size()) {
    accounts_.emplace_back();
  }
  return index;
}

void Directory::restate(AccountIndex index, const event::Account& event) {
  Account& to = account(index);
  to.announced = true;
  if (event.has_person_id()) {
    to.person_id = event.person_id.view();
  }
  if (event.has_desk_id()) {
    to.desk_id = event.desk_id.view();
  }
  if (event.has_country()) {
    to.country = event.country.view();
  }
  if (event.has_kyc_level()) {
    to.kyc_level = static_cast<int>(event.kyc_level);
  }
  if (event.has_opened_ts()) {
    to.opened = event.opened_ts;
  }
  if (event.has_roles()) {
    to.roles = event.roles;
  }
}

void Directory::label(Text address, AddressKind kind) {
  const AddressIndex index = addresses_.intern(address);
  address_kinds_.resize(addresses_.size());
  address_kinds_[index.value] = kind;
}

std::optional<AddressKind> Directory::address_kind(Text address) const {
  const AddressIndex index = addresses_.find(address);
  return index.exists() ? std::optional(address_kinds_[index.value]) : std::nullopt;
}

void Directory::take(const event::Program& event) {
  const ProgramIndex index = program_names_.intern(event.program_id);
  programs_.resize(program_names_.size());
  Program& program = programs_[index.value];
  program.volume_required = event.volume_required;
  program.from = event.has_from_ts() ? std::optional(event.from_ts) : std::nullopt;
  program.until = event.has_until_ts() ? std::optional(event.until_ts) : std::nullopt;
}

const Program* Directory::program(Text program_id) const {
  const ProgramIndex index = program_names_.find(program_id);
  return index.exists() ? &programs_[index.value] : nullptr;
}

std::expected<Terms, Fault> Directory::terms_of(const event::Instrument& event) const {
  const Terms terms = make_terms(event, decimals(settle_asset_of(event)));
  const InstrumentIndex known = find_instrument(event.instrument_id);
  if (!known.exists()) {
    return terms;
  }
  const Terms& first = instrument(known).terms;
  if (first.spot != terms.spot) {
    return std::unexpected(Fault{RejectReason::bad_value, "kind"});
  }
  if (first.inverse != terms.inverse) {
    return std::unexpected(Fault{RejectReason::bad_value, "contract_type"});
  }
  return first;
}

std::expected<InstrumentGrid, Fault> Directory::grid_of(const event::Instrument& event,
                                                        const Terms& terms) {
  InstrumentGrid grid;
  const auto tick = units_of(event.tick_size, terms.price_scale, "tick_size");
  const auto lot = units_of(event.lot_size, terms.quantity_scale, "lot_size");
  const Decimal one{1, 0};
  const auto multiplier =
      wide_units_of(event.has_contract_multiplier() ? event.contract_multiplier : one,
                    terms.multiplier_scale, "contract_multiplier");
  for (const auto* fault : {tick ? nullptr : &tick.error(), lot ? nullptr : &lot.error(),
                            multiplier ? nullptr : &multiplier.error()}) {
    if (fault != nullptr) {
      return std::unexpected(*fault);
    }
  }
  grid.tick = *tick;
  grid.lot = *lot;
  grid.multiplier = *multiplier;
  const struct {
    bool present;
    const Decimal& value;
    std::string_view field;
    Quantity& to;
  } limits[] = {
      {event.has_max_order_quantity(), event.max_order_quantity, "max_order_quantity",
       grid.max_order},
      {event.has_large_order_quantity(), event.large_order_quantity, "large_order_quantity",
       grid.large_order},
      {event.has_daily_open_limit(), event.daily_open_limit, "daily_open_limit", grid.daily_open},
      {event.has_position_limit(), event.position_limit, "position_limit", grid.position},
  };
  for (const auto& limit : limits) {
    if (limit.present) {
      const auto units = units_of(limit.value, terms.quantity_scale, limit.field);
      if (!units) {
        return std::unexpected(units.error());
      }
      limit.to.units = *units;
    }
  }
  return grid;
}

InstrumentIndex Directory::take(const event::Instrument& event, const Terms& terms,
                                const InstrumentGrid& grid) {
  const InstrumentIndex index = instrument_names_.intern(event.instrument_id);
  if (index.value == instruments_.size()) {
    instruments_.emplace_back();
  }
  Instrument& to = instruments_[index.value];
  to.kind = event.kind;
  to.contract_type = event.contract_type;
  to.status = event.status;
  to.base = intern_asset(event.base);
  to.quote = intern_asset(event.quote);
  to.settle = intern_asset(settle_asset_of(event));
  to.terms = terms;
  to.terms.multiplier = grid.multiplier;
  to.tick = grid.tick;
  to.lot = grid.lot;
  to.underlying = event.underlying.view();
  to.max_order_quantity = grid.max_order;
  to.large_order_quantity = grid.large_order;
  to.daily_open_limit = grid.daily_open;
  to.position_limit = grid.position;
  to.daily_open_count_limit = event.daily_open_count_limit;
  to.leverage_max = event.leverage_max;
  to.hft_forbidden = event.hft_forbidden;
  to.settlement_times.assign(event.settlement_times.begin(), event.settlement_times.end());
  return index;
}

}  // namespace marktwacht
