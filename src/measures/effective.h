// The join of what several measures deny one subject: denials united, limits the least, deadlines
// the earliest. Lifting one measure is joining the others anew; nothing restores an old state.
#pragma once

#include <vector>

#include "measures/restrictions.h"

namespace marktwacht {

// One for each action, instrument and asset, sorted by them. Of two denials alike in strength the
// one that lasts longer stands, then that of the older measure. A bound that a full denial of the
// same action covers is left out.
std::vector<Restriction> join_restrictions(std::vector<Restriction> all);

}  // namespace marktwacht
