// Balanced prefixes by adding up every prefix anew: slow and clear, for tests.
#pragma once

#include <span>

#include "algorithms/balanced_prefix.h"

namespace marktwacht {

// For units below 2^50 and margins whose parts are below 2^30.
std::size_t balanced_prefix_twin(std::span<const UnitTransfer> transfers, Ratio margin);

}  // namespace marktwacht
