// One line of node output as rows: order statuses, book diffs, fills, or a whole L4 snapshot.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/fixed.h"
#include "base/time.h"
#include "edges/adapters/hyperliquid_words.h"
#include "events/batch.h"

namespace marktwacht {

struct HyperliquidCoin {
  std::string name;
  int quantity_scale = 0;  // sizes are counted in 10^-scale
};

// The terms of an order as it was placed. Texts live as long as the reader's line.
struct OrderTerms {
  std::uint64_t oid = 0;
  std::string_view account;
  Side side{};
  Decimal price;
  std::int64_t quantity = 0;  // 0: follows the position, known only when it triggers
  TimeInForce time_in_force{};
  bool reduce_only = false;
  std::optional<Decimal> trigger_price;
};

struct StatusRow {
  Time time;
  StatusWord word;
  OrderTerms order;
  std::int64_t size = 0;  // what remains
};

struct DiffRow {
  enum class Kind : std::uint8_t { create, update, remove };
  Kind kind{};
  OrderTerms order;       // its time in force is not known
  std::int64_t size = 0;  // what rests from now on
};

struct FillRow {
  std::string_view account;
  Side side{};
  std::uint64_t oid = 0;
  std::uint64_t tid = 0;
  Decimal price;
  std::int64_t size = 0;
  bool crossed = false;
  Decimal fee;
  std::string_view fee_asset;
  std::string_view direction;
  bool liquidation = false;
  std::string_view liquidated;  // the account, where the row names it
};

// A refused row or line.
struct RowFault {
  Fault fault;
  std::string text;  // the row's own JSON, or the line's first bytes
};

template <class Row>
struct RowBlock {
  std::uint64_t number = 0;
  Time time;
  std::vector<std::vector<Row>> rows;  // by coin, in the order of the block
};

struct Snapshot {
  std::uint64_t number = 0;                     // the block it was made after
  std::vector<std::vector<OrderTerms>> orders;  // by coin; `quantity` is what remains
};

// Reads lines; what it returns points into itself until the next call. One thread.
class RowReader {
 public:
  explicit RowReader(std::span<const HyperliquidCoin> coins) : coins_(coins) {}

  // Fills `block` from `line` (memory readable simdjson::SIMDJSON_PADDING bytes beyond it) and adds
  // refused rows to `faults`, each on its own. False when the line as a whole is refused.
  template <class Row>
  bool read(std::string_view line, RowBlock<Row>& block, std::vector<RowFault>& faults);

  // An error says what is wrong: a snapshot with a hole is of no use.
  std::expected<Snapshot, std::string> read_snapshot(std::string_view text);

 private:
  template <class Row>
  std::optional<Fault> read_row(simdjson::dom::element element, RowBlock<Row>& block);
  std::optional<std::size_t> find_coin(std::string_view name) const;
  std::optional<Fault> read_snapshot_coin(simdjson::dom::element element, Snapshot& snapshot);
  std::optional<Fault> read_snapshot_orders(simdjson::dom::element list, std::size_t coin,
                                            Snapshot& snapshot);

  std::span<const HyperliquidCoin> coins_;
  simdjson::dom::parser parser_;
};

}  // namespace marktwacht
