// What holds, and until when.
#include "measures/measures.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "measures/measure_table.h"

namespace marktwacht {

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
  measure.account_ids = members_of(plan.target, measure.case_number);
  measure.subjects = subjects_of(plan, measure.account_ids);
  if (!plan.target.group_id.empty()) {
    by_group_[plan.target.group_id].insert(measure.number);
  }
  step(measure, MeasureState::applying, by, "take_effect");
  if (plan.kind == MeasureKind::require_kyc && level_is_there(measure)) {
    return end(measure, MeasureState::released, by, "level");  // no later event would end it
  }
  restrict_subjects(measure, by);  // first the gate, so that nothing new comes while they obey
  add_jobs(measure, by);
  set_timers(measure);
  if (plan.kind == MeasureKind::require_report) {
    cases_.wait_for_report(cases_.standing(measure.case_number), true);
  }
  settle(measure, by);
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
    await_nothing(measure);
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
  timers_.stop(measure.number);
  if (const auto aimed = by_group_.find(measure.plan.target.group_id);
      aimed != by_group_.end() && aimed->second.erase(measure.number) > 0 &&
      aimed->second.empty()) {
    by_group_.erase(aimed);
  }
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
    cases_.wait_for_report(cases_.standing(measure.case_number), false);
  }
  expect_answers(measure, by.now);
  settle(measure, by);
}

void Measures::release_again(Measure& measure, const ActBy& by) {
  measure.failing.clear();
  measure.unanswered = false;
  timers_.stop(measure.number);
  step(measure, MeasureState::releasing, by, "lift");
  for (const auto& [subject, revision] : measure.awaited) {
    send_restrictions(subject, subjects_.at(subject), by);
  }
  for (std::size_t place = 0; place < measure.jobs.size(); ++place) {
    MeasureJob& job = measure.jobs[place];
    if (job.state != MeasureJob::State::applied) {
      job.state = MeasureJob::State::waiting;
      ++job.attempt;
      send_job(measure, place, by);
    }
  }
  expect_answers(measure, by.now);
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
    case Amends::members:
      return join(base, members_of(amendment.plan.target, base.case_number), by);
    case Amends::nothing:
      return;
  }
}

// With their own devices and addresses, where the kind holds those; what it holds already it keeps.
void Measures::join(Measure& measure, const std::vector<std::string>& members, const ActBy& by) {
  const auto unite = [](auto& to, const auto& more) {
    const auto before = std::move(to);
    to.clear();
    std::ranges::set_union(before, more, std::back_inserter(to));
  };
  unite(measure.account_ids, members);
  unite(measure.subjects, subjects_of(measure.plan, measure.account_ids));
  step(measure, MeasureState::applying, by, "members");
  restrict_subjects(measure, by);
  add_jobs(measure, by);
  expect_answers(measure, by.now);
  settle(measure, by);
}

void Measures::set_until(Measure& measure, std::optional<Time> until, const ActBy& by) {
  measure.until = until;
  timers_.stop(measure.number, EnforcementTimerKind::expiry);
  if (until) {
    timers_.set({*until + Duration{1}, EnforcementTimerKind::expiry, measure.number});
  }
  step(measure, measure.state, by, "until");
  restrict_subjects(measure, by);
  expect_answers(measure, by.now);
  settle(measure, by);
}

void Measures::set_amount(Measure& measure, const Decimal& amount, const ActBy& by) {
  measure.plan.parameters.amount = amount;
  step(measure, measure.state, by, "set_amount");
  if (measure.in_force()) {
    restrict_subjects(measure, by);
    expect_answers(measure, by.now);
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
  std::set<std::uint64_t> numbers;  // aimed at it, by any of its names
  const auto add = [&](GroupIndex name) {
    if (const auto aimed = by_group_.find(market_.group_id(name)); aimed != by_group_.end()) {
      numbers.insert(aimed->second.begin(), aimed->second.end());
    }
  };
  add(group);
  std::ranges::for_each(market_.groups().aliases(group), add);
  for (const std::uint64_t number : numbers) {
    Measure& measure = measures_.at(number);
    const MeasureTerms& terms = terms_of(measure.plan.kind);
    const bool is_done = !terms.lasts || terms.undone_by == SetOf<MeasureUndo>{};
    if (!measure.in_force() || is_done) {
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
