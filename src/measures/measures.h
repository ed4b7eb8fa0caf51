// The life of measures: proposed, in force, acknowledged, ended. Changes by decisions that
// decisions.cc has allowed, by the exchange's answers and by time. Contract: enforcement.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "cases/cases.h"
#include "events/event.h"
#include "market/market.h"
#include "measures/command.h"
#include "measures/day_limits.h"
#include "measures/enforcement_timers.h"
#include "measures/measure.h"
#include "measures/policy.h"

namespace marktwacht {

// Which record changes something, and for whom.
struct ActBy {
  Time now;
  std::uint64_t seq = 0;
  std::string_view user_id = Measure::system;
};

// What the exchange was told of one subject, and how far it has acknowledged.
struct SubjectState {
  std::set<std::uint64_t> measures;  // that restrict it
  std::vector<Restriction> restrictions;
  std::uint64_t revision = 0, acknowledged = 0;
  std::int64_t attempt = 0;
  Time first_sent;      // of this revision
  bool failed = false;  // the exchange has refused this revision, or the one before
  std::string detail;   // what it said

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.measures, self.revision, self.acknowledged, self.attempt, self.first_sent,
          self.failed, self.detail);
  }
};

// Why somebody may be stuck: the page "no limbo".
struct Stuck {
  std::uint64_t measure = 0;  // 0: none waits for it, but the exchange has not obeyed `subject`'s
  std::string why;            // overdue, failed, unacknowledged, no_exit, appeal
  GateSubject subject{};      // restrictions as they are now; else empty
};

// What devices, ips and addresses obey is asked of the gate; nobody else is told.
inline bool is_told(const GateSubject& subject) {
  return subject.kind == SubjectKind::account || subject.kind == SubjectKind::instrument;
}

// The living group of this id or alias; none where there is none, or of an empty id.
GroupIndex group_named(const Market& market, std::string_view group_id);

// One thread.
class Measures {
 public:
  Measures(const Market& market, Cases& cases, const Policy& policy)
      : market_(market), cases_(cases), policy_(policy) {}

  // --- what people and policy do; what is allowed was checked before
  Measure& propose(const MeasureProposal& proposal, const ActBy& by);
  // Of an amendment: what it amends changes instead.
  void take_effect(Measure& measure, const ActBy& by);
  // `as`: released, reversed or expired.
  void end(Measure& measure, MeasureState as, const ActBy& by, std::string_view what);
  // It has ended and the exchange has refused that: it is told so once more, at once.
  void release_again(Measure& measure, const ActBy& by);
  void step(Measure& measure, MeasureState state, const ActBy& by, std::string_view what);
  void set_until(Measure& measure, std::optional<Time> until, const ActBy& by);
  void set_amount(Measure& measure, const Decimal& amount, const ActBy& by);
  // Of an automatic one: a person has looked at it.
  void review(Measure& measure, const ActBy& by);

  // --- what the exchange and the accounts say
  void result(const event::CommandResult& event, const ActBy& by);
  void report(const event::Report& event, const ActBy& by);
  void appeal(const event::Appeal& event, const ActBy& by);
  void level_reached(std::string_view account_id, std::int64_t kyc_level, const ActBy& by);
  void moved_funds(const Event& event, const ActBy& by);
  void group_grew(GroupIndex group);

  // --- time
  Time next_due() const { return timers_.next_due(); }
  // The first that is due at or before `now`, if one is.
  bool fire_next(Time now, std::uint64_t seq);
  void day_started(Time now, std::uint64_t seq);

  // --- questions
  Measure* find(std::uint64_t number);
  const Measure* find(std::uint64_t number) const;
  const std::map<std::uint64_t, Measure>& all() const { return measures_; }
  MeasureProgress progress(std::uint64_t number) const;
  // It holds somebody, or will: not what is done once it is done, as a liquidation.
  static bool holds(const Measure& measure);
  // Those whom it would be about now, sorted.
  std::vector<std::string> members_of(const MeasureTarget& target, std::uint64_t case_number) const;
  // What of the account's gain in the measure's case no other deduction that holds takes or claims,
  // in 10^-Case::gain_scale of the case's currency: each trade counts once.
  Int128 gain_left(const Measure& measure, const std::string& account_id) const;
  // Who approved or imposed it, and who approved what changed it since.
  std::set<std::string> approvers(const Measure& measure) const;
  // Together with what was imposed before on one of those, without as long a pause and without a
  // second person, it would hold longer than one person alone may decide.
  bool imposed_in_turn(const MeasurePlan& plan, std::uint64_t case_number, Time now,
                       Time until) const;
  // SHA-256 over members, amounts and parameters, as hex.
  std::string preview_hash(const Measure& measure) const;
  std::vector<Stuck> stuck(Time now) const;
  // What it would deny whom if it took effect now, or denies; without an end.
  std::vector<SubjectRestrictions> proposed(const Measure& measure) const;
  // How the account's positions would be closed by it now.
  std::vector<LiquidationStep> liquidation_of(const Measure& measure,
                                              const std::string& account_id) const;
  const std::map<GateSubject, SubjectState>& subjects() const { return subjects_; }
  SubjectRestrictions restrictions_of(const GateSubject& subject) const;
  // Of all entries that were made: what each account's balance has changed by.
  const std::map<std::pair<std::string, std::string>, Decimal>& posted() const { return posted_; }

