// What people decide about surveillance: alerts by hand, alerts closed, exemptions, rulebooks.
#include <algorithm>
#include <utility>

#include "base/sort_unique.h"
#include "engine/engine.h"
#include "findings/shadow.h"
#include "rules/shadow_text.h"

namespace marktwacht {

// What a decision asks of surveillance. What is wrong with it makes it a refused one.
void Engine::obey(const event::Decision& decision, const Moment& moment) {
  DecisionOutcome* outcome = enforcement_.last_outcome();
  if (outcome == nullptr || outcome->refusal != Refusal::none) {
    return;
  }
  if (decision.kind == DecisionKind::grant_exemption && !grant(decision, moment)) {
    outcome->refusal = refuse_for(Refusal::bad_value, "account_id", *outcome);
  }
  if (decision.kind == DecisionKind::publish_rulebook && !publish(decision)) {
    outcome->refusal = refuse_for(Refusal::bad_value, "text", *outcome);
  }
  const bool accepted = outcome->refusal == Refusal::none;
  if (!accepted) {
    return;
  }
  if (decision.kind == DecisionKind::raise_alert) {
    raise(decision, moment.now);
  } else if (decision.kind == DecisionKind::close_alert) {
    settle_alert(decision, moment.now);
  }
}

bool Engine::grant(const event::Decision& decision, const Moment& moment) {
  event::Exemption exemption;
  exemption.type = EventType::exemption;
  exemption.ts = decision.ts;
  using Member = event::Exemption::Field;
  const auto has = [&](Member field) {
    exemption.present |= std::uint64_t{1} << static_cast<unsigned>(field);
  };
  exemption.account_id = decision.account_id;
  exemption.kind = decision.exemption_kind;
  exemption.until_ts = decision.until_ts;
  has(Member::account_id);
  has(Member::kind);
  has(Member::until_ts);
  if (decision.has_instrument_id()) {
    exemption.instrument_id = decision.instrument_id;
    has(Member::instrument_id);
  }
  if (market_.prepare(exemption)) {
    return false;
  }
  market_.commit(exemption, moment);
  set_timer(exemption);
  return true;
}

// In shadow it is beside the one of its id, and nothing is done about what it finds; its text says
// so from then on.
bool Engine::publish(const event::Decision& decision) {
  std::string text(decision.text.view());
  auto checked = rules_.check(text);
  if (checked && decision.shadow && !is_shadow(checked->id)) {
    text = in_shadow(text);
    checked = rules_.check(text);
  }
  if (!checked || (decision.shadow && !is_shadow(checked->id))) {
    return false;
  }
  checked_ = *std::move(checked);
  put_in_force(text);
  return true;
}

// What comes out of shadow is in force in its own name alone.
void Engine::put_in_force(std::string_view rulebook) {
  Rulebook none;
  none.id = checked_.id + std::string(shadow_suffix);
  const auto is_of_it = [&](const std::string& id) { return id == none.id; };
  const bool was_in_shadow =
      std::ranges::any_of(rules_.rules(), is_of_it,
                          [](const auto& rule) { return rule->source->rulebook_id; }) ||
      std::ranges::any_of(detectors_.active(), is_of_it,
                          [](const auto& detector) { return detector->rulebook_id; });
  if (was_in_shadow) {
    detectors_.publish(none.id, none.cited(), {}, clock_.value_or(Time{}));
    rules_.publish(std::move(none), "", clock_);
  }
  detectors_.publish(checked_.id, checked_.cited(), checked_.detectors, clock_.value_or(Time{}));
  rules_.publish(std::exchange(checked_, {}), rulebook, clock_);
  listen(listening_);
}

// An alert by hand stands until a person closes it.
void Engine::raise(const event::Decision& decision, Time now) {
  FindingSource source;
  source.detector = "raised_alert";
  source.clause = decision.clause.view();
  source.severity = Severity::medium;
  source.maturity = Maturity::stable;
  source.text_en = "Raised by hand: {reason}.";
  source.text_de = "Von Hand erhoben: {reason}.";
  source.is_rule = false;
  Finding finding;
  finding.act = Finding::Act::open;
  finding.number = alerts_.by_hand(record_seq_);
  finding.source = std::make_shared<const FindingSource>(std::move(source));
  for (const Text& id : decision.account_ids) {
    finding.accounts.push_back(market_.directory().find_account(id));
  }
  sort_unique(finding.accounts);
  if (decision.has_instrument_id()) {
    finding.instrument = market_.directory().find_instrument(decision.instrument_id);
  }
  finding.from = decision.has_from_ts() ? decision.from_ts : now;
  finding.to = decision.has_to_ts() ? decision.to_ts : now;
  finding.facts.push_back({"reason", std::string(decision.reason.view()), ""});
  finding.facts.push_back({"raised_by", std::string(decision.user_id.view()), ""});
  finding.score_parts.push_back({"by_hand", 50});
  finding.evidence = {{record_seq_}, 1};
  take_finding(finding, now);
}

// A person has settled it: its last revision says so, and detectors revise it no more.
void Engine::settle_alert(const event::Decision& decision, Time now) {
  const KnownAlert* known = enforcement_.cases().alert(decision.alert_id.view());
  if (known == nullptr) {
    return;  // forgotten: only the decision says so
  }
  Alert alert = known->recorded();
  alerts_.settle(alert.alert_id);
  FindingSource source = *alert.source;
  source.is_rule = known->is_rule;
  alert.source = std::make_shared<const FindingSource>(std::move(source));
  alert.state = known->state;
  ++alert.revision;
  alert.at = now;
  alert.seq = ++last_seq_;
  recorded_.made(recorded_form(alert));
  has_made_ = true;
  alerts_made_.push_back(std::move(alert));
}

}  // namespace marktwacht
