// Reading a stream: see flow_twin.h.
#include "sim/abuse/flow_twin.h"

#include <algorithm>
#include <cmath>

#include "events/ndjson.h"

namespace marktwacht::sim {
namespace {

std::string text_of(const Text& text) { return std::string(text.view()); }

// The value of a text or number member of a flat line of JSON; empty where there is none.
std::string member_of(const std::string& line, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":";
  const std::size_t at = line.find(key);
  if (at == line.npos) {
    return {};
  }
  const std::size_t from = at + key.size();
  return line[from] == '"' ? line.substr(from + 1, line.find('"', from + 1) - from - 1)
                           : line.substr(from, line.find_first_of(",}", from) - from);
}

}  // namespace

double number(const Decimal& decimal) {
  return static_cast<double>(decimal.mantissa) * std::pow(10.0, decimal.exponent);
}

Flow::Flow(const SimulationOptions& options) {
  Simulation simulation(options, *this);
  simulation.run();
  read_labels(simulation.labels());
}

void Flow::take(const Event& event) {
  ++count;
  line_.clear();
  write_ndjson(event, line_);
  hash = hash * 0x100'0000'01B3 + std::hash<std::string>{}(line_);
  switch (event.type) {
    case EventType::order:
      return on(as<event::Order>(event));
    case EventType::replace:
      return on(as<event::Replace>(event));
    case EventType::cancel:
      return on(as<event::Cancel>(event));
    case EventType::trade:
      return on(as<event::Trade>(event));
    case EventType::reject: {
      const auto& reject = as<event::Reject>(event);
      rejects.push_back({event.ts, text_of(reject.account_id), text_of(reject.instrument_id)});
      messages_.push_back({event.ts, rejects.back().account, rejects.back().instrument});
      return;
    }
    case EventType::instrument: {
      const auto& instrument = as<event::Instrument>(event);
      tick[text_of(instrument.instrument_id)] = number(instrument.tick_size);
      large_[text_of(instrument.instrument_id)] = number(instrument.large_order_quantity);
      break;
    }
    default:
      break;
  }
  const std::string amount = member_of(line_, "amount");
  lines.push_back({event.ts, event.type, member_of(line_, "account_id"),
                   amount.empty() ? 0 : std::stod(amount), line_});
}

void Flow::on(const event::Order& order) {
  SeenOrder seen;
  seen.account = text_of(order.account_id);
  seen.instrument = text_of(order.instrument_id);
  seen.side = order.side;
  seen.price = order.has_price() ? number(order.price) : 0;
  seen.quantity = number(order.quantity);
  seen.time_in_force = order.has_time_in_force() ? order.time_in_force : TimeInForce::gtc;
  seen.placed = order.ts;
  seen.large = seen.quantity >= large_[seen.instrument];
  messages_.push_back({order.ts, seen.account, seen.instrument});
  orders[text_of(order.order_id)] = seen;
}

void Flow::on(const event::Replace& replace) {
  const auto at = orders.find(text_of(replace.order_id));
  SeenOrder seen = at->second;
  seen.moves += replace.has_price() ? 1 : 0;
  seen.price = replace.has_price() ? number(replace.price) : seen.price;
  if (replace.has_quantity()) {
    seen.quantity = seen.filled + number(replace.quantity);
  }
  messages_.push_back({replace.ts, seen.account, seen.instrument});
  orders.erase(at);
  orders[text_of(replace.has_new_order_id() ? replace.new_order_id : replace.order_id)] = seen;
}

void Flow::on(const event::Cancel& cancel) {
  SeenOrder& seen = orders.at(text_of(cancel.order_id));
  seen.ended = cancel.ts;
  seen.withdrawn = cancel.reason == CancelReason::user;
  seen.expired_ioc = cancel.reason == CancelReason::ioc || cancel.reason == CancelReason::fok;
  if (seen.withdrawn) {
    messages_.push_back({cancel.ts, seen.account, seen.instrument});
  }
}

void Flow::on(const event::Trade& trade) {
  SeenFill fill;
  fill.ts = trade.ts;
  fill.instrument = text_of(trade.instrument_id);
  fill.price = number(trade.price);
  fill.quantity = number(trade.quantity);
  prices_[fill.instrument].push_back({fill.ts, fill.price});
  if (trade.has_maker_order_id()) {
    fill.maker_order = text_of(trade.maker_order_id);
    fill.taker_order = text_of(trade.taker_order_id);
    SeenOrder& maker = orders.at(fill.maker_order);
    SeenOrder& taker = orders.at(fill.taker_order);
    fill.aggressor = taker.side;
    fill.buyer = taker.side == Side::buy ? taker.account : maker.account;
    fill.seller = taker.side == Side::buy ? maker.account : taker.account;
    for (SeenOrder* order : {&maker, &taker}) {
      order->filled += fill.quantity;
      order->notional += fill.quantity * fill.price;
      order->ended = order->filled >= order->quantity * (1 - 1e-9) ? fill.ts : order->ended;
    }
    fills.push_back(fill);
  }
}

void Flow::keep_labels_of(std::string_view detector) {
  std::erase_if(labels, [&](const SeenLabel& label) { return label.detector != detector; });
}

void Flow::read_labels(const std::string& text) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    const std::string line = text.substr(from, end - from);
    from = end + 1;
    if (line.find("\"look_alike\"") != line.npos) {
      continue;
    }
    SeenLabel label{.clause = member_of(line, "clause"),
                    .detector = member_of(line, "detector"),
                    .instrument = member_of(line, "instrument_id"),
                    .accounts = {},
                    .from = {std::stoll(member_of(line, "from_ts"))},
                    .to = {std::stoll(member_of(line, "to_ts"))}};
    const std::size_t list = line.find('['), close = line.find(']');
    for (std::size_t at = list + 1; at < close; at += 1) {
      const std::size_t quote_end = line.find('"', at + 1);
      label.accounts.insert(line.substr(at + 1, quote_end - at - 1));
      at = quote_end + 1;
    }
    labels.push_back(label);
  }
}

