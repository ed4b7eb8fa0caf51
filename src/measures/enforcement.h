// From alerts to measures and back: the second stage. Reads the journal's records and nothing else;
// Market only for whom a measure is about and what they hold. Contract: enforcement.md.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.h"
#include "base/bytes.h"
#include "cases/cases.h"
#include "events/event.h"
#include "market/gain_sum.h"
#include "market/market.h"
#include "measures/measures.h"
#include "measures/policy.h"
#include "measures/policy_reader.h"
#include "measures/users.h"

namespace marktwacht {

// What became of one decision. A refused one changed nothing; both are on record.
struct DecisionOutcome {
  std::uint64_t seq = 0;
  Time at;
  std::string user_id;
  DecisionKind kind{};
  Refusal refusal{};
  std::string_view field;  // what is wrong, of a refused one
  // What it made or is about; 0 = none. An amendment has a measure number of its own.
  std::uint64_t case_number = 0, measure = 0, change = 0;
  // Of what may be approved now.
  std::string preview_hash;
};

// "x-" and the seq of the decision that wanted it.
std::string change_id(std::uint64_t number);
// Appends it as one line of JSON, without a line end.
void write_outcome(const DecisionOutcome& outcome, std::string& out);

// The refusal, and what is wrong.
inline Refusal refuse_for(Refusal refusal, std::string_view field, DecisionOutcome& outcome) {
  outcome.field = field;
  return refusal;
}

// All that one record brought about, in an order that is the same in every replay.
struct Enforced {
  std::vector<DecisionOutcome> decisions;
  std::vector<MeasureProposal> proposals;      // to be recorded: see take_proposal
  std::vector<ExchangeCommand> commands;       // to the exchange, once the record is durable
  std::vector<SubjectRestrictions> gate;       // likewise, to the gate
  std::vector<std::uint64_t> cases, measures;  // that changed
};

// One thread. An alert record is taken without a look at Market, but for the gains: in a replay it
// comes before the time that passed has run, in a live engine after.
class Enforcement {
 public:
  explicit Enforcement(const Market& market);
  Enforcement(const Enforcement&) = delete;
  Enforcement& operator=(const Enforcement&) = delete;

  // Time passes up to `now`: what is due runs. Proposals that come of it have that time.
  Time next_due() const { return measures_.next_due(); }
  void advance(Time now, std::uint64_t seq);

  // An alert's record.
  void take(const Alert& alert, bool is_rule, const Moment& moment);
  // An accepted event that concerns it, or any that is the first of another trading day.
  static bool concerns(EventType type) {
    switch (type) {
      case EventType::decision:
      case EventType::command_result:
      case EventType::report:
      case EventType::appeal:
      case EventType::account:
      case EventType::deposit:
      case EventType::withdrawal:
      case EventType::transfer:
      case EventType::config:
        return true;
      default:
        return false;
    }
  }
  std::int64_t day() const { return day_; }
  void take(const Event& event, const Moment& moment);
  // A proposal's record: one that was handed out before, with the seq it has got.
  std::expected<void, std::string_view> take_proposal(std::string_view json,
                                                      std::string_view case_id, Time now,
                                                      std::uint64_t seq);
  void groups_changed(std::span<const GroupChange> changes, const Moment& moment);

  // `config` records that it understands: "policy" and "user". What is wrong with one is told
  // before it is taken.
  std::vector<PolicyError> config_faults(std::string_view name, std::string_view text) const;

  // What came of all that since it was asked last.
  Enforced take_enforced();
  bool has_enforced() const {
    return !enforced_.decisions.empty() || !enforced_.proposals.empty() ||
           measures_.has_changes() || cases_.has_changes();
  }
  // Of the decision that was taken last, until take_enforced; else nullptr.
  DecisionOutcome* last_outcome() {
    return enforced_.decisions.empty() ? nullptr : &enforced_.decisions.back();
  }

