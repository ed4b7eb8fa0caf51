// Fields of the account, the instrument and its market, as they stand now.
#include <algorithm>
#include <array>

#include "rules/field_tables.h"

namespace marktwacht {
namespace {

struct Row {
  std::string_view name;
  Field field;
};
using Read = std::optional<std::string_view>;

Field number(Number (*read)(const Scope&)) { return {.type = ValueType::number, .number = read}; }
Field text(Read (*read)(const Scope&)) { return {.type = ValueType::text, .text = read}; }
Field truth(int (*read)(const Scope&)) { return {.type = ValueType::truth, .truth = read}; }
template <class E>
Field word(int (*read)(const Scope&)) {
  return {.type = ValueType::word, .words = Words<E>::list, .word = read};
}

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

std::vector<Row> exemption_and_price_rows() {
  return {
      {"exempt", truth([](const Scope& s) { return exemption(s) ? 1 : 0; })},
      {"exemption_kind", word<ExemptionKind>([](const Scope& s) {
         const auto found = exemption(s);
         return found ? static_cast<int>(found->kind) : -1;
       })},
      {"mid", number(mid)},
      {"index", number([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr || !of->index_price
                    ? Number::absent()
                    : Number::of(of->index_price->units, of->terms.price_scale);
       })},
  };
}

std::vector<Row> account_rows() {
  return {
      {"account.account_id", text([](const Scope& s) {
         return s.account.exists() ? Read(s.market->directory().account_id(s.account)) : Read();
       })},
      {"account.person_id", text(account_text<&Account::person_id>)},
      {"account.desk_id", text(account_text<&Account::desk_id>)},
      {"account.country", text(account_text<&Account::country>)},
      {"account.kyc_level", number([](const Scope& s) {
         const Account* of = account(s);
         return of == nullptr || !of->kyc_level ? Number::absent() : Number::of(*of->kyc_level);
       })},
      {"account.opened_ts", number([](const Scope& s) {
         const Account* of = account(s);
         return of == nullptr || !of->opened ? Number::absent() : Number::of(of->opened->ns);
       })},
      {"account.market_maker", truth(account_role<Role::market_maker>)},
      {"account.hedger", truth(account_role<Role::hedger>)},
      {"account.copy_leader", truth(account_role<Role::copy_leader>)},
      {"account.broker", truth(account_role<Role::broker>)},
      {"account.omnibus", truth(account_role<Role::omnibus>)},
      {"account.liquidator", truth(account_role<Role::liquidator>)},
      {"account.internal", truth(account_role<Role::internal>)},
  };
}

std::vector<Row> instrument_rows() {
  return {
      {"instrument.instrument_id", text([](const Scope& s) {
         return s.instrument.exists() ? Read(s.market->directory().instrument_id(s.instrument))
                                      : Read();
       })},
      {"instrument.kind", word<InstrumentKind>(instrument_code<&Instrument::kind>)},
      {"instrument.base", text(instrument_asset<&Instrument::base>)},
      {"instrument.quote", text(instrument_asset<&Instrument::quote>)},
      {"instrument.underlying", text([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr ? Read() : stated(of->underlying);
       })},
      {"instrument.contract_type", word<ContractType>(instrument_code<&Instrument::contract_type>)},
      {"instrument.hft_forbidden", truth(instrument_code<&Instrument::hft_forbidden>)},
      {"instrument.status", word<InstrumentStatus>(instrument_code<&Instrument::status>)},
  };
}

std::vector<Row> instrument_number_rows() {
  return {
      {"instrument.tick_size", number([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr ? Number::absent() : Number::of(of->tick, of->terms.price_scale);
       })},
      {"instrument.lot_size", number([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr ? Number::absent() : Number::of(of->lot, of->terms.quantity_scale);
       })},
      {"instrument.max_order_quantity", number(instrument_limit<&Instrument::max_order_quantity>)},
      {"instrument.large_order_quantity",
       number(instrument_limit<&Instrument::large_order_quantity>)},
      {"instrument.daily_open_limit", number(instrument_limit<&Instrument::daily_open_limit>)},
      {"instrument.position_limit", number(instrument_limit<&Instrument::position_limit>)},
      {"instrument.daily_open_count_limit", number([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr || of->daily_open_count_limit == 0
                    ? Number::absent()
                    : Number::of(of->daily_open_count_limit);
       })},
      {"instrument.leverage_max", number([](const Scope& s) {
         const Instrument* of = instrument(s);
         return of == nullptr || of->leverage_max.zero() ? Number::absent()
                                                         : Number::of(of->leverage_max);
       })},
  };
}

const std::vector<Row>& rows() {
  static const std::vector<Row> table = [] {
    std::vector<Row> all;
    for (const auto& part : {exemption_and_price_rows(), account_rows(), instrument_rows(),
                             instrument_number_rows()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return table;
}

}  // namespace

const Field* find_market_field(std::string_view name) {
  const auto found = std::ranges::find(rows(), name, &Row::name);
  return found == rows().end() ? nullptr : &found->field;
}

std::vector<std::string_view> market_field_names() {
  std::vector<std::string_view> names;
  for (const Row& row : rows()) {
    names.push_back(row.name);
  }
  return names;
}

}  // namespace marktwacht
