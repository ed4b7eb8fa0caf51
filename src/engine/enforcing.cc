// How records reach enforcement: those made here as they are made, those of a journal as they come.
// In both cases it sees the same in the same order.
#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/engine.h"

namespace marktwacht {

// In a replay, time passes here as it had when the alert was made.
bool Engine::take_alert_record(const event::Alert& record, Time ts, Step& step) {
  step.outcome = Step::Outcome::recorded;
  recorded_.came(record.body.view());
  if (!replays_) {
    return true;
  }
  auto alert = read_alert(record.body.view());
  if (!alert || !clock_) {
    step.outcome = Step::Outcome::rejected;
    step.fault = {RejectReason::bad_value, "body"};
    return true;
  }
  advance(std::max(*clock_, ts));
  alert->at = ts;
  alert->seq = step.seq;
  enforce_alert(*alert, record.is_rule);
  return true;
}

bool Engine::take_proposal_record(const event::Proposal& record, Time ts, Step& step) {
  step.outcome = Step::Outcome::recorded;
  std::string line(record.case_id.view());
  line += record.measure.view();
  recorded_proposals_.came(line);
  if (!replays_) {
    return true;
  }
  pass_time(ts);
  ++last_seq_;  // as it took one when it was made
  record_seq_ = step.seq;
  if (const auto taken =
          enforcement_.take_proposal(record.measure.view(), record.case_id.view(), ts, step.seq);
      !taken) {
    step.outcome = Step::Outcome::rejected;
    step.fault = {RejectReason::bad_value, "measure"};
  }
  gather(ts);
  return true;
}

void Engine::take_found(Alert alert) {
  alerts_made_.clear();
  baselines_made_.clear();
  proposals_made_.clear();
  enforced_.clear();
  enforced_alerts_ = 0;
  advance(clock_ ? std::max(*clock_, alert.at) : alert.at);
  alert.at = *clock_;
  alert.seq = ++last_seq_;
  if (recorded_.expected()) {
    recorded_.made(recorded_form(alert));
  }
  alerts_made_.push_back(std::move(alert));
  enforce_alerts();
}

// What is due for enforcement runs, time by time: what comes of one is recorded before the next.
void Engine::pass_time(Time now) {
  for (auto due = enforcement_.next_due(); due && *due <= now; due = enforcement_.next_due()) {
    enforcement_.advance(*due, record_seq_);
    gather(*due);
    record_drafts();
  }
}

// The alerts made since, in their order, and then what comes of them: so they have their seqs.
void Engine::enforce_alerts() {
  for (; enforced_alerts_ < alerts_made_.size(); ++enforced_alerts_) {
    if (!replays_) {
      const Alert alert = alerts_made_[enforced_alerts_];
      enforce_alert(alert, alert.source->is_rule);
    }
  }
  record_drafts();
}

void Engine::enforce_alert(const Alert& alert, bool is_rule) {
  record_seq_ = alert.seq;
  for (auto due = enforcement_.next_due(); due && *due <= alert.at; due = enforcement_.next_due()) {
    enforcement_.advance(*due, record_seq_);
    gather(*due);
  }
  enforcement_.take(alert, is_rule, {alert.at, alert.seq, day_});
  gather(alert.at);
}

void Engine::enforce(const Event& event, const Moment& moment) {
  const Moment at{moment.now, record_seq_, moment.day};
  if (!group_changes_.empty()) {
    enforcement_.groups_changed(std::exchange(group_changes_, {}), at);
  }
  if (Enforcement::concerns(event.type) || enforcement_.day() != day_) {
    enforcement_.take(event, at);
  }
}

// Takes over what one record, or time, brought about.
void Engine::gather(Time at) {
  if (!enforcement_.has_enforced()) {
    return;
  }
  Enforced made = enforcement_.take_enforced();
  for (const std::uint64_t number : made.cases) {
    write_case(*enforcement_.cases().find(number), enforced_.cases.emplace_back(record_seq_).text);
  }
  for (const std::uint64_t number : made.measures) {
    write_measure(*enforcement_.measures().find(number),
                  enforced_.measures.emplace_back(record_seq_).text);
  }
  for (const DecisionOutcome& outcome : made.decisions) {
    write_outcome(outcome, enforced_.decisions.emplace_back(record_seq_).text);
  }
  std::ranges::move(made.commands, std::back_inserter(enforced_.commands));
  std::ranges::move(made.gate, std::back_inserter(enforced_.gate));
  for (MeasureProposal& proposal : made.proposals) {
    drafts_.push_back({std::move(proposal), at});
  }
}

// What policy proposes becomes records of its own; in a replay the journal has them.
void Engine::record_drafts() {
  while (!drafts_.empty()) {
    for (const Draft& draft : std::exchange(drafts_, {})) {
      ProposalMade made;
      made.case_id = case_id(draft.proposal.case_number);
      write_proposal(draft.proposal, made.measure);
      if (replays_) {
        recorded_proposals_.made(made.case_id + made.measure);
        continue;
      }
      made.seq = record_seq_ = ++last_seq_;
      made.at = draft.at;
      check(enforcement_.take_proposal(made.measure, made.case_id, draft.at, made.seq).has_value(),
            "what policy proposes can be read");
      proposals_made_.push_back(std::move(made));
      gather(draft.at);
    }
  }
}

}  // namespace marktwacht
