// What people do with alerts and cases.
#include <algorithm>
#include <span>

#include "cases/cases.h"

namespace marktwacht {
namespace {

Refusal wrong(Refusal refusal, std::string_view name, std::string_view& field) {
  field = name;
  return refusal;
}

// Who may act on an assigned case: whoever holds its lock.
bool locked(const Case& of, const event::Decision& decision) {
  return !of.assignee_id.empty() && decision.user_id.view() != of.assignee_id;
}

// What the case proves, clause by clause: not what was dismissed, nor what was found in shadow,
// unless a person has confirmed that very alert.
std::vector<ConfirmedOffence> proven(const Case& of,
                                     const std::map<std::string, KnownAlert, std::less<>>& alerts,
                                     Time now) {
  std::map<std::string_view, std::set<std::string>> accounts;  // by clause
  for (const std::string& alert_id : of.alert_ids) {
    const KnownAlert& alert = alerts.at(alert_id);
    if (alert.state == AlertState::confirmed ||
        (alert.state != AlertState::dismissed && alert.maturity == Maturity::stable)) {
      accounts[alert.clause].insert(alert.account_ids.begin(), alert.account_ids.end());
    }
  }
  std::vector<ConfirmedOffence> offences;
  for (const auto& [clause, account_ids] : accounts) {
    offences.push_back({of.number, now, {std::string(clause)}, account_ids});
  }
  return offences;
}

}  // namespace

Refusal Cases::find_case(const event::Decision& decision, Case*& found, Field field) {
  field = "case_id";
  if (!decision.has_case_id()) {
    return Refusal::missing_field;
  }
  const auto at = cases_.find(case_number(decision.case_id.view()));
  if (at == cases_.end()) {
    return Refusal::unknown_case;
  }
  found = &at->second;
  return Refusal::none;
}

Refusal Cases::find_open(const event::Decision& decision, Case*& found, Field field) {
  if (const Refusal refusal = find_case(decision, found, field); refusal != Refusal::none) {
    return refusal;
  }
  return found->open() ? Refusal::none : Refusal::wrong_state;
}

KnownAlert* Cases::find_alert(const event::Decision& decision) {
  const auto at = alerts_.find(decision.alert_id.view());
  return at == alerts_.end() ? nullptr : &at->second;
}

Refusal Cases::decide(const event::Decision& decision, const By& by, Field field) {
  switch (decision.kind) {
    case DecisionKind::assign:
      return assign(decision, field);
    case DecisionKind::note:
      return note(decision, by, field);
    case DecisionKind::close_alert:
      return close_alert(decision, field);
    case DecisionKind::attach_alert:
      return attach(decision, field);
    case DecisionKind::detach_alert:
      return detach(decision, field);
    case DecisionKind::merge_cases:
      return merge_cases(decision, by, field);
    case DecisionKind::close_case:
      return close_case(decision, by, field);
    case DecisionKind::reopen_case:
      return reopen(decision, field);
    case DecisionKind::mark_reported:
      return mark_reported(decision, field);
    case DecisionKind::snooze:
    case DecisionKind::unsnooze:
      return snooze(decision, by, field);
    default:
      return wrong(Refusal::bad_value, "kind", field);
  }
}

// Handing a case on is always possible: the lock must not outlast a holiday. It is on record.
Refusal Cases::assign(const event::Decision& decision, Field field) {
  Case* of = nullptr;
  if (const Refusal refusal = find_open(decision, of, field); refusal != Refusal::none) {
    return refusal;
  }
  if (!decision.has_assignee_id()) {
    return wrong(Refusal::missing_field, "assignee_id", field);
  }
  of->assignee_id = decision.assignee_id.view();
  if (of->state == CaseState::new_ || of->state == CaseState::reopened) {
    of->state = CaseState::assigned;
  }
  touch(*of);
  return Refusal::none;
}

// Anybody who may write notes at all may write one here. Work by the assignee begins the inquiry.
Refusal Cases::note(const event::Decision& decision, const By& by, Field field) {
  Case* of = nullptr;
  if (const Refusal refusal = find_case(decision, of, field); refusal != Refusal::none) {
    return refusal;
  }
  if (!decision.has_text() || decision.text.empty()) {
    return wrong(Refusal::missing_field, "text", field);
  }
  of->notes.push_back(
      {by.seq, by.now, std::string(decision.user_id.view()), std::string(decision.text.view())});
  if (of->state == CaseState::assigned && !locked(*of, decision)) {
    of->state = CaseState::investigating;
  }
  touch(*of);
  return Refusal::none;
}

Refusal Cases::close_alert(const event::Decision& decision, Field field) {
  field = "alert_id";
  KnownAlert* alert = find_alert(decision);
  if (alert == nullptr) {
    return decision.has_alert_id() ? Refusal::unknown_alert : Refusal::missing_field;
  }
  const bool dismissed = decision.state.view() == word_of(AlertState::dismissed);
  if (!dismissed && decision.state.view() != word_of(AlertState::confirmed)) {
    return wrong(decision.has_state() ? Refusal::bad_value : Refusal::missing_field, "state",
                 field);
  }
  const AlertState state = dismissed ? AlertState::dismissed : AlertState::confirmed;
  if (alert->state == state || alert->state == AlertState::superseded) {
    return wrong(Refusal::wrong_state, "state", field);
  }
  alert->state = state;
  if (alert->case_number != 0) {
    touch(cases_.at(alert->case_number));
  }
  return Refusal::none;
}

// What its other alerts do not say the case says no longer.
void Cases::leave_case(KnownAlert& alert) {
  Case& of = cases_.at(alert.case_number);
  std::erase(of.alert_ids, alert.alert_id);
  alert.case_number = 0;
  loose_.push_back(alert.alert_id);
  std::set<std::string, std::less<>> accounts, groups;
  of.breaches.clear();
  of.severity = Severity{};
  for (const std::string& alert_id : of.alert_ids) {
    const KnownAlert& other = alerts_.at(alert_id);
    accounts.insert(other.account_ids.begin(), other.account_ids.end());
    groups.insert(other.group_id);
    of.breaches.emplace(other.clause, other.detector);
    of.severity = std::max(of.severity, other.severity);
  }
  const auto drop = [&](ById& by, std::set<std::string>& ids, const std::string& id) {
    ids.erase(id);
    if (const auto found = by.find(id); found != by.end()) {
      found->second.erase(of.number);
      if (found->second.empty()) {
        by.erase(found);
      }
    }
  };
  for (const std::string_view account : alert.account_ids) {
    if (!accounts.contains(account)) {
      drop(open_by_account_, of.account_ids, std::string(account));
    }
  }
  if (!alert.group_id.empty() && !groups.contains(alert.group_id)) {
    drop(open_by_group_, of.group_ids, alert.group_id);
  }
  touch(of);
}

Refusal Cases::attach(const event::Decision& decision, Field field) {
  Case* of = nullptr;
  if (const Refusal refusal = find_open(decision, of, field); refusal != Refusal::none) {
    return refusal;
  }
  field = "alert_id";
  KnownAlert* alert = find_alert(decision);
  if (alert == nullptr) {
    return decision.has_alert_id() ? Refusal::unknown_alert : Refusal::missing_field;
  }
  if (alert->case_number == of->number) {
    return Refusal::wrong_state;
  }
  if (alert->case_number != 0) {
    if (cases_.at(alert->case_number).alert_ids.size() == 1) {
      return Refusal::no_case;  // it would leave a case without any
    }
    leave_case(*alert);
  }
  join(*of, *alert);
  return Refusal::none;
}

// A case keeps at least one alert.
Refusal Cases::detach(const event::Decision& decision, Field field) {
  Case* of = nullptr;
  if (const Refusal refusal = find_open(decision, of, field); refusal != Refusal::none) {
    return refusal;
  }
  field = "alert_id";
  KnownAlert* alert = find_alert(decision);
  if (alert == nullptr) {
    return decision.has_alert_id() ? Refusal::unknown_alert : Refusal::missing_field;
  }
  if (alert->case_number != of->number || of->alert_ids.size() == 1) {
    return Refusal::wrong_state;
  }
  leave_case(*alert);
  return Refusal::none;
}

Refusal Cases::merge_cases(const event::Decision& decision, const By& by, Field field) {
  field = "case_ids";
  std::set<std::uint64_t> numbers;
  for (const Text& id : decision.case_ids) {
    numbers.insert(case_number(id.view()));
  }
  if (numbers.size() < 2) {
    return decision.has_case_ids() ? Refusal::bad_value : Refusal::missing_field;
  }
  for (const std::uint64_t number : numbers) {
    const Case* of = find(number);
    if (of == nullptr) {
      return Refusal::unknown_case;
    }
    if (!of->open()) {
      return Refusal::wrong_state;
    }
    if (locked(*of, decision)) {
      return Refusal::locked;
    }
  }
  Case& oldest = cases_.at(*numbers.begin());
  numbers.erase(numbers.begin());
  for (const std::uint64_t number : numbers) {
    merge(oldest, cases_.at(number), by);
  }
  return Refusal::none;
}

// Refuted means that nothing may hold the accounts any longer; any closing, that no proposal waits.
Refusal Cases::close_case(const event::Decision& decision, const By& by, Field field) {
  Case* of = nullptr;
  if (const Refusal refusal = find_open(decision, of, field); refusal != Refusal::none) {
    return refusal;
  }
  if (locked(*of, decision)) {
    return Refusal::locked;
  }
  const std::string_view outcome = decision.outcome.view();
  const CaseState states[] = {CaseState::closed_confirmed, CaseState::closed_refuted,
                              CaseState::closed_inconclusive};
  const auto* state = std::ranges::find_if(states, [&](CaseState each) {
    return word_of(each).substr(word_of(each).find('_') + 1) == outcome;
  });
  if (state == std::end(states)) {
    return wrong(decision.has_outcome() ? Refusal::bad_value : Refusal::missing_field, "outcome",
                 field);
  }
  if (!decision.has_reported()) {
    return wrong(Refusal::missing_field, "reported", field);
  }
  const auto open = [&](std::uint64_t measure) {
    const MeasureProgress progress = progress_(measure);
    return progress == MeasureProgress::proposed ||
           (progress == MeasureProgress::in_force && *state == CaseState::closed_refuted);
  };
  if (std::ranges::any_of(of->measures, open)) {
    return wrong(Refusal::measures_open, "outcome", field);
  }
  of->state = *state;
  of->reason = decision.reason.view();
  of->reported = decision.reported;
  if (*state == CaseState::closed_confirmed) {
    for (ConfirmedOffence& offence : proven(*of, alerts_, by.now)) {
      offences_.push_back(std::move(offence));
    }
  }
  index(*of);
  touch(*of);
  return Refusal::none;
}

// What was confirmed counts no longer.
Refusal Cases::reopen(const event::Decision& decision, Field field) {
  Case* of = nullptr;
  if (const Refusal refusal = find_case(decision, of, field); refusal != Refusal::none) {
    return refusal;
  }
  if (of->open() || of->state == CaseState::merged) {
    return Refusal::wrong_state;
  }
  of->state = CaseState::reopened;
  of->reason = decision.reason.view();
  std::erase_if(offences_, [&](const auto& offence) { return offence.case_number == of->number; });
  index(*of);
  touch(*of);
  return Refusal::none;
}

Refusal Cases::mark_reported(const event::Decision& decision, Field field) {
  Case* of = nullptr;
  if (const Refusal refusal = find_case(decision, of, field); refusal != Refusal::none) {
    return refusal;
  }
  if (!decision.has_ref()) {
    return wrong(Refusal::missing_field, "ref", field);
  }
  of->reported = true;
  of->report_ref = decision.ref.view();
  touch(*of);
  return Refusal::none;
}

Refusal Cases::snooze(const event::Decision& decision, const By& by, Field field) {
  if (!decision.has_rule()) {
    return wrong(Refusal::missing_field, "rule", field);
  }
  if (decision.has_account_id() == decision.has_group_id()) {
    return wrong(decision.has_account_id() ? Refusal::bad_value : Refusal::missing_field,
                 "account_id", field);
  }
  const std::string subject = decision.has_account_id()
                                  ? "account " + std::string(decision.account_id.view())
                                  : "group " + std::string(decision.group_id.view());
  const Snooze key{std::string(decision.rule.view()), subject};
  if (decision.kind == DecisionKind::unsnooze) {
    return snoozes_.erase(key) == 1 ? Refusal::none : wrong(Refusal::wrong_state, "rule", field);
  }
  if (!decision.has_until_ts()) {
    return wrong(Refusal::missing_field, "until_ts", field);
  }
  if (decision.until_ts <= by.now) {
    return wrong(Refusal::bad_value, "until_ts", field);
  }
  snoozes_[key] = decision.until_ts;
  return Refusal::none;
}

// No measure without a case and an alert: where only alerts are named, they get one.
Refusal Cases::case_for_measure(const event::Decision& decision, const By& by,
                                std::uint64_t& number) {
  if (decision.has_case_id()) {
    const Case* of = find(case_number(decision.case_id.view()));
    number = of == nullptr ? 0 : of->number;
    return of == nullptr ? Refusal::unknown_case
           : of->open()  ? Refusal::none
                         : Refusal::wrong_state;
  }
  if (decision.alert_ids.empty()) {
    return Refusal::no_case;
  }
  std::vector<KnownAlert*> alerts;
  for (const Text& id : decision.alert_ids) {
    const auto at = alerts_.find(id.view());
    if (at == alerts_.end()) {
      return Refusal::unknown_alert;
    }
    alerts.push_back(&at->second);
  }
  const auto in_open_case = [&](const KnownAlert* alert) {
    const Case* of = find(alert->case_number);
    return of != nullptr && of->open();
  };
  const auto held = std::ranges::find_if(alerts, in_open_case);
  if (held == alerts.end() &&
      std::ranges::any_of(alerts, [](const auto* alert) { return alert->case_number != 0; })) {
    return Refusal::wrong_state;  // closed: it must be reopened first
  }
  Case& of = held != alerts.end() ? cases_.at((*held)->case_number) : open_case(by.seq, by.now);
  for (KnownAlert* alert : alerts) {
    if (alert->case_number == 0) {
      join(of, *alert);
    }
  }
  number = of.number;
  return Refusal::none;
}

}  // namespace marktwacht