std::vector<const SeenOrder*> Flow::orders_of(const SeenLabel& label) const {
  std::vector<const SeenOrder*> found;
  for (const auto& [id, order] : orders) {
    if (label.has(order.account) && label.in(order.instrument) && label.during(order.placed)) {
      found.push_back(&order);
    }
  }
  std::ranges::stable_sort(found, {}, &SeenOrder::placed);
  return found;
}

std::vector<const SeenFill*> Flow::fills_of(const SeenLabel& label) const {
  std::vector<const SeenFill*> found;
  for (const SeenFill& fill : fills) {
    if ((label.has(fill.buyer) || label.has(fill.seller)) && label.in(fill.instrument) &&
        label.during(fill.ts)) {
      found.push_back(&fill);
    }
  }
  return found;
}

std::vector<const SeenLine*> Flow::lines_of(const SeenLabel& label) const {
  std::vector<const SeenLine*> found;
  for (const SeenLine& line : lines) {
    if (label.during(line.ts) && label.has(line.account)) {
      found.push_back(&line);
    }
  }
  return found;
}

std::vector<const SeenLabel*> Flow::labels_of(std::string_view detector) const {
  std::vector<const SeenLabel*> found;
  for (const SeenLabel& label : labels) {
    if (label.detector == detector) {
      found.push_back(&label);
    }
  }
  return found;
}

double Flow::price_at(const std::string& instrument, Time ts) const {
  const auto at = prices_.find(instrument);
  double price = 0;
  if (at != prices_.end()) {
    for (const auto& [when, of] : at->second) {
      price = when <= ts ? of : price;
    }
  }
  return price;
}

std::vector<Time> Flow::messages_of(const SeenLabel& label) const {
  std::vector<Time> found;
  for (const Message& message : messages_) {
    if (label.has(message.account) && label.in(message.instrument) && label.during(message.ts)) {
      found.push_back(message.ts);
    }
  }
  return found;
}

}  // namespace marktwacht::sim
