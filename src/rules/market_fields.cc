// Fields of the account, the instrument and its market, as they stand now.
#include "rules/field_rows.h"
#include "rules/field_tables.h"

namespace marktwacht {
namespace {

using Read = std::optional<std::string_view>;

const Instrument* instrument(const Scope& s) {
  return s.instrument.exists() ? &s.market->directory().instrument(s.instrument) : nullptr;
}
const Account* account(const Scope& s) {
  return s.account.exists() ? &s.market->directory().account(s.account) : nullptr;
}
Read stated(const std::string& text) { return text.empty() ? Read() : Read(text); }

template <std::string Account::* member>
Read account_text(const Scope& s) {
  const Account* of = account(s);
  return of == nullptr ? Read() : stated(of->*member);
}
template <Role role>
int account_role(const Scope& s) {
  const Account* of = account(s);
  return of == nullptr ? -1 : of->has(role) ? 1 : 0;
}
template <AssetIndex Instrument::* member>
Read instrument_asset(const Scope& s) {
  const Instrument* of = instrument(s);
  return of == nullptr ? Read() : Read(s.market->directory().asset_id(of->*member));
}
// 0 = the instrument has no such limit.
template <Quantity Instrument::* member>
Number instrument_limit(const Scope& s) {
  const Instrument* of = instrument(s);
  return of == nullptr || (of->*member).units == 0
             ? Number::absent()
             : Number::of((of->*member).units, of->terms.quantity_scale);
}
template <auto Instrument::* member>
int instrument_code(const Scope& s) {
  const Instrument* of = instrument(s);
  return of == nullptr ? -1 : static_cast<int>(of->*member);
}

Number mid(const Scope& s) {
  const Instrument* of = instrument(s);
  const auto bid = of == nullptr ? std::nullopt : s.market->books().best(s.instrument, Side::buy);
  const auto ask = of == nullptr ? std::nullopt : s.market->books().best(s.instrument, Side::sell);
  return bid && ask ? Number{Int128{bid->units} + ask->units, 2, of->terms.price_scale,
                             Number::State::known}
                    : Number::absent();
}

std::optional<Exemption> exemption(const Scope& s) {
  return s.account.exists() ? s.market->exemptions().find(s.account, s.instrument, s.now)
                            : std::nullopt;
}

// One for the instrument and one for all may be in force at once, each of its own kind.
std::uint64_t exemption_kinds(const Scope& s) {
  std::uint64_t kinds = 0;
  for (std::size_t at = 0; s.account.exists() && at < Words<ExemptionKind>::list.size(); ++at) {
    const auto kind = static_cast<ExemptionKind>(at);
    const bool exempt = s.market->exemptions().has(s.account, s.instrument, kind, s.now);
    kinds |= std::uint64_t{exempt} << at;
  }
  return kinds;
}

Field exemption_kind_field() {
  Field field = word_field<ExemptionKind>([](const Scope& s) {
    const auto found = exemption(s);
    return found ? static_cast<int>(found->kind) : -1;
  });
  field.all_words = exemption_kinds;
  return field;
}

std::vector<FieldRow> exemption_and_price_rows() {
  return {
      {"exempt", truth_field([](const Scope& s) { return exemption(s) ? 1 : 0; })},
      {"exemption_kind", exemption_kind_field()},
      {"mid", number_field(mid)},
      {"index", number_field([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr || !of->index_price
                    ? Number::absent()
                    : Number::of(of->index_price->units, of->terms.price_scale);
       })},
  };
}

std::vector<FieldRow> account_rows() {
  return {
      {"account.account_id", text_field([](const Scope& s) {
         return s.account.exists() ? Read(s.market->directory().account_id(s.account)) : Read();
       })},
      {"account.person_id", text_field(account_text<&Account::person_id>)},
      {"account.desk_id", text_field(account_text<&Account::desk_id>)},
      {"account.country", text_field(account_text<&Account::country>)},
      {"account.kyc_level", number_field([](const Scope& s) {
         const Account* of = account(s);
         return of == nullptr || !of->kyc_level ? Number::absent() : Number::of(*of->kyc_level);
       })},
      {"account.opened_ts", number_field([](const Scope& s) {
         const Account* of = account(s);
         return of == nullptr || !of->opened ? Number::absent() : Number::of(of->opened->ns);
       })},
      {"account.market_maker", truth_field(account_role<Role::market_maker>)},
      {"account.hedger", truth_field(account_role<Role::hedger>)},
      {"account.copy_leader", truth_field(account_role<Role::copy_leader>)},
      {"account.broker", truth_field(account_role<Role::broker>)},
      {"account.omnibus", truth_field(account_role<Role::omnibus>)},
      {"account.liquidator", truth_field(account_role<Role::liquidator>)},
      {"account.internal", truth_field(account_role<Role::internal>)},
  };
}

std::vector<FieldRow> instrument_rows() {
  return {
      {"instrument.instrument_id", text_field([](const Scope& s) {
         return s.instrument.exists() ? Read(s.market->directory().instrument_id(s.instrument))
                                      : Read();
       })},
      {"instrument.kind", word_field<InstrumentKind>(instrument_code<&Instrument::kind>)},
      {"instrument.base", text_field(instrument_asset<&Instrument::base>)},
      {"instrument.quote", text_field(instrument_asset<&Instrument::quote>)},
      {"instrument.underlying", text_field([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr ? Read() : stated(of->underlying);
       })},
      {"instrument.contract_type",
       word_field<ContractType>(instrument_code<&Instrument::contract_type>)},
      {"instrument.hft_forbidden", truth_field(instrument_code<&Instrument::hft_forbidden>)},
      {"instrument.status", word_field<InstrumentStatus>(instrument_code<&Instrument::status>)},
  };
}

std::vector<FieldRow> instrument_number_rows() {
  return {
      {"instrument.tick_size", number_field([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr ? Number::absent() : Number::of(of->tick, of->terms.price_scale);
       })},
      {"instrument.lot_size", number_field([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr ? Number::absent() : Number::of(of->lot, of->terms.quantity_scale);
       })},
      {"instrument.max_order_quantity",
       number_field(instrument_limit<&Instrument::max_order_quantity>)},
      {"instrument.large_order_quantity",
       number_field(instrument_limit<&Instrument::large_order_quantity>)},
      {"instrument.daily_open_limit",
       number_field(instrument_limit<&Instrument::daily_open_limit>)},
      {"instrument.position_limit", number_field(instrument_limit<&Instrument::position_limit>)},
      {"instrument.daily_open_count_limit", number_field([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr || of->daily_open_count_limit == 0
                    ? Number::absent()
                    : Number::of(of->daily_open_count_limit);
       })},
      {"instrument.leverage_max", number_field([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr || of->leverage_max.zero() ? Number::absent()
                                                         : Number::of(of->leverage_max);
       })},
  };
}

const std::vector<FieldRow>& rows() {
  static const std::vector<FieldRow> table = [] {
    std::vector<FieldRow> all;
    for (const auto& part : {exemption_and_price_rows(), account_rows(), instrument_rows(),
                             instrument_number_rows()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return table;
}

}  // namespace

const Field* find_market_field(std::string_view name) { return find_row(rows(), name); }

std::vector<std::string_view> market_field_names() {
  std::vector<std::string_view> names;
  for (const FieldRow& row : rows()) {
    names.push_back(row.name);
  }
  return names;
}

}  // namespace marktwacht
