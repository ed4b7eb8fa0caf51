// What is proposed for which offence, and the numbers of enforcement: data, as policy.toml says it.
// config/policy.toml is the default. docs/policy.md.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.h"  // Severity
#include "base/time.h"
#include "measures/parameters.h"
#include "measures/words.h"

namespace marktwacht {

// Who found it. The ladder's clauses 2.7 to 2.9 differ by that.
MW_WORDS(OffenceSource, any, rule, detector)
// account: each account that the alert names, one measure each. group: the control group that the
// alert is about, of an alert about accounts the group each is in; who is in none is taken alone.
MW_WORDS(ProposalTarget, account, group, instrument)

inline constexpr std::size_t severities = Words<Severity>::list.size();

// When a proposal may become a measure without a person.
struct AutomaticTerms {
  bool allowed = false;              // "(auto)" in the ladder
  int score_min = 0;                 // of the alert
  int evidence_kinds_min = 0;        // independent kinds of evidence
  std::optional<Duration> duration;  // then, if it is not the proposal's own

  bool operator==(const AutomaticTerms&) const = default;
};

struct Proposal {
  MeasureKind kind{};
  ProposalTarget target{};
  bool on_instrument = false;        // of trading: on the alert's instrument only, else on all
  Severity severity_min{};           // of the alert: below it this is not proposed
  std::optional<Duration> duration;  // none = until it is lifted
  std::optional<Duration> deadline;  // require_report, close_by: to be done within, from approval
  AmountOf amount_of{};              // of money
  MeasureParameters parameters;      // instrument_id is empty: see on_instrument
  AutomaticTerms automatic;

  bool operator==(const Proposal&) const = default;
};

struct LadderStep {
  // Above 0: reached by so many alerts of the clause within Policy::count_window, whatever was
  // confirmed; it goes before the steps by number.
  std::uint32_t count_min = 0;
  std::vector<Proposal> proposals;         // none: a person decides
  std::vector<std::string> automatic_for;  // the clauses of the row for which it is switched on

  bool operator==(const LadderStep&) const = default;
};

// Of the steps without count_min the n-th (from 1) is for the n-th confirmed offence within
// Policy::memory; the last one repeats.
struct LadderRow {
  std::string id;
  std::vector<std::string> clauses;  // "2.7"
  OffenceSource source{};
  Severity severity_min{};
  std::vector<LadderStep> steps;  // one or more; set_automatic counts them from 1

  bool operator==(const LadderRow&) const = default;
};

struct LegalBasis {
  std::string clause;
  std::string text;

  bool operator==(const LegalBasis&) const = default;
};

// In this country these kinds are never used.
struct CountryBan {
  std::string country;             // as account.country says it
  std::vector<MeasureKind> kinds;  // ascending

  bool operator==(const CountryBan&) const = default;
};

struct Policy {
  Duration memory{};                // how long a confirmed offence counts
  Duration case_gap{};              // alerts of one subject no further apart form one case
  Duration count_window{};          // of LadderStep::count_min
  Duration human_review{};          // an automatic measure is due for a person after this
  Duration impose_max{};            // how long a measure may last that one person imposes alone
  std::uint32_t many_accounts = 0;  // a measure on more accounts needs two people
  Duration ack_deadline{};          // a command unanswered for so long goes to a person
  Duration retry_first{};           // a command is repeated after this, doubled each time,
  Duration retry_most{};            // up to this
  std::array<Duration, severities> case_due{};  // by severity: when a case is due
  std::string recovery_account_id;              // the other side of a deduction
  bool automatic = false;                       // false: nothing at all is automatic
  std::vector<CountryBan> country_bans;         // by country
  std::vector<LegalBasis> legal_bases;          // by clause
  std::vector<LadderRow> ladder;                // the first row that fits is taken

  bool operator==(const Policy&) const = default;
};

// What the ladder is asked about one alert.
struct Offence {
  std::string_view clause;
  bool is_rule = false;  // else a detector found it
  Severity severity{};
  int score = 0;
  int evidence_kinds = 0;              // independent ones
  std::uint32_t confirmed_before = 0;  // within Policy::memory, this one not counted
  std::uint32_t alerts_in_window = 0;  // of the clause, within count_window, this one counted
};

struct Proposed {
  Proposal proposal;
  bool automatic = false;            // every switch is on and every condition holds
  std::optional<Duration> duration;  // the automatic one where it is automatic

  bool operator==(const Proposed&) const = default;
};

struct LadderAnswer {
  std::string row;  // empty: no row fits, a person decides
  std::uint32_t step = 0;
  std::vector<Proposed> proposals;  // none: a person decides

  bool operator==(const LadderAnswer&) const = default;
};

// The row that counts for the offence: the first with its clause, source and severity; or nullptr.
const LadderRow* row_for(const Policy& policy, const Offence& offence);
LadderAnswer proposals_for(const Policy& policy, const Offence& offence);

// Switches a step (from 1) on or off. `clause` is a clause, then in every row that has it, or a
// row's id, then for all of its clauses. The fault says what is allowed; nothing has changed then.
std::expected<void, std::string> set_automatic(Policy& policy, std::string_view clause,
                                               std::uint32_t step, bool on);

bool is_banned(const Policy& policy, std::string_view country, MeasureKind kind);
// Empty where the policy has none; a policy that was read has one for every clause it needs.
std::string_view legal_basis_of(const Policy& policy, std::string_view clause);

// config/policy.toml, which is part of the program.
std::string_view default_policy_text();
const Policy& default_policy();

}  // namespace marktwacht
