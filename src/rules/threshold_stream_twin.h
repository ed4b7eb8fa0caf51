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

// For baselines: on the first day one account withdraws 9 orders, one 7, and 1,101 others one each,
// so that the 99.9th percentile is 7; then days pass without any, then `quiet_days` with one; on
// the last day one account withdraws `count`.
std::vector<std::string> baseline_stream(int quiet_days, int count);

}  // namespace marktwacht
