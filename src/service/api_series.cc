// What the chart of an alert shows: the market's prices and the subject's own orders on one time
// axis, read from the journal.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "edges/journal/visit.h"
#include "events/json_object.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

constexpr std::size_t orders_max = 500;

struct Point {
  Time ts;
  Decimal price, quantity;
};

struct OwnOrder {
  std::string account_id;
  Side side{};
  std::optional<Decimal> price;
  Decimal quantity, filled;
  Time from;
  std::optional<Time> to;
  std::uint64_t first_seq = 0;
  std::string end = "resting";
};

struct OwnFill {
  std::uint64_t seq = 0;
  Time ts;
  std::string account_id;
  Side side{};
  Decimal price, quantity;
};

struct SeriesQuery {
  std::string instrument_id;
  std::set<std::string, std::less<>> account_ids;
  Time from, to;
  std::size_t points = 1'000;
};

// Reads records in their order and keeps what the chart needs.
class Series {
 public:
  explicit Series(const SeriesQuery& query) : query_(query) {}

  void take(const Event& event, std::uint64_t seq) {
    seq_ = seq;
    visit(event, [this](const auto& one) { note(one); });
  }
  void write(std::string& json) const;

 private:
  bool is_here(Text instrument_id) const { return instrument_id.view() == query_.instrument_id; }
  bool is_shown(Time ts) const { return ts >= query_.from && ts <= query_.to; }

  void note(const Event&) {}
  void note(const event::Order& event) {
    if (is_here(event.instrument_id) && query_.account_ids.contains(event.account_id.view())) {
      OwnOrder& order = orders_[std::string(event.order_id.view())];
      order = {.account_id = std::string(event.account_id.view()),
               .side = event.side,
               .price = event.has_price() ? std::optional(event.price) : std::nullopt,
               .quantity = event.quantity,
               .filled = {},
               .from = event.ts,
               .to = {},
               .first_seq = seq_};
    }
  }
  void note(const event::Cancel& event) { end(event.order_id, event.ts, "cancelled"); }
  void note(const event::Replace& event) {
    const auto found = orders_.find(event.order_id.view());
    if (found == orders_.end()) {
      return;
    }
    OwnOrder next = found->second;
    end(event.order_id, event.ts, "replaced");
    next.price = event.has_price() ? std::optional(event.price) : next.price;
    next.quantity = event.has_quantity() ? event.quantity : next.quantity;
    next.from = event.ts;
    next.first_seq = seq_;
    next.filled = {};
    if (event.has_new_order_id()) {
      orders_[std::string(event.new_order_id.view())] = next;
    }
  }
  void note(const event::Trade& event);
  void note(const event::IndexPrice& event) {
    if (is_here(event.instrument_id) && is_shown(event.ts)) {
      index_.push_back({event.ts, event.price, {}});
    }
  }
  void end(Text order_id, Time ts, const char* how) {
    if (const auto found = orders_.find(order_id.view()); found != orders_.end()) {
      found->second.to = ts;
      found->second.end = how;
    }
  }
  void fill(Text order_id, const event::Trade& trade);

  const SeriesQuery& query_;
  std::uint64_t seq_ = 0;
  std::map<std::string, OwnOrder, std::less<>> orders_;
  std::vector<OwnFill> fills_;
  std::vector<Point> trades_, index_;
};

void Series::fill(Text order_id, const event::Trade& trade) {
  const auto found = orders_.find(order_id.view());
  if (found == orders_.end()) {
    return;
  }
  OwnOrder& order = found->second;
  order.filled = sum_of(order.filled, trade.quantity).value_or(order.filled);
  if (!is_less(order.filled, order.quantity)) {
    end(order_id, trade.ts, "filled");
  }
  if (is_shown(trade.ts)) {
    fills_.push_back({seq_, trade.ts, order.account_id, order.side, trade.price, trade.quantity});
  }
}

void Series::note(const event::Trade& event) {
  if (!is_here(event.instrument_id)) {
    return;
  }
  if (is_shown(event.ts)) {
    trades_.push_back({event.ts, event.price, event.quantity});
  }
  if (event.has_maker_order_id()) {
    fill(event.maker_order_id, event);
  }
  if (event.has_taker_order_id()) {
    fill(event.taker_order_id, event);
  }
}

// At most `most`: of each stretch the lowest and the highest, in their order.
std::vector<Point> thinned(const std::vector<Point>& points, std::size_t most) {
  if (points.size() <= most || most < 2) {
    return points;
  }
  const std::size_t stretch = (2 * points.size() + most - 1) / most;
  std::vector<Point> kept;
  for (std::size_t at = 0; at < points.size(); at += stretch) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end =
        points.begin() + static_cast<std::ptrdiff_t>(std::min(at + stretch, points.size()));
    auto [least, greatest] = std::minmax_element(
        begin, end, [](const Point& a, const Point& b) { return is_less(a.price, b.price); });
    if (greatest < least) {
      std::swap(least, greatest);
    }
    kept.push_back(*least);
    if (greatest != least) {
      kept.push_back(*greatest);
    }
  }
  return kept;
}

