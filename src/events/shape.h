// What a row of the table cannot say: fields that stand in for one another.
#pragma once

#include <optional>

#include "events/batch.h"

namespace marktwacht {

// The first missing field of `event` under the either-or rules of events.md: `quantity` or
// `quote_quantity` of an order; both order ids, or both parties with `aggressor`, or `aggressor`
// of a trade; `instrument_id` or `asset` of an announcement; `account_id` or `instrument_id` of a
// command_result. Nothing when the shape holds.
std::optional<Fault> shape_fault(const Event& event);

}  // namespace marktwacht
