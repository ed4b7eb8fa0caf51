// The JSON of the node, field by field.
#include "edges/adapters/hyperliquid_rows.h"

#include <algorithm>

#include "edges/adapters/hyperliquid_fields.h"

namespace marktwacht {
namespace {

using simdjson::dom::element;

static_assert(simdjson::SIMDJSON_PADDING <= 64);  // BlockLines::padding

Fault bad(std::string_view field) { return {RejectReason::bad_value, field}; }

// The `order` of a status or of a snapshot. `follows_position` orders have no size of their own.
OrderTerms read_terms(NodeFields& order, std::string_view account, int scale,
                      std::string_view size_key) {
  OrderTerms terms;
  terms.account = account;
  terms.oid = order.number("oid");
  terms.side = order.side("side");
  terms.price = order.price("limitPx");
  terms.quantity = order.size(size_key, scale);
  terms.reduce_only = order.flag("reduceOnly");
  const auto tif =
      parse_time_in_force(order.text_or_empty("tif"), order.text_or_empty("orderType"));
  if (!tif) {
    order.fail(RejectReason::bad_value, "tif");
  }
  terms.time_in_force = tif.value_or(TimeInForce::gtc);
  if (order.flag("isTrigger")) {
    terms.trigger_price = order.price("triggerPx");
  }
  return terms;
}

std::optional<Fault> read_order_of(element entry, StatusRow& row, int scale) {
  NodeFields event(entry);
  row.time = event.time("time");
  const std::string_view account = event.id("user");
  const auto word = parse_status(event.text("status"));
  if (!word) {
    event.fail(RejectReason::bad_value, "status");
  }
  row.word = word.value_or(StatusWord{});
  if (event.fault()) {
    return event.fault();
  }
  NodeFields order(event.element("order"));
  row.size = order.size("sz", scale);
  row.order = read_terms(order, account, scale, order.has("origSz") ? "origSz" : "sz");
  if (row.order.quantity == 0) {
    row.order.quantity = row.size;
  }
  return order.fault();
}

std::optional<Fault> read_fields(element entry, StatusRow& row, int scale) {
  return read_order_of(entry, row, scale);
}

std::optional<Fault> read_fields(element entry, DiffRow& row, int scale) {
  NodeFields event(entry);
  row.order.account = event.id("user");
  row.order.oid = event.number("oid");
  row.order.side = event.side("side");
  row.order.price = event.price("px");
  const element diff = event.element("raw_book_diff");
  if (event.fault()) {
    return event.fault();
  }
  std::string_view word;
  if (diff.get(word) == simdjson::SUCCESS) {
    row.kind = DiffRow::Kind::remove;
    return word == "remove" ? std::nullopt : std::optional(bad("raw_book_diff"));
  }
  NodeFields change(diff);
  if (change.has("new")) {
    row.kind = DiffRow::Kind::create;
    NodeFields terms(change.element("new"));
    row.size = terms.size("sz", scale);
    return terms.fault();
  }
  if (change.has("update")) {
    row.kind = DiffRow::Kind::update;
    NodeFields terms(change.element("update"));
    row.size = terms.size("newSz", scale);
    return terms.fault();
  }
  return bad("raw_book_diff");
}

std::optional<Fault> read_fields(element entry, FillRow& row, int scale) {
  element account, body;
  if (entry.at(0).get(account) != simdjson::SUCCESS || account.get(row.account) != 0 ||
      row.account.empty() || row.account.size() > 128 ||
      entry.at(1).get(body) != simdjson::SUCCESS) {
    return bad("user");
  }
  NodeFields fill(body);
  row.side = fill.side("side");
  row.oid = fill.number("oid");
  row.tid = fill.number("tid");
  row.price = fill.price("px");
  row.size = fill.size("sz", scale);
  if (row.size == 0) {
    fill.fail(RejectReason::bad_value, "sz");
  }
  row.crossed = fill.flag("crossed");
  row.fee = fill.decimal("fee");
  row.fee_asset = fill.id("feeToken");
  row.direction = fill.text_or_empty("dir");
  row.liquidation = fill.has("liquidation");
  if (row.liquidation) {
    NodeFields liquidation(fill.element("liquidation"));
    row.liquidated = liquidation.text_or_empty("liquidatedUser");
    if (liquidation.fault()) {
      return liquidation.fault();
    }
  }
  return fill.fault();
}

// Where a row says which coin it is about.
std::expected<std::string_view, Fault> coin_of(element entry) {
  element body = entry;
  if (entry.is_array()) {
    if (entry.at(1).get(body) != simdjson::SUCCESS) {
      return std::unexpected(bad("events"));
    }
  } else if (element order; entry.at_key("order").get(order) == simdjson::SUCCESS) {
    body = order;
  }
  NodeFields fields(body);
  const std::string_view coin = fields.text("coin");
  if (fields.fault()) {
    return std::unexpected(*fields.fault());
  }
  return coin;
}

std::string head_of(element entry) {
  return std::string(simdjson::minify(entry)).substr(0, rejected_head_bytes);
}

}  // namespace

std::optional<std::size_t> RowReader::find_coin(std::string_view name) const {
  const auto found = std::ranges::find(coins_, name, &HyperliquidCoin::name);
  if (found == coins_.end()) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - coins_.begin());
}

