// The instruments of a simulation.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/listing.h"

namespace marktwacht::sim {

// Instrument 2k is a perpetual and 2k + 1 a spot pair on the k-th base asset; activity falls by
// Zipf's law.
std::vector<Listing> make_listings(std::uint32_t instruments, std::uint64_t seed);

// The price in ticks at which each base asset starts.
std::vector<std::int32_t> first_prices(const std::vector<Listing>& listings, std::uint64_t seed);

}  // namespace marktwacht::sim
