// What holds, and until when.
#include "measures/measures.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "measures/effective.h"
#include "measures/measure_table.h"

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

// What devices, ips and addresses obey is asked of the gate; nobody else is told.
bool is_told(const GateSubject& subject) {
  return subject.kind == SubjectKind::account || subject.kind == SubjectKind::instrument;
}

}  // namespace

Measure* Measures::find(std::uint64_t number) {
  const auto found = measures_.find(number);
  return found == measures_.end() ? nullptr : &found->second;
}

const Measure* Measures::find(std::uint64_t number) const {
  const auto found = measures_.find(number);
  return found == measures_.end() ? nullptr : &found->second;
}

void Measures::step(Measure& measure, MeasureState state, const ActBy& by, std::string_view what) {
  measure.state = state;
  measure.history.push_back(
      {by.seq, by.now, std::string(by.user_id), std::string(what), measure.state});
  touch(measure);
}

Measure& Measures::propose(const MeasureProposal& proposal, const ActBy& by) {
  const auto [at, fresh] = measures_.try_emplace(by.seq);
  check(fresh, "one record proposes one measure");
  Measure& measure = at->second;
  measure.number = by.seq;
  measure.plan = proposal.plan;
  measure.case_number = cases_.standing(proposal.case_number);
  measure.alert_ids = proposal.alert_ids;
  measure.amends = proposal.amends;
  measure.amended = proposal.amended;
  measure.automatic = proposal.automatic;
  measure.row = proposal.row;
  measure.step = proposal.step;
  measure.proposer_id = by.user_id;
  measure.proposed_at = by.now;
  if (by.user_id != Measure::system) {
    measure.shapers.emplace(by.user_id);
  }
  step(measure, MeasureState::proposed, by, "propose");
  cases_.add_measure(measure.case_number, measure.number);
  return measure;
}

void Measures::freeze_members(Measure& measure) {
  const MeasureTarget& target = measure.plan.target;
  measure.account_ids = members_of(target, measure.case_number);
  measure.subjects.clear();
  if (target.place) {
    measure.subjects.push_back(*target.place);
  } else if (!target.instrument_id.empty()) {
    measure.subjects.push_back({SubjectKind::instrument, target.instrument_id});
  }
  std::ranges::transform(measure.account_ids, std::back_inserter(measure.subjects),
                         account_subject);
  if (!device_restrictions_of(measure.plan.kind, measure.until, measure.number).empty()) {
    std::ranges::copy(places_of(market_, measure.account_ids),
                      std::back_inserter(measure.subjects));
  }
  std::ranges::sort(measure.subjects);
  const auto repeated = std::ranges::unique(measure.subjects);
  measure.subjects.erase(repeated.begin(), repeated.end());
}

void Measures::take_effect(Measure& measure, const ActBy& by) {
  if (measure.amends != Amends::nothing) {
    return amend(measure, by);
  }
  const MeasurePlan& plan = measure.plan;
  measure.in_force_at = by.now;
  measure.until = plan.duration ? std::optional(by.now + *plan.duration) : plan.until;
  if (plan.deadline) {
    measure.deadline = by.now + *plan.deadline;
  }
  if (measure.automatic) {
    measure.review_due = by.now + policy_.human_review;
  }
  freeze_members(measure);
  step(measure, MeasureState::applying, by, "take_effect");
  restrict_subjects(measure, by);  // first the gate, so that nothing new comes while they obey
  add_jobs(measure, by);
  set_timers(measure);
  if (plan.kind == MeasureKind::require_report) {
    cases_.wait_for_report(measure.case_number, true);
  }
  settle(measure, by);
}

void Measures::restrict_subjects(Measure& measure, const ActBy& by) {
  for (const GateSubject& subject : measure.subjects) {
    SubjectState& state = subjects_[subject];
    state.measures.insert(measure.number);
    recompute(subject, by);
    if (is_told(subject) && state.acknowledged < state.revision) {
      measure.awaited[subject] = state.revision;
    }
  }
}

