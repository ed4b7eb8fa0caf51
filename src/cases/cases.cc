// Which alerts belong together.
#include "cases/cases.h"

#include <algorithm>
#include <charconv>

#include "base/archive.h"
#include "base/check.h"
#include "findings/shadow.h"

namespace marktwacht {
namespace {

int kinds_of(const Alert& alert) {
  return static_cast<int>(std::ranges::count_if(
      alert.score_parts, [](const ScorePart& part) { return part.points > 0; }));
}

void restate(KnownAlert& known, const Alert& alert, bool is_rule) {
  known.alert_id = alert.alert_id;
  known.revision = alert.revision;
  known.state = alert.state;
  known.detector = alert.source->detector;
  known.clause = alert.source->clause;
  known.is_rule = is_rule;
  known.severity = alert.source->severity;
  known.maturity = alert.source->maturity;
  known.score = alert.score;
  known.evidence_kinds = kinds_of(alert);
  known.account_ids = PackedTexts(alert.account_ids);
  known.group_id = alert.group_id;
  known.instrument_id = alert.instrument_id;
  known.from = alert.from;
  known.to = alert.to;
  known.packed = pack_alert(alert);
}

bool shares(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::ranges::any_of(a, [&](const std::string& each) { return b.contains(each); });
}

}  // namespace

Case& Cases::touch(Case& of) {
  changed_.insert(of.number);
  return of;
}

const Case* Cases::find(std::uint64_t number) const {
  const auto found = cases_.find(number);
  return found == cases_.end() ? nullptr : &found->second;
}

std::uint64_t Cases::standing(std::uint64_t number) const {
  const Case* of = &cases_.at(number);
  while (of->state == CaseState::merged) {
    of = &cases_.at(of->merged_into);
  }
  return of->number;
}

Case* Cases::find_to_change(std::uint64_t number) {
  const auto found = cases_.find(number);
  return found == cases_.end() ? nullptr : &touch(found->second);
}

const KnownAlert* Cases::alert(std::string_view alert_id) const {
  const auto found = alerts_.find(alert_id);
  return found == alerts_.end() ? nullptr : &found->second;
}

// What a person settled stays settled, whatever the detector says of it later.
AlertTaken Cases::take(const Alert& alert, bool is_rule) {
  const auto [at, fresh] = alerts_.try_emplace(alert.alert_id);
  KnownAlert& known = at->second;
  if (!fresh && (known.state == AlertState::dismissed || known.state == AlertState::confirmed)) {
    if (alert.state == known.state) {  // the revision that says so
      known.revision = alert.revision;
      known.packed = pack_alert(alert);
    }
    return {&known, false};
  }
  restate(known, alert, is_rule);
  if (fresh) {
    known.opened = alert.at;
    // A rulebook on trial breaches no rule of the house: no case is about it.
    if (!is_shadow(alert.source->rulebook_id)) {
      place(known, alert.seq);
    }
  }
  if (known.case_number == 0) {
    if (fresh) {
      loose_.push_back(known.alert_id);
      forget_loose();
    }
    return {&known, false};
  }
  Case& of = cases_.at(known.case_number);
  if (of.open()) {
    widen(of, known);
    of.last_alert = std::max(of.last_alert, alert.at);
  }
  return {&known, of.open() && known.maturity == Maturity::stable && !snoozed(known)};
}

// A detector in shadow opens no case unless the subject is watched, but is told where there is one.
void Cases::place(KnownAlert& alert, std::uint64_t seq) {
  Case* of = matching(alert);
  if (of == nullptr &&
      ((alert.maturity != Maturity::stable && !watched(alert)) || snoozed(alert))) {
    return;
  }
  if (of == nullptr) {
    of = &open_case(seq, alert.opened);
  }
  join(*of, alert);
}

// An open case about the same group, else about one of the accounts; of several the oldest.
Case* Cases::matching(const KnownAlert& alert) {
  std::set<std::uint64_t> numbers;
  const auto add = [&](const auto& by, std::string_view id) {
    if (const auto found = by.find(id); found != by.end()) {
      numbers.insert(found->second.begin(), found->second.end());
    }
  };
  for (const std::string_view account : alert.account_ids) {
    add(open_by_account_, account);
  }
  if (!alert.group_id.empty()) {
    add(open_by_group_, alert.group_id);
  }
  Case* same_account = nullptr;
  for (const std::uint64_t number : numbers) {
    Case& of = cases_.at(number);
    if (alert.opened - of.last_alert > terms_.gap) {
      continue;
    }
    if (!alert.group_id.empty() && of.group_ids.contains(alert.group_id)) {
      return &of;
    }
    if (same_account == nullptr) {
      same_account = &of;
    }
  }
  return same_account;
}

Case& Cases::open_case(std::uint64_t seq, Time now) {
  check(!cases_.contains(seq), "one record opens one case");
  Case& of = cases_[seq];
  of.number = seq;
  of.opened = of.last_alert = now;
  of.due = now + terms_.due[0];
  return touch(of);
}

void Cases::join(Case& to, KnownAlert& alert) {
  alert.case_number = to.number;
  to.alert_ids.push_back(alert.alert_id);
  widen(to, alert);
  to.last_alert = std::max(to.last_alert, alert.opened);
}

void Cases::widen(Case& to, const KnownAlert& alert) {
  const std::size_t known = to.account_ids.size() + to.group_ids.size();
  for (const std::string_view account : alert.account_ids) {
    to.account_ids.emplace(account);
  }
  if (!alert.group_id.empty()) {
    to.group_ids.insert(alert.group_id);
  }
  to.breaches.emplace(alert.clause, alert.detector);
  const auto due_in = [&](Severity severity) {
    return terms_.due[static_cast<std::size_t>(severity)];
  };
  if (to.alert_ids.size() == 1 || alert.severity > to.severity) {
    to.severity = std::max(to.severity, alert.severity);
    to.due = std::min(to.due, alert.opened + due_in(to.severity));
  }
  if (to.account_ids.size() + to.group_ids.size() != known) {
    index(to);
  }
  touch(to);
}

void Cases::index(const Case& of) {
  const auto put = [&](ById& by, const auto& ids) {
    for (const std::string& id : ids) {
      if (of.open()) {
        by[id].insert(of.number);
      } else if (const auto found = by.find(id); found != by.end()) {
        found->second.erase(of.number);
        if (found->second.empty()) {
          by.erase(found);
        }
      }
    }
  };
  put(open_by_account_, of.account_ids);
  put(open_by_group_, of.group_ids);
}

bool Cases::snoozed(const KnownAlert& alert) const {
  const auto until = [&](std::string subject) {
    const auto found = snoozes_.find({alert.detector, std::move(subject)});
    return found == snoozes_.end() ? Time{INT64_MIN} : found->second;
  };
  if (!alert.group_id.empty() && alert.opened < until("group " + alert.group_id)) {
    return true;
  }
  return !alert.account_ids.empty() &&
         std::ranges::all_of(alert.account_ids, [&](std::string_view account) {
           return alert.opened < until("account " + std::string(account));
         });
}

bool Cases::watched(const KnownAlert& alert) const {
  const auto is = [&](std::string subject) {
    const auto found = watches_.find(subject);
    return found != watches_.end() && alert.opened < found->second;
  };
  return is("group " + alert.group_id) || is("instrument " + alert.instrument_id) ||
         std::ranges::any_of(alert.account_ids, [&](std::string_view account) {
           return is("account " + std::string(account));
         });
}

// The newest stay; what is in a case is the case's.
void Cases::forget_loose() {
  while (loose_.size() > loose_alerts_max) {
    const auto oldest = alerts_.find(loose_.front());
    if (oldest != alerts_.end() && oldest->second.case_number == 0) {
      alerts_.erase(oldest);
      ++forgotten_;
    }
    loose_.pop_front();
  }
}

void Cases::merge(Case& into, Case& from, const By& by) {
  for (const std::string& alert_id : from.alert_ids) {
    alerts_.at(alert_id).case_number = into.number;
    into.alert_ids.push_back(alert_id);
  }
  into.account_ids.insert(from.account_ids.begin(), from.account_ids.end());
  into.group_ids.insert(from.group_ids.begin(), from.group_ids.end());
  into.breaches.insert(from.breaches.begin(), from.breaches.end());
  into.notes.insert(into.notes.end(), from.notes.begin(), from.notes.end());
  std::ranges::stable_sort(into.notes, {}, &CaseNote::seq);
  into.measures.insert(into.measures.end(), from.measures.begin(), from.measures.end());
  into.gains.join(from.gains);
  if (into.gain_currency.empty()) {
    into.gain_currency = from.gain_currency;
  }
  into.severity = std::max(into.severity, from.severity);
  into.due = std::min(into.due, from.due);
  into.last_alert = std::max(into.last_alert, from.last_alert);
  from.state = CaseState::merged;
  from.merged_into = into.number;
  from.notes.push_back({by.seq, by.now, "", "went into " + case_id(into.number)});
  index(from);
  index(into);
  touch(from);
  touch(into);
}

void Cases::groups_merged(const std::string& into, const std::string& from, const By& by) {
  std::set<std::uint64_t> numbers;
  for (const std::string& group : {into, from}) {
    if (const auto found = open_by_group_.find(group); found != open_by_group_.end()) {
      numbers.insert(found->second.begin(), found->second.end());
    }
  }
  if (numbers.empty()) {
    return;
  }
  Case& oldest = cases_.at(*numbers.begin());
  for (const std::uint64_t number : numbers) {
    if (number != oldest.number) {
      merge(oldest, cases_.at(number), by);
    }
  }
  if (oldest.group_ids.insert(into).second) {
    index(oldest);
    touch(oldest);
  }
}

void Cases::add_measure(std::uint64_t number, std::uint64_t measure) {
  find_to_change(number)->measures.push_back(measure);
}

void Cases::wait_for_report(std::uint64_t number, bool waiting) {
  Case& of = *find_to_change(number);
  if (waiting && of.open()) {
    of.state = CaseState::waiting_report;
  } else if (!waiting && of.state == CaseState::waiting_report) {
    of.state = CaseState::investigating;
  }
}

std::uint32_t Cases::confirmed_before(std::uint64_t number,
                                      const std::set<std::string>& account_ids,
                                      std::span<const std::string> clauses, Time now) const {
  std::set<std::uint64_t> cases;
  for (const ConfirmedOffence& offence : offences_) {
    if (offence.case_number != number && now - offence.at <= terms_.memory &&
        std::ranges::any_of(clauses,
                            [&](const auto& each) { return offence.clauses.contains(each); }) &&
        shares(offence.account_ids, account_ids)) {
      cases.insert(offence.case_number);
    }
  }
  return static_cast<std::uint32_t>(cases.size());
}

std::uint32_t Cases::alerts_within(const Case& of, std::string_view clause, Duration window,
                                   Time now) const {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(of.alert_ids, [&](const std::string& alert_id) {
        const KnownAlert& alert = alerts_.at(alert_id);
        return alert.clause == clause && now - alert.opened < window;
      }));
}

