// Who may decide what: the four-eyes rules, whoever asks and by whatever edge.
#include <algorithm>

#include "measures/enforcement.h"
#include "measures/measure_reader.h"
#include "measures/measure_table.h"
#include "measures/personal_subject.h"

namespace marktwacht {
namespace {

bool is_by_measure(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::adopt_proposal:
    case DecisionKind::withdraw_proposal:
    case DecisionKind::approve:
    case DecisionKind::refuse:
    case DecisionKind::lift:
    case DecisionKind::extend:
    case DecisionKind::set_amount:
    case DecisionKind::appeal_decide:
      return true;
    default:
      return false;
  }
}

// Accounts that the plan is about; of a device, ip or address those that use it.
std::size_t accounts_of(const Market& market, const Measures& measures, const MeasurePlan& plan,
                        std::uint64_t case_number) {
  if (!plan.target.place) {
    return measures.members_of(plan.target, case_number).size();
  }
  const auto& [kind, id] = *plan.target.place;
  const SharedKind what = kind == SubjectKind::device ? SharedKind::device
                          : kind == SubjectKind::ip   ? SharedKind::ip
                                                      : SharedKind::address;
  return market.links().evidence().degree(what, id);
}

}  // namespace

void Enforcement::decide(const Decision& decision, const Moment& moment) {
  DecisionOutcome outcome;
  outcome.seq = moment.seq;
  outcome.at = moment.now;
  outcome.user_id = decision.user_id.view();
  outcome.kind = decision.kind;
  outcome.refusal = Refusal::none;
  const ActBy by{moment.now, moment.seq, decision.user_id.view()};
  if (!decision.has_reason() || decision.reason.empty()) {
    outcome.refusal = refuse_for(Refusal::missing_field, "reason", outcome);
  } else if (users_.known() && !users_.has(outcome.user_id)) {
    outcome.refusal = refuse_for(Refusal::unknown_user, "user_id", outcome);
  } else if (users_.known() && !users_.may(outcome.user_id, decision.kind)) {
    outcome.refusal = refuse_for(Refusal::not_allowed, "kind", outcome);
  } else {
    outcome.refusal = decide_kind(decision, by, outcome);
  }
  if (outcome.refusal == Refusal::none) {
    outcome.field = {};
  }
  enforced_.decisions.push_back(std::move(outcome));
}

Refusal Enforcement::decide_kind(const Decision& decision, const ActBy& by,
                                 DecisionOutcome& outcome) {
  if (is_by_measure(decision.kind)) {
    return decide_on_measure(decision, by, outcome);
  }
  switch (decision.kind) {
    case DecisionKind::propose:
      return propose(decision, by, outcome);
    case DecisionKind::impose:
      return impose(decision, by, outcome);
    case DecisionKind::watch:
      return watch(decision, by, outcome);
    case DecisionKind::raise_alert:
      return raise_alert(decision, outcome);
    case DecisionKind::grant_exemption:
      return grant_exemption(decision, by, outcome);
    case DecisionKind::publish_policy:
    case DecisionKind::set_automatic:
      return change(decision, by, outcome);
    case DecisionKind::change_user:
    case DecisionKind::change_token:
    case DecisionKind::change_key:
      return change_people(decision, by, outcome);
    case DecisionKind::erase:
      return erase(decision, by, outcome);
    case DecisionKind::hold:
    case DecisionKind::lift_hold:
      return personal_subject(decision).empty()
                 ? refuse_for(Refusal::missing_field, "account_id", outcome)
                 : Refusal::none;
    case DecisionKind::approve_change:
    case DecisionKind::refuse_change:
      return settle_change(decision, outcome);
    case DecisionKind::publish_rulebook:
      return decision.has_text() ? Refusal::none
                                 : refuse_for(Refusal::missing_field, "text", outcome);
    case DecisionKind::reveal:
      return decision.has_token() ? Refusal::none
                                  : refuse_for(Refusal::missing_field, "token", outcome);
    case DecisionKind::link_confirm:
    case DecisionKind::link_refuse:
      return Refusal::none;  // the market has taken it
    default:
      break;
  }
  outcome.case_number = case_number(decision.case_id.view());
  return cases_.decide(decision, {by.now, by.seq}, outcome.field);
}

Refusal Enforcement::decide_on_measure(const Decision& decision, const ActBy& by,
                                       DecisionOutcome& outcome) {
  outcome.field = "measure_id";
  if (!decision.has_measure_id()) {
    return Refusal::missing_field;
  }
  Measure* measure = measures_.find(measure_number(decision.measure_id.view()));
  if (measure == nullptr) {
    return Refusal::unknown_measure;
  }
  outcome.measure = measure->number;
  outcome.case_number = measure->case_number;
  switch (decision.kind) {
    case DecisionKind::adopt_proposal:
      return adopt(*measure, by, outcome);
    case DecisionKind::withdraw_proposal:
      return withdraw(*measure, by);
    case DecisionKind::approve:
      return approve(decision, *measure, by, outcome);
    case DecisionKind::refuse:
      return refuse(*measure, by);
    case DecisionKind::lift:
      return lift(*measure, by, outcome);
    case DecisionKind::extend:
      return extend(decision, *measure, by, outcome);
    case DecisionKind::set_amount:
      return set_amount(decision, *measure, by, outcome);
    default:
      return decide_appeal(decision, *measure, by, outcome);
  }
}

