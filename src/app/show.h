// The market in readable form: for `run --show` and `run --groups`.
#pragma once

#include <expected>
#include <string>

#include "app/output.h"
#include "market/market.h"

namespace marktwacht {

// Tables on standard output: instruments, the best levels of each book with their owners,
// positions, balances, control groups. The first `rows_max` of each.
void show_market(const Market& market, int rows_max = 20);

// One line a group: {"group_id":…,"account_ids":[…],"fragile":…}, in order of formation.
std::expected<void, std::string> write_groups(const Market& market, Output& output);

}  // namespace marktwacht