std::vector<std::uint64_t> Cases::take_changed() {
  std::vector<std::uint64_t> changed(changed_.begin(), changed_.end());
  changed_.clear();
  for (const std::uint64_t number : changed) {
    ++cases_.at(number).revision;
  }
  return changed;
}

void Cases::save(ByteWriter& out) const {
  check(changed_.empty(), "a snapshot is taken between steps");
  Saver saver(out);
  saver(cases_);
  out.varint(alerts_.size());
  for (const auto& [id, alert] : alerts_) {
    saver(alert);
  }
  out.varint(loose_.size());
  for (const std::string& alert_id : loose_) {
    saver(alert_id);
  }
  saver(snoozes_, watches_, offences_, forgotten_);
}

bool Cases::load(ByteReader& in) {
  Loader loader(in);
  loader(cases_);
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    KnownAlert alert;
    loader(alert);
    alerts_.emplace(alert.alert_id, alert);
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    loader(loose_.emplace_back());
  }
  loader(snoozes_, watches_, offences_, forgotten_);
  for (const auto& [number, of] : cases_) {
    if (of.open()) {
      index(of);
    }
    if (!std::ranges::all_of(of.alert_ids, [&](const auto& id) { return alerts_.contains(id); })) {
      return false;
    }
  }
  return in.ok();
}

}  // namespace marktwacht
