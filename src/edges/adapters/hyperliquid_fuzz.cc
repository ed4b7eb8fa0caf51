// Any bytes as lines of node output: the first byte of a line says which file it is from.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "edges/adapters/hyperliquid_files.h"
#include "edges/adapters/hyperliquid_orders.h"
#include "events/record.h"

namespace marktwacht {
namespace {

// One line in memory of its own, so that reading beyond it is seen.
template <class Row>
std::span<const Row> read(RowReader& reader, std::string_view line, RowBlock<Row>& block,
                          bool& good) {
  std::string padded(line);
  padded.append(BlockLines::padding, ' ');
  std::vector<RowFault> faults;
  good = reader.read(std::string_view(padded).substr(0, line.size()), block, faults);
  return good ? std::span<const Row>(block.rows[0]) : std::span<const Row>();
}

}  // namespace
}  // namespace marktwacht

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace marktwacht;
  const InstrumentOption instrument{"BTC", *parse_decimal("1"), *parse_decimal("0.00001")};
  const std::vector<HyperliquidCoin> coins{{"BTC", 8}};
  RowReader statuses(coins), diffs(coins), fills(coins), snapshots(coins);
  RowBlock<StatusRow> status_block;
  RowBlock<DiffRow> diff_block;
  RowBlock<FillRow> fill_block;
  HyperliquidOrders orders;
  Batch batch;
  HyperliquidEvents events(batch, instrument, coins[0].quantity_scale);
  orders.start(Time{1}, {}, events);
  CoinBlock block;
  bool good = false;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string_view json = line.substr(std::min<std::size_t>(1, line.size()));
    switch (line.empty() ? 0 : line[0]) {
      case 's':
        block.statuses = read(statuses, json, status_block, good);
        break;
      case 'd':
        block.diffs = read(diffs, json, diff_block, good);
        block.has_diffs = good;
        break;
      case 'f':
        block.fills = read(fills, json, fill_block, good);
        break;
      case 'p': {
        std::string padded(json);
        padded.append(BlockLines::padding, ' ');
        if (const auto read =
                snapshots.read_snapshot(std::string_view(padded).substr(0, json.size()))) {
          orders.start(Time{1}, read->orders[0], events);
        }
        break;
      }
      default:
        orders.apply(block, events);
        block = {};
    }
  }
  orders.apply(block, events);
  for (const Item& item : batch.items) {
    if (item.event != nullptr) {
      std::string record;
      write_record(*item.event, record);
    }
  }
  return 0;
}