template <class Row>
std::optional<Fault> RowReader::read_row(element entry, RowBlock<Row>& block) {
  const auto name = coin_of(entry);
  if (!name) {
    return name.error();
  }
  const auto coin = find_coin(*name);
  if (!coin) {
    return std::nullopt;
  }
  Row row;
  const auto fault = read_fields(entry, row, coins_[*coin].quantity_scale);
  if (!fault) {
    block.rows[*coin].push_back(row);
  }
  return fault;
}

template <class Row>
bool RowReader::read(std::string_view line, RowBlock<Row>& block, std::vector<RowFault>& faults) {
  const auto refuse = [&](const Fault& fault) {
    faults.push_back({fault, std::string(line.substr(0, rejected_head_bytes))});
    return false;
  };
  block.rows.resize(coins_.size());
  for (auto& rows : block.rows) {
    rows.clear();
  }
  element root;
  if (parser_.parse(line.data(), line.size(), false).get(root) != simdjson::SUCCESS) {
    return refuse({RejectReason::json, {}});
  }
  NodeFields fields(root);
  block.number = fields.number("block_number");
  block.time = fields.time("block_time");
  const element events = fields.element("events");
  if (!fields.fault() && !events.is_array()) {
    fields.fail(RejectReason::bad_value, "events");
  }
  if (fields.fault()) {
    return refuse(*fields.fault());
  }
  for (const element entry : simdjson::dom::array(events)) {
    if (const auto fault = read_row(entry, block)) {
      faults.push_back({*fault, head_of(entry)});
    }
  }
  return true;
}

template bool RowReader::read(std::string_view, RowBlock<StatusRow>&, std::vector<RowFault>&);
template bool RowReader::read(std::string_view, RowBlock<DiffRow>&, std::vector<RowFault>&);
template bool RowReader::read(std::string_view, RowBlock<FillRow>&, std::vector<RowFault>&);

std::optional<Fault> RowReader::read_snapshot_orders(element list, std::size_t coin,
                                                     Snapshot& snapshot) {
  simdjson::dom::array orders;
  if (list.get(orders) != simdjson::SUCCESS) {
    return bad("orders");
  }
  for (const element entry : orders) {
    std::string_view account;
    element body;
    if (entry.at(0).get(account) != simdjson::SUCCESS || account.empty() || account.size() > 128 ||
        entry.at(1).get(body) != simdjson::SUCCESS) {
      return bad("user");
    }
    NodeFields order(body);
    const OrderTerms terms = read_terms(order, account, coins_[coin].quantity_scale, "sz");
    if (order.fault()) {
      return order.fault();
    }
    snapshot.orders[coin].push_back(terms);
  }
  return std::nullopt;
}

// ["BTC", [bids, asks]], or with trigger orders
// ["BTC", {"book_orders": [bids, asks], "untriggered_orders": […]}].
std::optional<Fault> RowReader::read_snapshot_coin(element entry, Snapshot& snapshot) {
  std::string_view name;
  element books, bids, asks;
  if (entry.at(0).get(name) != simdjson::SUCCESS || entry.at(1).get(books) != simdjson::SUCCESS) {
    return bad("coin");
  }
  const auto coin = find_coin(name);
  if (!coin) {
    return std::nullopt;
  }
  element sides = books, waiting;
  const bool has_waiting =
      books.is_object() && books.at_key("untriggered_orders").get(waiting) == simdjson::SUCCESS;
  if (books.is_object() && books.at_key("book_orders").get(sides) != simdjson::SUCCESS) {
    return bad("book_orders");
  }
  if (sides.at(0).get(bids) != simdjson::SUCCESS || sides.at(1).get(asks) != simdjson::SUCCESS) {
    return bad("book_orders");
  }
  auto fault = read_snapshot_orders(bids, *coin, snapshot);
  fault = fault ? fault : read_snapshot_orders(asks, *coin, snapshot);
  return fault || !has_waiting ? fault : read_snapshot_orders(waiting, *coin, snapshot);
}

std::expected<Snapshot, std::string> RowReader::read_snapshot(std::string_view text) {
  Snapshot snapshot;
  snapshot.orders.resize(coins_.size());
  element root, coins;
  if (const auto error = parser_.parse(text.data(), text.size(), false).get(root)) {
    return std::unexpected(std::string("not JSON: ") + simdjson::error_message(error));
  }
  simdjson::dom::array list;
  if (root.at(0).get(snapshot.number) != simdjson::SUCCESS ||
      root.at(1).get(list) != simdjson::SUCCESS) {
    return std::unexpected("not an L4 snapshot: [block number, [[coin, [bids, asks]], ...]]");
  }
  for (const element entry : list) {
    if (const auto fault = read_snapshot_coin(entry, snapshot)) {
      return std::unexpected("an order or book is malformed: " +
                             std::string(word_of(fault->reason)) + " " + std::string(fault->field));
    }
  }
  return snapshot;
}

}  // namespace marktwacht
