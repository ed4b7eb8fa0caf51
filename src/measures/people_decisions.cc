// Decisions about who may come in, by which keys, and whose personal data is destroyed: what needs
// a second person waits for one.
#include <utility>

#include "events/json_members.h"
#include "events/json_minify.h"
#include "measures/enforcement.h"
#include "measures/personal_subject.h"

namespace marktwacht {

Refusal Enforcement::wait_for_another(Change wanted, const ActBy& by, DecisionOutcome& outcome) {
  outcome.change = by.seq;
  changes_[by.seq] = std::move(wanted);
  return Refusal::none;
}

Refusal Enforcement::change_people(const Decision& decision, const ActBy& by,
                                   DecisionOutcome& outcome) {
  auto text = minified_json(decision.text.view());
  Change wanted{decision.kind, std::string(by.user_id), text.value_or(""), "", 0, true};
  if (const Refusal refusal = people_fault(wanted); refusal != Refusal::none) {
    return refuse_for(decision.has_text() ? refusal : Refusal::missing_field, "text", outcome);
  }
  return users_.known() && users_.count(UserRole::administrator) < 2
             ? put_in_force(wanted, outcome)
             : wait_for_another(std::move(wanted), by, outcome);
}

// Asked when it is wanted and again when it is approved: others may have gone in between.
Refusal Enforcement::people_fault(const Change& wanted) const {
  const auto object = JsonMembers::of(wanted.text);
  const char* const id = wanted.kind == DecisionKind::change_user    ? "user_id"
                         : wanted.kind == DecisionKind::change_token ? "token_id"
                                                                     : "key_id";
  if (!object || object->text(id).value_or("").empty()) {
    return Refusal::bad_value;
  }
  if (wanted.kind != DecisionKind::change_user || !object->has("role")) {
    return Refusal::none;
  }
  Users after = users_;
  if (!after.take(wanted.text)) {
    return Refusal::bad_value;
  }
  const bool locks_all_out =
      users_.count(UserRole::administrator) > 0 && after.count(UserRole::administrator) == 0;
  return locks_all_out ? Refusal::wrong_state : Refusal::none;
}

// Nothing brings it back, so two approvers say it once there are two: the second names the change,
// and once more whose data it is.
Refusal Enforcement::erase(const Decision& decision, const ActBy& by, DecisionOutcome& outcome) {
  Change wanted{decision.kind, std::string(by.user_id), personal_subject(decision), "", 0, true};
  if (wanted.text.empty()) {
    return refuse_for(Refusal::missing_field, "account_id", outcome);
  }
  if (!decision.has_change_id()) {
    return users_.known() && users_.count(UserRole::approver) < 2
               ? Refusal::none
               : wait_for_another(std::move(wanted), by, outcome);
  }
  for (auto at = changes_.begin(); at != changes_.end(); ++at) {
    const Change& waiting = at->second;
    if (waiting.kind != DecisionKind::erase || change_id(at->first) != decision.change_id.view()) {
      continue;
    }
    outcome.change = at->first;
    if (waiting.user_id == wanted.user_id) {
      return refuse_for(Refusal::own_proposal, "user_id", outcome);
    }
    if (waiting.text != wanted.text) {
      return refuse_for(Refusal::stale, "change_id", outcome);
    }
    changes_.erase(at);
    return Refusal::none;
  }
  return refuse_for(Refusal::unknown_change, "change_id", outcome);
}

}  // namespace marktwacht
