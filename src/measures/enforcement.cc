// Records in, cases and measures out; what policy proposes.
#include "measures/enforcement.h"

#include <algorithm>
#include <ranges>

#include "base/archive.h"
#include "events/config_names.h"
#include "market/gain_sum.h"
#include "measures/measure_reader.h"
#include "measures/measure_table.h"

namespace marktwacht {
namespace {

CaseTerms terms_of(const Policy& policy) {
  return {policy.case_gap, policy.case_due, policy.memory};
}

}  // namespace

Enforcement::Enforcement(const Market& market) : market_(market), policy_(default_policy()) {
  cases_.set_terms(terms_of(policy_));
  cases_.ask_progress([this](std::uint64_t measure) { return measures_.progress(measure); });
}

void Enforcement::set_policy(std::string_view text) {
  policy_text_ = text;
  policy_ = *read_policy(text);
  switches_.clear();
  cases_.set_terms(terms_of(policy_));
}

Refusal Enforcement::switch_automatic(const Change& change) {
  if (change.clause.empty()) {
    policy_.automatic = change.on;
  } else if (!set_automatic(policy_, change.clause, change.step, change.on)) {
    return Refusal::bad_value;
  }
  return Refusal::none;
}

std::vector<PolicyError> Enforcement::config_faults(std::string_view name,
                                                    std::string_view text) const {
  if (name == policy_config) {
    auto read = read_policy(text);
    return read ? std::vector<PolicyError>{} : std::move(read.error());
  }
  if (name == user_config) {
    const auto taken = Users{}.take(text);
    return taken
               ? std::vector<PolicyError>{}
               : std::vector<PolicyError>{{1, std::string(taken.error()) + " is missing or wrong"}};
  }
  return {};
}

void Enforcement::advance(Time now, std::uint64_t seq) {
  while (measures_.fire_next(now, seq)) {
  }
}

void Enforcement::take(const Alert& alert, bool is_rule, const Moment& moment) {
  advance(moment.now, moment.seq);
  const AlertTaken taken = cases_.take(alert, is_rule);
  if (taken.alert->case_number == 0) {
    return;
  }
  count_gains(*taken.alert);
  if (taken.actionable) {
    propose_by_ladder(*taken.alert, moment.now);
  }
}

void Enforcement::take(const Event& event, const Moment& moment) {
  const ActBy by{moment.now, moment.seq};
  if (moment.day != day_) {
    day_ = moment.day;
    measures_.day_started(moment.now, moment.seq);
  }
  switch (event.type) {
    case EventType::decision:
      return decide(as<event::Decision>(event), moment);
    case EventType::command_result:
      return measures_.result(as<event::CommandResult>(event), by);
    case EventType::report:
      return measures_.report(as<event::Report>(event), by);
    case EventType::appeal:
      return measures_.appeal(as<event::Appeal>(event), by);
    case EventType::account: {
      const auto& account = as<event::Account>(event);
      if (account.has_kyc_level()) {
        measures_.level_reached(account.account_id.view(), account.kyc_level, by);
      }
      return;
    }
    case EventType::deposit:
    case EventType::withdrawal:
    case EventType::transfer:
      return measures_.moved_funds(event, by);
    case EventType::config: {
      const auto& config = as<event::Config>(event);
      if (config.name.view() == policy_config) {
        set_policy(config.text.view());
      } else if (config.name.view() == user_config) {
        static_cast<void>(users_.take(config.text.view()));  // config_faults was asked
      }
      return;
    }
    default:
      return;
  }
}

void Enforcement::groups_changed(std::span<const GroupChange> changes, const Moment& moment) {
  for (const GroupChange& change : changes) {
    if (change.kind == GroupChange::Kind::merged) {
      cases_.groups_merged(market_.group_id(change.group), market_.group_id(change.other),
                           {moment.now, moment.seq});
    }
    if (change.kind == GroupChange::Kind::merged || change.kind == GroupChange::Kind::grew) {
      measures_.group_grew(change.group);
    }
  }
}

// --- what policy proposes

// Once per case and kind: what was refused or withdrawn is not asked again. Where several rows
// propose a kind each has its own, but for money: a gain has one owner.
void Enforcement::propose_by_ladder(const KnownAlert& alert, Time now) {
  const Case& of = *cases_.find(alert.case_number);
  Offence offence;
  offence.clause = alert.clause;
  offence.is_rule = alert.is_rule;
  offence.severity = alert.severity;
  offence.score = alert.score;
  offence.evidence_kinds = alert.evidence_kinds;
  if (const LadderRow* row = row_for(policy_, offence)) {
    offence.confirmed_before =
        cases_.confirmed_before(of.number, of.account_ids, row->clauses, now);
  }
  offence.alerts_in_window = cases_.alerts_within(of, alert.clause, policy_.count_window, now);
  const LadderAnswer answer = proposals_for(policy_, offence);
  for (const Proposed& proposed : answer.proposals) {
    const bool asked = std::ranges::any_of(of.measures, [&](std::uint64_t number) {
      const Measure& measure = *measures_.find(number);
      const bool is_asked_by_ladder = marktwacht::terms_of(measure.plan.kind).is_money
                                          ? !measure.row.empty()
                                          : measure.row == answer.row;
      return measure.plan.kind == proposed.proposal.kind && is_asked_by_ladder &&
             measure.amends == Amends::nothing;
    });
    if (!asked) {
      add_proposal(alert, of, answer, proposed);
    }
  }
}

// By the exchange itself or by a measure: nobody can place an order there.
bool Enforcement::is_suspended(const std::string& instrument_id) const {
  const Directory& directory = market_.directory();
  const InstrumentIndex index = directory.find_instrument(make_text(instrument_id));
  if (index.exists() && directory.instrument(index).status != InstrumentStatus::trading) {
    return true;
  }
  const auto denied = measures_.restrictions_of({SubjectKind::instrument, instrument_id});
  return std::ranges::find(denied.restrictions, GateAction::place_order, &Restriction::action) !=
         denied.restrictions.end();
}

void Enforcement::add_proposal(const KnownAlert& alert, const Case& of, const LadderAnswer& answer,
                               const Proposed& proposed) {
  MeasureProposal made;
  MeasurePlan& plan = made.plan;
  plan.kind = proposed.proposal.kind;
  plan.clause = clause_for(plan.kind, alert.clause);
  plan.parameters = proposed.proposal.parameters;
  plan.amount_of = proposed.proposal.amount_of;
  plan.duration = proposed.duration;
  plan.deadline = proposed.proposal.deadline;
  plan.legal_basis = legal_basis_of(policy_, alert.clause);
  plan.reason = alert.alert_id;
  if (proposed.proposal.on_instrument) {
    plan.parameters.instrument_id = alert.instrument_id;
  }
  made.case_number = of.number;
  made.alert_ids = {alert.alert_id};
  made.row = answer.row;
  made.step = answer.step;
  const GroupIndex group = group_named(market_, alert.group_id);
  const bool fragile = group.exists() && market_.links().fragile(group);
  made.automatic = proposed.automatic && !fragile;
  switch (proposed.proposal.target) {
    case ProposalTarget::instrument:
      plan.target.instrument_id = alert.instrument_id;
      if (!alert.instrument_id.empty() &&
          !(plan.kind == MeasureKind::suspend_instrument && is_suspended(alert.instrument_id))) {
        enforced_.proposals.push_back(made);
      }
      return;
    case ProposalTarget::group:
      if (!alert.group_id.empty()) {
        plan.target.group_id = alert.group_id;
        enforced_.proposals.push_back(made);
        return;
      }
      break;
    case ProposalTarget::account:
      break;
  }
  plan.target.account_ids.assign(alert.account_ids.begin(), alert.account_ids.end());
  if (!alert.account_ids.empty()) {
    enforced_.proposals.push_back(std::move(made));
  }
}

std::expected<void, std::string_view> Enforcement::take_proposal(std::string_view json,
                                                                 std::string_view case_id, Time now,
                                                                 std::uint64_t seq) {
  advance(now, seq);
  auto proposal = read_proposal(json);
  if (!proposal) {
    return std::unexpected(proposal.error());
  }
  proposal->case_number = case_number(case_id);
  if (cases_.find(proposal->case_number) == nullptr) {
    return std::unexpected("case_id");
  }
  if (proposal->amends != Amends::nothing && measures_.find(proposal->amended) == nullptr) {
    return std::unexpected("amended");
  }
  const ActBy by{now, seq};
  Measure& measure = measures_.propose(*proposal, by);
  const MeasureTerms& terms = marktwacht::terms_of(measure.plan.kind);
  const std::size_t members = measures_.members_of(measure.plan.target, measure.case_number).size();
  const bool once =
      std::ranges::none_of(cases_.find(measure.case_number)->measures, [&](std::uint64_t number) {
        const Measure& other = *measures_.find(number);
        return other.automatic && number != seq && other.plan.kind == measure.plan.kind;
      });
  if (measure.automatic && once && terms.reversible && !terms.always_two &&
      members <= policy_.many_accounts &&
      plan_fault(measure.plan, measure.case_number) == Refusal::none) {
    measures_.take_effect(measure, by);
  } else {
    measure.automatic = false;
  }
  return {};
}

// What the alert's accounts gained in its time joins the case: each trade and reward once.
void Enforcement::count_gains(const KnownAlert& alert) {
  const Directory& directory = market_.directory();
  std::vector<AccountIndex> accounts;
  for (const std::string_view id : alert.account_ids) {
    if (const AccountIndex account = directory.find_account(make_text(id)); account.exists()) {
      accounts.push_back(account);
    }
  }
  std::ranges::sort(accounts);
  if (!market_.valued_in().exists()) {
    return;
  }
  const InstrumentIndex instrument =
      alert.instrument_id.empty() ? InstrumentIndex::none()
                                  : directory.find_instrument(make_text(alert.instrument_id));
  Case& of = *cases_.find_to_change(alert.case_number);
  of.gain_currency = directory.asset_id(market_.valued_in());
  of.gains_unvalued = 0;
  const GainScope scope{accounts, instrument, alert.from, alert.to};
  for (const AccountIndex account : accounts) {
    count_gains_of(account, scope, of);
  }
}

void Enforcement::count_gains_of(AccountIndex account, const GainScope& scope, Case& of) const {
  std::vector<CaseGain> told;  // the latest first
  visit_gains_of(market_.gains(), account, scope, [&](const GainEntry& entry) {
    const auto gained = gain_in(entry, market_.valued_in());
    const auto units =
        gained ? rescale(gained->units, gained->scale, Case::gain_scale) : std::nullopt;
    if (units) {
      told.push_back({entry.seq * 2 + (entry.maker ? 1 : 0), *units});
    } else {
      ++of.gains_unvalued;
    }
  });
  std::ranges::sort(told, {}, &CaseGain::entry);
  const std::string& account_id = market_.directory().account_id(account);
  of.gains.count(account_id, told);
  of.gains.settle(account_id, market_.gains().oldest_seq(account));
}

// --- outcomes

Enforced Enforcement::take_enforced() {
  for (MeasureProposal& proposal : measures_.take_proposals()) {
    enforced_.proposals.push_back(std::move(proposal));
  }
  enforced_.commands = measures_.take_commands();
  for (const GateSubject& subject : measures_.take_gate_changes()) {
    enforced_.gate.push_back(measures_.restrictions_of(subject));
  }
  enforced_.measures = measures_.take_changed();
  enforced_.cases = cases_.take_changed();
  return std::exchange(enforced_, {});
}

std::vector<SubjectRestrictions> Enforcement::restrictions() const {
  std::vector<SubjectRestrictions> all;
  for (const auto& [subject, state] : measures_.subjects()) {
    if (!state.restrictions.empty()) {
      all.push_back({subject, state.revision, state.restrictions});
    }
  }
  return all;
}

void Enforcement::save(ByteWriter& out) const {
  Saver saver(out);
  saver(policy_text_, day_);
  out.varint(switches_.size());
  for (const Change& change : switches_) {
    saver(change.clause, change.step, change.on);
  }
  users_.save(out);
  out.varint(changes_.size());
  for (const auto& [number, change] : changes_) {
    out.varint(number);
    saver(change.kind, change.user_id, change.text, change.clause, change.step, change.on);
  }
  cases_.save(out);
  measures_.save(out);
}

bool Enforcement::load(ByteReader& in) {
  Loader loader(in);
  std::string text;
  loader(text, day_);
  if (!text.empty()) {
    if (!read_policy(text)) {
      return false;
    }
    set_policy(text);
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Change& change = switches_.emplace_back();
    loader(change.clause, change.step, change.on);
    if (switch_automatic(change) != Refusal::none) {
      return false;
    }
  }
  if (!users_.load(in)) {
    return false;
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Change& change = changes_[in.varint()];
    loader(change.kind, change.user_id, change.text, change.clause, change.step, change.on);
  }
  return cases_.load(in) && measures_.load(in);
}

}  // namespace marktwacht
