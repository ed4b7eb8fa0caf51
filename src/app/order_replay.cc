// A market without rules follows the journal and says whom an event is about.
#include "app/order_replay.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "app/market_replay.h"
#include "base/time.h"
#include "edges/journal/checkpoint.h"
#include "edges/journal/visit.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

std::string text_of(Text text) { return std::string(text.view()); }

template <class Order>
void take_new_order(const Order& order, OrderRecord& record) {
  record.account_id = text_of(order.account_id);
  record.instrument_id = text_of(order.instrument_id);
  record.side = word_of(order.side);
  record.order_type = std::string(order.has_trigger_price() ? "stop_" : "") +
                      (order.has_price() ? "limit" : "market");
  record.time_in_force = word_of(order.time_in_force);
  record.order_id = text_of(order.order_id);
  const auto decimal = [](bool has, const Decimal& value) {
    return has ? format_decimal(value) : std::string();
  };
  record.price = decimal(order.has_price(), order.price);
  record.trigger_price = decimal(order.has_trigger_price(), order.trigger_price);
  record.quantity = decimal(order.has_quantity(), order.quantity);
  record.quote_quantity = decimal(order.has_quote_quantity(), order.quote_quantity);
  record.display_quantity = decimal(order.has_display_quantity(), order.display_quantity);
  if (order.has_channel()) {
    record.channel = word_of(order.channel);
  }
}

void take_trade(const event::Trade& trade, OrderRecord& record) {
  record.instrument_id = text_of(trade.instrument_id);
  record.price = format_decimal(trade.price);
  record.quantity = format_decimal(trade.quantity);
  record.trade_id = text_of(trade.trade_id);
  record.buyer_id = text_of(trade.buyer_id);
  record.seller_id = text_of(trade.seller_id);
  record.maker_order_id = text_of(trade.maker_order_id);
  record.taker_order_id = text_of(trade.taker_order_id);
  record.kind = word_of(trade.kind);
}

void take_reject(const event::Reject& reject, OrderRecord& record) {
  record.account_id = text_of(reject.account_id);
  record.instrument_id = text_of(reject.instrument_id);
  record.order_id = text_of(reject.order_id);
  record.side = reject.has_side() ? word_of(reject.side) : "";
  record.price = reject.has_price() ? format_decimal(reject.price) : "";
  record.quantity = reject.has_quantity() ? format_decimal(reject.quantity) : "";
  record.reason = word_of(reject.reason);
}

template <class Funds>
void take_funds(const Funds& funds, Text address, OrderRecord& record) {
  record.account_id = text_of(funds.account_id);
  record.asset = text_of(funds.asset);
  record.amount = format_decimal(funds.amount);
  record.tx_id = text_of(funds.tx_id);
  record.reason = word_of(funds.status);
  record.address = text_of(address);
}

class OrderReplay {
 public:
  explicit OrderReplay(const OrderQuery& query)
      : query_(query), accounts_(query.account_ids.begin(), query.account_ids.end()) {}

  MarketReplay& market() { return replay_; }
  // What is to be handed on of the event that was stepped last.
  bool tell(const Event& event, std::uint64_t seq, OrderRecord& record);

 private:
  bool fill_in(const Event& event, OrderRecord& record);
  void take_order(Text instrument_id, OrderRecord& record) const;
  void take_parties(OrderRecord& record) const;
  bool wanted(const OrderRecord& record) const;
  bool is_ours(const std::string& account_id) const {
    return !account_id.empty() && accounts_.contains(account_id);
  }
  bool tells_all() const { return accounts_.empty() && query_.instrument_id.empty(); }

  const OrderQuery& query_;
  const std::set<std::string, std::less<>> accounts_;
  MarketReplay replay_;
  std::set<std::string> told_trades_;  // their ids, unless all are told
};

// The order that is cancelled, replaced or triggered, as it stood before.
void OrderReplay::take_order(Text instrument_id, OrderRecord& record) const {
  const Market& market = replay_.market();
  record.instrument_id = text_of(instrument_id);
  if (!market.touched()) {
    return;  // not known: placed before the feed began, or in a gap
  }
  const OrderTouched& touched = *market.touched();
  const Terms& terms = market.directory().instrument(touched.instrument).terms;
  record.account_id = market.directory().account_id(touched.account);
  record.instrument_id = market.directory().instrument_id(touched.instrument);
  record.side = word_of(touched.order.side);
  const std::string price =
      touched.order.has_price ? format_scaled(touched.order.price.units, terms.price_scale) : "";
  const std::string quantity =
      touched.order.sized ? format_scaled(touched.order.remaining().units, terms.quantity_scale)
                          : "";
  if (record.type == "replace") {
    record.price_before = price;
    record.quantity_before = quantity;
  }
  record.price = record.price.empty() ? price : record.price;
  record.quantity = record.quantity.empty() ? quantity : record.quantity;
}

// Buyer and seller, also where the trade names only their orders.
void OrderReplay::take_parties(OrderRecord& record) const {
  for (const Derived& derived : replay_.market().derived()) {
    const Fill* fill = std::get_if<Fill>(&derived);
    if (fill != nullptr && fill->account.exists()) {
      (fill->side == Side::buy ? record.buyer_id : record.seller_id) =
          replay_.market().directory().account_id(fill->account);
    }
  }
}

