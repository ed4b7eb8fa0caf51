// Draws lines of every kind that changes state.
#include "engine/stream_twin.h"

#include <random>

namespace marktwacht {
namespace {

class Stream {
 public:
  explicit Stream(std::uint64_t seed) : random_(seed) {}

  void venue() {
    add(R"({"type":"asset","ts":1,"asset":"BTC","decimals":8})");
    add(R"({"type":"asset","ts":1,"asset":"USDT","decimals":6})");
    add(R"({"type":"instrument","ts":1,"instrument_id":"SPOT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.01"})");
    add(R"({"type":"instrument","ts":1,"instrument_id":"PERP","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.01"})");
    add(R"({"type":"instrument","ts":1,"instrument_id":"COIN","kind":"perpetual","base":"BTC","quote":"USD","tick_size":"0.5","lot_size":"1","contract_type":"inverse","contract_multiplier":"100","settle_asset":"BTC"})");
  }

  void step() {
    ts_ += below(3) == 0 ? 0 : below(2'000'000'000);
    if (below(400) == 0) {
      ts_ += 20ull * 3'600'000'000'000;  // so that days end
    }
    switch (below(24)) {
      case 0:
        return declaration();
      case 1:
        return funds();
      case 2:
        return stated();
      case 3:
        return book_trouble();
      case 4:
      case 5:
      case 6:
        return trade();
      case 7:
      case 8:
      case 9:
      case 10:
      case 11:
        return cancel();
      case 12:
      case 13:
        return replace();
      default:
        return order();
    }
  }

  std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  std::string number(std::uint64_t n) { return std::to_string(n); }
  std::string account() { return "\"a" + number(below(12)) + "\""; }
  std::string instrument() {
    static const char* const names[] = {"\"SPOT\"", "\"PERP\"", "\"COIN\"", "\"SPOT\"", "\"PERP\""};
    return below(60) == 0 ? "\"NONE\"" : names[below(5)];
  }
  std::string price() { return below(50) == 0 ? "\"100.3\"" : number(95 + below(10)); }
  std::string quantity() { return number(1 + below(5)); }
  std::string side() { return below(2) == 0 ? "\"buy\"" : "\"sell\""; }
  std::string known_order() { return "\"o" + number(next_ - std::min(next_, below(40))) + "\""; }
  void add(std::string line) { lines_.push_back(std::move(line)); }

  std::string head(std::string_view type) {
    std::string text = R"({"type":")" + std::string(type) + R"(","ts":)" +
                       number(ts_ - (below(10) == 0 ? std::min(ts_, below(1'000'000'000)) : 0));
    if (below(4) == 0) {  // a numbered feed with repeats and gaps
      source_seq_ += below(20) == 0 ? 3 : below(15) == 0 ? 0 : 1;
      text += R"(,"source":"feed","source_seq":)" + number(source_seq_);
    }
    return text;
  }

  void order() {
    std::string line = head(below(40) == 0 ? "book_order" : "order") + R"(,"order_id":"o)" +
                       number(below(30) == 0 ? next_ : ++next_) + R"(","account_id":)" + account() +
                       R"(,"instrument_id":)" + instrument() + R"(,"side":)" + side();
    if (below(12) == 0) {
      line += R"(,"quote_quantity":)" + number(100 + below(1000));
    } else {
      line += R"(,"quantity":)" + quantity();
    }
    if (below(8) != 0) {
      line += R"(,"price":)" + price();
    }
    static const char* const extras[] = {
        R"(,"time_in_force":"ioc")", R"(,"display_quantity":1)",   R"(,"trigger_price":100)",
        R"(,"reduce_only":true)",    R"(,"position_side":"long")", R"(,"position_effect":"open")"};
    if (below(4) == 0) {
      line += extras[below(6)];
    }
    add(line + "}");
  }

  void cancel() {
    static const char* const reasons[] = {"user", "ioc", "expired", "self_match"};
    add(head("cancel") + R"(,"order_id":)" + known_order() + R"(,"reason":")" + reasons[below(4)] +
        "\"}");
  }

  void replace() {
    if (below(6) == 0) {
      return add(head("triggered") + R"(,"order_id":)" + known_order() + "}");
    }
    std::string line = head("replace") + R"(,"order_id":)" + known_order();
    line += below(2) == 0 ? R"(,"price":)" + price() : "";
    line += below(2) == 0 ? R"(,"quantity":)" + quantity() : "";
    line += below(4) == 0 ? R"(,"new_order_id":"o)" + number(++next_) + "\"" : "";
    add(line + "}");
  }

  void trade() {
    std::string line = head("trade") + R"(,"trade_id":"t)" + number(++trades_) +
                       R"(","instrument_id":)" + instrument() + R"(,"price":)" + price() +
                       R"(,"quantity":)" + (below(3) == 0 ? R"("0.37")" : quantity());
    if (below(2) == 0) {
      line += R"(,"maker_order_id":)" + known_order() + R"(,"taker_order_id":)" + known_order();
    }
    if (below(2) == 0) {
      line += R"(,"buyer_id":)" + account() + R"(,"seller_id":)" + account();
    }
    line += R"(,"aggressor":)" + side();
    line += below(3) == 0 ? R"(,"maker_fee":"0.01","taker_fee":"-0.002")" : "";
    line += below(9) == 0 ? R"(,"taker_fee_asset":"BTC")" : "";
    add(line + "}");
  }

