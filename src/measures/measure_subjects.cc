// Whom measures hold, what they deny together, and who waits for the exchange to obey.
#include <algorithm>
#include <iterator>

#include "base/sort_unique.h"
#include "measures/effective.h"
#include "measures/measure_table.h"
#include "measures/measures.h"

namespace marktwacht {
namespace {

GateSubject account_subject(const std::string& id) { return {SubjectKind::account, id}; }

// Devices, ips and addresses that nobody but those accounts uses: an office's network is not
// banned with one of its people.
std::vector<GateSubject> places_of(const Market& market, const std::vector<std::string>& ids) {
  const std::pair<SharedKind, SubjectKind> kinds[] = {{SharedKind::device, SubjectKind::device},
                                                      {SharedKind::ip, SubjectKind::ip},
                                                      {SharedKind::address, SubjectKind::address}};
  std::map<GateSubject, std::pair<std::uint32_t, std::uint32_t>> used;  // by them, by all
  for (const std::string& id : ids) {
    const AccountIndex account = market.directory().find_account(make_text(id));
    for (const auto& [what, kind] : kinds) {
      if (!account.exists()) {
        break;
      }
      for (const SharedValue& value : market.links().evidence().used(what, account)) {
        auto& [by_them, by_all] = used[{kind, std::string(value.value)}];
        ++by_them;
        by_all = value.degree;
      }
    }
  }
  std::vector<GateSubject> places;
  for (const auto& [place, uses] : used) {
    if (uses.first == uses.second) {
      places.push_back(place);
    }
  }
  return places;
}

// By one measure; of a place that it is not aimed at as of what its accounts use.
std::vector<Restriction> denied_by(const Measure& measure, const GateSubject& subject,
                                   std::optional<Time> until) {
  const bool is_target = is_told(subject) || measure.plan.target.place;
  return is_target
             ? restrictions_of(measure.plan.kind, measure.plan.parameters, until, measure.number)
             : device_restrictions_of(measure.plan.kind, until, measure.number);
}

}  // namespace

std::vector<GateSubject> Measures::subjects_of(const MeasurePlan& plan,
                                               const std::vector<std::string>& account_ids) const {
  std::vector<GateSubject> subjects;
  if (plan.target.place) {
    subjects.push_back(*plan.target.place);
  } else if (!plan.target.instrument_id.empty()) {
    subjects.push_back({SubjectKind::instrument, plan.target.instrument_id});
  }
  std::ranges::transform(account_ids, std::back_inserter(subjects), account_subject);
  if (!device_restrictions_of(plan.kind, std::nullopt, 0).empty()) {
    std::ranges::copy(places_of(market_, account_ids), std::back_inserter(subjects));
  }
  sort_unique(subjects);
  return subjects;
}

std::vector<SubjectRestrictions> Measures::proposed(const Measure& measure) const {
  const bool stands = measure.in_force() || measure.ending();
  std::vector<SubjectRestrictions> all;
  if (measure.amends == Amends::release) {
    return all;
  }
  for (const GateSubject& subject :
       stands ? measure.subjects
              : subjects_of(measure.plan, members_of(measure.plan.target, measure.case_number))) {
    auto denied = denied_by(measure, subject, std::nullopt);
    if (!denied.empty()) {
      all.push_back({subject, 0, std::move(denied)});
    }
  }
  return all;
}

void Measures::await(Measure& measure, const GateSubject& subject, std::uint64_t revision) {
  measure.awaited[subject] = revision;
  awaiting_[subject].insert(measure.number);
}

void Measures::await_no_more(Measure& measure, const GateSubject& subject) {
  measure.awaited.erase(subject);
  const auto waiting = awaiting_.find(subject);
  if (waiting != awaiting_.end() && waiting->second.erase(measure.number) > 0 &&
      waiting->second.empty()) {
    awaiting_.erase(waiting);
  }
}

void Measures::await_nothing(Measure& measure) {
  while (!measure.awaited.empty()) {
    await_no_more(measure, GateSubject(measure.awaited.begin()->first));
  }
}

void Measures::restrict_subjects(Measure& measure, const ActBy& by) {
  for (const GateSubject& subject : measure.subjects) {
    SubjectState& state = subjects_[subject];
    state.measures.insert(measure.number);
    recompute(subject, by);
    if (is_told(subject) && state.acknowledged < state.revision) {
      await(measure, subject, state.revision);
    }
  }
}

void Measures::free_subjects(Measure& measure, const ActBy& by) {
  await_nothing(measure);
  measure.failing.clear();
  for (const GateSubject& subject : measure.subjects) {
    const auto held = subjects_.find(subject);
    if (held == subjects_.end() || held->second.measures.erase(measure.number) == 0) {
      continue;
    }
    recompute(subject, by);
    const SubjectState& state = held->second;
    if (is_told(subject) && state.acknowledged < state.revision) {
      await(measure, subject, state.revision);
    }
  }
}

std::vector<Restriction> Measures::joined(const GateSubject& subject,
                                          const SubjectState& state) const {
  std::vector<Restriction> all;
  for (const std::uint64_t number : state.measures) {
    const Measure& measure = measures_.at(number);
    for (Restriction& one : denied_by(measure, subject, measure.until)) {
      if (one.limit && !one.asset.empty() && subject.kind == SubjectKind::account) {
        const GateAction used =
            one.action == GateAction::transfer ? GateAction::withdraw : one.action;
        one.limit = day_limits_.left(used, subject.id, one.asset, *one.limit);
      }
      all.push_back(std::move(one));
    }
  }
  return join_restrictions(std::move(all));
}

bool Measures::is_limited(const GateSubject& subject, const SubjectState& state) const {
  return std::ranges::any_of(state.measures, [&](std::uint64_t number) {
    return has_day_limit(denied_by(measures_.at(number), subject, std::nullopt));
  });
}

// Where nothing changes for the subject, the exchange needs not be told.
void Measures::recompute(const GateSubject& subject, const ActBy& by) {
  SubjectState& state = subjects_[subject];
  std::vector<Restriction> now = joined(subject, state);
  if (now == state.restrictions) {
    return;
  }
  state.restrictions = std::move(now);
  ++state.revision;
  state.attempt = 0;
  state.failed = false;
  state.detail.clear();
  state.first_sent = by.now;
  gate_changes_.insert(subject);
  if (is_told(subject)) {
    send_restrictions(subject, state, by);
  }
}

SubjectRestrictions Measures::restrictions_of(const GateSubject& subject) const {
  const auto found = subjects_.find(subject);
  if (found == subjects_.end()) {
    return {subject, 0, {}};
  }
  return {subject, found->second.revision, found->second.restrictions};
}

}  // namespace marktwacht
