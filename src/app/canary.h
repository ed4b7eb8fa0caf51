// Whether what is in force still finds what it was made to find: each rule's and detector's own
// scenario, under the rulebooks as they are. docs/operations.md, "The canary".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/words.h"

namespace marktwacht {

MW_WORDS(CanaryOutcome, fired,
         missed,    // silent, though it fires with the numbers it was shipped with
         broken,    // silent with those too: the program is at fault
         untested,  // no scenario is shipped for it
         off)       // a detector that no rulebook here puts in force

// Nothing that an operator must look into.
constexpr bool is_well(CanaryOutcome outcome) {
  return outcome != CanaryOutcome::missed && outcome != CanaryOutcome::broken;
}

struct CanaryResult {
  std::string rulebook = {};  // id@hash; empty: it is off
  std::string id = {};        // the rule's or detector's
  CanaryOutcome outcome{};
  std::string scenario = {};           // its name
  std::vector<std::string> kept = {};  // RULE.PARAM=V that the scenario says, in place of the live
};

// Of texts of sound rulebooks: all that they put in force but what is in shadow or a sandbox, then
// the detectors that are off. The rulebooks are tried one by one, each in engines of its own.
std::vector<CanaryResult> run_canary(std::span<const std::string> rulebooks);

// One line of JSON, and back; nothing where it is none.
void write_canary_result(const CanaryResult& result, std::string& out);
std::optional<CanaryResult> read_canary_result(std::string_view line);

}  // namespace marktwacht