// What a second person is asked about: the hash says what they saw.
void Enforcement::offer(const Measure& measure, DecisionOutcome& outcome) const {
  outcome.measure = measure.number;
  outcome.case_number = measure.case_number;
  outcome.preview_hash = measures_.preview_hash(measure);
}

// What the law of an account's country forbids is not even proposed.
Refusal Enforcement::plan_fault(const MeasurePlan& plan, std::uint64_t case_number) const {
  const Directory& directory = market_.directory();
  for (const std::string& member : measures_.members_of(plan.target, case_number)) {
    const AccountIndex account = directory.find_account(make_text(member));
    if (account.exists() && is_banned(policy_, directory.account(account).country, plan.kind)) {
      return Refusal::banned;
    }
  }
  return Refusal::none;
}

// It is the kind's, one that the policy says a legal basis for, or what was breached: rulebooks
// have clauses of their own.
bool Enforcement::knows_clause(const MeasureProposal& proposal, std::uint64_t case_number) const {
  const std::string& clause = proposal.plan.clause;
  const auto breached = [&](const std::string& alert_id) {
    const KnownAlert* alert = cases_.alert(alert_id);
    return alert != nullptr && alert->clause == clause;
  };
  const Case* of = cases_.find(case_number);
  return clause_for(proposal.plan.kind, clause) == clause ||
         !legal_basis_of(policy_, clause).empty() ||
         std::ranges::any_of(proposal.alert_ids, breached) ||
         (of != nullptr && std::ranges::any_of(of->alert_ids, breached));
}

Refusal Enforcement::read_proposed(const Decision& decision, const ActBy& by,
                                   MeasureProposal& proposal, DecisionOutcome& outcome) {
  if (!decision.has_measure()) {
    return refuse_for(Refusal::missing_field, "measure", outcome);
  }
  auto plan = read_plan(decision.measure.view());
  if (!plan) {
    return refuse_for(Refusal::bad_value, plan.error(), outcome);
  }
  proposal.plan = *std::move(plan);
  // Of a group that is none it could not be said now how many it is about.
  const std::string& group = proposal.plan.target.group_id;
  if (!group.empty() && !group_named(market_, group).exists()) {
    return refuse_for(Refusal::bad_value, "target", outcome);
  }
  if (proposal.plan.until && *proposal.plan.until <= by.now) {
    return refuse_for(Refusal::bad_value, "until_ts", outcome);
  }
  if (proposal.plan.clause.empty()) {
    proposal.plan.clause = clause_for(proposal.plan.kind, "");
  }
  if (proposal.plan.legal_basis.empty()) {
    proposal.plan.legal_basis = legal_basis_of(policy_, proposal.plan.clause);
  }
  proposal.plan.reason = decision.reason.view();
  for (const Text& alert_id : decision.alert_ids) {
    proposal.alert_ids.emplace_back(alert_id.view());
  }
  if (proposal.plan.legal_basis.empty() ||  // nobody says on what it rests
      !knows_clause(proposal, case_number(decision.case_id.view()))) {
    return refuse_for(Refusal::bad_value, "clause", outcome);
  }
  return Refusal::none;
}

Refusal Enforcement::propose(const Decision& decision, const ActBy& by, DecisionOutcome& outcome) {
  MeasureProposal proposal;
  if (const Refusal refusal = read_proposed(decision, by, proposal, outcome);
      refusal != Refusal::none) {
    return refusal;
  }
  if (plan_fault(proposal.plan, case_number(decision.case_id.view())) != Refusal::none) {
    return refuse_for(Refusal::banned, "kind", outcome);
  }
  if (const Refusal refusal =
          cases_.case_for_measure(decision, {by.now, by.seq}, proposal.case_number);
      refusal != Refusal::none) {
    return refuse_for(refusal, decision.has_case_id() ? "case_id" : "alert_ids", outcome);
  }
  offer(measures_.propose(proposal, by), outcome);
  return Refusal::none;
}

