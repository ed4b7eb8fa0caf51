// Draws lines in phases; each phase is about one thing that rules count.
#include "rules/threshold_stream_twin.h"

#include <algorithm>
#include <random>

namespace marktwacht {
namespace {

constexpr std::uint64_t ms = 1'000'000, s = 1'000 * ms, minute = 60 * s, hour = 60 * minute;
constexpr std::uint64_t cycle = 10 * minute, whole_day = 24 * hour;
constexpr std::uint64_t start = 1'700'006'400ull * s;  // a midnight

struct LiveOrder {
  std::string id;
  int account = 0;
  std::string instrument, side;
  int remaining = 0;
  bool waits = false;  // for its trigger
};

std::vector<std::string> venue_lines() {
  const std::string linear = R"("base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"1")";
  const auto instrument = [](const std::string& id, const std::string& rest) {
    return R"({"type":"instrument","ts":1,"instrument_id":")" + id + "\"," + rest + "}";
  };
  return {
      R"({"type":"asset","ts":1,"asset":"BTC","decimals":8})",
      R"({"type":"asset","ts":1,"asset":"USDT","decimals":6})",
      instrument("SPOT", R"("kind":"spot",)" + linear + R"(,"large_order_quantity":6)"),
      instrument(
          "PERP",
          R"("kind":"perpetual",)" + linear +
              R"(,"large_order_quantity":4,"daily_open_limit":20,"daily_open_count_limit":6,"hft_forbidden":true)"),
      instrument("BARE", R"("kind":"perpetual",)" + linear),
      instrument(
          "FUT",
          R"("kind":"future","base":"BTC","quote":"USD","tick_size":"1","lot_size":"1","contract_type":"inverse","contract_multiplier":"100","settle_asset":"BTC","large_order_quantity":3,"daily_open_limit":8,"daily_open_count_limit":3)"),
  };
}

class Stream {
 public:
  explicit Stream(std::uint64_t seed) : random_(seed), ts_(start + below(whole_day)) {
    lines_ = venue_lines();
    venue_ = lines_.size();
  }

  void run(std::size_t lines) {
    while (lines_.size() < venue_ + lines) {
      phase();
    }
    lines_.resize(venue_ + lines);
  }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  // --- chance

  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  template <class T>
  T pick(std::initializer_list<T> list) {
    return *(list.begin() + below(list.size()));
  }
  static std::string number(std::uint64_t n) { return std::to_string(n); }
  static std::string account(int i) { return "\"a" + std::to_string(i) + "\""; }
  int any_account() { return static_cast<int>(below(one_in(6) ? 9 : 4)); }
  std::string any_instrument() { return pick({"PERP", "PERP", "SPOT", "FUT", "BARE"}); }

  // --- time

  void pass(std::uint64_t span) { ts_ += span; }
  void pass_to_multiple(std::uint64_t length) { ts_ += length - ts_ % length; }
  // Steps that meet the edges of windows of 1 s, 5 s, 10 s and 10 min.
  void pass_a_little() {
    switch (below(12)) {
      case 0:
        return pass(s);
      case 1:
        return pass(pick({5 * s, 5 * s - 1, 5 * s - ms, 10 * s, 10 * s - 1}));
      case 2:
        return pass(one_in(4) ? cycle : below(3 * s));
      case 3:
        return one_in(8) ? pass_to_multiple(cycle) : pass(s / 2);
      case 4:
        return one_in(8) ? pass_to_multiple(cycle), ts_ -= 1, void() : pass(s / 4);
      default:
        return pass(pick({std::uint64_t{0}, std::uint64_t{0}, ms, 100 * ms, s / 4}));
    }
  }

  // --- lines

  void add(std::string line) { lines_.push_back(std::move(line)); }
  std::string head(std::string_view type) {
    const std::uint64_t back = one_in(25) ? below(2 * s) : 0;  // late
    std::string text = R"({"type":")" + std::string(type) + R"(","ts":)" + number(ts_ - back);
    if (one_in(12)) {  // a numbered feed with repeats and gaps
      source_seq_ += one_in(30) ? 3 : one_in(12) ? 0 : 1;
      text += R"(,"source":"feed","source_seq":)" + number(source_seq_);
    }
    return text;
  }

