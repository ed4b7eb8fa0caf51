// Decisions about measures that hold: ending, lengthening, changing them, and appeals.
#include "measures/enforcement.h"
#include "measures/measure_table.h"

namespace marktwacht {

// An amendment is a proposal of its own, for a second person.
Refusal Enforcement::amend(const Measure& base, MeasureProposal amendment, const ActBy& by,
                           DecisionOutcome& outcome) {
  amendment.amended = base.number;
  amendment.case_number = base.case_number;
  amendment.alert_ids = base.alert_ids;
  offer(measures_.propose(amendment, by), outcome);
  return Refusal::none;
}

// What binds is undone by one person; what was final, money above all, by two.
Refusal Enforcement::lift(Measure& measure, const ActBy& by, DecisionOutcome& outcome) {
  if (measure.state == MeasureState::release_failed) {  // what ends it was decided already
    measures_.release_again(measure, by);
    return Refusal::none;
  }
  if (!measure.in_force()) {
    return Refusal::wrong_state;
  }
  const MeasureTerms& terms = terms_of(measure.plan.kind);
  if (terms.undone_by.has(MeasureUndo::reverse) ||
      terms.undone_by.has(MeasureUndo::mirrored_entry)) {
    MeasureProposal reversal;
    reversal.plan = measure.plan;
    reversal.amends = Amends::release;
    return amend(measure, std::move(reversal), by, outcome);
  }
  if (terms.undone_by == SetOf<MeasureUndo>{} || !terms.lasts) {
    return Refusal::not_reversible;
  }
  measures_.end(measure, MeasureState::released, by, "lift");
  return Refusal::none;
}

Refusal Enforcement::extend(const Decision& decision, Measure& measure, const ActBy& by,
                            DecisionOutcome& outcome) {
  if (!decision.has_until_ts()) {
    return refuse_for(Refusal::missing_field, "until_ts", outcome);
  }
  if (decision.until_ts <= by.now) {
    return refuse_for(Refusal::bad_value, "until_ts", outcome);
  }
  if (!measure.in_force() || !measure.until) {
    return Refusal::wrong_state;
  }
  if (decision.until_ts <= *measure.until) {  // it ends earlier: nobody is worse off
    measures_.set_until(measure, decision.until_ts, by);
    return Refusal::none;
  }
  MeasureProposal longer;
  longer.plan = measure.plan;
  longer.plan.duration.reset();
  longer.plan.until = decision.until_ts;
  longer.amends = Amends::until;
  return amend(measure, std::move(longer), by, outcome);
}

Refusal Enforcement::set_amount(const Decision& decision, Measure& measure, const ActBy& by,
                                DecisionOutcome& outcome) {
  const MeasureTerms& terms = terms_of(measure.plan.kind);
  const bool is_limit = measure.plan.kind == MeasureKind::limit_withdrawal ||
                        measure.plan.kind == MeasureKind::limit_deposit;
  if (!decision.has_amount() || decision.amount.negative()) {
    return refuse_for(decision.has_amount() ? Refusal::bad_value : Refusal::missing_field, "amount",
                      outcome);
  }
  if (!is_limit && !terms.is_money) {
    return refuse_for(Refusal::bad_value, "measure_id", outcome);
  }
  if (measure.pending()) {  // who shapes it cannot approve it
    std::string& asset = measure.plan.parameters.asset;
    if (asset.empty()) {
      asset = cases_.find(cases_.standing(measure.case_number))->gain_currency;
    }
    if (asset.empty()) {  // an amount of what? One that says so must be proposed
      return refuse_for(Refusal::bad_value, "amount", outcome);
    }
    measure.shapers.emplace(by.user_id);
    measures_.set_amount(measure, decision.amount, by);
    if (measure.proposer_id != Measure::system) {
      offer(measure, outcome);
    }
    return Refusal::none;
  }
  if (!measure.in_force() || terms.is_money) {
    return Refusal::wrong_state;  // the money has moved
  }
  if (!is_less(decision.amount, *measure.plan.parameters.amount)) {  // nobody is worse off
    measures_.set_amount(measure, decision.amount, by);
    return Refusal::none;
  }
  MeasureProposal stricter;
  stricter.plan = measure.plan;
  stricter.plan.parameters.amount = decision.amount;
  stricter.amends = Amends::amount;
  return amend(measure, std::move(stricter), by, outcome);
}

// By nobody who approved or imposed it, or approved a change of it.
Refusal Enforcement::decide_appeal(const Decision& decision, Measure& measure, const ActBy& by,
                                   DecisionOutcome& outcome) {
  const std::string_view verdict = decision.outcome.view();
  if (verdict != "upheld" && verdict != "rejected") {
    return refuse_for(decision.has_outcome() ? Refusal::bad_value : Refusal::missing_field,
                      "outcome", outcome);
  }
  if (!measure.appealed || !measure.in_force()) {
    return Refusal::wrong_state;
  }
  if (measures_.approvers(measure).contains(std::string(by.user_id))) {
    return refuse_for(Refusal::own_decision, "user_id", outcome);
  }
  const MeasureTerms& terms = terms_of(measure.plan.kind);
  measure.appealed = false;
  measure.appeal_outcome = verdict;
  measures_.step(measure, measure.state, by, "appeal_" + std::string(verdict));
  if (verdict == "rejected") {
    return Refusal::none;
  }
  if (terms.undone_by == SetOf<MeasureUndo>{}) {
    return Refusal::none;  // it cannot be taken back: `compensate` is for that
  }
  const bool is_lift = terms.undone_by.has(MeasureUndo::lift) ||
                       terms.undone_by.has(MeasureUndo::end) ||
                       terms.undone_by.has(MeasureUndo::report);
  measures_.end(measure, is_lift ? MeasureState::released : MeasureState::reversed, by, "appeal");
  return Refusal::none;
}

}  // namespace marktwacht
