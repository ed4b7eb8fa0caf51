// Decisions that are about no measure: watch lists, alerts by hand, exemptions, the policy itself.
#include <algorithm>

#include "measures/enforcement.h"
#include "measures/measure_reader.h"

namespace marktwacht {

Refusal Enforcement::watch(const Decision& decision, const ActBy& by, DecisionOutcome& outcome) {
  if (!decision.has_target() || !decision.has_until_ts()) {
    return refuse_for(Refusal::missing_field, decision.has_target() ? "until_ts" : "target",
                      outcome);
  }
  const auto target = read_target(decision.target.view());
  if (!target || target->place) {
    return refuse_for(Refusal::bad_value, target ? "target" : target.error(), outcome);
  }
  if (decision.until_ts <= by.now) {
    return refuse_for(Refusal::bad_value, "until_ts", outcome);
  }
  for (const std::string& account : target->account_ids) {
    cases_.watch("account " + account, decision.until_ts);
  }
  if (target->account_ids.empty()) {
    cases_.watch(!target->account_id.empty() ? "account " + target->account_id
                 : !target->group_id.empty() ? "group " + target->group_id
                                             : "instrument " + target->instrument_id,
                 decision.until_ts);
  }
  return Refusal::none;
}

// The engine makes the alert, whose record comes behind the decision.
Refusal Enforcement::raise_alert(const Decision& decision, DecisionOutcome& outcome) const {
  if (!decision.has_clause()) {
    return refuse_for(Refusal::missing_field, "clause", outcome);
  }
  if (decision.account_ids.empty()) {
    return refuse_for(Refusal::missing_field, "account_ids", outcome);
  }
  const Directory& directory = market_.directory();
  for (const Text& account : decision.account_ids) {
    if (!directory.find_account(account).exists()) {
      return refuse_for(Refusal::bad_value, "account_ids", outcome);
    }
  }
  if (decision.has_instrument_id() && !directory.find_instrument(decision.instrument_id).exists()) {
    return refuse_for(Refusal::bad_value, "instrument_id", outcome);
  }
  if (decision.has_from_ts() && decision.has_to_ts() && decision.to_ts < decision.from_ts) {
    return refuse_for(Refusal::bad_value, "to_ts", outcome);
  }
  return Refusal::none;
}

Refusal Enforcement::grant_exemption(const Decision& decision, const ActBy& by,
                                     DecisionOutcome& outcome) const {
  if (!decision.has_account_id() || !decision.has_exemption_kind() || !decision.has_until_ts()) {
    return refuse_for(Refusal::missing_field,
                      !decision.has_account_id()       ? "account_id"
                      : !decision.has_exemption_kind() ? "exemption_kind"
                                                       : "until_ts",
                      outcome);
  }
  if (decision.until_ts <= by.now) {
    return refuse_for(Refusal::bad_value, "until_ts", outcome);
  }
  if (decision.has_instrument_id() &&
      !market_.directory().find_instrument(decision.instrument_id).exists()) {
    return refuse_for(Refusal::bad_value, "instrument_id", outcome);
  }
  return Refusal::none;
}

// --- changes of what is automatic, and of the policy

Refusal Enforcement::change(const Decision& decision, const ActBy& by, DecisionOutcome& outcome) {
  Change wanted{decision.kind, std::string(by.user_id), "", "", 0, decision.on};
  if (decision.kind == DecisionKind::publish_policy) {
    wanted.text = decision.text.view();
    wanted.on = !decision.shadow;
    if (!decision.has_text() || !read_policy(wanted.text)) {
      return refuse_for(decision.has_text() ? Refusal::bad_value : Refusal::missing_field, "text",
                        outcome);
    }
  } else {
    wanted.clause = decision.clause.view();
    const auto step = parse_decimal(decision.step.view());
    wanted.step = step ? static_cast<std::uint32_t>(scaled_int64(*step, 0).value_or(0)) : 0;
    Policy tried = policy_;
    if (!decision.has_on()) {
      return refuse_for(Refusal::missing_field, "on", outcome);
    }
    if (!wanted.clause.empty() &&
        !marktwacht::set_automatic(tried, wanted.clause, wanted.step, wanted.on)) {
      return refuse_for(Refusal::bad_value, "clause", outcome);
    }
  }
  return users_.known() && users_.count(UserRole::administrator) < 2
             ? put_in_force(wanted, outcome)
             : wait_for_another(std::move(wanted), by, outcome);
}

Refusal Enforcement::settle_change(const Decision& decision, DecisionOutcome& outcome) {
  outcome.field = "change_id";
  if (!decision.has_change_id()) {
    return Refusal::missing_field;
  }
  const auto found = std::ranges::find_if(changes_, [&](const auto& each) {
    return change_id(each.first) == decision.change_id.view();
  });
  if (found == changes_.end()) {
    return Refusal::unknown_change;
  }
  if (found->second.kind == DecisionKind::erase && decision.kind != DecisionKind::refuse_change) {
    return Refusal::unknown_change;  // an approver's to decide: see erase
  }
  outcome.change = found->first;
  if (decision.kind == DecisionKind::refuse_change) {
    changes_.erase(found);
    return Refusal::none;
  }
  if (found->second.user_id == decision.user_id.view()) {
    return refuse_for(Refusal::own_proposal, "user_id", outcome);
  }
  const Change wanted = found->second;
  changes_.erase(found);
  return put_in_force(wanted, outcome);
}

Refusal Enforcement::put_in_force(const Change& wanted, DecisionOutcome& outcome) {
  if (wanted.kind == DecisionKind::publish_policy) {
    set_policy(wanted.text);
    if (!wanted.on) {
      const Change nothing_automatic{DecisionKind::set_automatic, wanted.user_id, "", "", 0, false};
      static_cast<void>(switch_automatic(nothing_automatic));
      switches_.push_back(nothing_automatic);
    }
    return Refusal::none;
  }
  if (wanted.kind != DecisionKind::set_automatic) {  // of tokens and keys the engine knows nothing
    const Refusal refusal = people_fault(wanted);
    if (refusal == Refusal::none && wanted.kind == DecisionKind::change_user) {
      static_cast<void>(users_.take(wanted.text));  // one that says no role changes none
    }
    return refusal == Refusal::none ? refusal : refuse_for(refusal, "text", outcome);
  }
  if (switch_automatic(wanted) != Refusal::none) {
    return refuse_for(Refusal::bad_value, "clause", outcome);
  }
  switches_.push_back(wanted);
  return Refusal::none;
}

}  // namespace marktwacht