void Measures::free_subjects(Measure& measure, const ActBy& by) {
  measure.awaited.clear();
  measure.failing.clear();
  for (const GateSubject& subject : measure.subjects) {
    SubjectState& state = subjects_[subject];
    if (state.measures.erase(measure.number) == 0) {
      continue;
    }
    recompute(subject, by);
    if (is_told(subject) && state.acknowledged < state.revision) {
      measure.awaited[subject] = state.revision;
    }
  }
}

std::vector<Restriction> Measures::joined(const GateSubject& subject,
                                          const SubjectState& state) const {
  std::vector<Restriction> all;
  for (const std::uint64_t number : state.measures) {
    const Measure& measure = measures_.at(number);
    const bool is_target = subject.kind == SubjectKind::account ||
                           subject.kind == SubjectKind::instrument || measure.plan.target.place;
    auto its = is_target ? marktwacht::restrictions_of(measure.plan.kind, measure.plan.parameters,
                                                       measure.until, number)
                         : device_restrictions_of(measure.plan.kind, measure.until, number);
    for (Restriction& one : its) {
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
  state.detail.clear();
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

// How far a measure is, by what the exchange has answered.
void Measures::settle(Measure& measure, const ActBy& by) {
  if (measure.ending()) {
    return settle_ending(measure, by);
  }
  if (!measure.in_force()) {
    return;
  }
  const auto in = [&](MeasureJob::State state) {
    return std::ranges::any_of(measure.jobs,
                               [&](const MeasureJob& job) { return job.state == state; });
  };
  const bool open =
      !measure.awaited.empty() || in(MeasureJob::State::waiting) || in(MeasureJob::State::failed);
  const std::size_t told = static_cast<std::size_t>(std::ranges::count_if(
      measure.subjects, [](const GateSubject& subject) { return is_told(subject); }));
  const bool some = in(MeasureJob::State::applied) || measure.awaited.size() < told ||
                    in(MeasureJob::State::failed) || !measure.failing.empty();
  const MeasureState state = !open  ? MeasureState::applied
                             : some ? MeasureState::partly_applied
                                    : MeasureState::applying;
  measure.unanswered = measure.unanswered && open;
  if (state == measure.state) {
    return;
  }
  step(measure, state, by, "command_result");
  // What nothing undoes has done its work: it holds nobody any longer.
  if (state == MeasureState::applied &&
      terms_of(measure.plan.kind).undone_by == SetOf<MeasureUndo>{}) {
    free_subjects(measure, by);
    measure.awaited.clear();
  }
  if (state == MeasureState::applied && measure.plan.kind == MeasureKind::delist_instrument) {
    propose_followed_by(measure, policy_.case_gap);
  }
}

void Measures::settle_ending(Measure& measure, const ActBy& by) {
  const auto undoing = [&](MeasureJob::State state) {
    return std::ranges::any_of(
        measure.jobs, [&](const MeasureJob& job) { return job.undoing && job.state == state; });
  };
  MeasureState state = MeasureState::releasing;
  if (undoing(MeasureJob::State::failed) || !measure.failing.empty()) {
    state = MeasureState::release_failed;
  } else if (measure.awaited.empty() &&
             std::ranges::none_of(measure.jobs, [](const MeasureJob& job) {
               return job.state == MeasureJob::State::waiting;
             })) {
    state = measure.ends_as;
    measure.unanswered = false;
  }
  if (state != measure.state) {
    step(measure, state, by, "command_result");
  }
}

void Measures::end(Measure& measure, MeasureState as, const ActBy& by, std::string_view what) {
  measure.ends_as = as;
  measure.overdue = false;
  measure.appealed = false;
  measure.unanswered = false;
  std::erase_if(timers_, [&](const EnforcementTimer& timer) {
    return timer.number == measure.number && timer.kind != EnforcementTimerKind::retry_restrictions;
  });
  // What the exchange has not begun to do it need not do any more; of money it must say whether it
  // has, so that it can be undone.
  const bool is_money = terms_of(measure.plan.kind).is_money;
  std::erase_if(measure.jobs, [&](const MeasureJob& job) {
    return job.state != MeasureJob::State::applied && !is_money;
  });
  step(measure, MeasureState::releasing, by, what);
  free_subjects(measure, by);
  if (is_money) {
    reverse_money(measure, by);
  }
  if (measure.plan.kind == MeasureKind::require_report) {
    cases_.wait_for_report(measure.case_number, false);
  }
  timers_.insert(
      {by.now + policy_.ack_deadline, EnforcementTimerKind::ack_deadline, measure.number});
  settle(measure, by);
}

// An amendment is done once what it amends has changed.
void Measures::amend(Measure& amendment, const ActBy& by) {
  Measure& base = measures_.at(amendment.amended);
  step(amendment, MeasureState::applied, by, "take_effect");
  switch (amendment.amends) {
    case Amends::until:
      return set_until(base, amendment.plan.until, by);
    case Amends::amount:
      return set_amount(base, *amendment.plan.parameters.amount, by);
    case Amends::release:
      return end(base, MeasureState::reversed, by, "reverse");
    case Amends::members: {
      const auto joining = members_of(amendment.plan.target, base.case_number);
      for (const std::string& member : joining) {
        if (std::ranges::find(base.account_ids, member) == base.account_ids.end()) {
          base.account_ids.push_back(member);
          base.subjects.push_back(account_subject(member));
        }
      }
      std::ranges::sort(base.account_ids);
      std::ranges::sort(base.subjects);
      step(base, MeasureState::applying, by, "members");
      restrict_subjects(base, by);
      add_jobs(base, by);
      return settle(base, by);
    }
    case Amends::nothing:
      return;
  }
}

void Measures::set_until(Measure& measure, std::optional<Time> until, const ActBy& by) {
  measure.until = until;
  std::erase_if(timers_, [&](const EnforcementTimer& timer) {
    return timer.number == measure.number && timer.kind == EnforcementTimerKind::expiry;
  });
  if (until) {
    timers_.insert({*until + Duration{1}, EnforcementTimerKind::expiry, measure.number});
  }
  step(measure, measure.state, by, "until");
  restrict_subjects(measure, by);
  settle(measure, by);
}

void Measures::set_amount(Measure& measure, const Decimal& amount, const ActBy& by) {
  measure.plan.parameters.amount = amount;
  step(measure, measure.state, by, "set_amount");
  if (measure.in_force()) {
    restrict_subjects(measure, by);
    settle(measure, by);
  }
}

void Measures::review(Measure& measure, const ActBy& by) {
  measure.reviewer_id = by.user_id;
  measure.review_due.reset();
  measure.overdue = false;
  step(measure, measure.state, by, "review");
}

// Later growth of the group is proposed, never made silently.
void Measures::group_grew(GroupIndex group) {
  const std::string id = market_.group_id(group);
  for (auto& [number, measure] : measures_) {
    const MeasureTerms& terms = terms_of(measure.plan.kind);
    const bool is_done = !terms.lasts || terms.undone_by == SetOf<MeasureUndo>{};
    if (!measure.in_force() || is_done || measure.plan.target.group_id != id) {
      continue;  // what is done once is not done to those who come later
    }
    MeasureProposal more;
    more.amends = Amends::members;
    more.amended = number;
    more.case_number = measure.case_number;
    more.alert_ids = measure.alert_ids;
    more.plan.kind = measure.plan.kind;
    more.plan = measure.plan;
    more.plan.target = {};
    for (const std::string& member : members_of(measure.plan.target, measure.case_number)) {
      if (std::ranges::find(measure.account_ids, member) == measure.account_ids.end() &&
          measure.asked_about.insert(member).second) {
        more.plan.target.account_ids.push_back(member);
      }
    }
    if (!more.plan.target.account_ids.empty()) {
      proposals_.push_back(std::move(more));
    }
  }
}

std::vector<GateSubject> Measures::take_gate_changes() {
  const auto changes = std::exchange(gate_changes_, {});
  return {changes.begin(), changes.end()};
}

std::vector<std::uint64_t> Measures::take_changed() {
  const std::vector<std::uint64_t> changed(changed_.begin(), changed_.end());
  changed_.clear();
  for (const std::uint64_t number : changed) {
    ++measures_.at(number).revision;
  }
  return changed;
}

}  // namespace marktwacht
