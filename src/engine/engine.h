// The engine: all state is a pure function of the events so far. No clock, no random, no I/O.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alerts.h"
#include "base/sha256.h"
#include "detectors/detectors.h"
#include "engine/recorded_lines.h"
#include "engine/timers.h"
#include "events/batch.h"
#include "market/market.h"
#include "measures/enforcement.h"
#include "rules/rules.h"

namespace marktwacht {

struct EngineConfig {
  // When the trading day starts, after 00:00 UTC; 0 <= trading_day_start < 24 h.
  Duration trading_day_start{0};
};

// What became of one event.
struct Step {
  enum class Outcome : std::uint8_t {
    accepted,  // applied; has a seq
    repeated,  // its source_seq was seen before: dropped
    rejected,  // `fault` says why; no state changed
    recorded,  // a record of the engine's own in a journal: compared with what it makes now
  };
  Outcome outcome{};
  Fault fault;
  std::uint64_t seq = 0;  // of an accepted event, from 1
  Time now;               // the time it was applied at
  bool late = false;      // its own ts was older than the clock
};

// What a closed day has taught: the text of a `config` event named "baselines".
struct BaselinesMade {
  std::string text;
  Time at;                // the day's end
  std::uint64_t seq = 0;  // that its record has in the journal
};

// What policy proposes: a `proposal` record.
struct ProposalMade {
  std::uint64_t seq = 0;  // its record's; its measure is "m-" and this
  Time at;
  std::string case_id, measure;  // `measure`: JSON
};

// What enforcement brought about, in the order of the records that caused it.
struct EnforcementOutput {
  struct Line {
    std::uint64_t seq = 0;  // of the record
    std::string text;       // JSON, without a line end
  };
  struct Revision {
    std::uint64_t seq = 0;     // of the record
    std::uint64_t number = 0;  // of the case or measure, as enforcement() knows it
    std::string text;          // as it was then: JSON, without a line end; see write_revisions
  };
  std::vector<Revision> cases, measures;
  std::vector<Line> decisions;
  std::vector<ExchangeCommand> commands;  // for the exchange
  std::vector<SubjectRestrictions> gate;  // for the gate

  // Most steps bring nothing about.
  void clear() {
    if (!cases.empty() || !measures.empty() || !decisions.empty() || !commands.empty() ||
        !gate.empty()) {
      *this = {};
    }
  }
};

// One thread owns it.
class Engine {
 public:
  explicit Engine(const EngineConfig& config = {});

  // Takes the next event; `journal_seq` is its record's where it comes from a journal. Timers due
  // at or before its time run first. A `config` event named "rulebook" puts a rulebook in force,
  // one named "links" a table of weights; one with errors is rejected, and `config_errors` has
  // them. One named "baselines" is a record of an engine's own: what it states is in force once
  // that day has ended here.
  Step step(const Event& event, std::uint64_t journal_seq = 0);
  // Looks ahead before the step of event `at` of a batch of `size`: of each in turn, from 0 on;
  // `event_at(i)` points to the i-th or is nullptr. Changes nothing but the time that steps take.
  template <class EventAt>
  void look_ahead(std::size_t at, std::size_t size, EventAt&& event_at);
  // How far ahead of that what `event_at` reads is best fetched.
  static constexpr std::size_t items_ahead = 32;
  // Takes an alert as if it had been found here, at its time: what other surveillance found, or a
  // test tells. `alert.seq` is not looked at.
  void take_found(Alert alert);
  // The end of the input: windows close, and open alerts get their last revision.
  void close();

  // The revisions that the last step or `close` made, in order. Each is a record of the journal and
  // has taken a seq: those below the step's own seq come before the event, the others after it.
  const std::vector<Alert>& alerts() const { return alerts_made_; }
  // Likewise what the days that ended in the last step have taught.
  const std::vector<BaselinesMade>& baselines() const { return baselines_made_; }
  // What was wrong with the last rejected rulebook.
  const std::vector<RulebookError>& config_errors() const { return config_errors_; }
  const Rules& rules() const { return rules_; }
  const Detectors& detectors() const { return detectors_; }
  // Likewise what policy proposes.
  const std::vector<ProposalMade>& proposals() const { return proposals_made_; }
  // What the last step or `close` did to cases and measures. None of it may leave before the record
  // that caused it is durable.
  const EnforcementOutput& enforced() const { return enforced_; }
  // Whether each revision of a case or measure is written as it was then. Not to begin with: one
  // of ten thousand accounts has as many revisions as answers, each of a megabyte. Who looks at
  // many steps at once writes what it then is from enforcement().
  void write_revisions(bool each) { writes_revisions_ = each; }
  const Enforcement& enforcement() const { return enforcement_; }

