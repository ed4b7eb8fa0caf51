// The table of kinds, row by row as enforcement.md has it, and what follows from a row.
#include "measures/measure_table.h"

#include <algorithm>

#include "base/check.h"

namespace marktwacht {
namespace {

using Is = MeasureKind;
using Job = ExchangeJob;
using Undo = MeasureUndo;
using Actions = SetOf<GateAction>;
using enum GateAction;

constexpr Actions nothing{};
constexpr Actions funds{withdraw, transfer};
constexpr Actions orders{place_order, open_position};
constexpr Actions access{login, api};
constexpr Actions all_but_cancelling = Actions::all_but({cancel_order});

constexpr MeasureTerms table[] = {
    {.kind = Is::warn, .clauses = {"3.8"}, .jobs = {Job::notice}, .lasts = false},
    {.kind = Is::watch, .clauses = {"3.8"}, .undone_by = {Undo::end}, .aim = MeasureAim::anyone},
    {.kind = Is::require_report,
     .clauses = {"3.7"},
     .jobs = {Job::notice},
     .undone_by = {Undo::report},
     .needs_deadline = true},
    {.kind = Is::require_kyc,
     .clauses = {"2.3"},
     .denies = {withdraw},
     .jobs = {Job::notice},
     .undone_by = {Undo::level, Undo::lift}},
    {.kind = Is::block_withdrawal, .clauses = {"3.4"}, .denies = funds, .undone_by = {Undo::lift}},
    {.kind = Is::limit_withdrawal, .clauses = {"3.4"}, .denies = funds, .undone_by = {Undo::lift}},
    {.kind = Is::block_deposit, .clauses = {"3.4"}, .denies = {deposit}, .undone_by = {Undo::lift}},
    {.kind = Is::limit_deposit, .clauses = {"3.4"}, .denies = {deposit}, .undone_by = {Undo::lift}},
    {.kind = Is::freeze_funds,
     .clauses = {"3.2", "2.3"},
     .denies = funds,
     .undone_by = {Undo::lift}},
    {.kind = Is::freeze_trading,
     .clauses = {"3.2"},
     .denies = orders,
     .jobs = {Job::cancel_opening_orders},
     .undone_by = {Undo::lift}},
    {.kind = Is::freeze_account,
     .clauses = {"2.1"},
     .denies = {withdraw, transfer, place_order, open_position},
     .jobs = {Job::cancel_opening_orders},
     .undone_by = {Undo::lift}},
    {.kind = Is::close_only,
     .clauses = {"3.5"},
     .denies = {open_position},
     .jobs = {Job::cancel_opening_orders},
     .undone_by = {Undo::lift},
     .by_instrument = true},
    {.kind = Is::close_by,
     .clauses = {"3.5"},
     .denies = {open_position},
     .jobs = {Job::cancel_opening_orders},
     .undone_by = {Undo::lift},
     .needs_deadline = true,
     .by_instrument = true,
     .followed_by = Is::liquidate},
    {.kind = Is::liquidate,
     .clauses = {"3.5"},
     .denies = {open_position},
     .jobs = {Job::close_positions},
     .always_two = true,
     .reversible = false,
     .by_instrument = true},
    {.kind = Is::min_holding_time,
     .clauses = {"2.4", "3.8"},
     .denies = {reduce_position},
     .undone_by = {Undo::lift},
     .by_instrument = true},
    {.kind = Is::restrict_access,
     .clauses = {"3.6"},
     .undone_by = {Undo::lift, Undo::expiry},
     .aim = MeasureAim::anyone},
    {.kind = Is::suspend_access,
     .clauses = {"3.6"},
     .denies = access,
     .undone_by = {Undo::lift, Undo::expiry},
     .aim = MeasureAim::anyone},
    {.kind = Is::restrict_login, .clauses = {"2.3"}, .denies = {login}, .undone_by = {Undo::lift}},
    {.kind = Is::ban_access,
     .clauses = {"3.6"},
     .denies = {login, api, register_},
     .undone_by = {Undo::lift},
     .aim = MeasureAim::anyone,
     .always_two = true},
    {.kind = Is::block_account,
     .clauses = {"2.3"},
     .denies = Actions::all_but({cancel_order, reduce_position}),
     .jobs = {Job::cancel_opening_orders},
     .undone_by = {Undo::lift}},
    {.kind = Is::deactivate,
     .clauses = {"3.3"},
     .denies = all_but_cancelling,
     .jobs = {Job::cancel_orders, Job::close_positions},
     .undone_by = {Undo::reverse},
     .always_two = true,
     .reversible = false},
    {.kind = Is::forfeit_balance,
     .clauses = {"3.3"},
     .jobs = {Job::ledger_entries},
     .undone_by = {Undo::mirrored_entry},
     .always_two = true,
     .reversible = false,
     .lasts = false,
     .is_money = true},
    {.kind = Is::deduct_gains,
     .clauses = {"2.1", "2.2", "3.1", "2.6"},
     .jobs = {Job::ledger_entries},
     .undone_by = {Undo::mirrored_entry},
     .always_two = true,
     .reversible = false,
     .lasts = false,
     .is_money = true},
    {.kind = Is::compensate,
     .clauses = {"2.2"},
     .jobs = {Job::ledger_entries},
     .undone_by = {Undo::mirrored_entry},
     .always_two = true,
     .reversible = false,
     .lasts = false,
     .is_money = true},
    {.kind = Is::void_trades,
     .clauses = {"3.8"},
     .jobs = {Job::void_trades},
     .always_two = true,
     .reversible = false,
     .lasts = false},
    {.kind = Is::terminate,
     .clauses = {"3.1"},
     .denies = all_but_cancelling,
     .jobs = {Job::cancel_orders, Job::close_positions},
     .undone_by = {Undo::reverse},
     .always_two = true,
     .reversible = false},
    {.kind = Is::suspend_instrument,
     .clauses = {"2.5"},
     .denies = {place_order},
     .undone_by = {Undo::lift},
     .aim = MeasureAim::instrument,
     .by_instrument = true},
    {.kind = Is::cap_leverage,
     .clauses = {"2.5"},
     .denies = {use_leverage},
     .undone_by = {Undo::lift},
     .aim = MeasureAim::instrument,
     .by_instrument = true},
    {.kind = Is::delist_instrument,
     .clauses = {"2.5"},
     .denies = {place_order},
     .undone_by = {Undo::lift},
     .aim = MeasureAim::instrument,
     .always_two = true,
     .by_instrument = true,
     .followed_by = Is::close_by},
    {.kind = Is::custom,
     .clauses = {"3.8"},
     .jobs = {Job::free_text},
     .undone_by = {Undo::lift},
     .aim = MeasureAim::anyone,
     .by_instrument = true},
};

static_assert(std::size(table) == Words<Is>::list.size());
static_assert(std::ranges::all_of(table, [](const MeasureTerms& terms) {
  return &terms == &table[static_cast<std::size_t>(terms.kind)] && !terms.denies.has(cancel_order);
}));

// The site and the app are entered by `login`, programs by `api`.
Actions actions_of(MeasureKind kind, const MeasureParameters& parameters) {
  if (kind == Is::restrict_access) {
    const bool is_site = parameters.channel == Channel::web || parameters.channel == Channel::app;
    return is_site ? Actions{login} : Actions{api};
  }
  if (kind == Is::custom) {
    Actions said;
    for (const GateAction action : parameters.actions) {
      said.add(action);
    }
    return said;
  }
  return terms_of(kind).denies;
}

Restriction plain_denial(GateAction action, MeasureKind kind, std::optional<Time> until,
                         std::uint64_t measure) {
  Restriction denial;
  denial.action = action;
  denial.until = until;
  denial.reason = kind;
  denial.measure = measure;
  return denial;
}

bool is_trading(GateAction action) {
  return Actions{place_order, open_position, reduce_position, use_leverage}.has(action);
}

std::string fault_of_amounts(MeasureKind kind, const MeasureParameters& parameters) {
  const bool is_limit = kind == Is::limit_withdrawal || kind == Is::limit_deposit;
  if (is_limit && (!parameters.amount || parameters.amount->negative())) {
    return "amount must be a number of 0 or more: what is allowed a day";
  }
  if (!is_limit && !terms_of(kind).is_money && parameters.amount) {
    return "amount is for limit_withdrawal, limit_deposit and measures of money alone";
  }
  if (parameters.amount.has_value() == parameters.asset.empty()) {
    return parameters.amount ? "asset must say what amount counts" : "asset goes with an amount";
  }
  if (kind == Is::cap_leverage &&
      (!parameters.leverage_max || !parameters.leverage_max->positive())) {
    return "leverage_max must be a number above 0";
  }
  if (kind != Is::cap_leverage && parameters.leverage_max) {
    return "leverage_max is for cap_leverage alone";
  }
  return "";
}

std::string fault_of_custom(MeasureKind kind, const MeasureParameters& parameters) {
  if (kind != Is::custom) {
    return parameters.actions.empty() && parameters.text.empty()
               ? ""
               : "actions and text are for custom alone";
  }
  if (parameters.text.empty()) {
    return "text must say what the exchange is to do";
  }
  return std::ranges::count(parameters.actions, cancel_order) > 0
             ? "actions must not have cancel_order: it is never denied"
             : "";
}

}  // namespace

const MeasureTerms& terms_of(MeasureKind kind) {
  const auto row = static_cast<std::size_t>(kind);
  check(row < std::size(table), "a kind of measure has a row");
  return table[row];
}

std::string_view clause_for(MeasureKind kind, std::string_view offence_clause) {
  const auto& clauses = terms_of(kind).clauses;
  return !offence_clause.empty() && std::ranges::count(clauses, offence_clause) > 0
             ? offence_clause
             : clauses.front();
}

std::vector<Restriction> restrictions_of(MeasureKind kind, const MeasureParameters& parameters,
                                         std::optional<Time> until, std::uint64_t measure) {
  std::vector<Restriction> denied;
  for (const GateAction action : actions_of(kind, parameters).list()) {
    Restriction denial = plain_denial(action, kind, until, measure);
    if (is_trading(action)) {
      denial.instrument_id = parameters.instrument_id;
    }
    if (kind == Is::limit_withdrawal || kind == Is::limit_deposit) {
      denial.asset = parameters.asset;
      denial.limit = parameters.amount;
    } else if (kind == Is::cap_leverage) {
      denial.limit = parameters.leverage_max;
    } else if (kind == Is::min_holding_time) {
      denial.held_min = parameters.held_min;
    } else if (kind == Is::restrict_login) {
      denial.devices = parameters.devices;
    }
    denied.push_back(std::move(denial));
  }
  return denied;
}

std::vector<Restriction> device_restrictions_of(MeasureKind kind, std::optional<Time> until,
                                                std::uint64_t measure) {
  if (kind == Is::ban_access) {
    return restrictions_of(kind, {}, until, measure);
  }
  if (kind == Is::terminate) {
    return {plain_denial(register_, kind, until, measure)};
  }
  return {};
}

std::string parameter_fault(MeasureKind kind, const MeasureParameters& parameters) {
  if (std::string fault = fault_of_amounts(kind, parameters); !fault.empty()) {
    return fault;
  }
  if ((kind == Is::min_holding_time) != (parameters.held_min.ns > 0)) {
    return kind == Is::min_holding_time ? "held_min must be a time above 0"
                                        : "held_min is for min_holding_time alone";
  }
  if ((kind == Is::restrict_access) != parameters.channel.has_value()) {
    return kind == Is::restrict_access ? "channel must be one of: web, app, api, fix"
                                       : "channel is for restrict_access alone";
  }
  if (parameters.channel > Channel::fix) {
    return "channel must be one of: web, app, api, fix";
  }
  const bool is_level = parameters.kyc_level >= 1 && parameters.kyc_level <= 3;
  if (kind == Is::require_kyc ? !is_level : parameters.kyc_level != 0) {
    return kind == Is::require_kyc ? "kyc_level must be 1 to 3"
                                   : "kyc_level is for require_kyc alone";
  }
  if (kind != Is::restrict_login && !parameters.devices.empty()) {
    return "devices is for restrict_login alone";
  }
  if (!terms_of(kind).by_instrument && !parameters.instrument_id.empty()) {
    return "instrument_id is for measures on trading alone";
  }
  return fault_of_custom(kind, parameters);
}

}  // namespace marktwacht