  void declaration() {
    switch (below(5)) {
      case 0:
        return add(head("account") + R"(,"account_id":)" + account() + R"(,"person_id":"p)" +
                   number(below(4)) + "\"}");
      case 1:
        return add(head("account") + R"(,"account_id":)" + account() + R"(,"master_id":)" +
                   account() + "}");
      case 2:
        return add(head("account") + R"(,"account_id":)" + account() +
                   (below(2) == 0 ? R"(,"roles":["broker"]})" : R"(,"roles":[]})"));
      case 3:
        return add(head("control_group") + R"(,"group_id":"g)" + number(below(3)) +
                   R"(","account_ids":[)" + account() + "," + account() + R"(],"status":")" +
                   (below(3) == 0 ? "withdrawn" : "active") + "\"}");
      default:
        return add(head("exemption") + R"(,"account_id":)" + account() + R"(,"kind":"hedging")" +
                   (below(2) == 0 ? R"(,"instrument_id":"PERP")" : "") + R"(,"until_ts":)" +
                   number(ts_ + below(20'000'000'000)) + "}");
    }
  }

  void funds() {
    static const char* const assets[] = {"\"BTC\"", "\"USDT\"", "\"NEW\""};
    const std::string rest = R"(,"asset":)" + std::string(assets[below(3)]) + R"(,"amount":")" +
                             number(below(100)) + "." + number(1 + below(99'999'999)) + "\"";
    if (below(2) == 0) {
      return add(head("transfer") + R"(,"from_account_id":)" + account() + R"(,"to_account_id":)" +
                 account() + rest + "}");
    }
    add(head("deposit") + R"(,"account_id":)" + account() + rest + "}");
  }

  void stated() {
    switch (below(4)) {
      case 0:
        return add(head("position") + R"(,"account_id":)" + account() + R"(,"instrument_id":)" +
                   instrument() + R"(,"quantity":)" + (below(2) == 0 ? "-" : "") + quantity() +
                   R"(,"entry_price":)" + price() + "}");
      case 1:
        return add(head("balance") + R"(,"account_id":)" + account() +
                   R"(,"asset":"USDT","total":5,"available":3})");
      case 2:
        return add(head("index_price") + R"(,"instrument_id":)" + instrument() + R"(,"price":)" +
                   price() + "}");
      default:
        return add(head("valuation") + R"(,"asset":"BTC","currency":"USD","price":)" + price() +
                   "}");
    }
  }

  void book_trouble() {
    static const char* const bad[] = {
        R"({"type":"order","ts":5})", R"({"type":"nonsense","ts":5})",   "{", "[]",
        R"({"type":"tick","ts":-1})", R"({"type":"tick","ts":1,"ts":2})"};
    if (below(8) == 0) {
      return add(head("book_reset") + R"(,"instrument_id":)" + instrument() + "}");
    }
    add(below(2) == 0 ? bad[below(6)] : head("tick") + "}");
  }

  std::mt19937_64 random_;
  std::vector<std::string> lines_;
  std::uint64_t ts_ = 1'700'000'000'000'000'000;
  std::uint64_t next_ = 0, trades_ = 0, source_seq_ = 0;
};

}  // namespace

std::vector<std::string> random_stream(std::uint64_t seed, int lines) {
  Stream stream(seed);
  stream.venue();
  for (int i = 0; i < lines; ++i) {
    stream.step();
  }
  return stream.take();
}

}  // namespace marktwacht