  std::size_t order(int by, const std::string& instrument, const std::string& side, int quantity,
                    const std::string& extra = "", std::string price = "") {
    if (price.empty()) {  // mostly at the touch or some ticks behind it
      const std::uint64_t behind = below(one_in(3) ? 12 : 3);
      price = number(side == "buy" ? 100 - behind : 101 + behind);
    }
    const std::string id = "o" + number(++next_);
    add(head("order") + R"(,"order_id":")" + id + R"(","account_id":)" + account(by) +
        R"(,"instrument_id":")" + instrument + R"(","side":")" + side + R"(","quantity":)" +
        std::to_string(quantity) + (price == "none" ? "" : R"(,"price":)" + price) + extra + "}");
    live_.push_back({id, by, instrument, side, quantity, extra.find("trigger") != extra.npos});
    return live_.size() - 1;
  }

  void cancel(std::size_t at, std::string_view reason = "user") {
    add(head("cancel") + R"(,"order_id":")" + live_[at].id + R"(","reason":")" +
        std::string(reason) + "\"}");
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void replace(std::size_t at) {
    LiveOrder& of = live_[at];
    std::string line = head("replace") + R"(,"order_id":")" + of.id + "\"";
    if (one_in(2)) {
      line += R"(,"price":)" + number(of.side == "buy" ? 97 + below(4) : 101 + below(4));
    }
    if (one_in(2)) {
      of.remaining = 1 + static_cast<int>(below(8));
      line += R"(,"quantity":)" + std::to_string(of.remaining);
    }
    if (one_in(4)) {
      of.id = "o" + number(++next_);
      line += R"(,"new_order_id":")" + of.id + "\"";
    }
    add(line + "}");
  }

  // Between the two orders, which both are live.
  void trade(std::size_t maker, std::size_t taker, int quantity) {
    std::string line = head("trade") + R"(,"trade_id":"t)" + number(++trades_) +
                       R"(","instrument_id":")" + live_[maker].instrument +
                       R"(","price":100,"quantity":)" + std::to_string(quantity) +
                       R"(,"maker_order_id":")" + live_[maker].id + R"(","taker_order_id":")" +
                       live_[taker].id + "\"";
    line += one_in(6) ? R"(,"buyer_effect":"open")" : "";
    line += one_in(8) ? R"(,"seller_effect":"close")" : "";
    add(line + "}");
    for (const std::size_t at : {maker, taker}) {
      live_[at].remaining -= quantity;
    }
    std::erase_if(live_, [](const LiveOrder& of) { return of.remaining <= 0; });
  }

  void trade_only(int buyer, int seller, const std::string& instrument) {
    add(head("trade") + R"(,"trade_id":"t)" + number(++trades_) + R"(","instrument_id":")" +
        instrument + R"(","price":)" + number(98 + below(5)) + R"(,"quantity":)" +
        number(1 + below(one_in(10) ? 400 : 6)) + R"(,"buyer_id":)" + account(buyer) +
        R"(,"seller_id":)" + account(seller) + R"(,"aggressor":")" + pick({"buy", "sell"}) +
        (one_in(5) ? R"(","kind":"block"})" : "\"}"));
  }

  void reject(int by, const std::string& instrument) {
    add(head("reject") + R"(,"account_id":)" + account(by) + R"(,"instrument_id":")" + instrument +
        R"(","reason":")" + pick({"margin", "rate", "other"}) + "\"}");
  }

  std::string odd_extra() {
    return pick({R"(,"time_in_force":"ioc")", R"(,"time_in_force":"fok")",
                 R"(,"time_in_force":"gtx")", R"(,"time_in_force":"gtd")",
                 R"(,"position_effect":"open")", R"(,"position_effect":"close")",
                 R"(,"display_quantity":1)", R"(,"trigger_price":100)", R"(,"reduce_only":true)",
                 R"(,"channel":"copy")"});
  }

  // --- phases

  void phase() {
    const int by = any_account();
    const std::string instrument = any_instrument();
    switch (below(15)) {
      case 0:
        return groups();
      case 1:
        return exemption();
      case 2:
        return self_trades(instrument);
      case 3:
        return cancels(by, instrument);
      case 4:
        return burst(by, instrument);
      case 5:
        return at_once(by, instrument);
      case 6:
        return dust(by, instrument);
      case 7:
        return trades(instrument);
      case 8:
        return rejects(by);
      case 9:
        return trouble(instrument);
      case 10:
        return one_in(3) ? jump() : groups();
      case 11:
        return rivals(instrument);
      default:
        return mixed();
    }
  }

  void jump() {
    switch (below(6)) {
      case 0:
        return pass_to_multiple(whole_day);
      case 1:
        return pass_to_multiple(whole_day), ts_ -= 1, void();
      case 2:
        return pass(whole_day);
      case 3:
        return pass(below(9) * whole_day);
      default:
        return pass(cycle * (1 + below(5)));
    }
  }

  void groups() {
    for (std::uint64_t left = 1 + below(3); left > 0; --left) {
      group_line();
      pass_a_little();
    }
  }

  void group_line() {
    const int a = any_account(), b = any_account(), c = any_account();
    const std::string group = R"(,"group_id":"g)" + number(below(3)) + R"(","account_ids":[)";
    switch (below(9)) {
      case 0:
      case 1:
        return add(head("control_group") + group + account(a) + "," + account(b) + "]}");
      case 2:
        return add(head("control_group") + group + account(a) + "," + account(b) + "," +
                   account(c) + "]}");
      case 3:
      case 4:
        return add(head("control_group") + group + R"(],"status":"withdrawn"})");
      case 5:
      case 6:
        return add(head("account") + R"(,"account_id":)" + account(a) + R"(,"person_id":"p)" +
                   number(below(6)) + "\"}");
      case 7:
        return add(head("account") + R"(,"account_id":)" + account(a) + R"(,"roles":[)" +
                   (one_in(2) ? "\"broker\"" : "") + "]}");
      default:
        return add(head("account") + R"(,"account_id":)" + account(a) + R"(,"master_id":)" +
                   account(one_in(2) ? a : b) + "}");
    }
  }

  void exemption() {
    add(head("exemption") + R"(,"account_id":)" + account(any_account()) + R"(,"kind":")" +
        pick({"hedging", "market_making"}) + "\"" +
        (one_in(2) ? R"(,"instrument_id":"PERP")" : "") + R"(,"until_ts":)" +
        number(ts_ + pick({std::uint64_t{0}, s, 10 * s, minute, cycle})) + "}");
  }

  // 3 to 7 trades inside what may be one group.
  void self_trades(const std::string& instrument) {
    const int a = any_account(), b = one_in(3) ? a : any_account();
    for (std::uint64_t left = 3 + below(5); left > 0; --left) {
      if (one_in(3)) {
        trade_only(a, b, instrument);
      } else {
        const int quantity = 1 + static_cast<int>(below(5));
        order(a, instrument, "buy", quantity, one_in(8) ? odd_extra() : "");
        const bool known = !live_.back().waits;
        const std::size_t taker = order(b, instrument, "sell", quantity, "", "100");
        if (known) {
          trade(taker - 1, taker, one_in(4) ? 1 : quantity);
        }
      }
      pass_a_little();
    }
  }

  // Orders of one account, most of them taken back before or after 5 s.
  void cancels(int by, const std::string& instrument) {
    const std::uint64_t age = pick({std::uint64_t{0}, s, 5 * s - 1, 5 * s, 6 * s});
    for (std::uint64_t left = 3 + below(8); left > 0; --left) {
      const std::size_t at =
          order(by, instrument, pick({"buy", "sell"}), 1 + static_cast<int>(below(8)),
                one_in(8) ? odd_extra() : "", one_in(15) ? "none" : "");
      pass(one_in(5) ? below(7 * s) : age);
      if (one_in(10)) {
        replace(at);
      }
      if (!one_in(10)) {
        cancel(at, one_in(8) ? pick({"expired", "self_match", "admin"}) : "user");
      }
    }
  }

  // Many messages close together, on a grid so that some leave a window as others enter it.
  void burst(int by, const std::string& instrument) {
    const std::uint64_t step =
        pick({std::uint64_t{0}, 50 * ms, 100 * ms, 125 * ms, 250 * ms, s, 2 * s});
    for (std::uint64_t left = 4 + below(16); left > 0; --left) {
      const int account_now = one_in(4) ? any_account() : by;
      switch (below(5)) {
        case 0:
          reject(account_now, instrument);
          break;
        case 1:
          if (!live_.empty()) {
            cancel(below(live_.size()));
          }
          break;
        case 2:
          if (!live_.empty()) {
            replace(below(live_.size()));
          }
          break;
        default:
          order(account_now, instrument, pick({"buy", "sell"}), 1 + static_cast<int>(below(4)));
      }
      if (one_in(12)) {
        trade_only(account_now, any_account(), instrument);
      }
      if (one_in(12)) {  // in the middle of it
        group_line();
      }
      pass(step);
    }
  }

  // Two accounts do the same at the same time, become one, and perhaps part again.
  void rivals(const std::string& instrument) {
    const int a = any_account(), b = any_account();
    const std::uint64_t step = pick({std::uint64_t{0}, 20 * ms, 100 * ms, 500 * ms});
    const std::string group = R"(,"group_id":"r","account_ids":[)";
    std::uint64_t left = 10 + below(20);
    const std::uint64_t joined = below(left), parted = below(3 * left);
    for (; left > 0; --left) {
      const int by = one_in(2) ? a : b;
      const std::size_t at = order(by, instrument, "buy", 4 + static_cast<int>(below(4)));
      if (one_in(2)) {
        cancel(at);
      } else if (one_in(3)) {
        reject(by, instrument);
      }
      if (left == joined) {
        add(head("control_group") + group + account(a) + "," + account(b) + "]}");
      }
      if (left == parted) {
        add(head("control_group") + group + R"(],"status":"withdrawn"})");
      }
      pass(step);
    }
  }

  void at_once(int by, const std::string& instrument) {
    for (std::uint64_t left = 2 + below(6); left > 0; --left) {
      const std::string how = pick({"ioc", "fok"});
      const std::size_t at = order(by, instrument, "buy", 4, R"(,"time_in_force":")" + how + "\"",
                                   one_in(5) ? "none" : "");
      if (one_in(4)) {
        order(any_account(), instrument, "sell", 2);
        trade(at + 1, at, 2);
      }
      const auto found = std::ranges::find(live_, "o" + number(next_), &LiveOrder::id);
      const auto of = std::ranges::find_if(
          live_, [&](const LiveOrder& live) { return live.account == by && live.remaining > 0; });
      if (!one_in(8) && found != live_.end() && of != live_.end()) {
        const auto mine = live_[std::min(at, live_.size() - 1)].account == by
                              ? std::min(at, live_.size() - 1)
                              : static_cast<std::size_t>(of - live_.begin());
        cancel(mine, how);
      }
      pass_a_little();
    }
  }

  void dust(int by, const std::string& instrument) {
    for (std::uint64_t left = 3 + below(6); left > 0; --left) {
      const int what = static_cast<int>(below(8));
      if (what == 0) {
        add(head("order") + R"(,"order_id":"o)" + number(++next_) + R"(","account_id":)" +
            account(by) + R"(,"instrument_id":")" + instrument + R"(","side":"buy")" +
            (one_in(2) ? R"(,"price":10)" : "") + R"(,"quote_quantity":)" +
            pick({"20", "49", "400"}) + "}");
      } else {
        order(by, instrument, "buy", 1 + static_cast<int>(below(2)), "",
              pick({"1", "25", "49", "49", "50", "50"}));
      }
      pass_a_little();
    }
  }

  void trades(const std::string& instrument) {
    for (std::uint64_t left = 2 + below(6); left > 0; --left) {
      trade_only(any_account(), any_account(), instrument);
      pass_a_little();
    }
  }

  void rejects(int by) {
    for (std::uint64_t left = 2 + below(8); left > 0; --left) {
      reject(by, any_instrument());
      pass(pick({std::uint64_t{0}, 100 * ms, 500 * ms}));
    }
  }

  // Triggers, snapshots, gaps, and lines that must be refused.
  void trouble(const std::string& instrument) {
    const auto waits = std::ranges::find_if(live_, [](const LiveOrder& of) { return of.waits; });
    if (waits != live_.end()) {
      add(head("triggered") + R"(,"order_id":")" + waits->id + "\"}");
      waits->waits = false;
      pass_a_little();
    }
    switch (below(8)) {
      case 0:
        add(head("book_reset") + R"(,"instrument_id":")" + instrument + "\"}");
        [[fallthrough]];
      case 1: {
        const std::string id = "o" + number(++next_);
        add(head("book_order") + R"(,"order_id":")" + id + R"(","account_id":)" +
            account(any_account()) + R"(,"instrument_id":")" + instrument +
            R"(","side":"buy","quantity":5,"price":99})");
        live_.push_back({id, 0, instrument, "buy", 5});
        return;
      }
      case 2:
        source_seq_ += 4;
        return add(R"({"type":"tick","ts":)" + number(ts_) + R"(,"source":"feed","source_seq":)" +
                   number(source_seq_) + "}");
      case 3:
        return add(head("cancel") + R"(,"order_id":"never","reason":"user"})");
      case 4:
        return add(R"({"type":"order","ts":)" + number(ts_) + R"(,"order_id":"x"})");
      case 5:
        return add("{");
      case 6:
        return add(
            head("instrument") +
            R"(,"instrument_id":"PERP","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"1","large_order_quantity":)" +
            number(2 + below(4)) + R"(,"daily_open_limit":)" + number(5 + below(20)) +
            (one_in(2) ? R"(,"hft_forbidden":true})" : "}"));
      default:
        return add(head("tick") + "}");
    }
  }

  void mixed() {
    for (std::uint64_t left = 4 + below(12); left > 0; --left) {
      const std::string instrument = any_instrument();
      switch (below(6)) {
        case 0:
        case 1:
          order(any_account(), instrument, pick({"buy", "sell"}), 1 + static_cast<int>(below(8)),
                one_in(4) ? odd_extra() : "", one_in(10) ? "none" : "");
          break;
        case 2:
          if (!live_.empty()) {
            cancel(below(live_.size()), one_in(6) ? "expired" : "user");
          }
          break;
        case 3:
          if (!live_.empty()) {
            replace(below(live_.size()));
          }
          break;
        case 4:
          meet();
          break;
        default:
          trade_only(any_account(), any_account(), instrument);
      }
      pass_a_little();
    }
  }

  // Two live orders of opposite sides, if there are.
  void meet() {
    if (live_.size() < 2) {
      return;
    }
    const std::size_t maker = below(live_.size());
    for (std::size_t taker = 0; taker < live_.size(); ++taker) {
      if (live_[taker].instrument == live_[maker].instrument &&
          live_[taker].side != live_[maker].side && !live_[taker].waits && !live_[maker].waits) {
        const int most = std::min(live_[taker].remaining, live_[maker].remaining);
        return trade(maker, taker, one_in(2) ? most : 1);
      }
    }
  }

  std::mt19937_64 random_;
  std::vector<std::string> lines_;
  std::size_t venue_ = 0;
  std::uint64_t ts_;
  std::uint64_t next_ = 0, trades_ = 0, source_seq_ = 0;
  std::vector<LiveOrder> live_;
};

