// How records reach enforcement: those made here as they are made, those of a journal as they come.
// In both cases it sees the same in the same order.
#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/engine.h"

namespace marktwacht {
namespace {

std::string text_of(const MeasureProposal& proposal) {
  std::string text = case_id(proposal.case_number);
  write_proposal(proposal, text);
  return text;
}

}  // namespace

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
  enforce_alerts();  // those that it has just made
  if (!awaited_.empty()) {
    awaited_.pop_front();
  }
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
  if (clock_) {
    advance(std::max(*clock_, ts));
    enforce_alerts();  // those that it has just made
  }
  pass_time(ts);
  if (!drafts_.empty()) {
    drafts_.erase(drafts_.begin());
  }
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
  forget_made();
  advance(clock_ ? std::max(*clock_, alert.at) : alert.at);
  alert.at = *clock_;
  alert.seq = ++last_seq_;
  if (recorded_.expected()) {
    recorded_.made(recorded_form(alert));
  }
  has_made_ = true;
  alerts_made_.push_back(std::move(alert));
  enforce_alerts();
}

// What the step before made has been taken.
void Engine::forget_made() {
  has_made_ = false;
  alerts_made_.clear();
  baselines_made_.clear();
  proposals_made_.clear();
  enforced_.clear();
  enforced_alerts_ = 0;
}

// What is due for enforcement runs, time by time: what comes of one is recorded before the next.
void Engine::enforce_due(Time now) {
  for (Time due = enforcement_.next_due(); is_due(due, now); due = enforcement_.next_due()) {
    enforcement_.advance(due, record_seq_);
    gather(due);
    record_drafts();
  }
}

// The alerts made since, in their order, and then what comes of them: so they have their seqs.
void Engine::enforce_alerts() {
  for (; enforced_alerts_ < alerts_made_.size(); ++enforced_alerts_) {
    const Alert alert = alerts_made_[enforced_alerts_];
    if (replays_) {
      awaited_.push_back(alert);
    } else {
      enforce_alert(alert, alert.source->is_rule);
    }
  }
  record_drafts();
}

// What this version finds and proposes and the journal does not hold by the next event got no
// record then, and gets none now.
void Engine::forget_unrecorded() {
  awaited_.clear();
  drafts_.clear();
  days_stated_ = 0;
}

void Engine::go_live() {
  forget_made();
  if (days_stated_ > 0 && clock_) {  // the day whose end they tell ends here too
    advance(std::max(*clock_, days_stated_at_));
    enforce_alerts();
    const auto stated = std::min(days_stated_, baselines_made_.size());
    baselines_made_.erase(baselines_made_.begin(),
                          baselines_made_.begin() + static_cast<std::ptrdiff_t>(stated));
  }
  replays_ = false;
  recorded_ = recorded_proposals_ = {};
  has_made_ = true;
  alerts_made_.assign(awaited_.begin(), awaited_.end());
  awaited_.clear();
  last_seq_ = journal_seq_ == 0 ? last_seq_ : journal_seq_;  // none came behind a snapshot
  for (BaselinesMade& day : baselines_made_) {
    day.seq = ++last_seq_;
  }
  for (Alert& alert : alerts_made_) {
    alert.seq = ++last_seq_;
  }
  enforced_alerts_ = 0;
  enforce_alerts();
}

void Engine::enforce_alert(const Alert& alert, bool is_rule) {
  record_seq_ = alert.seq;
  for (Time due = enforcement_.next_due(); is_due(due, alert.at); due = enforcement_.next_due()) {
    enforcement_.advance(due, record_seq_);
    gather(due);
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
  has_made_ = true;
  Enforced made = enforcement_.take_enforced();
  for (const std::uint64_t number : made.cases) {
    auto& revision = enforced_.cases.emplace_back(record_seq_, number);
    if (writes_revisions_) {
      write_case(*enforcement_.cases().find(number), revision.text);
    }
  }
  for (const std::uint64_t number : made.measures) {
    auto& revision = enforced_.measures.emplace_back(record_seq_, number);
    if (writes_revisions_) {
      write_measure(*enforcement_.measures().find(number), revision.text);
    }
  }
  for (const DecisionOutcome& outcome : made.decisions) {
    write_outcome(outcome, enforced_.decisions.emplace_back(record_seq_).text);
  }
  std::ranges::move(made.commands, std::back_inserter(enforced_.commands));
  std::ranges::move(made.gate, std::back_inserter(enforced_.gate));
  for (MeasureProposal& proposal : made.proposals) {
    // Two alerts of one moment: what the first led to is not proposed once more.
    const bool drafted = std::ranges::any_of(drafts_, [&](const Draft& draft) {
      return !proposal.row.empty() && draft.proposal.row == proposal.row &&
             draft.proposal.case_number == proposal.case_number &&
             draft.proposal.plan.kind == proposal.plan.kind;
    });
    if (!drafted) {
      drafts_.push_back({std::move(proposal), at});
    }
    if (!drafted && replays_) {
      recorded_proposals_.made(text_of(drafts_.back().proposal));
    }
  }
}

// What policy proposes becomes records of its own; in a replay the journal has them.
void Engine::record_drafts() {
  while (!replays_ && !drafts_.empty()) {
    for (const Draft& draft : std::exchange(drafts_, {})) {
      ProposalMade made;
      made.case_id = case_id(draft.proposal.case_number);
      write_proposal(draft.proposal, made.measure);
      made.seq = record_seq_ = ++last_seq_;
      made.at = draft.at;
      check(enforcement_.take_proposal(made.measure, made.case_id, draft.at, made.seq).has_value(),
            "what policy proposes can be read");
      has_made_ = true;
      proposals_made_.push_back(std::move(made));
      gather(draft.at);
    }
  }
}

}  // namespace marktwacht
