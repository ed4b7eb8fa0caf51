// SimHash (Charikar 2002; Manku, Jain, Das Sarma 2007): 64 bits of a text; texts that say nearly
// the same differ in few of them.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

namespace marktwacht {

// Of the words of a UTF-8 text, each weighing its length to the third: long words carry what is
// said, short ones ("just in", "!") dress it up. Case (of a to z) and punctuation do not count.
// Chinese, Japanese and Korean signs have no spaces between: each two neighbours are a word. The
// same on every machine; 0 for a text without words. O(length).
std::uint64_t sim_hash(std::string_view text);

// In how many bits they differ.
inline int distance(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

}  // namespace marktwacht
