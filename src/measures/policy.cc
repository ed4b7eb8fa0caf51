// Climbing the ladder: which row, which step, and what of it may be automatic.
#include "measures/policy.h"

#include <algorithm>

#include "base/check.h"
#include "measures/policy_reader.h"

namespace marktwacht {
namespace {

template <class Range, class Value>
bool has(const Range& range, const Value& value) {
  return std::ranges::find(range, value) != std::ranges::end(range);
}

bool fits(const LadderRow& row, const Offence& offence) {
  const OffenceSource source = offence.is_rule ? OffenceSource::rule : OffenceSource::detector;
  return has(row.clauses, offence.clause) && row.severity_min <= offence.severity &&
         (row.source == OffenceSource::any || row.source == source);
}

// Its place, from 0. The highest count that was reached goes first, then the number of the offence.
std::size_t step_of(const LadderRow& row, const Offence& offence) {
  std::size_t by_number = 0, numbered = 0, by_count = 0;
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < row.steps.size(); ++i) {
    const std::uint32_t count_min = row.steps[i].count_min;
    if (count_min == 0) {
      by_number = numbered <= offence.confirmed_before ? i : by_number;
      ++numbered;
    } else if (count_min <= offence.alerts_in_window && count_min > count) {
      count = count_min;
      by_count = i;
    }
  }
  return count > 0 ? by_count : by_number;
}

bool conditions_hold(const AutomaticTerms& terms, const Offence& offence) {
  return terms.allowed && offence.score >= terms.score_min &&
         offence.evidence_kinds >= terms.evidence_kinds_min;
}

bool may_be_automatic(const LadderStep& step) {
  return std::ranges::any_of(step.proposals,
                             [](const Proposal& proposal) { return proposal.automatic.allowed; });
}

void switch_step(LadderStep& step, std::string_view clause, bool on) {
  std::erase(step.automatic_for, clause);
  if (on) {
    step.automatic_for.emplace_back(clause);
    std::ranges::sort(step.automatic_for);
  }
}

}  // namespace

const LadderRow* row_for(const Policy& policy, const Offence& offence) {
  const auto row =
      std::ranges::find_if(policy.ladder, [&](const LadderRow& one) { return fits(one, offence); });
  return row == policy.ladder.end() ? nullptr : &*row;
}

LadderAnswer proposals_for(const Policy& policy, const Offence& offence) {
  const LadderRow* row = row_for(policy, offence);
  if (row == nullptr || row->steps.empty()) {
    return {};
  }
  const std::size_t place = step_of(*row, offence);
  const LadderStep& step = row->steps[place];
  const bool is_on = policy.automatic && has(step.automatic_for, offence.clause);
  LadderAnswer answer{row->id, static_cast<std::uint32_t>(place + 1), {}};
  for (const Proposal& proposal : step.proposals) {
    if (offence.severity < proposal.severity_min) {
      continue;
    }
    Proposed proposed{proposal, is_on && conditions_hold(proposal.automatic, offence),
                      proposal.duration};
    if (proposed.automatic && proposal.automatic.duration) {
      proposed.duration = proposal.automatic.duration;
    }
    answer.proposals.push_back(std::move(proposed));
  }
  return answer;
}

std::expected<void, std::string> set_automatic(Policy& policy, std::string_view clause,
                                               std::uint32_t step, bool on) {
  Policy changed = policy;
  bool is_known = false, is_changed = false;
  for (LadderRow& row : changed.ladder) {
    const bool is_row = row.id == clause;
    if (!is_row && !has(row.clauses, clause)) {
      continue;
    }
    is_known = true;
    if (step < 1 || step > row.steps.size() || !may_be_automatic(row.steps[step - 1])) {
      continue;
    }
    is_changed = true;
    for (const std::string& one : row.clauses) {
      if (is_row || one == clause) {
        switch_step(row.steps[step - 1], one, on);
      }
    }
  }
  if (!is_known) {
    return std::unexpected("clause must be a clause of the ladder or the id of one of its rows");
  }
  if (!is_changed) {
    return std::unexpected("step must be one of the clause's, from 1, that may be automatic");
  }
  policy = std::move(changed);
  return {};
}

bool is_banned(const Policy& policy, std::string_view country, MeasureKind kind) {
  const auto ban = std::ranges::find(policy.country_bans, country, &CountryBan::country);
  return ban != policy.country_bans.end() && has(ban->kinds, kind);
}

std::string_view legal_basis_of(const Policy& policy, std::string_view clause) {
  const auto basis = std::ranges::find(policy.legal_bases, clause, &LegalBasis::clause);
  return basis != policy.legal_bases.end() ? basis->text : std::string_view();
}

const Policy& default_policy() {
  static const Policy policy = [] {
    auto read = read_policy(default_policy_text(), Policy{});
    check(read.has_value(), "the shipped policy is sound");
    return *std::move(read);
  }();
  return policy;
}

}  // namespace marktwacht