  // Alert and proposal records that came in, against those made here.
  const RecordedLines& recorded() const { return recorded_; }
  const RecordedLines& recorded_proposals() const { return recorded_proposals_; }
  // A journal's records will come in: those made here wait for theirs.
  void expect_records() { recorded_.expect(); }
  // The journal was written by an engine: enforcement reads what it recorded, not what is found
  // now, so that another version of surveillance changes no case and no measure.
  void replay() {
    replays_ = true;
    recorded_proposals_.expect();
  }
  // The journal is at its end: what is found and proposed from here on is recorded. alerts(),
  // baselines() and proposals() have what its last record led to and it does not hold, because the
  // process stopped in between.
  void go_live();

  const Market& market() const { return market_; }
  // Derives these too, whatever the rules need.
  void listen(const Listening& listening);
  // The largest ts taken; nothing before the first event that moves it.
  std::optional<Time> clock() const { return clock_; }
  // Of the last accepted event; 0 when there is none.
  std::uint64_t last_seq() const { return last_seq_; }
  // Of the trading day that the clock is in.
  std::int64_t day() const { return day_; }

  // The whole state: equal states write equal bytes, whatever way led there. `restore` into a fresh
  // engine with the same config; an error says what is wrong with the bytes.
  std::string snapshot() const;
  std::expected<void, std::string> restore(std::string_view snapshot);
  // One as the snapshot's was, its config too. Never nullptr.
  static std::expected<std::unique_ptr<Engine>, std::string> restored(std::string_view snapshot);
  // SHA-256 over the snapshot.
  Digest state_hash() const;

 private:
  // An event some events before its step, and how many before each look at it is taken: what lies
  // between them is longer than memory takes to come. The first is at its own bytes: another core
  // has just written them.
  struct Coming {
    Whom whom;
    RowsComing rows;
  };
  static constexpr std::size_t bytes_ahead = 20, names_ahead = 15, found_ahead = 12,
                               places_ahead = 9, rows_ahead = 6, behind_rows_ahead = 3;
  static constexpr std::size_t login_looks[] = {3, 1};  // and further ones at logins
  static void look_at_bytes(const Event* event);
  void look_at_names(const Event* event, Coming& coming);
  void look_at_places(Coming& coming);
  void look_at_rows(Coming& coming);
  void look_behind_rows(Coming& coming);
  void look_at_logins(std::size_t at, std::size_t size);
  Coming& coming(std::size_t at) { return coming_[at % coming_.size()]; }

  void apply(const Event& event, const Step& step);
  // What most events have nothing of is asked about here, and done elsewhere.
  bool has_findings() const { return rules_.has_findings() || detectors_.has_findings(); }
  bool concerns_enforcement(EventType type) const {
    return Enforcement::concerns(type) || !group_changes_.empty() || enforcement_.day() != day_;
  }
  static bool may_be_record(EventType type) {
    return type == EventType::alert || type == EventType::proposal || type == EventType::config;
  }
  void advance(Time now);
  Time next_due() const;
  void fire_next(Time due);
  void settle(Time now);
  void take_finding(const Finding& finding, Time now);
  bool take_record(const Event& event, Step& step);
  std::optional<Fault> config_fault(const event::Config& event);
  std::optional<Fault> link_table_fault(std::string_view text);
  void take_config(const event::Config& event, const Moment& moment);
  void put_in_force(std::string_view rulebook);
  void fire(const DueTimer& timer);
  void pass_on_groups(const Moment& moment);

