// Any bytes as a policy: never a crash, errors have texts, and what is taken obeys enforcement's
// bounds.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "measures/measure_table.h"
#include "measures/policy_reader.h"

namespace {

using namespace marktwacht;

// Whoever offended, however often: what is proposed can be done.
void climb(const Policy& policy, const LadderRow& row) {
  for (const std::string& clause : row.clauses) {
    for (std::uint32_t n = 0; n < 8; ++n) {
      Offence offence{clause, (n & 1) != 0, Severity::critical, 100, 10, n / 2, n};
      const LadderAnswer answer = proposals_for(policy, offence);
      for (const Proposed& proposed : answer.proposals) {
        const MeasureTerms& terms = terms_of(proposed.proposal.kind);
        check(!proposed.automatic || (!terms.always_two && terms.reversible),
              "what two people decide is never automatic");
        check(!proposed.automatic || proposed.duration || !terms.lasts,
              "automatic measures expire");
        check(!legal_basis_of(policy, clause_for(terms.kind, clause)).empty(),
              "a measure names its legal basis");
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto policy = read_policy(text);
  if (!policy) {
    check(!policy.error().empty(), "what is refused has an error");
    for (const PolicyError& error : policy.error()) {
      check(!error.what.empty(), "an error says what");
    }
    return 0;
  }
  check(policy->many_accounts <= 20, "two people beyond twenty accounts");
  check(policy->impose_max <= Duration{72 * 3'600 * second.ns}, "one person alone: 72 h at most");
  Policy switched = *policy;
  switched.automatic = true;
  for (const LadderRow& row : policy->ladder) {
    check(!row.steps.empty(), "a row has a step");
    for (std::uint32_t step = 1; step <= row.steps.size(); ++step) {
      (void)set_automatic(switched, row.id, step, true);
    }
    climb(switched, row);
  }
  return 0;
}
