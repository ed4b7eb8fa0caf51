// One event of an alert's evidence, as people read it.
#pragma once

#include <span>

#include "app/story.h"
#include "market/market.h"

namespace marktwacht {

// `event` as the market has just taken it; its market listens to fills and touched orders.
// `subject`: the alert's accounts, whose side of a trade is told.
StoryEvent story_event(const Event& event, std::uint64_t seq, const Market& market,
                       std::span<const AccountIndex> subject);

}  // namespace marktwacht
