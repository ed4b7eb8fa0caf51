// What the exchange is told, and what it answers.
#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <string_view>

#include "base/check.h"
#include "market/book_questions.h"
#include "measures/measure_table.h"
#include "measures/measures.h"

namespace marktwacht {
namespace {

std::string job_command_id(const Measure& measure, const MeasureJob& job) {
  return measure_id(measure.number) + "/" + job.account_id + "/" + (job.undoing ? "undo_" : "") +
         job.step + "/" + std::to_string(job.attempt);
}

// Whether a command_id, without its measure and attempt, is this job's. Answers about ten thousand
// accounts look at ten thousand jobs each: no text is made.
bool is_of(std::string_view id, const MeasureJob& job) {
  constexpr std::string_view undo = "undo_";
  if (!id.starts_with(job.account_id) || !id.substr(job.account_id.size()).starts_with('/')) {
    return false;
  }
  id.remove_prefix(job.account_id.size() + 1);
  if (job.undoing) {
    return id.starts_with(undo) && id.substr(undo.size()) == job.step;
  }
  return id == job.step;
}

std::string restrictions_command_id(const GateSubject& subject, const SubjectState& state) {
  return "r/" + std::string(word_of(subject.kind)) + "/" + subject.id + "/" +
         std::to_string(state.revision) + "/" + std::to_string(state.attempt);
}

}  // namespace

Duration Measures::back_off(std::int64_t attempt) const {
  Duration wait = policy_.retry_first;
  for (; attempt > 1 && wait < policy_.retry_most; --attempt) {
    wait = std::min(Duration{wait.ns * 2}, policy_.retry_most);
  }
  return wait;
}

// --- jobs

void Measures::add_jobs(Measure& measure, const ActBy& by) {
  if (terms_of(measure.plan.kind).is_money) {
    return add_money_jobs(measure, by);
  }
  for (const ExchangeJob step : terms_of(measure.plan.kind).jobs.list()) {
    std::set<std::string> have;
    for (const MeasureJob& job : measure.jobs) {
      if (job.step == word_of(step)) {
        have.insert(job.account_id);
      }
    }
    for (const std::string& account : measure.account_ids) {
      if (!have.contains(account)) {
        measure.jobs.push_back(MeasureJob::of(account, word_of(step), by.now));
        send_job(measure, measure.jobs.size() - 1, by);
      }
    }
  }
}

void Measures::send_job(Measure& measure, std::size_t place, const ActBy& by) {
  const MeasureJob& job = measure.jobs[place];
  ExchangeCommand command;
  command.command_id = job_command_id(measure, job);
  command.command = job.step;
  command.account_id = job.account_id;
  command.seq = by.seq;
  command.at = by.now;
  command.measure = measure.number;
  command.kind = word_of(measure.plan.kind);
  command.clause = measure.plan.clause;
  command.text = measure.plan.parameters.text;
  command.deadline = measure.deadline ? measure.deadline : measure.until;
  command.instrument_id = measure.plan.parameters.instrument_id;
  command.entries = job.entries;
  if (job.step == word_of(ExchangeJob::void_trades)) {
    command.trade_ids = measure.plan.trade_ids;
  } else if (job.step == word_of(ExchangeJob::close_positions)) {
    command.plan = liquidation_of(measure, job.account_id);
  }
  commands_.push_back(std::move(command));
  timers_.set(
      {by.now + back_off(job.attempt), EnforcementTimerKind::retry_job, measure.number, place});
}

void Measures::send_restrictions(const GateSubject& subject, SubjectState& state, const ActBy& by) {
  ++state.attempt;
  ExchangeCommand command;
  command.command_id = restrictions_command_id(subject, state);
  command.command = "set_restrictions";
  (subject.kind == SubjectKind::account ? command.account_id : command.instrument_id) = subject.id;
  command.seq = by.seq;
  command.at = by.now;
  command.revision = state.revision;
  command.restrictions = state.restrictions;
  commands_.push_back(std::move(command));
  timers_.stop(subject);
  timers_.set(
      {by.now + back_off(state.attempt), EnforcementTimerKind::retry_restrictions, 0, 0, subject});
}

// --- answers

void Measures::result(const event::CommandResult& event, const ActBy& by) {
  const std::string_view id = event.command_id.view();
  if (id.starts_with("r/")) {
    return restrictions_result(event, by);
  }
  const std::size_t begin = id.find('/'), end = id.rfind('/');
  Measure* measure = find(measure_number(id.substr(0, begin)));
  if (measure == nullptr || begin == end || id.substr(0, begin) != measure_id(measure->number)) {
    return;  // none of ours
  }
  const std::string_view of = id.substr(begin + 1, end - begin - 1);
  const std::size_t jobs = measure->jobs.size();  // one that is undone adds one
  for (std::size_t place = 0; place < jobs; ++place) {
    if (is_of(of, measure->jobs[place])) {
      job_result(*measure, place, event, by);
    }
  }
}

// An answer to any attempt counts, the first good one for ever.
void Measures::job_result(Measure& measure, std::size_t place, const event::CommandResult& event,
                          const ActBy& by) {
  MeasureJob& job = measure.jobs[place];
  if (job.state == MeasureJob::State::applied) {
    return;
  }
  job.detail = event.detail.view();
  if (event.result == CommandOutcome::failed) {
    job.state = MeasureJob::State::failed;
    touch(measure);
    return settle(measure, by);
  }
  job.state = MeasureJob::State::applied;
  const bool one_pair = job.entries.size() == 2;
  if (one_pair && !job.undoing && event.has_amount() &&
      is_less(event.amount, job.entries[1].amount) && !event.amount.negative()) {
    const auto rest = sum_of(job.entries[1].amount, negated(event.amount));
    measure.claims.push_back({job.account_id, job.entries[1].asset, rest.value_or(Decimal{})});
    job.entries[0].amount = negated(event.amount);
    job.entries[1].amount = event.amount;
  }
  post(job);
  touch(measure);
  // Made after all, though nobody wants it any more.
  if (terms_of(measure.plan.kind).is_money && !job.undoing && !measure.in_force()) {
    step(measure, MeasureState::releasing, by, "command_result");
    undo(measure, place, by);
  }
  settle(measure, by);
}

void Measures::restrictions_result(const event::CommandResult& event, const ActBy& by) {
  const GateSubject subject =
      event.has_account_id()
          ? GateSubject{SubjectKind::account, std::string(event.account_id.view())}
          : GateSubject{SubjectKind::instrument, std::string(event.instrument_id.view())};
  const auto found = subjects_.find(subject);
  const auto revision = static_cast<std::uint64_t>(event.revision);
  if (found == subjects_.end() || revision > found->second.revision ||
      revision <= found->second.acknowledged) {
    return;  // none of ours, or an old answer once more
  }
  SubjectState& state = found->second;
  const bool applied = event.result == CommandOutcome::applied;
  if (applied) {
    state.acknowledged = revision;
    state.failed = false;
    state.detail.clear();
  } else {
    state.failed = true;
    state.detail = event.detail.view();
  }
  const auto waiting = awaiting_.find(subject);
  // A copy: who has its answer waits no longer.
  for (const std::uint64_t number :
       waiting == awaiting_.end() ? std::set<std::uint64_t>{} : waiting->second) {
    Measure& measure = measures_.at(number);
    if (measure.awaited.at(subject) > revision) {
      continue;
    }
    if (applied) {
      await_no_more(measure, subject);
      measure.failing.erase(subject);
    } else {
      measure.failing.insert(subject);
    }
    touch(measure);
    settle(measure, by);
  }
}

}  // namespace marktwacht
