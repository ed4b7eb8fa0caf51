// Whether an account pays to where it never paid before.
#pragma once

#include "market/market.h"

namespace marktwacht {

// Whether the account first used the address at `since` or later. An exchange's, a custodian's or
// an own one is never new, nor is one that more than three accounts use; a mixer's or contract's
// always is. An empty one is not. O(1).
bool is_new_address(const Market& market, AccountIndex account, Text address, Time since);

}  // namespace marktwacht
