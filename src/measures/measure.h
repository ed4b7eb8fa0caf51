// A measure: what is to be done about whom, who wanted it, who approved it, how far it is.
// Contract: enforcement.md, "Measures".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "measures/ledger_entry.h"
#include "measures/parameters.h"
#include "measures/restrictions.h"
#include "measures/words.h"

namespace marktwacht {

// Stored in snapshots: never renumber.
MW_WORDS(MeasureState, proposed, adopted, approved, applying, partly_applied, applied, releasing,
         released, release_failed, refused, withdrawn, reversed, expired)

// Exactly one of the first six is given.
struct MeasureTarget {
  std::string account_id;
  std::string group_id;                  // its members, when it takes effect
  std::vector<std::string> account_ids;  // several by name
  std::string instrument_id;
  std::optional<GateSubject> place;   // a device, ip or address
  std::vector<std::string> excluded;  // of a group: these not

  bool operator==(const MeasureTarget&) const = default;
};

// What a proposal says: all that its preview's hash covers but the members.
struct MeasurePlan {
  MeasureKind kind{};
  std::string clause;
  MeasureTarget target;
  MeasureParameters parameters;
  std::optional<Time> until;  // else duration, from when it takes effect; else until lifted
  std::optional<Duration> duration;
  std::optional<Duration> deadline;    // of require_report, close_by; from when it takes effect
  std::vector<std::string> trade_ids;  // void_trades
  std::string legal_basis, reason;
  AmountOf amount_of{};  // of money that the ladder proposes

  // Of money that nothing here computes: a person must enter it.
  bool lacks_amount() const {
    return !parameters.amount && (kind == MeasureKind::compensate || is_entered(amount_of));
  }
  bool operator==(const MeasurePlan&) const = default;
};

// What an amendment changes in the measure that it names. Stored in proposals: never renumber.
MW_WORDS(Amends,
         nothing,  // it is a measure of its own
         until,    // to plan.until
         amount,   // to plan.parameters.amount
         members,  // those of plan.target join
         release)  // it ends

// One instruction to the exchange about one account (or instrument) of a measure.
struct MeasureJob {
  enum class State : std::uint8_t { waiting, applied, failed } state{};
  std::string account_id;  // or the instrument's id
  std::string step;        // a word of ExchangeJob
  bool undoing = false;    // a mirrored one
  std::int64_t attempt = 1;
  Time first_sent;
  std::string detail;                // what the exchange said
  std::vector<LedgerEntry> entries;  // that it asks for; once applied, that were made

  static MeasureJob of(const std::string& account_id, std::string_view step, Time now) {
    MeasureJob job;
    job.account_id = account_id;
    job.step = step;
    job.first_sent = now;
    return job;
  }

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.state, self.account_id, self.step, self.undoing, self.attempt, self.first_sent,
          self.detail, self.entries);
  }
};

struct MeasureStep {
  std::uint64_t seq = 0;  // of the record that caused it
  Time at;
  std::string user_id;  // "system": nobody
  std::string what;     // a decision's kind, or what the clock or the exchange did
  MeasureState state{};

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.seq, self.at, self.user_id, self.what, self.state);
  }
};

struct Measure {
  static constexpr std::string_view system = "system";

  std::uint64_t number = 0;  // measure_id is "m-" and this: the seq of its proposal
  std::uint64_t revision = 0;
  MeasureState state{};
  MeasurePlan plan;
  std::uint64_t case_number = 0;
  std::vector<std::string> alert_ids;
  Amends amends{};
  std::uint64_t amended = 0;  // the measure that it amends
  std::string row;            // of the ladder; empty: a person's idea
  std::uint32_t step = 0;

  std::string proposer_id;        // "system", or who proposed or adopted it last
  std::set<std::string> shapers;  // who proposed, adopted or changed it: none may approve
  std::string approver_id;        // who approved or imposed it; empty: nobody (automatic)
  bool automatic = false, imposed = false;
  std::string reviewer_id;  // of an automatic one: who looked at it
  Time proposed_at, in_force_at;
  std::optional<Time> until;     // once in force
  std::optional<Time> deadline;  // likewise
  std::optional<Time> review_due;
  std::vector<std::string> account_ids;  // whom it is about, frozen when it takes effect; sorted
  std::vector<GateSubject> subjects;
  MeasureState ends_as{};                        // while it is ending: what it will be then
  std::map<GateSubject, std::uint64_t> awaited;  // subjects: the revision to be acknowledged
  std::set<GateSubject> failing;                 // of those, what the exchange refused
  std::vector<MeasureJob> jobs;
  std::vector<LedgerEntry> claims;    // of money: what the balances did not cover
  std::set<std::string> asked_about;  // accounts that joined its group later: proposed once
  bool unanswered = false;            // the exchange has not answered within ack_deadline
  bool overdue = false;               // its deadline, or its review, has passed
  bool appealed = false;              // an appeal waits
  std::string appeal_text, appeal_outcome;
  std::string report_text;  // of require_report
  std::vector<MeasureStep> history;

  // It restricts; an amendment restricts nobody itself.
  bool in_force() const {
    return amends == Amends::nothing &&
           (state == MeasureState::applying || state == MeasureState::partly_applied ||
            state == MeasureState::applied);
  }
  bool pending() const { return state == MeasureState::proposed || state == MeasureState::adopted; }
  bool ending() const {
    return state == MeasureState::releasing || state == MeasureState::release_failed;
  }
  // It is asked for until it is done. What failed before the measure ended need not be done.
  bool wants(const MeasureJob& job) const {
    return job.state == MeasureJob::State::waiting ||
           (job.state == MeasureJob::State::failed && (in_force() || job.undoing));
  }

  // All but the plan, which is stored as the JSON that it came as.
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.number, self.revision, self.state, self.case_number, self.alert_ids, self.amends,
          self.amended, self.row, self.step, self.proposer_id, self.shapers, self.approver_id,
          self.automatic, self.imposed, self.reviewer_id, self.proposed_at, self.in_force_at,
          self.until, self.deadline, self.review_due, self.account_ids, self.subjects, self.ends_as,
          self.awaited, self.failing, self.jobs, self.claims, self.asked_about, self.unanswered,
          self.overdue, self.appealed, self.appeal_text, self.appeal_outcome, self.report_text,
          self.history);
  }
};

// What is proposed, by a person or by policy: the `measure` of a proposal record.
struct MeasureProposal {
  MeasurePlan plan;
  std::uint64_t case_number = 0;
  std::vector<std::string> alert_ids;
  Amends amends{};
  std::uint64_t amended = 0;
  bool automatic = false;  // takes effect at once
  std::string row;
  std::uint32_t step = 0;
};

std::string measure_id(std::uint64_t number);
// The number in "m-17"; 0 for anything else.
std::uint64_t measure_number(std::string_view measure_id);

// Appends the measure as one line of JSON, without a line end: docs/enforcement.md.
void write_measure(const Measure& measure, std::string& out);
// The same of what is wanted, as a decision's `measure` has it; measure_reader.h reads it back.
void write_plan(const MeasurePlan& plan, std::string& out);
// The same of a proposal, but for its case, which stands beside it in the record.
void write_proposal(const MeasureProposal& proposal, std::string& out);

}  // namespace marktwacht