// One person alone: only what can be undone, for a short time, and not on many.
Refusal Enforcement::impose(const Decision& decision, const ActBy& by, DecisionOutcome& outcome) {
  MeasureProposal proposal;
  if (const Refusal refusal = read_proposed(decision, by, proposal, outcome);
      refusal != Refusal::none) {
    return refusal;
  }
  const MeasurePlan& plan = proposal.plan;
  const MeasureTerms& terms = terms_of(plan.kind);
  if (terms.always_two || terms.is_money || !terms.reversible) {
    return refuse_for(Refusal::needs_two, "kind", outcome);
  }
  const std::uint64_t named = case_number(decision.case_id.view());
  if (accounts_of(market_, measures_, plan, named) > policy_.many_accounts) {
    return refuse_for(Refusal::needs_two, "target", outcome);
  }
  const auto lasts = plan.duration ? plan.duration
                     : plan.until  ? std::optional(*plan.until - by.now)
                                   : std::nullopt;
  if (terms.lasts && (!lasts || *lasts > policy_.impose_max)) {
    return refuse_for(Refusal::too_long, "until_ts", outcome);
  }
  if (terms.lasts && measures_.imposed_in_turn(plan, named, by.now, by.now + *lasts)) {
    return refuse_for(Refusal::needs_two, "until_ts", outcome);
  }
  if (plan_fault(plan, named) != Refusal::none) {
    return refuse_for(Refusal::banned, "kind", outcome);
  }
  if (const Refusal refusal =
          cases_.case_for_measure(decision, {by.now, by.seq}, proposal.case_number);
      refusal != Refusal::none) {
    return refuse_for(refusal, decision.has_case_id() ? "case_id" : "alert_ids", outcome);
  }
  Measure& measure = measures_.propose(proposal, by);
  measure.imposed = true;
  measure.approver_id = by.user_id;
  measures_.take_effect(measure, by);
  outcome.measure = measure.number;
  outcome.case_number = measure.case_number;
  return Refusal::none;
}

// A person stands behind it now. Of an automatic one that holds already: somebody has looked.
Refusal Enforcement::adopt(Measure& measure, const ActBy& by, DecisionOutcome& outcome) {
  if (measure.automatic && measure.in_force() && measure.reviewer_id.empty()) {
    measures_.review(measure, by);
    return Refusal::none;
  }
  if (measure.state != MeasureState::proposed || measure.proposer_id != Measure::system) {
    return Refusal::wrong_state;
  }
  if (measure.plan.kind == MeasureKind::compensate && measure.amends == Amends::nothing) {
    // The ladder knows who gained: whom that harmed, a person proposes.
    return refuse_for(Refusal::bad_value, "target", outcome);
  }
  measure.proposer_id = by.user_id;
  measure.shapers.emplace(by.user_id);
  measures_.step(measure, MeasureState::adopted, by, "adopt_proposal");
  offer(measure, outcome);
  return Refusal::none;
}

// By whoever proposed it; of the system's by anybody.
Refusal Enforcement::withdraw(Measure& measure, const ActBy& by) {
  if (!measure.pending()) {
    return Refusal::wrong_state;
  }
  if (measure.proposer_id != Measure::system && measure.proposer_id != by.user_id) {
    return Refusal::not_allowed;
  }
  measures_.step(measure, MeasureState::withdrawn, by, "withdraw_proposal");
  return Refusal::none;
}

Refusal Enforcement::approve(const Decision& decision, Measure& measure, const ActBy& by,
                             DecisionOutcome& outcome) {
  if (!measure.pending()) {
    return Refusal::wrong_state;
  }
  if (measure.proposer_id == Measure::system) {
    return Refusal::not_adopted;
  }
  if (measure.shapers.contains(std::string(by.user_id))) {
    return refuse_for(Refusal::own_proposal, "user_id", outcome);
  }
  if (measure.plan.lacks_amount()) {
    return refuse_for(Refusal::missing_field, "amount", outcome);
  }
  if (!decision.has_preview_hash() || !decision.has_preview_seq()) {
    return refuse_for(Refusal::missing_field,
                      decision.has_preview_hash() ? "preview_seq" : "preview_hash", outcome);
  }
  if (decision.preview_hash.view() != measures_.preview_hash(measure)) {
    offer(measure, outcome);
    return refuse_for(Refusal::stale, "preview_hash", outcome);
  }
  // It would be over. What another amendment's plan says of the end is only a copy.
  const bool sets_end = measure.amends == Amends::nothing || measure.amends == Amends::until;
  if (sets_end && measure.plan.until && *measure.plan.until <= by.now) {
    return refuse_for(Refusal::wrong_state, "until_ts", outcome);
  }
  if (measure.amends != Amends::nothing && !measures_.find(measure.amended)->in_force()) {
    return refuse_for(Refusal::wrong_state, "amended", outcome);
  }
  if (measure.amends != Amends::release &&  // what the law forbids may end all the more
      plan_fault(measure.plan, measure.case_number) != Refusal::none) {
    return refuse_for(Refusal::banned, "kind", outcome);
  }
  measure.approver_id = by.user_id;
  measures_.step(measure, MeasureState::approved, by, "approve");
  measures_.take_effect(measure, by);
  return Refusal::none;
}

Refusal Enforcement::refuse(Measure& measure, const ActBy& by) {
  if (!measure.pending()) {
    return Refusal::wrong_state;
  }
  measures_.step(measure, MeasureState::refused, by, "refuse");
  return Refusal::none;
}

}  // namespace marktwacht
