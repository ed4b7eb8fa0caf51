// `--from hyperliquid`: a folder of Hyperliquid node output as a stream of events.
// See docs/formats/hyperliquid.md.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "edges/adapters/input.h"

namespace marktwacht {

// Reads the files of `folder` block by block, joined by block number. Order statuses and book diffs
// must be there; fills and an L4 snapshot may be. Only the coins named by `instruments` (at least
// one; perpetuals) are taken, the others are passed over. Holds one block and the live orders.
// An error says what is missing or wrong.
std::expected<std::unique_ptr<Input>, std::string> open_hyperliquid(
    const std::string& folder, const std::vector<InstrumentOption>& instruments);

}  // namespace marktwacht