// --- up to an exact count

class Edge {
 public:
  Edge() : lines_(venue_lines()) {
    add("tick", "");  // the clock runs before the groups form
    add("control_group", R"(,"group_id":"g","account_ids":["a1","a2"])");
  }

  void add(std::string_view type, const std::string& rest) {
    lines_.push_back(R"({"type":")" + std::string(type) + R"(","ts":)" + std::to_string(ts_) +
                     rest + "}");
  }
  void withdraw(const std::string& account) {
    add("order", R"(,"order_id":"o)" + std::to_string(++next_) + R"(","account_id":")" + account +
                     R"(","instrument_id":"PERP","side":"buy","quantity":4,"price":100)");
    cancel("user");
    pass(ms);
  }
  void order(const std::string& rest) {
    add("order", R"(,"order_id":"o)" + std::to_string(++next_) +
                     R"(","account_id":"a1","instrument_id":"PERP","side":"buy")" + rest);
  }
  void cancel(std::string_view reason) {
    add("cancel", R"(,"order_id":"o)" + std::to_string(next_) + R"(","reason":")" +
                      std::string(reason) + "\"");
  }
  void pass(std::uint64_t span) { ts_ += span; }
  std::vector<std::string> take() {
    pass(whole_day);
    add("tick", "");
    pass(whole_day);
    add("tick", "");
    return std::move(lines_);
  }

 private:
  std::vector<std::string> lines_;
  std::uint64_t ts_ = start + hour;
  std::uint64_t next_ = 0;
};

