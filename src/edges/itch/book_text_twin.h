// Test support: the engine's own books in the words of ItchTwin.
#pragma once

#include <string>

#include "edges/itch/itch_twin.h"
#include "market/market.h"

namespace marktwacht {

// The first instrument whose book the twin has otherwise, both books said; "" where all are equal.
std::string difference(const ItchTwin& twin, const Market& market);

}  // namespace marktwacht
