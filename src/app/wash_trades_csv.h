// The CSV form of the trades that `wash-trades` reads (docs/wash-trades.md).
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "app/wash_trade_list.h"
#include "edges/adapters/byte_source.h"
#include "events/batch.h"

namespace marktwacht {

struct WashCsvHandlers {
  std::function<std::expected<void, std::string>(const Rejected&)> rejected;
  std::function<void(std::uint64_t rows, const Progress&)> progress;
};

struct WashCsvFault {
  bool unreadable = false;  // the world failed; else the file is no such table
  std::string text;
};

// Reads a header line with trade_id, timestamp, token, buyer, seller and amount in any order (other
// columns are passed over), then a trade a row. Adds each that can be taken to `list`; gives the
// number of those that were refused.
std::expected<std::uint64_t, WashCsvFault> read_wash_trades_csv(std::unique_ptr<ByteSource> source,
                                                                const WashCsvHandlers& handlers,
                                                                WashTradeList& list);

}  // namespace marktwacht
