// What time does: expiry, deadlines, reviews that nobody made, commands that nobody answered.
#include <algorithm>

#include "measures/measure_table.h"
#include "measures/measures.h"

namespace marktwacht {
namespace {

constexpr Duration reminder_before{24 * 3600 * second.ns};

}  // namespace

bool Measures::fire_next(Time now, std::uint64_t seq) {
  if (!is_due(timers_.next_due(), now)) {
    return false;
  }
  const EnforcementTimer timer = timers_.take_next();
  fire(timer, {timer.due, seq});
  return true;
}

void Measures::set_timers(const Measure& measure) {
  if (measure.until) {
    timers_.set({*measure.until + Duration{1}, EnforcementTimerKind::expiry, measure.number});
  }
  if (measure.deadline) {
    timers_.set({*measure.deadline, EnforcementTimerKind::deadline, measure.number});
    const Time reminder{measure.deadline->ns - reminder_before.ns};
    if (measure.plan.kind == MeasureKind::close_by && reminder > measure.in_force_at) {
      timers_.set({reminder, EnforcementTimerKind::reminder, measure.number});
    }
  }
  if (measure.review_due) {
    timers_.set({*measure.review_due, EnforcementTimerKind::human_review, measure.number});
  }
  expect_answers(measure, measure.in_force_at);
}

// Whenever something new is asked of the exchange.
void Measures::expect_answers(const Measure& measure, Time now) {
  timers_.set({now + policy_.ack_deadline, EnforcementTimerKind::ack_deadline, measure.number});
}

void Measures::fire(const EnforcementTimer& timer, const ActBy& by) {
  if (timer.kind == EnforcementTimerKind::retry_restrictions) {
    SubjectState& state = subjects_[timer.subject];
    if (state.acknowledged < state.revision) {
      send_restrictions(timer.subject, state, by);
    }
    return;
  }
  Measure* measure = find(timer.number);
  if (measure == nullptr) {
    return;
  }
  switch (timer.kind) {
    case EnforcementTimerKind::expiry:
      if (measure->in_force()) {
        end(*measure, MeasureState::expired, by, "expiry");
      }
      return;
    case EnforcementTimerKind::deadline:
      return deadline_passed(*measure, by);
    case EnforcementTimerKind::reminder:
      for (const std::string& account : measure->account_ids) {
        measure->jobs.push_back(MeasureJob::of(account, "reminder", by.now));
        send_job(*measure, measure->jobs.size() - 1, by);
      }
      expect_answers(*measure, by.now);
      return settle(*measure, by);
    case EnforcementTimerKind::human_review:
      if (measure->in_force() && measure->review_due) {
        measure->overdue = true;
        step(*measure, measure->state, by, "review_overdue");
      }
      return;
    case EnforcementTimerKind::ack_deadline:
      return acknowledge_late(*measure, by);
    case EnforcementTimerKind::retry_job:
      if (timer.sub < measure->jobs.size() && measure->wants(measure->jobs[timer.sub])) {
        ++measure->jobs[timer.sub].attempt;
        send_job(*measure, timer.sub, by);
      }
      return;
    case EnforcementTimerKind::retry_restrictions:
      return;
  }
}

// Silence past the deadline goes to a person: the page "no limbo" lists it.
void Measures::acknowledge_late(Measure& measure, const ActBy& by) {
  const bool waits =
      !measure.awaited.empty() || std::ranges::any_of(measure.jobs, [](const MeasureJob& job) {
        return job.state != MeasureJob::State::applied;
      });
  if ((measure.in_force() || measure.ending()) && waits) {
    measure.unanswered = true;
    step(measure, measure.state, by, "unanswered");
  }
}

void Measures::deadline_passed(Measure& measure, const ActBy& by) {
  if (!measure.in_force()) {
    return;
  }
  measure.overdue = true;
  step(measure, measure.state, by, "deadline");
  propose_followed_by(measure, std::nullopt);
}

// What the table says comes next, for the accounts that it holds, not those that its group has by
// now: of close_by, liquidate.
void Measures::propose_followed_by(const Measure& measure, std::optional<Duration> deadline) {
  const auto next = terms_of(measure.plan.kind).followed_by;
  if (!next) {
    return;
  }
  MeasureProposal proposal;
  proposal.plan = measure.plan;
  proposal.plan.kind = *next;
  proposal.plan.until.reset();
  proposal.plan.duration.reset();
  proposal.plan.deadline = deadline;
  if (!measure.plan.target.instrument_id.empty()) {  // of an instrument: whoever holds it
    proposal.plan.parameters.instrument_id = measure.plan.target.instrument_id;
    proposal.plan.target = {};
    proposal.plan.target.account_ids = holders_of(measure.plan.target.instrument_id);
    if (proposal.plan.target.account_ids.empty()) {
      return;
    }
  }
  if (!measure.plan.target.group_id.empty()) {
    proposal.plan.target = {};
    proposal.plan.target.account_ids = measure.account_ids;
  }
  proposal.case_number = measure.case_number;
  proposal.alert_ids = measure.alert_ids;
  proposals_.push_back(std::move(proposal));
}

// --- what accounts do

void Measures::report(const event::Report& event, const ActBy& by) {
  Measure* measure = find(measure_number(event.measure_id.view()));
  if (measure == nullptr || !measure->in_force() ||
      measure->plan.kind != MeasureKind::require_report ||
      std::ranges::find(measure->account_ids, event.account_id.view()) ==
          measure->account_ids.end()) {
    return;
  }
  measure->report_text = event.text.view();
  end(*measure, MeasureState::released, by, "report");
}

void Measures::appeal(const event::Appeal& event, const ActBy& by) {
  Measure* measure = find(measure_number(event.measure_id.view()));
  const auto is_about = [&](const Measure& of) {
    return std::ranges::find(of.account_ids, event.account_id.view()) != of.account_ids.end();
  };
  if (measure == nullptr || !measure->in_force() || !is_about(*measure)) {
    return;
  }
  measure->appealed = true;
  measure->appeal_text = event.text.view();
  measure->appeal_outcome.clear();
  step(*measure, measure->state, by, "appeal");
}

bool Measures::level_is_there(const Measure& measure) const {
  return std::ranges::all_of(measure.account_ids, [&](const std::string& id) {
    const AccountIndex account = market_.directory().find_account(make_text(id));
    return account.exists() && market_.directory().account(account).kyc_level.value_or(0) >=
                                   measure.plan.parameters.kyc_level;
  });
}

void Measures::level_reached(std::string_view account_id, std::int64_t kyc_level, const ActBy& by) {
  const GateSubject subject{SubjectKind::account, std::string(account_id)};
  const auto found = subjects_.find(subject);
  if (found == subjects_.end()) {
    return;
  }
  const std::set<std::uint64_t> numbers = found->second.measures;
  for (const std::uint64_t number : numbers) {
    Measure& measure = measures_.at(number);
    if (measure.plan.kind == MeasureKind::require_kyc && measure.in_force() &&
        kyc_level >= measure.plan.parameters.kyc_level && level_is_there(measure)) {
      end(measure, MeasureState::released, by, "level");
    }
  }
}

}  // namespace marktwacht
