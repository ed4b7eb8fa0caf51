// What holds the accounts of a story together.
#pragma once

#include <vector>

#include "app/story.h"
#include "market/market.h"

namespace marktwacht {

// The links of one group, in the order of StoryLink.
std::vector<StoryLink> story_links(const Market& market, GroupIndex group);

}  // namespace marktwacht