void Series::write(std::string& json) const {
  ObjectWriter object(json);
  object.text("instrument_id", query_.instrument_id);
  object.number("from_ts", query_.from.ns);
  object.number("to_ts", query_.to.ns);
  const auto points = [&](const char* name, const std::vector<Point>& all, bool with_quantity) {
    object.array(name, thinned(all, query_.points), [&](const Point& point) {
      ObjectWriter one(json);
      one.number("ts", point.ts.ns);
      one.text("price", format_decimal(point.price));
      if (with_quantity) {
        one.text("quantity", format_decimal(point.quantity));
      }
      one.end();
    });
  };
  points("trades", trades_, true);
  object.member("quotes") += "[]";
  points("index", index_, false);
  std::vector<std::pair<std::string, OwnOrder>> shown;
  for (const auto& [id, order] : orders_) {
    if (order.from <= query_.to && (!order.to || *order.to >= query_.from)) {
      shown.emplace_back(id, order);
    }
  }
  std::ranges::sort(shown, {}, [](const auto& one) { return one.second.first_seq; });
  const std::size_t left_out = shown.size() > orders_max ? shown.size() - orders_max : 0;
  shown.resize(shown.size() - left_out);
  object.array("orders", shown, [&](const auto& one) {
    const OwnOrder& order = one.second;
    ObjectWriter row(json);
    row.text("order_id", one.first);
    row.text("account_id", order.account_id);
    row.text("side", word_of(order.side));
    if (order.price) {
      row.text("price", format_decimal(*order.price));
    }
    row.text("quantity", format_decimal(order.quantity));
    row.text("filled", format_decimal(order.filled));
    row.number("from_ts", order.from.ns);
    if (order.to) {
      row.number("to_ts", order.to->ns);
    }
    row.number("first_seq", order.first_seq);
    row.text("end", order.end);
    row.end();
  });
  object.array("fills", fills_, [&](const OwnFill& fill) {
    ObjectWriter row(json);
    row.number("seq", fill.seq);
    row.number("ts", fill.ts.ns);
    row.text("account_id", fill.account_id);
    row.text("side", word_of(fill.side));
    row.text("price", format_decimal(fill.price));
    row.text("quantity", format_decimal(fill.quantity));
    row.end();
  });
  object.number("orders_left_out", left_out);
  object.end();
}

std::expected<std::string, std::string> read_series(const std::string& data_dir,
                                                    const SeriesQuery& query) {
  Series series(query);
  const auto read = visit_journal(data_dir, 0, [&](const Event& event, std::uint64_t seq) {
    if (event.ts <= query.to) {  // one that is late comes behind later ones
      series.take(event, seq);
    }
    return true;
  });
  if (!read) {
    return std::unexpected(read.error());
  }
  std::string json;
  series.write(json);
  return json;
}

std::int64_t number_or(const std::string& text, std::int64_t otherwise) {
  std::int64_t number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

HttpResponse series(Api& api, ApiCall& call) {
  const auto store = api.store();
  if (!store) {
    return unavailable(store.error());
  }
  const auto story = (*store)->alert(call.request.segment("alert_id"), api.service().now());
  const auto alert = story && *story ? api.alert_lines().alert((*story)->alert.line) : std::nullopt;
  if (!alert) {
    return not_found("alert");
  }
  const std::string instrument = call.parameter("instrument_id");
  SeriesQuery query{.instrument_id = instrument.empty() ? alert->instrument_id : instrument,
                    .account_ids = {alert->account_ids.begin(), alert->account_ids.end()},
                    .from = {},
                    .to = {}};
  const std::int64_t span = std::max<std::int64_t>(alert->to.ns - alert->from.ns, 60 * second.ns);
  query.from.ns = number_or(call.parameter("from_ts"), alert->from.ns - span / 4);
  query.to.ns = number_or(call.parameter("to_ts"), alert->to.ns + span / 4);
  query.points = static_cast<std::size_t>(
      std::clamp<std::int64_t>(number_or(call.parameter("points"), 1'000), 2, 10'000));
  const auto json = read_series(api.service().data_dir(), query);
  return json ? json_response(200, *json) : unavailable(json.error());
}

}  // namespace

void answer_series(Api& api) { api.add("GET", "/v1/alerts/{alert_id}/market", {}, series); }

}  // namespace marktwacht
