// The fields that are not on the line itself, in tables by name.
#pragma once

#include <string_view>
#include <vector>

#include "rules/fields.h"

namespace marktwacht {

// Of a derived event, or of an order as it was accepted or triggered. nullptr when there is none.
const Field* find_own_field(RuleEvent event, std::string_view name);
// order.*, for events about one order.
const Field* find_order_field(std::string_view name);
// account.*, instrument.*, exempt, exemption_kind, mid, index.
const Field* find_market_field(std::string_view name);
// Their names.
std::vector<std::string_view> market_field_names();
// The names in all tables that may hold for `event`.
std::vector<std::string_view> table_names(RuleEvent event);

}  // namespace marktwacht
