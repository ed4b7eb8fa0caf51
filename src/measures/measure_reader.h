// The `measure` of a decision or a proposal record, as JSON says it: measure.h writes the same.
#pragma once

#include <expected>
#include <string_view>

#include "measures/measure.h"

namespace marktwacht {

// The fault is the name of the member that is missing, wrong or unknown. What the kind needs of the
// parameters is checked too.
std::expected<MeasurePlan, std::string_view> read_plan(std::string_view json);
// A proposal record's; `case_number` is left to the caller.
std::expected<MeasureProposal, std::string_view> read_proposal(std::string_view json);
// A target alone.
std::expected<MeasureTarget, std::string_view> read_target(std::string_view json);

}  // namespace marktwacht
