// What an authority is given of one event about an order, a trade or funds: the event, and what it
// does not say itself of the order that it is about. docs/reports.md.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace marktwacht {

// Decimals, ids and words as text; empty: it has no such thing.
struct OrderRecord {
  std::uint64_t seq = 0;
  Time ts;  // as its source gave it
  std::string type = {};
  std::string account_id = {};  // whose order or funds
  std::string instrument_id = {}, side = {};
  std::string order_type = {};  // limit, market, stop_limit, stop_market
  std::string time_in_force = {}, price = {}, trigger_price = {};
  std::string quantity = {};  // of a cancel, what was left of its order
  std::string quote_quantity = {}, display_quantity = {};
  std::string price_before = {}, quantity_before = {};  // of a replace
  std::string order_id = {}, new_order_id = {}, reason = {}, channel = {};
  std::string trade_id = {}, buyer_id = {}, seller_id = {}, maker_order_id = {},
              taker_order_id = {}, kind = {};
  std::string asset = {}, amount = {}, tx_id = {}, address = {};  // of funds
  std::string to_account_id = {};                                 // of a transfer
  std::string line = {};                                          // the event itself, as NDJSON
};

// Appends one JSON object: `seq`, `ts`, `type`, and what there is of the others.
void write_order_record(const OrderRecord& record, std::string& out);
// The same with the event itself behind them, as `event`.
void write_order_line(const OrderRecord& record, std::string& out);
// A line of CSV (RFC 4180) for the same, without the event; the time in RFC 3339, UTC.
std::string order_csv_head();
void write_order_csv(const OrderRecord& record, std::string& out);

}  // namespace marktwacht
