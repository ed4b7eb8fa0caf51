// Test support: streams of lines that come near every threshold of the shipped rules, from a seed
// or up to an exact count.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace marktwacht {

// Few accounts, groups that form, grow, merge, split and dissolve, exemptions, windows hit on their
// edges, several days, good lines and bad ones. Same seed, same lines. `lines` after the venue's.
std::vector<std::string> threshold_stream(std::uint64_t seed, int lines);

// Brings what `detector` counts to exactly `count`, within one window of one account (or of one
// group of two), and then lets the window pass.
std::vector<std::string> threshold_edge(std::string_view detector, int count);

}  // namespace marktwacht
