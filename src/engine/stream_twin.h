// Test support: random streams of lines from a seed, good ones and bad ones, with few names so that
// orders meet, groups merge and ids repeat.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace marktwacht {

// Same seed, same lines. About one line in ten is one that must be refused.
std::vector<std::string> random_stream(std::uint64_t seed, int lines);

}  // namespace marktwacht