void add_one(Edge& edge, std::string_view detector, int i) {
  if (detector == "daily_open_count_limit") {  // orders, each filled twice by a stranger
    edge.order(R"(,"quantity":2,"price":100)");
    for (const char* half : {"a", "b"}) {
      edge.add("trade", R"(,"trade_id":"t)" + std::to_string(i) + half +
                            R"(","instrument_id":"PERP","price":100,"quantity":1,)" +
                            R"("maker_order_id":"o)" + std::to_string(i + 1) +
                            R"(","taker_order_id":"none","buyer_id":"a1","seller_id":"z",)" +
                            R"("aggressor":"sell")");
      edge.pass(s);
    }
  } else if (detector == "self_trade" || detector == "daily_open_limit") {
    edge.add("trade", R"(,"trade_id":"t)" + std::to_string(i) +
                          R"(","instrument_id":"PERP","price":100,"quantity":1,)" +
                          R"("buyer_id":"a1","seller_id":"a2","aggressor":"buy")");
    edge.pass(s);
  } else if (detector == "frequent_cancel" || detector == "large_order_cancel" ||
             detector == "invalid_cancel_ratio") {
    edge.order(R"(,"quantity":4,"price":100)");
    edge.pass(ms);
    edge.cancel("user");
  } else if (detector == "expire_ratio") {
    edge.order(R"(,"quantity":4,"price":100,"time_in_force":"ioc")");
    edge.cancel("ioc");
    edge.pass(ms);
  } else if (detector == "message_burst") {
    edge.add("reject", R"(,"account_id":"a1","instrument_id":"BARE","reason":"rate")");
    edge.pass(ms);
  } else {  // orders, tiny ones
    edge.order(R"(,"quantity":1,"price":49)");
    edge.pass(ms);
  }
}

}  // namespace

std::vector<std::string> threshold_stream(std::uint64_t seed, int lines) {
  Stream stream(seed);
  stream.run(static_cast<std::size_t>(lines));
  return stream.take();
}

std::vector<std::string> threshold_edge(std::string_view detector, int count) {
  Edge edge;
  for (int i = 0; i < count; ++i) {
    add_one(edge, detector, i);
  }
  return edge.take();
}

std::vector<std::string> baseline_stream(int quiet_days, int count) {
  Edge edge;
  const auto withdraw = [&](const std::string& account, int times) {
    for (int i = 0; i < times; ++i) {
      edge.withdraw(account);
    }
  };
  withdraw("most", 9);
  withdraw("many", 7);
  for (int i = 0; i < 1'101; ++i) {
    withdraw("few" + std::to_string(i), 1);
  }
  edge.pass(3 * whole_day);
  for (int i = 0; i < quiet_days; ++i) {
    withdraw("few0", 1);
    edge.pass(whole_day);
  }
  withdraw("last", count);
  return edge.take();
}

}  // namespace marktwacht
