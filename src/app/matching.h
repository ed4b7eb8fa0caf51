// Maximum matching of two sides: as many pairs as can be, each one in at most one pair.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace marktwacht {

// For each one on the left, in order, whom on the right (0 to `right_count` - 1) it may be paired
// with, in order of preference. Gives for each on the left its partner, if any. Nobody on the left
// gives way to one that stands behind it: of all maximum matchings this one pairs the earliest.
std::vector<std::optional<std::size_t>> match_most(
    const std::vector<std::vector<std::size_t>>& choices, std::size_t right_count);

}  // namespace marktwacht
