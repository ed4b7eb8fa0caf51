// One step: time, timers, market.
#include "engine/engine.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "events/config_names.h"
#include "findings/shadow.h"
#include "rules/link_table_reader.h"

namespace marktwacht {
namespace {

// Lines that describe the venue do not start the clock: they may be older than the market's day.
bool starts_clock(EventType type) {
  switch (type) {
    case EventType::asset:
    case EventType::instrument:
    case EventType::account:
    case EventType::control_group:
    case EventType::exemption:
    case EventType::address_label:
    case EventType::program:
    case EventType::config:
      return false;
    default:
      return true;
  }
}

std::uint64_t key_of(AccountIndex account, InstrumentIndex instrument) {
  return static_cast<std::uint64_t>(account.value) << 32 | instrument.value;
}

}  // namespace

Engine::Engine(const EngineConfig& config) : config_(config) {
  check(config.trading_day_start >= Duration{0} && config.trading_day_start < marktwacht::day,
        "0 <= trading_day_start < 24 h");
}

std::int64_t Engine::day_of(Time time) const {
  const std::int64_t since = time.ns - config_.trading_day_start.ns;
  return since / marktwacht::day.ns - (since % marktwacht::day.ns < 0 ? 1 : 0);
}

void Engine::listen(const Listening& listening) {
  listening_ = listening;
  Listening all = rules_.listening();
  for (const Listening& more : {detectors_.listening(), listening}) {
    all.fill |= more.fill;
    all.withdrawn |= more.withdrawn;
    all.order_closed |= more.order_closed;
    all.message |= more.message;
    all.order_touched |= more.order_touched;
    all.tape |= more.tape;
    all.owned |= more.owned;
    all.lockstep |= more.lockstep;
  }
  market_.listen(all);
}

Step Engine::step(const Event& event, std::uint64_t journal_seq) {
  const Whom* whom = std::exchange(whom_now_, nullptr);
  whom = whom != nullptr && whom->event == &event ? whom : nullptr;
  if (has_made_) {
    forget_made();
  }
  Step step;
  step.seq = journal_seq;
  journal_seq_ = std::max(journal_seq_, journal_seq);
  step.now = clock_ ? std::max(*clock_, event.ts) : event.ts;
  step.late = event.ts < step.now;
  if (market_.feeds().place(event) == Feeds::Place::repeated) {
    step.outcome = Step::Outcome::repeated;
    return step;
  }
  if (may_be_record(event.type) && take_record(event, step)) {
    return step;
  }
  auto fault = market_.prepare(event, whom);
  if (!fault && event.type == EventType::config) {
    fault = config_fault(as<event::Config>(event));
  }
  if (fault) {
    step.outcome = Step::Outcome::rejected;
    step.fault = *fault;
    return step;
  }
  if (clock_ || starts_clock(event.type)) {
    advance(step.now);
  }
  if (has_made_ || !drafts_.empty()) {
    enforce_alerts();
  }
  pass_time(step.now);
  if (replays_) {
    forget_unrecorded();
  }
  step.seq = ++last_seq_;
  record_seq_ = replays_ ? journal_seq : step.seq;
  apply(event, step);
  return step;
}

// An event that was found sound, at its time.
void Engine::apply(const Event& event, const Step& step) {
  const Moment moment{step.now, step.seq, day_};
  market_.commit(event, moment);
  if (event.type == EventType::exemption) {
    set_timer(as<event::Exemption>(event));
  } else if (event.type == EventType::config) {
    take_config(as<event::Config>(event), moment);
  }
  if (market_.has_group_changes()) {
    pass_on_groups(moment);
  }
  const bool enforces = concerns_enforcement(event.type);
  if (enforces) {
    enforce(event, moment);
  }
  rules_.take(event, moment);
  detectors_.take(event, moment);
  if (event.type == EventType::decision) {
    obey(as<event::Decision>(event), moment);
  }
  if (enforces) {
    gather(step.now);
  }
  if (has_findings()) {
    settle(step.now);
  }
  if (has_made_ || !drafts_.empty()) {
    enforce_alerts();
  }
}

void Engine::pass_on_groups(const Moment& moment) {
  const auto changes = market_.take_group_changes();
  rules_.groups_changed(changes, moment);
  detectors_.groups_changed(moment);
  group_changes_.insert(group_changes_.end(), changes.begin(), changes.end());
}

// A record of an engine's own takes no seq here: the one made here does.
bool Engine::take_record(const Event& event, Step& step) {
  if (event.type == EventType::alert) {
    return take_alert_record(as<event::Alert>(event), event.ts, step);
  }
  if (event.type == EventType::proposal) {
    return take_proposal_record(as<event::Proposal>(event), event.ts, step);
  }
  if (!is_config(event, baselines_config)) {
    return false;
  }
  const bool sound = rules_.expect_baselines(as<event::Config>(event).text.view(), event.ts);
  days_stated_ += sound ? 1 : 0;
  days_stated_at_ = event.ts;
  step.outcome = sound ? Step::Outcome::recorded : Step::Outcome::rejected;
  step.fault = sound ? Fault{} : Fault{RejectReason::bad_value, "text"};
  return true;
}

std::optional<Fault> Engine::config_fault(const event::Config& event) {
  if (event.name.view() == links_config) {
    return link_table_fault(event.text.view());
  }
  if (event.name.view() != rulebook_config) {
    config_errors_.clear();
    for (PolicyError& error : enforcement_.config_faults(event.name.view(), event.text.view())) {
      config_errors_.push_back({error.line, "", std::move(error.what)});
    }
    return config_errors_.empty() ? std::nullopt
                                  : std::optional(Fault{RejectReason::bad_value, "text"});
  }
  auto checked = rules_.check(event.text.view());
  if (!checked) {
    config_errors_ = std::move(checked.error());
    return Fault{RejectReason::bad_value, "text"};
  }
  config_errors_.clear();
  checked_ = *std::move(checked);
  return std::nullopt;
}

std::optional<Fault> Engine::link_table_fault(std::string_view text) {
  config_errors_.clear();
  auto read = read_link_table(text);
  if (!read) {
    for (LinkTableError& error : read.error()) {
      config_errors_.push_back({error.line, "", std::move(error.what)});
    }
    return Fault{RejectReason::bad_value, "text"};
  }
  checked_table_ = *read;
  return std::nullopt;
}

void Engine::take_config(const event::Config& event, const Moment& moment) {
  if (event.name.view() == links_config) {
    market_.set_link_table(checked_table_, moment);
  }
  if (event.name.view() == rulebook_config) {
    put_in_force(event.text.view());
  }
}

// Findings become alerts; those that opened are heard by rules and detectors, which may find more.
void Engine::settle(Time now) {
  while (has_findings()) {
    for (const Finding& finding : rules_.take_findings()) {
      take_finding(finding, now);
    }
    for (const Finding& finding : detectors_.take_findings()) {
      take_finding(finding, now);
    }
  }
}

void Engine::take_finding(const Finding& finding, Time now) {
  if (alerts_.settled(finding)) {
    return;
  }
  has_made_ = true;
  const Alert& alert = alerts_made_.emplace_back(alerts_.take(finding, market_, now, ++last_seq_));
  if (recorded_.expected()) {
    recorded_.made(recorded_form(alert));
  }
  // Nothing in force builds on what is in shadow.
  if (alert.revision == 1 && !is_shadow(finding.source->rulebook_id)) {
    const AlertOpened opened{
        {finding.source->detector, finding.source->rulebook_id, finding.source->clause,
         finding.source->severity, finding.source->maturity, alert.score},
        finding.accounts,
        finding.instrument,
        now,
        alert.seq};
    rules_.hear(opened);
    detectors_.hear(opened, day_);
  }
}

void Engine::close() {
  forget_made();
  if (clock_) {
    rules_.close(*clock_);
    detectors_.close();
    settle(*clock_);
    enforce_alerts();
  }
}

// Moves the clock; what is due on the way happens first. Enforcement sees each moment's alerts once
// all of that moment has happened, and before anything later does: as in a replay, which stops at
// their records.
void Engine::advance(Time now) {
  if (!clock_) {
    start_day(day_of(now));
  }
  for (Time due = next_due(); is_due(due, now); due = next_due()) {
    if (clock_ && due > *clock_) {
      enforce_until(due);
    }
    clock_ = clock_ ? std::max(*clock_, due) : due;
    fire_next(due);
    if (has_findings()) {
      settle(*clock_);
    }
  }
  if (clock_ && now > *clock_) {
    enforce_until(now);
  }
  clock_ = now;
}

// Asked before each event.
Time Engine::next_due() const {
  return std::min(
      {timers_.next_due(), market_.evidence_due(), rules_.next_due(), detectors_.next_due()});
}

// The engine's own first, then evidence that expires, then those of rules, then those of detectors.
void Engine::fire_next(Time due) {
  if (const auto timer = timers_.take_due(due)) {
    fire(*timer);
  } else if (market_.evidence_due() <= due) {
    market_.expire_evidence(due, last_seq_);
    if (market_.has_group_changes()) {
      pass_on_groups({*clock_, last_seq_, day_});
    }
  } else if (rules_.next_due() <= due) {
    rules_.fire(due);
  } else {
    detectors_.fire(due, day_);
  }
}

void Engine::fire(const DueTimer& timer) {
  switch (timer.kind) {
    case TimerKind::day_start:
      start_day(static_cast<std::int64_t>(timer.key));
      break;
    case TimerKind::exemption_end:
      market_.expire_exemption(AccountIndex{static_cast<std::uint32_t>(timer.key >> 32)},
                               InstrumentIndex{static_cast<std::uint32_t>(timer.key)}, timer.due);
      break;
  }
}

void Engine::start_day(std::int64_t day) {
  day_ = day;
  const Time start{day * marktwacht::day.ns + config_.trading_day_start.ns};
  for (std::string& text : rules_.start_day(start)) {
    has_made_ = true;
    baselines_made_.push_back({std::move(text), start, ++last_seq_});
  }
  const Int128 next = Int128{day + 1} * marktwacht::day.ns + config_.trading_day_start.ns;
  if (next <= std::numeric_limits<std::int64_t>::max()) {  // else time itself ends before
    timers_.set({Time{static_cast<std::int64_t>(next)}, TimerKind::day_start,
                 static_cast<std::uint64_t>(day + 1)});
  }
}

void Engine::set_timer(const event::Exemption& event) {
  const Directory& directory = market_.directory();
  const InstrumentIndex instrument = event.has_instrument_id()
                                         ? directory.find_instrument(event.instrument_id)
                                         : InstrumentIndex::none();
  timers_.set({event.until_ts, TimerKind::exemption_end,
               key_of(directory.find_account(event.account_id), instrument)});
}

}  // namespace marktwacht
