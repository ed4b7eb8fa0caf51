// A case: alerts of one control group or account that belong together, and what people noted and
// decided about them. Contract: enforcement.md, "Cases".
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/packed_alert.h"
#include "base/packed_texts.h"
#include "base/time.h"
#include "cases/case_gains.h"
#include "events/words.h"

namespace marktwacht {

// Stored in snapshots: never renumber.
MW_WORDS(CaseState, new_, assigned, investigating, waiting_report, closed_confirmed, closed_refuted,
         closed_inconclusive, reopened,
         merged)  // it went into another case

struct CaseNote {
  std::uint64_t seq = 0;  // of the decision
  Time at;
  std::string user_id, text;

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.seq, self.at, self.user_id, self.text);
  }
};

// What enforcement keeps of an alert.
struct KnownAlert {
  std::string alert_id;
  std::uint64_t revision = 0;
  AlertState state{};
  std::string detector, clause;
  bool is_rule = false;
  Severity severity{};
  Maturity maturity{};
  int score = 0;
  int evidence_kinds = 0;  // parts of the score that speak for it
  PackedTexts account_ids;
  std::string group_id, instrument_id;  // empty = none
  Time from, to, opened;
  std::uint64_t case_number = 0;  // 0 = in none
  std::string packed;             // its last record: see recorded()

  // As its last record states it.
  Alert recorded() const { return unpack_alert(packed, account_ids); }

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.alert_id, self.revision, self.state, self.detector, self.clause, self.is_rule,
          self.severity, self.maturity, self.score, self.evidence_kinds, self.account_ids,
          self.group_id, self.instrument_id, self.from, self.to, self.opened, self.case_number,
          self.packed);
  }
};

struct Case {
  std::uint64_t number = 0;    // case_id is "c-" and this: the seq of what opened it
  std::uint64_t revision = 0;  // of what was published
  CaseState state{};
  Severity severity{};  // the highest of its alerts
  Time opened, last_alert, due;
  std::set<std::string> account_ids, group_ids;
  std::vector<std::string> alert_ids;                      // as they joined
  std::set<std::pair<std::string, std::string>> breaches;  // clause, rule or detector
  std::string assignee_id;                                 // who holds the lock
  std::vector<CaseNote> notes;
  std::string reason;     // of the last closing or reopening
  bool reported = false;  // to the authority
  std::string report_ref;
  std::uint64_t merged_into = 0;  // of a merged one
  std::vector<std::uint64_t> measures;
  CaseGains gains;  // of the flagged trades and rewards, in 10^-gain_scale of the currency
  std::uint64_t gains_unvalued = 0;  // that no valuation counts in the currency
  std::string gain_currency;
  static constexpr int gain_scale = 4;

  bool open() const {
    return state == CaseState::new_ || state == CaseState::assigned ||
           state == CaseState::investigating || state == CaseState::waiting_report ||
           state == CaseState::reopened;
  }

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.number, self.revision, self.state, self.severity, self.opened, self.last_alert,
          self.due, self.account_ids, self.group_ids, self.alert_ids, self.breaches,
          self.assignee_id, self.notes, self.reason, self.reported, self.report_ref,
          self.merged_into, self.measures, self.gains, self.gains_unvalued, self.gain_currency);
  }
};

std::string case_id(std::uint64_t number);
// The number in "c-17"; 0 for anything else.
std::uint64_t case_number(std::string_view case_id);

// Appends the case as one line of JSON, without a line end. docs/enforcement.md says what
// it holds.
void write_case(const Case& of, std::string& out);

}  // namespace marktwacht