  const Cases& cases() const { return cases_; }
  const Measures& measures() const { return measures_; }
  const Policy& policy() const { return policy_; }
  const Users& users() const { return users_; }
  std::size_t changes_pending() const { return changes_.size(); }
  // All that holds now, for a gate that starts anew.
  std::vector<SubjectRestrictions> restrictions() const;

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Change {
    DecisionKind kind{};
    std::string user_id, text, clause;
    std::uint32_t step = 0;
    bool on = false;  // of a policy: not in shadow, in which nothing is automatic
    template <class Self, class Visit>
    static void members(Self& self, Visit&& visit) {
      visit(self.kind, self.user_id, self.text, self.clause, self.step, self.on);
    }
  };

  // enforcement.cc
  void set_policy(std::string_view text);
  Refusal switch_automatic(const Change& change);
  void propose_by_ladder(const KnownAlert& alert, Time now);
  void add_proposal(const KnownAlert& alert, const Case& of, const LadderAnswer& answer,
                    const Proposed& proposed);
  bool is_suspended(const std::string& instrument_id) const;
  void count_gains(const KnownAlert& alert);
  void count_gains_of(AccountIndex account, const GainScope& scope, Case& of) const;

  // people_decisions.cc
  Refusal wait_for_another(Change wanted, const ActBy& by, DecisionOutcome& outcome);
  Refusal change_people(const event::Decision& decision, const ActBy& by, DecisionOutcome& outcome);
  Refusal people_fault(const Change& wanted) const;
  Refusal erase(const event::Decision& decision, const ActBy& by, DecisionOutcome& outcome);

  // decisions.cc
  using Decision = event::Decision;
  using Outcome = DecisionOutcome;
  void decide(const Decision& decision, const Moment& moment);
  Refusal decide_kind(const Decision& decision, const ActBy& by, Outcome& outcome);
  Refusal decide_on_measure(const Decision& decision, const ActBy& by, Outcome& outcome);
  Refusal read_proposed(const Decision& decision, const ActBy& by, MeasureProposal& proposal,
                        Outcome& outcome);
  bool knows_clause(const MeasureProposal& proposal, std::uint64_t case_number) const;
  Refusal propose(const Decision& decision, const ActBy& by, Outcome& outcome);
  Refusal impose(const Decision& decision, const ActBy& by, Outcome& outcome);
  Refusal adopt(Measure& measure, const ActBy& by, Outcome& outcome);
  Refusal withdraw(Measure& measure, const ActBy& by);
  Refusal approve(const Decision& decision, Measure& measure, const ActBy& by, Outcome& outcome);
  Refusal refuse(Measure& measure, const ActBy& by);
  Refusal lift(Measure& measure, const ActBy& by, Outcome& outcome);
  Refusal extend(const Decision& decision, Measure& measure, const ActBy& by, Outcome& outcome);
  Refusal set_amount(const Decision& decision, Measure& measure, const ActBy& by, Outcome& outcome);
  Refusal decide_appeal(const Decision& decision, Measure& measure, const ActBy& by,
                        Outcome& outcome);
  Refusal amend(const Measure& base, MeasureProposal amendment, const ActBy& by, Outcome& outcome);
  void offer(const Measure& measure, Outcome& outcome) const;
  Refusal plan_fault(const MeasurePlan& plan, std::uint64_t case_number) const;

  // other_decisions.cc
  Refusal watch(const Decision& decision, const ActBy& by, Outcome& outcome);
  Refusal raise_alert(const Decision& decision, Outcome& outcome) const;
  Refusal grant_exemption(const Decision& decision, const ActBy& by, Outcome& outcome) const;
  Refusal change(const Decision& decision, const ActBy& by, Outcome& outcome);
  Refusal settle_change(const Decision& decision, Outcome& outcome);
  Refusal put_in_force(const Change& wanted, Outcome& outcome);

  const Market& market_;
  Policy policy_;
  std::string policy_text_;  // as published; empty: the default
  Cases cases_;
  Measures measures_{market_, cases_, policy_};
  Users users_;
  std::map<std::uint64_t, Change> changes_;  // that wait for a second person
  std::vector<Change> switches_;             // of `automatic`, since the policy was published
  std::int64_t day_ = 0;
  Enforced enforced_;
};

}  // namespace marktwacht