// False: not of orders, trades or funds.
bool OrderReplay::fill_in(const Event& event, OrderRecord& record) {
  switch (event.type) {
    case EventType::order:
      take_new_order(as<event::Order>(event), record);
      return true;
    case EventType::book_order:
      take_new_order(as<event::BookOrder>(event), record);
      return true;
    case EventType::triggered:
      record.order_id = text_of(as<event::Triggered>(event).order_id);
      take_order(as<event::Triggered>(event).instrument_id, record);
      return true;
    case EventType::replace: {
      const auto& replace = as<event::Replace>(event);
      record.order_id = text_of(replace.order_id);
      record.new_order_id = text_of(replace.new_order_id);
      record.price = replace.has_price() ? format_decimal(replace.price) : "";
      record.quantity = replace.has_quantity() ? format_decimal(replace.quantity) : "";
      take_order(replace.instrument_id, record);
      return true;
    }
    case EventType::cancel:
      record.order_id = text_of(as<event::Cancel>(event).order_id);
      record.reason = word_of(as<event::Cancel>(event).reason);
      take_order(as<event::Cancel>(event).instrument_id, record);
      return true;
    case EventType::reject:
      take_reject(as<event::Reject>(event), record);
      return true;
    case EventType::trade:
      take_trade(as<event::Trade>(event), record);
      take_parties(record);
      return true;
    case EventType::trade_void:
      record.trade_id = text_of(as<event::TradeVoid>(event).trade_id);
      return true;
    case EventType::deposit:
      take_funds(as<event::Deposit>(event), as<event::Deposit>(event).source_address, record);
      return true;
    case EventType::withdrawal:
      take_funds(as<event::Withdrawal>(event), as<event::Withdrawal>(event).destination, record);
      return true;
    case EventType::transfer: {
      const auto& transfer = as<event::Transfer>(event);
      record.account_id = text_of(transfer.from_account_id);
      record.to_account_id = text_of(transfer.to_account_id);
      record.asset = text_of(transfer.asset);
      record.amount = format_decimal(transfer.amount);
      return true;
    }
    default:
      return false;
  }
}

bool OrderReplay::wanted(const OrderRecord& record) const {
  const Time at = query_.applied ? replay_.clock().value_or(record.ts) : record.ts;
  if (at < query_.from || at >= query_.to || (!record.asset.empty() && !query_.funds)) {
    return false;
  }
  if (record.type == "trade_void") {
    return tells_all() || told_trades_.contains(record.trade_id);
  }
  const bool of_accounts = accounts_.empty() || is_ours(record.account_id) ||
                           is_ours(record.to_account_id) || is_ours(record.buyer_id) ||
                           is_ours(record.seller_id);
  return of_accounts && (query_.instrument_id.empty() || !record.asset.empty() ||
                         record.instrument_id == query_.instrument_id);
}

bool OrderReplay::tell(const Event& event, std::uint64_t seq, OrderRecord& record) {
  record = {};
  record.seq = seq;
  record.ts = event.ts;
  record.type = event_info(event.type).word;
  const bool asked_for = std::ranges::binary_search(query_.seqs, seq);
  const bool known = fill_in(event, record);
  if (!asked_for && (!known || !wanted(record))) {
    return false;
  }
  if (event.type == EventType::trade && !tells_all()) {
    told_trades_.insert(record.trade_id);
  }
  write_ndjson(event, record.line);
  return true;
}

}  // namespace

std::optional<Time> parse_moment(std::string_view text) {
  constexpr std::size_t date_size = 10;
  std::int64_t ns = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), ns);
  if (!text.empty() && bad == std::errc{} && end == text.data() + text.size()) {
    return ns < 0 ? std::nullopt : std::optional(Time{ns});
  }
  std::string moment(text);
  if (moment.size() == date_size) {
    moment += "T00:00:00Z";
  }
  return parse_rfc3339(moment);
}

std::optional<std::string> dropped_fault(const std::string& path, const OrderQuery& query) {
  const auto behind = begins_behind(path);
  if (behind && !query.seqs.empty() && query.seqs.front() <= behind->seq) {
    return "records that this rests on were dropped: retention is over";
  }
  if (behind && query.from < query.to && query.from <= behind->at) {
    return "records up to " + format_rfc3339(behind->at) +
           " were dropped: retention is over; ask for what is later";
  }
  return std::nullopt;
}

std::expected<void, std::string> visit_orders(const std::string& path, const OrderQuery& query,
                                              const std::function<bool(const OrderRecord&)>& take) {
  OrderReplay replay(query);
  OrderRecord record;
  auto stepped = replay.market().begin(path);
  if (!stepped) {
    return stepped;
  }
  auto read = visit_journal(path, 0, [&](const Event& event, std::uint64_t seq) {
    stepped = replay.market().step(event, seq);
    return stepped && (!replay.tell(event, seq, record) || take(record));
  });
  return read ? stepped : read;
}

std::expected<std::vector<OrderRecord>, std::string> placings_at(
    const std::string& path, const std::vector<std::uint64_t>& seqs) {
  std::vector<OrderRecord> found;
  if (seqs.empty()) {
    return found;
  }
  const auto take = [&](const auto& order, std::uint64_t seq) {
    OrderRecord& record = found.emplace_back();
    record.seq = seq;
    record.ts = order.ts;
    record.type = event_info(order.type).word;
    take_new_order(order, record);
    write_ndjson(order, record.line);
  };
  const auto read = visit_journal(path, seqs.front(), [&](const Event& event, std::uint64_t seq) {
    if (!std::ranges::binary_search(seqs, seq)) {
      return seq < seqs.back();
    }
    if (event.type == EventType::order) {
      take(as<event::Order>(event), seq);
    } else if (event.type == EventType::book_order) {
      take(as<event::BookOrder>(event), seq);
    }
    return seq < seqs.back();
  });
  if (!read) {
    return std::unexpected(read.error());
  }
  return found;
}

}  // namespace marktwacht