  // enforcing.cc
  bool take_alert_record(const event::Alert& record, Time ts, Step& step);
  bool take_proposal_record(const event::Proposal& record, Time ts, Step& step);
  void enforce(const Event& event, const Moment& moment);
  void forget_made();
  void enforce_alerts();
  void forget_unrecorded();
  void enforce_alert(const Alert& alert, bool is_rule);
  void pass_time(Time now) {
    if (is_due(enforcement_.next_due(), now)) {
      enforce_due(now);
    }
  }
  void enforce_due(Time now);
  // The clock is about to move on to `next`.
  void enforce_until(Time next) {
    if (has_made_ || !drafts_.empty()) {
      enforce_alerts();
    }
    pass_time(Time{next.ns - 1});
  }
  void gather(Time at);
  void record_drafts();

  // obeying.cc
  void obey(const event::Decision& decision, const Moment& moment);
  bool grant(const event::Decision& decision, const Moment& moment);
  bool publish(const event::Decision& decision);
  void raise(const event::Decision& decision, Time now);
  void settle_alert(const event::Decision& decision, Time now);
  void start_day(std::int64_t day);
  std::int64_t day_of(Time time) const;
  void set_timer(const event::Exemption& event);

  EngineConfig config_;
  Market market_;
  Rules rules_{market_};
  Detectors detectors_{market_};
  Alerts alerts_;
  RecordedLines recorded_, recorded_proposals_;
  Enforcement enforcement_{market_};
  bool replays_ = false;
  std::uint64_t record_seq_ = 0;            // of the last record that enforcement has seen
  std::vector<GroupChange> group_changes_;  // that enforcement has not seen
  std::size_t enforced_alerts_ = 0;         // of alerts_made_, it has seen so many
  struct Draft {
    MeasureProposal proposal;
    Time at;
  };
  std::vector<Draft> drafts_;  // proposals that are no records yet
  // In a replay: alerts whose records are still to come, the last record's seq, and how many
  // records since the last event told what the day that ended then has taught.
  std::deque<Alert> awaited_;
  std::uint64_t journal_seq_ = 0;
  std::size_t days_stated_ = 0;
  Time days_stated_at_;
  Listening listening_;
  bool has_made_ = false;  // something of the four below
  std::vector<Alert> alerts_made_;
  std::vector<BaselinesMade> baselines_made_;
  std::vector<ProposalMade> proposals_made_;
  EnforcementOutput enforced_;
  bool writes_revisions_ = false;
  std::vector<RulebookError> config_errors_;
  LinkTable checked_table_;
  Rulebook checked_;  // by the step that puts it in force
  Timers timers_;
  std::optional<Time> clock_;
  std::uint64_t last_seq_ = 0;
  std::int64_t day_ = 0;
  // No part of the state: by place in the batch; what is known of the event whose turn it is; how
  // many logins the nearer looks have not passed.
  std::array<Coming, 16> coming_;
  static_assert(names_ahead < std::tuple_size_v<decltype(coming_)>);
  const Whom* whom_now_ = nullptr;
  std::size_t logins_ahead_ = 0;
};

template <class EventAt>
void Engine::look_ahead(std::size_t at, std::size_t size, EventAt&& event_at) {
  logins_ahead_ = at == 0 ? 0 : logins_ahead_;
  // Before the first step also at those between here and there.
  const auto each = [&](std::size_t by, auto&& look) {
    for (std::size_t ahead = at == 0 ? 0 : at + by; ahead <= at + by && ahead < size; ++ahead) {
      look(ahead);
    }
  };
  const auto each_coming = [&](std::size_t by, auto&& look) {
    each(by, [&](std::size_t ahead) {
      if (Coming& one = coming(ahead); one.whom.event != nullptr) {
        look(one);
      }
    });
  };
  each(bytes_ahead, [&](std::size_t ahead) { look_at_bytes(event_at(ahead)); });
  each(names_ahead, [&](std::size_t ahead) { look_at_names(event_at(ahead), coming(ahead)); });
  each_coming(found_ahead, [&](Coming& one) { market_.prefetch_found(one.whom); });
  each_coming(places_ahead, [&](Coming& one) { look_at_places(one); });
  each_coming(rows_ahead, [&](Coming& one) { look_at_rows(one); });
  each_coming(behind_rows_ahead, [&](Coming& one) { look_behind_rows(one); });
  if (logins_ahead_ > 0) {
    look_at_logins(at, size);
  }
  whom_now_ = &coming(at).whom;
}

}  // namespace marktwacht