  // --- what came of it, since it was asked last
  std::vector<ExchangeCommand> take_commands() { return std::exchange(commands_, {}); }
  bool has_changes() const {
    return !changed_.empty() || !commands_.empty() || !proposals_.empty() || !gate_changes_.empty();
  }
  std::vector<GateSubject> take_gate_changes();
  std::vector<std::uint64_t> take_changed();
  std::vector<MeasureProposal> take_proposals() { return std::exchange(proposals_, {}); }

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  // measure_subjects.cc
  std::vector<GateSubject> subjects_of(const MeasurePlan& plan,
                                       const std::vector<std::string>& account_ids) const;
  void restrict_subjects(Measure& measure, const ActBy& by);
  void free_subjects(Measure& measure, const ActBy& by);
  void recompute(const GateSubject& subject, const ActBy& by);
  std::vector<Restriction> joined(const GateSubject& subject, const SubjectState& state) const;
  // A day's amount of something is in force for it, though a full denial may cover that.
  bool is_limited(const GateSubject& subject, const SubjectState& state) const;
  void await(Measure& measure, const GateSubject& subject, std::uint64_t revision);
  void await_no_more(Measure& measure, const GateSubject& subject);
  void await_nothing(Measure& measure);

  // measures.cc
  void settle(Measure& measure, const ActBy& by);
  void settle_ending(Measure& measure, const ActBy& by);
  void amend(Measure& amendment, const ActBy& by);
  void join(Measure& measure, const std::vector<std::string>& members, const ActBy& by);
  bool level_is_there(const Measure& measure) const;
  void propose_followed_by(const Measure& measure, std::optional<Duration> deadline);
  void touch(const Measure& measure) { changed_.insert(measure.number); }

  // measure_money.cc
  // What of an account's asset commands without an answer ask for already.
  using Asked = std::map<std::pair<std::string, std::string>, Decimal>;
  Asked asked() const;
  void add_money_jobs(Measure& measure, const ActBy& by);
  void deduct(Measure& measure, Asked& asked);
  void forfeit(Measure& measure, Asked& asked);
  void compensate(Measure& measure, Asked& asked);
  void take_in_turn(Measure& measure, const std::vector<std::string>& accounts, Asked& asked);
  void take_from(Measure& measure, const LedgerEntry& wanted, const std::string& to, Asked& asked);
  void reverse_money(Measure& measure, const ActBy& by);
  void undo(Measure& measure, std::size_t place, const ActBy& by);
  void post(const MeasureJob& job);

  // measure_jobs.cc
  void add_jobs(Measure& measure, const ActBy& by);
  void send_job(Measure& measure, std::size_t place, const ActBy& by);
  void send_restrictions(const GateSubject& subject, SubjectState& state, const ActBy& by);
  void job_result(Measure& measure, std::size_t place, const event::CommandResult& event,
                  const ActBy& by);
  void restrictions_result(const event::CommandResult& event, const ActBy& by);
  Duration back_off(std::int64_t attempt) const;

  // liquidation.cc
  std::vector<std::string> holders_of(const std::string& instrument_id) const;

  // measure_timers.cc
  void set_timers(const Measure& measure);
  void expect_answers(const Measure& measure, Time now);
  void fire(const EnforcementTimer& timer, const ActBy& by);
  void deadline_passed(Measure& measure, const ActBy& by);
  void acknowledge_late(Measure& measure, const ActBy& by);

  const Market& market_;
  Cases& cases_;
  const Policy& policy_;
  std::map<std::uint64_t, Measure> measures_;
  std::map<GateSubject, SubjectState> subjects_;
  EnforcementTimers timers_;
  // No part of the state, but found from it: measures that wait for a subject's answer, and those
  // in force by the group that they are aimed at.
  std::map<GateSubject, std::set<std::uint64_t>> awaiting_;
  std::map<std::string, std::set<std::uint64_t>> by_group_;
  std::map<std::pair<std::string, std::string>, Decimal> posted_;  // by account and asset
  DayLimits day_limits_;
  std::vector<ExchangeCommand> commands_;
  std::vector<MeasureProposal> proposals_;
  std::set<GateSubject> gate_changes_;
  std::set<std::uint64_t> changed_;
};

}  // namespace marktwacht
