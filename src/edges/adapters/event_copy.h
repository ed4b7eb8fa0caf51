// Moving an event into another batch.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "events/event.h"

namespace marktwacht {

// A copy of `event` in `arena`, with all that it points to. Texts inside of `from`, the line it was
// read from, are found again in `to`, that line's copy, which must be as long; others are copied.
const Event* copy_event(const Event& event, std::string_view from, std::string_view to,
                        Arena& arena);

}  // namespace marktwacht
