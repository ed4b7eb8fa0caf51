// The merge of statuses, diffs and fills on small blocks, on malformed ones, and on real ones.
#include "edges/adapters/hyperliquid.h"

#include <gtest/gtest.h>
#include <simdjson.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "edges/adapters/byte_source.h"
#include "edges/adapters/hyperliquid_files.h"
#include "edges/adapters/hyperliquid_words.h"
#include "events/event.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t first_ns = 1'777'582'003'000'000'000;  // 2026-04-30T20:46:43Z
const std::string statuses_name = "node_order_statuses_by_block.jsonl";
const std::string diffs_name = "node_raw_book_diffs_by_block.jsonl";
const std::string fills_name = "node_fills_by_block.jsonl";

std::vector<InstrumentOption> btc() {
  return {{"BTC", *parse_decimal("1"), *parse_decimal("0.00001")}};
}

// What a status row says, with the usual values.
struct Status {
  std::string word;
  int oid = 0;
  std::string size = "2.0", original = "2.0";
  std::string side = "B", price = "100.0", tif = "Gtc", type = "Limit", user = "0xa";
  std::string trigger = "";
  bool reduce_only = false, tpsl = false;
  std::string coin = "BTC";
  std::string time = "2026-04-30T20:46:43.5";

  std::string json() const {
    const std::string quoted_tif = trigger.empty() && !tif.empty() ? '"' + tif + '"' : "null";
    return R"({"time":")" + time + R"(","user":")" + user +
           R"(","hash":null,"builder":null,"status":")" + word + R"(","order":{"coin":")" + coin +
           R"(","side":")" + side + R"(","limitPx":")" + price + R"(","sz":")" + size +
           R"(","oid":)" + std::to_string(oid) +
           R"(,"timestamp":1777582003304,"triggerCondition":"N/A","isTrigger":)" +
           (trigger.empty() ? "false" : "true") + R"(,"triggerPx":")" +
           (trigger.empty() ? "0.0" : trigger) + R"(","children":[],"isPositionTpsl":)" +
           (tpsl ? "true" : "false") + R"(,"reduceOnly":)" + (reduce_only ? "true" : "false") +
           R"(,"orderType":")" + type + R"(","origSz":")" + original + R"(","tif":)" + quoted_tif +
           R"(,"cloid":null}})";
  }
};

std::string diff(int oid, const std::string& change, const std::string& side = "B",
                 const std::string& user = "0xa") {
  return R"({"user":")" + user + R"(","oid":)" + std::to_string(oid) + R"(,"coin":"BTC","side":")" +
         side + R"(","px":"100.0","raw_book_diff":)" + change + "}";
}
std::string create(int oid, const std::string& size, const std::string& side = "B") {
  return diff(oid, R"({"new":{"sz":")" + size + "\"}}", side);
}
std::string update(int oid, const std::string& from, const std::string& to,
                   const std::string& side = "B") {
  return diff(oid, R"({"update":{"origSz":")" + from + R"(","newSz":")" + to + "\"}}", side);
}
std::string removal(int oid) { return diff(oid, "\"remove\""); }

struct Half {
  std::string user;
  int oid = 0;
  std::string side;
  bool crossed = false;
  std::string size = "1.0", fee = "0.1", direction = "Open Long", more = "";

  std::string json(int tid) const {
    return "[\"" + user + R"(",{"coin":"BTC","px":"100.0","sz":")" + size + R"(","side":")" + side +
           R"(","time":1777582003500,"startPosition":"0.0","dir":")" + direction +
           R"(","closedPnl":"0.0","hash":"0x0","oid":)" + std::to_string(oid) + R"(,"crossed":)" +
           (crossed ? "true" : "false") + R"(,"fee":")" + fee + R"(","tid":)" +
           std::to_string(tid) + R"(,"feeToken":"USDC","twapId":null)" + more + "}]";
  }
};

// 0xb sells to 0xa's resting order.
std::vector<std::string> fill(int tid, int maker, int taker, const std::string& size = "1.0") {
  return {Half{"0xb", taker, "A", true, size, "0.05", "Open Short"}.json(tid),
          Half{"0xa", maker, "B", false, size, "-0.01", "Close Short"}.json(tid)};
}

std::string block(int number, const std::vector<std::string>& rows) {
  std::string line = R"({"local_time":"2026-04-30T20:46:46.2","block_time":)"
                     R"("2026-04-30T20:46:43.5","block_number":)" +
                     std::to_string(number) + ",\"events\":[";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    line += (i > 0 ? "," : "") + rows[i];
  }
  return line + "]}\n";
}

// An event in short: "order 7 buy 100 x2 gtc 0xa".
class Short {
 public:
  static std::string of(const Event& event) {
    return visit(event, [](const auto& typed) { return Short().write(typed); });
  }

 private:
  std::string write(const event::Instrument& e) {
    return "instrument " + text(e.instrument_id) + " " + std::string(word_of(e.kind)) + " " +
           text(e.base) + "/" + text(e.quote) + " " + std::string(word_of(e.contract_type)) + " " +
           text(e.settle_asset) + " " + format_decimal(e.tick_size) + " " +
           format_decimal(e.lot_size);
  }
  std::string write(const event::BookReset& e) { return "book_reset " + text(e.instrument_id); }
  std::string write(const event::Order& e) { return "order " + order(e); }
  std::string write(const event::BookOrder& e) { return "book_order " + order(e); }
  std::string write(const event::Triggered& e) { return "triggered " + text(e.order_id); }
  std::string write(const event::Replace& e) {
    return "replace " + text(e.order_id) + " x" + format_decimal(e.quantity);
  }
  std::string write(const event::Cancel& e) {
    return "cancel " + text(e.order_id) + " " + std::string(word_of(e.reason));
  }
  std::string write(const event::Reject& e) {
    return "reject " + text(e.order_id) + " " + text(e.account_id) + " " +
           std::string(word_of(e.side)) + " " + format_decimal(e.price) +
           (e.has_quantity() ? " x" + format_decimal(e.quantity) : "") + " " +
           std::string(word_of(e.time_in_force)) + " " + std::string(word_of(e.reason));
  }
  std::string write(const event::Trade& e) {
    return "trade " + text(e.trade_id) + " " + format_decimal(e.price) + " x" +
           format_decimal(e.quantity) + " " + text(e.maker_order_id) + "<-" +
           text(e.taker_order_id) + " " + text(e.buyer_id) + "/" + text(e.seller_id) + " " +
           std::string(word_of(e.aggressor)) +
           (e.has_kind() ? " " + std::string(word_of(e.kind)) : "") +
           (e.has_liquidated() ? " liquidated " + std::string(word_of(e.liquidated)) : "");
  }
  template <class T>
  std::string write(const T& e) {
    return std::string(event_info(e.type).word);
  }

  template <class T>
  std::string order(const T& e) {
    return text(e.order_id) + " " + std::string(word_of(e.side)) + " " + format_decimal(e.price) +
           " x" + format_decimal(e.quantity) + " " + std::string(word_of(e.time_in_force)) + " " +
           text(e.account_id) +
           (e.has_trigger_price() ? " at " + format_decimal(e.trigger_price) : "") +
           (e.has_reduce_only() ? " reduce_only" : "");
  }
  static std::string text(Text text) { return std::string(text.view()); }
};

// The rules that the market holds a stream to (events.md), on one book: slow and clear.
class ReferenceBook {
 public:
  struct Order {
    std::string account, side;
    std::int64_t price = 0, remaining = 0;
    bool waiting = false, rests = false;
    bool operator==(const Order&) const = default;
  };

  void take(const Event& event) {
    visit(event, [this](const auto& typed) { apply(typed); });
  }
  // Those that stand in the book.
  std::map<std::string, Order> resting() const {
    std::map<std::string, Order> found;
    for (const auto& [id, order] : orders_) {
      if (order.rests && !order.waiting) {
        found[id] = order;
      }
    }
    return found;
  }
  const std::vector<std::string>& complaints() const { return complaints_; }
  int unknown() const { return unknown_; }
  // Orders that can execute, do not rest and were not ended.
  int dangling() const {
    int count = 0;
    for (const auto& [id, order] : orders_) {
      count += !order.rests && !order.waiting ? 1 : 0;
    }
    return count;
  }

 private:
  static std::int64_t scaled(const Decimal& value) { return *scaled_int64(value, 8); }
  void complain(const std::string& what) { complaints_.push_back(what); }

  template <class T>
  void apply(const T&) {}
  void apply(const event::BookReset&) {
    orders_.clear();
    state_ = "reset";
  }
  void apply(const event::BookOrder& e) {
    add(e);
    state_ = state_ == "reset" ? "filling" : state_;
  }
  void apply(const event::Order& e) {
    add(e);
    moved();
  }
  template <class T>
  void add(const T& e) {
    const std::string id(e.order_id.view());
    if (orders_.contains(id)) {
      complain("duplicate " + id);
    }
    if (!e.quantity.positive()) {
      complain("no quantity " + id);
    }
    orders_[id] = {std::string(e.account_id.view()),
                   std::string(word_of(e.side)),
                   scaled(e.price),
                   scaled(e.quantity),
                   e.has_trigger_price(),
                   e.time_in_force != TimeInForce::ioc};
  }
  Order* find(Text id, bool may_be_unknown = false) {
    const auto found = orders_.find(std::string(id.view()));
    if (found != orders_.end()) {
      return &found->second;
    }
    ++unknown_;
    if (state_ != "reset" && !may_be_unknown) {
      complain("unknown " + std::string(id.view()));
    }
    return nullptr;
  }
  void moved() { state_ = state_ == "filling" ? "whole" : state_; }
  void apply(const event::Triggered& e) {
    if (Order* order = find(e.order_id)) {
      if (!order->waiting) {
        complain("triggered twice");
      }
      order->waiting = false;
      moved();
    }
  }
  void apply(const event::Replace& e) {
    if (Order* order = find(e.order_id)) {
      order->remaining = scaled(e.quantity);
      moved();
    }
  }
  void apply(const event::Cancel& e) {
    if (find(e.order_id) != nullptr) {
      orders_.erase(std::string(e.order_id.view()));
      moved();
    }
  }
  void apply(const event::Trade& e) {
    std::set<std::string> sides;
    for (const Text id : {e.maker_order_id, e.taker_order_id}) {
      Order* order = find(id, true);
      if (order == nullptr) {
        continue;
      }
      if (order->waiting || !sides.insert(order->side).second) {
        complain("mismatch " + std::string(id.view()));
      }
      order->remaining -= scaled(e.quantity);
      if (order->remaining < 0) {
        complain("overfill " + std::string(id.view()));
      }
      if (order->remaining == 0) {
        orders_.erase(std::string(id.view()));
      }
    }
    moved();
  }

  std::map<std::string, Order> orders_;
  std::string state_ = "whole";
  std::vector<std::string> complaints_;
  int unknown_ = 0;
};

struct Seen {
  std::vector<std::string> events;  // in short; faults as "refused <reason> <field>"
  std::vector<std::string> heads;   // of the refused ones
  std::map<std::string, int> count;
  std::vector<Time> times;
  ReferenceBook book;
  std::optional<std::string> error;
  // Without instrument and book_reset.
  std::vector<std::string> body() const {
    return {events.begin() + std::min<std::ptrdiff_t>(2, std::ssize(events)), events.end()};
  }
};

void take(const Batch& batch, Seen& seen) {
  for (const Item& item : batch.items) {
    if (item.event == nullptr) {
      seen.events.push_back("refused " + std::string(word_of(item.fault.reason)) + " " +
                            std::string(item.fault.field));
      seen.heads.push_back(std::to_string(item.line) + ":" + std::string(item.text));
      ++seen.count["refused"];
      continue;
    }
    EXPECT_EQ(item.type, item.event->type);
    seen.events.push_back(Short::of(*item.event));
    seen.times.push_back(item.event->ts);
    ++seen.count[std::string(event_info(item.event->type).word)];
    seen.book.take(*item.event);
  }
}

Seen read_folder(const std::string& folder, const std::vector<InstrumentOption>& instruments) {
  Seen seen;
  auto input = open_hyperliquid(folder, instruments);
  if (!input) {
    seen.error = input.error();
    return seen;
  }
  Batch batch;
  while (true) {
    const auto more = (*input)->read(batch);
    if (!more) {
      seen.error = more.error();
      return seen;
    }
    if (!*more) {
      EXPECT_TRUE(batch.items.empty());
      EXPECT_EQ((*input)->progress().bytes_done, (*input)->progress().bytes_total);
      return seen;
    }
    take(batch, seen);
  }
}

class Hyperliquid : public testing::Test {
 protected:
  Hyperliquid() {
    std::string name = (fs::temp_directory_path() / "marktwacht_hl_XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (const std::string& file : {statuses_name, diffs_name, fills_name}) {
      write(file, "");
    }
  }
  ~Hyperliquid() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(folder_ + "/" + name).parent_path());
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }
  void add(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary | std::ios::app) << text;
  }
  void add_block(int number, const std::vector<Status>& statuses,
                 const std::vector<std::string>& diffs,
                 const std::vector<std::vector<std::string>>& fills = {}) const {
    std::vector<std::string> rows, halves;
    for (const Status& status : statuses) {
      rows.push_back(status.json());
    }
    for (const auto& pair : fills) {
      halves.insert(halves.end(), pair.begin(), pair.end());
    }
    add(statuses_name, block(number, rows));
    add(diffs_name, block(number, diffs));
    add(fills_name, block(number, halves));
  }
  Seen read() const {
    Seen seen = read_folder(folder_, btc());
    EXPECT_EQ(seen.error.value_or(""), "");
    EXPECT_EQ(seen.book.complaints(), std::vector<std::string>{});
    EXPECT_EQ(seen.book.dangling(), 0);
    return seen;
  }
  using Lines = std::vector<std::string>;

  std::string folder_;
};

TEST_F(Hyperliquid, BeginsWithInstrumentAndBookReset) {
  add_block(7, {{.word = "open", .oid = 1}}, {create(1, "2.0")});
  const Seen seen = read();
  EXPECT_EQ(seen.events, (Lines{"instrument BTC perpetual BTC/USDC linear USDC 1 0.00001",
                                "book_reset BTC", "order 1 buy 100 x2 gtc 0xa"}));
  for (const Time ts : seen.times) {
    EXPECT_EQ(ts.ns, first_ns + 500'000'000);
  }
}

TEST_F(Hyperliquid, EventsHaveTheTimeOfTheirStatus) {
  add_block(1, {{.word = "open", .oid = 1, .time = "2026-04-30T20:46:43.500000007"}},
            {create(1, "2.0")});
  EXPECT_EQ(read().times.back().ns, first_ns + 500'000'007);
}

TEST_F(Hyperliquid, TakesTermsOverFromTheStatus) {
  add_block(1,
            {{.word = "open", .oid = 1, .side = "A", .tif = "Alo"},
             {.word = "open", .oid = 2, .reduce_only = true},
             {.word = "open", .oid = 3, .type = "Stop Limit", .trigger = "90.0"},
             {.word = "open", .oid = 4, .type = "Take Profit Market", .trigger = "110.0"}},
            {create(1, "2.0", "A"), create(2, "2.0")});
  EXPECT_EQ(read().body(),
            (Lines{"order 1 sell 100 x2 gtx 0xa", "order 2 buy 100 x2 gtc 0xa reduce_only",
                   "order 3 buy 100 x2 gtc 0xa at 90", "order 4 buy 100 x2 ioc 0xa at 110"}));
}

TEST_F(Hyperliquid, RefusalsKeepTheirReason) {
  add_block(1,
            {{.word = "badAloPxRejected", .oid = 1, .tif = "Alo"},
             {.word = "perpMarginRejected", .oid = 2, .side = "A", .tif = "Ioc"},
             {.word = "iocCancelRejected", .oid = 3, .tif = "FrontendMarket"},
             {.word = "reduceOnlyRejected", .oid = 4},
             {.word = "someNewRuleRejected", .oid = 5},
             {.word = "minTradeNtlRejected", .oid = 6, .size = "0.0", .original = "0.0"}},
            {});
  EXPECT_EQ(read().body(),
            (Lines{"reject 1 0xa buy 100 x2 gtx post_only", "reject 2 0xa sell 100 x2 ioc margin",
                   "reject 3 0xa buy 100 x2 ioc other", "reject 4 0xa buy 100 x2 gtc other",
                   "reject 5 0xa buy 100 x2 gtc other", "reject 6 0xa buy 100 gtc other"}));
}

TEST_F(Hyperliquid, CancelsKeepTheirReason) {
  const std::vector<std::pair<std::string, std::string>> words = {
      {"canceled", "user"},
      {"marginCanceled", "system"},
      {"vaultWithdrawalCanceled", "system"},
      {"openInterestCapCanceled", "system"},
      {"selfTradeCanceled", "self_match"},
      {"reduceOnlyCanceled", "reduce_only"},
      {"siblingFilledCanceled", "oco"},
      {"delistedCanceled", "admin"},
      {"liquidatedCanceled", "liquidation"},
      {"scheduledCancel", "disconnect"},
      {"outcomeSettledCanceled", "expired"},
      {"someNewCanceled", "system"}};
  std::vector<Status> opened, ended;
  Lines created, removed, expected;
  for (int i = 0; i < std::ssize(words); ++i) {
    opened.push_back({.word = "open", .oid = i + 1});
    ended.push_back({.word = words[static_cast<std::size_t>(i)].first, .oid = i + 1});
    created.push_back(create(i + 1, "2.0"));
    removed.push_back(removal(i + 1));
    expected.push_back("cancel " + std::to_string(i + 1) + " " +
                       words[static_cast<std::size_t>(i)].second);
  }
  add_block(1, opened, created);
  add_block(2, ended, removed);
  Lines body = read().body();
  body.erase(body.begin(), body.begin() + std::ssize(words));
  EXPECT_EQ(body, expected);
}

TEST_F(Hyperliquid, OrderPrecedesTheTradesItMakesAndVanishesWhenFilled) {
  add_block(1, {{.word = "open", .oid = 1}}, {create(1, "2.0")});
  add_block(2,
            {{.word = "filled",
              .oid = 2,
              .size = "0.0",
              .original = "2.0",
              .side = "A",
              .tif = "Ioc",
              .user = "0xb"},
             {.word = "filled", .oid = 1, .size = "0.0"}},
            {update(1, "2.0", "0.0"), removal(1)}, {fill(9, 1, 2, "2.0")});
  const Seen seen = read();
  EXPECT_EQ(seen.body(), (Lines{"order 1 buy 100 x2 gtc 0xa", "order 2 sell 100 x2 ioc 0xb",
                                "trade 9 100 x2 1<-2 0xa/0xb sell"}));
  EXPECT_TRUE(seen.book.resting().empty());
}

TEST_F(Hyperliquid, RestOfAnIocOrderIsCanceled) {
  const Status taker{.word = "open", .oid = 2, .side = "A", .tif = "Ioc", .user = "0xb"};
  Status rest = taker;
  rest.word = "canceled";
  rest.size = "1.0";
  Status rejected = taker;
  rejected.word = "iocCancelRejected";
  Status half_filled = taker;
  half_filled.word = "filled";
  half_filled.size = "1.0";
  // However the node tells it: opened and canceled, canceled only, filled only, refused in spite of
  // its fill.
  for (const std::vector<Status>& told :
       {std::vector{taker, rest}, {taker}, {rest}, {half_filled}, {rejected}}) {
    for (const std::string& file : {statuses_name, diffs_name, fills_name}) {
      write(file, "");
    }
    add_block(1, {{.word = "open", .oid = 1, .size = "1.0", .original = "1.0"}},
              {create(1, "1.0")});
    add_block(2, told, {removal(1)}, {fill(9, 1, 2)});
    EXPECT_EQ(read().body(), (Lines{"order 1 buy 100 x1 gtc 0xa", "order 2 sell 100 x2 ioc 0xb",
                                    "trade 9 100 x1 1<-2 0xa/0xb sell", "cancel 2 ioc"}))
        << told[0].word;
  }
}

TEST_F(Hyperliquid, IocOrderWithoutAnyMatchIsPlacedAndCanceled) {
  add_block(1, {{.word = "canceled", .oid = 2, .tif = "Ioc"}}, {});
  EXPECT_EQ(read().body(), (Lines{"order 2 buy 100 x2 ioc 0xa", "cancel 2 ioc"}));
}

TEST_F(Hyperliquid, OrderThatCrossesRestsWithWhatIsLeft) {
  add_block(1, {{.word = "open", .oid = 1, .size = "1.0", .original = "1.0"}}, {create(1, "1.0")});
  add_block(
      2, {{.word = "open", .oid = 2, .size = "1.0", .original = "2.0", .side = "A", .user = "0xb"}},
      {removal(1), create(2, "1.0", "A")}, {fill(9, 1, 2)});
  const Seen seen = read();
  EXPECT_EQ(seen.body(), (Lines{"order 1 buy 100 x1 gtc 0xa", "order 2 sell 100 x2 gtc 0xb",
                                "trade 9 100 x1 1<-2 0xa/0xb sell"}));
  EXPECT_EQ(seen.book.resting().at("2").remaining, 100'000'000);
}

TEST_F(Hyperliquid, FillsOfAnOrderPrecedeItsCancel) {
  // The taker has no status at all, as the parts of a TWAP order.
  add_block(1, {{.word = "open", .oid = 1}}, {create(1, "2.0")});
  add_block(2, {{.word = "canceled", .oid = 1, .size = "1.0"}},
            {update(1, "2.0", "1.0"), removal(1)}, {fill(9, 1, 2)});
  EXPECT_EQ(read().body(), (Lines{"order 1 buy 100 x2 gtc 0xa", "trade 9 100 x1 1<-2 0xa/0xb sell",
                                  "cancel 1 user"}));
}

TEST_F(Hyperliquid, OrdersOfOneBlockTradeInTheOrderOfExecution) {
  add_block(
      1,
      {{.word = "open", .oid = 1},
       {.word = "open", .oid = 2, .size = "0.0", .original = "1.0", .side = "A", .user = "0xb"},
       {.word = "open", .oid = 3, .size = "0.0", .original = "1.0", .side = "A", .user = "0xb"},
       {.word = "open", .oid = 4}},
      {create(1, "2.0"), update(1, "2.0", "1.0"), removal(1), create(4, "2.0")},
      {fill(8, 1, 2), fill(9, 1, 3)});
  EXPECT_EQ(read().body(),
            (Lines{"order 1 buy 100 x2 gtc 0xa", "order 2 sell 100 x1 gtc 0xb",
                   "trade 8 100 x1 1<-2 0xa/0xb sell", "order 3 sell 100 x1 gtc 0xb",
                   "trade 9 100 x1 1<-3 0xa/0xb sell", "order 4 buy 100 x2 gtc 0xa"}));
}

TEST_F(Hyperliquid, ModifiedOrderIsCanceledBeforeItsSuccessorIsPlaced) {
  add_block(1, {{.word = "open", .oid = 1}}, {create(1, "2.0")});
  add_block(2, {{.word = "open", .oid = 2}, {.word = "canceled", .oid = 1}},
            {removal(1), create(2, "2.0")});
  EXPECT_EQ(read().body(),
            (Lines{"order 1 buy 100 x2 gtc 0xa", "cancel 1 user", "order 2 buy 100 x2 gtc 0xa"}));
}

TEST_F(Hyperliquid, QueueHasTheOrderOfTheDiffs) {
  add_block(1, {{.word = "open", .oid = 1}, {.word = "open", .oid = 2}},
            {create(2, "2.0"), create(1, "2.0")});
  EXPECT_EQ(read().body(), (Lines{"order 2 buy 100 x2 gtc 0xa", "order 1 buy 100 x2 gtc 0xa"}));
}

TEST_F(Hyperliquid, TriggeredStopLimitEntersTheBook) {
  add_block(1, {{.word = "open", .oid = 1, .type = "Stop Limit", .trigger = "90.0"}}, {});
  add_block(2, {{.word = "triggered", .oid = 1, .type = "Stop Limit", .trigger = "90.0"}},
            {create(1, "2.0")});
  const Seen seen = read();
  EXPECT_EQ(seen.body(), (Lines{"order 1 buy 100 x2 gtc 0xa at 90", "triggered 1"}));
  EXPECT_EQ(seen.book.resting().size(), 1u);
}

TEST_F(Hyperliquid, TriggeredStopMarketTradesAndItsRestIsCanceled) {
  const Status stop{.word = "open",
                    .oid = 2,
                    .side = "A",
                    .type = "Stop Market",
                    .user = "0xb",
                    .trigger = "90.0"};
  Status triggered = stop, filled = stop;
  triggered.word = "triggered";
  filled.word = "filled";
  add_block(1, {stop, {.word = "open", .oid = 1}}, {create(1, "2.0")});
  add_block(2, {triggered, filled}, {update(1, "2.0", "1.0")}, {fill(9, 1, 2)});
  EXPECT_EQ(read().body(),
            (Lines{"order 2 sell 100 x2 ioc 0xb at 90", "order 1 buy 100 x2 gtc 0xa", "triggered 2",
                   "trade 9 100 x1 1<-2 0xa/0xb sell", "cancel 2 ioc"}));
}

TEST_F(Hyperliquid, RefusalAfterTheTriggerIsACancel) {
  Status stop{.word = "open", .oid = 1, .type = "Stop Market", .trigger = "90.0"};
  add_block(1, {stop}, {});
  stop.word = "triggered";
  Status refused = stop;
  refused.word = "minTradeNtlRejected";
  add_block(2, {stop, refused}, {});
  EXPECT_EQ(read().body(),
            (Lines{"order 1 buy 100 x2 ioc 0xa at 90", "triggered 1", "cancel 1 system"}));
}

TEST_F(Hyperliquid, OrderThatFollowsThePositionIsAnnouncedWhenItTriggers) {
  Status stop{.word = "open",
              .oid = 2,
              .size = "0.0",
              .original = "0.0",
              .side = "A",
              .type = "Stop Market",
              .user = "0xb",
              .trigger = "90.0",
              .tpsl = true};
  Status other = stop;
  other.oid = 3;
  add_block(1, {stop, other, {.word = "open", .oid = 1}}, {create(1, "2.0")});
  stop.word = "triggered";
  other.word = "canceled";
  add_block(2, {stop, other}, {removal(1)}, {fill(9, 1, 2, "2.0")});
  EXPECT_EQ(read().body(), (Lines{"order 1 buy 100 x2 gtc 0xa", "order 2 sell 100 x2 ioc 0xb at 90",
                                  "triggered 2", "trade 9 100 x2 1<-2 0xa/0xb sell"}));
}

TEST_F(Hyperliquid, UnknownOrdersStayUnknown) {
  add_block(1, {{.word = "canceled", .oid = 1}, {.word = "filled", .oid = 3}},
            {removal(1), update(2, "2.0", "1.0"), removal(3)}, {fill(9, 2, 4)});
  const Seen seen = read();
  EXPECT_EQ(seen.body(), (Lines{"cancel 1 user", "trade 9 100 x1 2<-4 0xa/0xb sell"}));
  EXPECT_TRUE(seen.book.resting().empty());
  EXPECT_EQ(seen.book.unknown(), 3);
}

TEST_F(Hyperliquid, DiffsAreTheTruthWhereNoStatusOrFillExplainsThem) {
  add_block(1, {{.word = "open", .oid = 1}, {.word = "open", .oid = 2}},
            {create(1, "2.0"), create(2, "1.5"), create(3, "0.5")});
  add_block(2, {}, {update(1, "2.0", "1.0"), update(2, "1.5", "1.75"), removal(3)});
  add_block(3, {}, {removal(2)});
  const Seen seen = read();
  EXPECT_EQ(seen.body(), (Lines{"order 1 buy 100 x2 gtc 0xa", "order 2 buy 100 x2 gtc 0xa",
                                "replace 2 x1.5", "order 3 buy 100 x0.5 gtc 0xa", "replace 1 x1",
                                "replace 2 x1.75", "cancel 3 system", "cancel 2 system"}));
  EXPECT_EQ(seen.book.resting().at("1").remaining, 100'000'000);
}

TEST_F(Hyperliquid, OrderThatIsNotInTheDiffsDoesNotRest) {
  add_block(1, {{.word = "open", .oid = 1}}, {});
  EXPECT_EQ(read().body(), (Lines{"order 1 buy 100 x2 gtc 0xa", "cancel 1 system"}));
}

TEST_F(Hyperliquid, FillsAreOptional) {
  fs::remove(folder_ + "/" + fills_name);
  write(statuses_name, block(1, {Status{.word = "open", .oid = 1}.json()}) +
                           block(2, {Status{.word = "filled", .oid = 1, .size = "1.0"}.json()}));
  write(diffs_name, block(1, {create(1, "2.0")}) + block(2, {update(1, "2.0", "1.0")}));
  EXPECT_EQ(read().body(), (Lines{"order 1 buy 100 x2 gtc 0xa", "replace 1 x1"}));
}

TEST_F(Hyperliquid, TradeCarriesFeesEffectsAndLiquidation) {
  const std::string liquidation =
      R"(,"liquidation":{"liquidatedUser":"0xb","markPx":"99.0","method":"market"})";
  add_block(1, {}, {},
            {{Half{"0xb", 2, "A", true, "1.0", "0.050544", "Close Long", liquidation}.json(9),
              Half{"0xa", 1, "B", false, "1.0", "-0.00351", "Short > Long", liquidation}.json(9)},
             {Half{"0xd", 4, "A", false, "1.0", "0.0", "Auto-Deleveraging"}.json(10),
              Half{"0xc", 3, "B", true, "1.0", "0.0", "Close Short"}.json(10)}});
  auto input = open_hyperliquid(folder_, btc());
  ASSERT_TRUE(input.has_value());
  Batch batch;
  ASSERT_TRUE((*input)->read(batch).value_or(false));
  ASSERT_EQ(batch.items.size(), 4u);
  EXPECT_EQ(Short::of(*batch.items[2].event),
            "trade 9 100 x1 1<-2 0xa/0xb sell liquidation liquidated sell");
  EXPECT_EQ(Short::of(*batch.items[3].event), "trade 10 100 x1 4<-3 0xc/0xd buy adl");
  const auto& trade = as<event::Trade>(*batch.items[2].event);
  EXPECT_EQ(format_decimal(trade.maker_fee), "-0.00351");
  EXPECT_EQ(format_decimal(trade.taker_fee), "0.050544");
  EXPECT_EQ(trade.maker_fee_asset.view(), "USDC");
  EXPECT_EQ(trade.taker_fee_asset.view(), "USDC");
  EXPECT_FALSE(trade.has_buyer_effect());
  ASSERT_TRUE(trade.has_seller_effect());
  EXPECT_EQ(trade.seller_effect, PositionEffect::close);
  EXPECT_EQ(trade.ts.ns, first_ns + 500'000'000);
}

TEST_F(Hyperliquid, OtherCoinsArePassedOver) {
  add_block(
      1,
      {{.word = "open", .oid = 1, .coin = "ETH"}, {.word = "nonsense", .oid = 2, .coin = "@107"}},
      {});
  EXPECT_TRUE(read().body().empty());
}

TEST_F(Hyperliquid, EachCoinHasItsOwnBook) {
  add_block(1, {{.word = "open", .oid = 1, .coin = "ETH"}, {.word = "open", .oid = 2}},
            {create(2, "2.0"), R"({"user":"0xa","oid":1,"coin":"ETH","side":"B","px":"100.0",)"
                               R"("raw_book_diff":{"new":{"sz":"2.0"}}})"});
  auto both = btc();
  both.push_back({"ETH", *parse_decimal("0.1"), *parse_decimal("0.0001")});
  const Seen seen = read_folder(folder_, both);
  EXPECT_EQ(seen.events,
            (Lines{"instrument BTC perpetual BTC/USDC linear USDC 1 0.00001", "book_reset BTC",
                   "instrument ETH perpetual ETH/USDC linear USDC 0.1 0.0001", "book_reset ETH",
                   "order 2 buy 100 x2 gtc 0xa", "order 1 buy 100 x2 gtc 0xa"}));
}

TEST_F(Hyperliquid, MissingBlocksMakeTheBookUnknown) {
  add_block(1, {{.word = "open", .oid = 1}}, {create(1, "2.0")});
  add_block(3, {{.word = "canceled", .oid = 1}}, {removal(1)});
  EXPECT_EQ(read().body(),
            (Lines{"order 1 buy 100 x2 gtc 0xa", "book_reset BTC", "cancel 1 user"}));
}

TEST_F(Hyperliquid, MalformedLinesAreRefusedAndTheStreamGoesOn) {
  const std::string good = Status{.word = "open", .oid = 1}.json();
  add(statuses_name, block(1, {good}) + "{\"block_number\":\n" +
                         "{\"block_number\":2,\"events\":[]}\n\n" +
                         "{\"block_time\":\"yesterday\",\"block_number\":2,\"events\":[]}\n" +
                         "{\"block_time\":\"2026-04-30T20:46:43.5\",\"block_number\":2,"
                         "\"events\":{}}\n[]\n" +
                         block(1, {good}) + block(3, {Status{.word = "open", .oid = 3}.json()}));
  add(diffs_name,
      block(1, {create(1, "2.0")}) + block(2, {create(2, "2.0")}) + block(3, {create(3, "2.0")}));
  const Seen seen = read();
  EXPECT_EQ(seen.body(), (Lines{"order 1 buy 100 x2 gtc 0xa", "refused json ",
                                "refused missing_field block_time", "refused bad_value block_time",
                                "refused bad_value events", "refused bad_value ",
                                "refused bad_value block_number", "order 2 buy 100 x2 gtc 0xa",
                                "order 3 buy 100 x2 gtc 0xa"}));
  EXPECT_EQ(seen.heads[0], "2:{\"block_number\":");
  EXPECT_TRUE(seen.heads[2].starts_with("5:{\"block_time\":\"yesterday\""));
}

TEST_F(Hyperliquid, MalformedRowsAreRefusedOneByOne) {
  const Status good{.word = "open", .oid = 1};
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string json = good.json();
    return json.replace(json.find(from), from.size(), to);
  };
  add(statuses_name,
      block(1, {with("\"oid\":1", "\"oid\":-1"), with("\"oid\":1,", ""),
                with("\"side\":\"B\"", "\"side\":\"C\""), with("100.0", "-100.0"),
                with("\"100.0\"", "100.0"), with("\"open\"", "\"thinking\""),
                with("\"Gtc\"", "\"Gtx\""), with("\"0xa\"", "\"\""), with("\"0xa\"", "null"),
                with("2026-04-30T", "2026-13-30T"), with("\"order\"", "\"orders\""), "7",
                with("\"sz\":\"2.0\"", "\"sz\":\"0.000000001\""), good.json()}));
  add(diffs_name,
      block(1, {diff(5, "\"removed\""), diff(6, "{}"), diff(7, "{\"new\":{}}"), create(1, "2.0")}));
  const std::string orphan = Half{"0xa", 1, "B", false}.json(8);
  add(fills_name, block(1, {orphan, "[]", "[\"0xa\"]", Half{"0xa", 1, "B", false, "0.0"}.json(9)}));
  const Seen seen = read();
  EXPECT_EQ(
      Lines(seen.events.begin(), seen.events.begin() + 19),
      (Lines{"refused bad_value oid", "refused missing_field oid", "refused bad_value side",
             "refused bad_value limitPx", "refused bad_value limitPx", "refused bad_value status",
             "refused bad_value tif", "refused bad_value user", "refused missing_field user",
             "refused bad_value time", "refused missing_field coin", "refused bad_value ",
             "refused scale sz", "refused bad_value raw_book_diff",
             "refused bad_value raw_book_diff", "refused missing_field sz",
             "refused bad_value events", "refused bad_value events", "refused bad_value sz"}));
  EXPECT_EQ(Lines(seen.events.begin() + 21, seen.events.end()),
            (Lines{"refused missing_field tid", "order 1 buy 100 x2 gtc 0xa"}));
  EXPECT_TRUE(seen.heads[0].starts_with("1:{\"time\":"));
}

TEST_F(Hyperliquid, HalvesOfATradeMustFit) {
  add_block(1, {}, {},
            {{Half{"0xa", 1, "B", false}.json(1), Half{"0xb", 2, "B", true}.json(1)},
             {Half{"0xa", 1, "B", false, "2.0"}.json(2), Half{"0xb", 2, "A", true}.json(2)}});
  EXPECT_EQ(read().body(), (Lines{"refused bad_value tid", "refused bad_value tid"}));
}

TEST_F(Hyperliquid, SnapshotFillsTheBook) {
  const auto pair = [](const Status& status) {
    const std::string json = status.json();
    const std::size_t at = json.find("\"order\":") + 8;
    return "[\"0xs\"," + json.substr(at, json.size() - at - 1) + "]";
  };
  const std::string bid = pair({.word = "", .oid = 1, .size = "1.5"});
  const std::string ask = pair({.word = "", .oid = 2, .side = "A"});
  const std::string stop =
      pair({.word = "", .oid = 3, .side = "A", .type = "Stop Limit", .trigger = "90.0"});
  add_block(4, {{.word = "open", .oid = 9}}, {create(9, "2.0")});
  add_block(5,
            {{.word = "canceled", .oid = 1, .size = "1.5"},
             {.word = "triggered", .oid = 3, .side = "A", .type = "Stop Limit", .trigger = "90.0"},
             {.word = "canceled", .oid = 8, .type = "Stop Limit", .trigger = "80.0"}},
            {removal(1), create(3, "2.0", "A")});
  const Lines expected = {"instrument BTC perpetual BTC/USDC linear USDC 1 0.00001",
                          "book_reset BTC",
                          "book_order 1 buy 100 x1.5 gtc 0xs",
                          "book_order 2 sell 100 x2 gtc 0xs",
                          "book_order 3 sell 100 x2 gtc 0xs at 90",
                          "cancel 1 user",
                          "triggered 3",
                          "book_order 8 buy 100 x2 gtc 0xa at 80",
                          "cancel 8 user"};
  // With and without a list of its own for trigger orders; without one they stand on both sides.
  write("out.json", "[4,[[\"ETH\",7],[\"BTC\",{\"book_orders\":[[" + bid + "],[" + ask +
                        "]],\"untriggered_orders\":[" + stop + "]}]]]");
  EXPECT_EQ(read().events, expected);
  write("out.json", "[4,[[\"BTC\",[[" + bid + "," + ask + "," + stop + "],[" + stop + "]]]]]");
  EXPECT_EQ(read().events, expected);

  write("out.json", "[3,[[\"BTC\",[[" + bid + "],[]]]]]");
  EXPECT_EQ(read_folder(folder_, btc()).count["order"], 2);  // 9, and 3 when it triggers
  write("out.json", "[2,[]]");
  EXPECT_NE(read_folder(folder_, btc()).error.value_or("").find("made after block 2"),
            std::string::npos);
  write("out.json", "[4,[[\"BTC\",[[[\"0xs\",{}]],[]]]]]");
  EXPECT_NE(read_folder(folder_, btc()).error.value_or("").find("missing_field oid"),
            std::string::npos);
  write("out.json", "{");
  EXPECT_NE(read_folder(folder_, btc()).error.value_or("").find("not JSON"), std::string::npos);
  write("snapshot_4.json", "[4,[]]");
  EXPECT_NE(read_folder(folder_, btc()).error.value_or("").find("two L4 snapshots"),
            std::string::npos);
}

// A small exchange that tells what it does in the node's way.
class SmallExchange {
 public:
  explicit SmallExchange(unsigned seed) : random_(seed) {}

  struct Resting {
    Status status;
    int remaining = 0;
  };
  std::vector<Status> statuses;
  std::vector<std::string> diffs;
  std::vector<std::vector<std::string>> fills;
  int trades = 0;

  void act() {
    const int what = pick(10);
    if (what < 6) {
      Status status = fresh();
      const std::string tifs[] = {"Gtc", "Gtc", "Alo", "Ioc"};
      status.tif = tifs[pick(4)];
      enter(status, pick(5) + 1);
    } else if (what < 8 && !book_.empty()) {
      cancel(std::next(book_.begin(), pick(static_cast<int>(book_.size()))), "canceled");
    } else if (what == 8) {
      Status status = fresh();
      status.tif = "";
      status.trigger = "100.0";
      status.type = pick(2) == 0 ? "Stop Market" : "Stop Limit";
      status.word = "open";
      status.size = status.original = std::to_string(pick(5) + 1);
      statuses.push_back(status);
      waiting_.push_back(status);
    } else if (!waiting_.empty()) {
      Status status = waiting_.back();
      waiting_.pop_back();
      status.word = "triggered";
      statuses.push_back(status);
      enter(status, std::stoi(status.original));
    }
  }
  std::map<std::string, ReferenceBook::Order> resting() const {
    std::map<std::string, ReferenceBook::Order> found;
    for (const auto& [oid, order] : book_) {
      found[std::to_string(oid)] = {order.status.user,
                                    order.status.side == "B" ? "buy" : "sell",
                                    *scaled_int64(*parse_decimal(order.status.price), 8),
                                    order.remaining * 100'000'000LL,
                                    false,
                                    true};
    }
    return found;
  }

 private:
  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  Status fresh() {
    Status status;
    status.oid = ++oid_;
    status.side = pick(2) == 0 ? "B" : "A";
    status.price = std::to_string(98 + pick(5)) + ".0";
    status.user = "0x" + std::to_string(pick(5));
    return status;
  }
  void add_diff(const Resting& order, const std::string& change) {
    diffs.push_back(R"({"user":")" + order.status.user + R"(","oid":)" +
                    std::to_string(order.status.oid) + R"(,"coin":"BTC","side":")" +
                    order.status.side + R"(","px":")" + order.status.price +
                    R"(","raw_book_diff":)" + change + "}");
  }
  void cancel(std::map<int, Resting>::iterator at, const std::string& word) {
    Status status = at->second.status;
    status.word = word;
    status.size = std::to_string(at->second.remaining);
    statuses.push_back(status);
    add_diff(at->second, "\"remove\"");
    book_.erase(at);
  }
  // The best order that `status` can trade with.
  std::map<int, Resting>::iterator opponent(const Status& status) {
    auto best = book_.end();
    const int sign = status.side == "B" ? 1 : -1;
    for (auto at = book_.begin(); at != book_.end(); ++at) {
      const int price = std::stoi(at->second.status.price);
      if (at->second.status.side != status.side && sign * price <= sign * std::stoi(status.price) &&
          (best == book_.end() || sign * price < sign * std::stoi(best->second.status.price))) {
        best = at;
      }
    }
    return best;
  }
  void enter(Status status, int size) {
    const bool triggered = status.word == "triggered";
    status.original = std::to_string(size);
    const bool ioc = status.tif == "Ioc" || status.type == "Stop Market";
    if (status.tif == "Alo" && opponent(status) != book_.end()) {
      status.word = "badAloPxRejected";
      status.size = status.original;
      statuses.push_back(status);
      return;
    }
    int left = size;
    std::vector<Status> later;
    for (auto at = opponent(status); left > 0 && at != book_.end(); at = opponent(status)) {
      if (at->second.status.user == status.user) {
        cancel(at, "selfTradeCanceled");
        continue;
      }
      left -= trade(status, at, left, later);
    }
    status.size = std::to_string(left);
    if (left == 0) {
      status.word = "filled";
    } else if (ioc) {
      status.word = left < size ? "canceled" : "iocCancelRejected";
    } else {
      status.word = "open";
      book_[status.oid] = {status, left};
      add_diff(book_[status.oid], R"({"new":{"sz":")" + status.size + "\"}}");
    }
    if (!triggered || status.word != "open") {
      statuses.push_back(status);
    }
    statuses.insert(statuses.end(), later.begin(), later.end());
  }
  int trade(const Status& taker, std::map<int, Resting>::iterator at, int left,
            std::vector<Status>& later) {
    Resting& maker = at->second;
    const int size = std::min(left, maker.remaining);
    const int before = maker.remaining;
    maker.remaining -= size;
    ++trades;
    const auto half = [&](const Status& status, bool crossed) {
      return Half{status.user, status.oid, status.side, crossed, std::to_string(size)}.json(trades);
    };
    fills.push_back({half(taker, true), half(maker.status, false)});
    add_diff(maker, R"({"update":{"origSz":")" + std::to_string(before) + R"(","newSz":")" +
                        std::to_string(maker.remaining) + "\"}}");
    if (maker.remaining == 0) {
      add_diff(maker, "\"remove\"");
      Status filled = maker.status;
      filled.word = "filled";
      filled.size = "0";
      later.push_back(filled);
      book_.erase(at);
    }
    return size;
  }

  std::mt19937 random_;
  std::map<int, Resting> book_;
  std::vector<Status> waiting_;
  int oid_ = 0;
};

TEST_F(Hyperliquid, TellsWhatAnExchangeDid) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    for (const std::string& file : {statuses_name, diffs_name, fills_name}) {
      write(file, "");
    }
    SmallExchange exchange(seed);
    for (int number = 1; number <= 60; ++number) {
      exchange.statuses.clear();
      exchange.diffs.clear();
      exchange.fills.clear();
      for (unsigned i = 0; i < seed; ++i) {
        exchange.act();
      }
      add_block(number, exchange.statuses, exchange.diffs, exchange.fills);
    }
    const Seen seen = read();
    EXPECT_EQ(seen.book.resting(), exchange.resting()) << seed;
    EXPECT_EQ(seen.count.contains("trade") ? seen.count.at("trade") : 0, exchange.trades) << seed;
    // Everything was explained by statuses and fills.
    EXPECT_FALSE(seen.count.contains("replace")) << seed;
    EXPECT_EQ(seen.book.unknown(), 0) << seed;
    EXPECT_FALSE(seen.count.contains("refused")) << seed;
    for (const std::string& event : seen.events) {
      EXPECT_FALSE(event.starts_with("cancel") && event.ends_with("system")) << seed << event;
    }
  }
}

// Whatever the node says, in whatever order: what we make of it is consistent in itself.
TEST_F(Hyperliquid, NonsenseBecomesAConsistentStream) {
  std::mt19937 random(1);
  const auto pick = [&](int count) {
    return static_cast<int>(random() % static_cast<unsigned>(count));
  };
  const std::string words[] = {"open",     "open",     "triggered",         "filled",
                               "canceled", "canceled", "iocCancelRejected", "badAloPxRejected"};
  const auto side = [](int oid) { return oid % 2 == 0 ? "B" : "A"; };
  for (int number = 1; number <= 3000; ++number) {
    std::vector<Status> statuses;
    std::vector<std::string> diffs;
    std::vector<std::vector<std::string>> fills;
    for (int i = pick(6); i > 0; --i) {
      Status status{.word = words[pick(8)], .oid = pick(8)};
      status.side = side(status.oid);
      status.tif = pick(3) == 0 ? "Ioc" : "Gtc";
      status.trigger = pick(4) == 0 ? "90.0" : "";
      status.size = std::to_string(pick(3));
      status.original = std::to_string(pick(4));
      statuses.push_back(status);
    }
    for (int i = pick(5); i > 0; --i) {
      const int oid = pick(8);
      const int what = pick(3);
      const std::string size = std::to_string(pick(4));
      diffs.push_back(what == 0   ? create(oid, size, side(oid))
                      : what == 1 ? update(oid, "1", size, side(oid))
                                  : removal(oid));
    }
    for (int i = pick(4); i > 0; --i) {
      const int buyer = 2 * pick(4);
      const int seller = 2 * pick(4) + 1;
      const std::string size = std::to_string(1 + pick(3));
      const int tid = 10 * number + i;
      fills.push_back({Half{"0xa", buyer, "B", pick(2) == 0, size}.json(tid),
                       Half{"0xb", seller, "A", pick(2) == 0, size}.json(tid)});
    }
    add_block(number, statuses, diffs, fills);
  }
  const Seen seen = read();
  EXPECT_FALSE(seen.count.contains("refused"));
  EXPECT_GT(seen.count.at("order"), 1000);
  EXPECT_GT(seen.count.at("trade"), 1000);
}

TEST_F(Hyperliquid, FilesMayBeHourlyAndPacked) {
  fs::remove(folder_ + "/" + statuses_name);
  const std::string hours = "node_order_statuses_by_block/hourly/20260430/";
  write(hours + "10", block(2, {Status{.word = "open", .oid = 2}.json()}));
  write(hours + "9", block(1, {Status{.word = "open", .oid = 1}.json()}));
  fs::remove(folder_ + "/" + diffs_name);
  const std::string diffs = block(1, {create(1, "2.0")}) + block(2, {create(2, "2.0")});
  gzFile packed = gzopen((folder_ + "/" + diffs_name + ".gz").c_str(), "wb");
  ASSERT_NE(packed, nullptr);
  gzwrite(packed, diffs.data(), static_cast<unsigned>(diffs.size()));
  gzclose(packed);
  EXPECT_EQ(read().body(), (Lines{"order 1 buy 100 x2 gtc 0xa", "order 2 buy 100 x2 gtc 0xa"}));
}

TEST_F(Hyperliquid, ErrorsNameWhatIsMissing) {
  const auto error = [&](const std::vector<InstrumentOption>& instruments) {
    const auto input = open_hyperliquid(folder_, instruments);
    return input ? std::string() : input.error();
  };
  EXPECT_NE(error({}).find("--instrument BTC:1:0.00001"), std::string::npos);
  EXPECT_NE(error({{"@107", *parse_decimal("1"), *parse_decimal("1")}}).find("spot"),
            std::string::npos);
  auto twice = btc();
  twice.push_back(twice[0]);
  EXPECT_NE(error(twice).find("twice"), std::string::npos);
  EXPECT_EQ(error(btc()), "");
  fs::remove(folder_ + "/" + diffs_name);
  EXPECT_NE(error(btc()).find("node_raw_book_diffs_by_block"), std::string::npos);
  fs::remove(folder_ + "/" + statuses_name);
  EXPECT_NE(error(btc()).find("node_order_statuses_by_block"), std::string::npos);
  folder_ += "/nowhere";
  EXPECT_NE(error(btc()).find("nowhere"), std::string::npos);
}

TEST_F(Hyperliquid, BrokenStreamIsAnErrorAfterWhatCameBeforeIt) {
  add_block(1, {{.word = "open", .oid = 1}}, {create(1, "2.0")});
  write(fills_name + ".gz", "this is not gzip");
  const Seen seen = read_folder(folder_, btc());
  ASSERT_TRUE(seen.error.has_value());
  EXPECT_NE(seen.error->find(fills_name + ".gz"), std::string::npos);
}

TEST(BlockLinesTest, CutsLinesWhateverTheyEndWith) {
  std::string name = (fs::temp_directory_path() / "marktwacht_lines_XXXXXX").string();
  const std::string folder = mkdtemp(name.data());
  std::ofstream(folder + "/a", std::ios::binary) << "one\n\n  \r\ntwo\r\nthree";
  std::ofstream(folder + "/b", std::ios::binary) << "";
  std::ofstream(folder + "/c", std::ios::binary)
      << std::string(block_bytes_max + 1, 'x') << "\nfour\n"
      << std::string(1 << 20, 'y');
  BlockLines lines({folder + "/a", folder + "/b", folder + "/c"});
  std::vector<std::string> seen;
  while (true) {
    const auto line = lines.next();
    ASSERT_TRUE(line.has_value()) << line.error();
    if (!*line) {
      break;
    }
    seen.push_back(std::to_string((*line)->line) + "@" + std::to_string((*line)->offset) +
                   ((*line)->too_large ? "!" : " ") + std::string((*line)->text.substr(0, 3)) +
                   std::to_string((*line)->text.size()));
  }
  const std::string after = std::to_string(block_bytes_max + 2);
  EXPECT_EQ(seen, (std::vector<std::string>{
                      "1@0 one3", "4@9 two4", "5@14 thr5", "1@0!xxx200", "2@" + after + " fou4",
                      "3@" + std::to_string(block_bytes_max + 7) + " yyy1048576"}));
  EXPECT_EQ(lines.blank_lines(), 2u);
  fs::remove_all(folder);
}

TEST(HyperliquidWords, KnowsTimesInForce) {
  EXPECT_EQ(parse_time_in_force("Alo", "Limit"), TimeInForce::gtx);
  EXPECT_EQ(parse_time_in_force("LiquidationMarket", "Market"), TimeInForce::ioc);
  EXPECT_EQ(parse_time_in_force("", "Take Profit Limit"), TimeInForce::gtc);
  EXPECT_EQ(parse_time_in_force("Day", "Limit"), std::nullopt);
}

// The node's own files: 40 blocks of BTC.
class HyperliquidData : public testing::Test {
 protected:
  void SetUp() override {
    const char* set = std::getenv("MARKTWACHT_DATA");
    const fs::path data = set != nullptr ? fs::path(set)
                                         : fs::path(__FILE__).parent_path() / ".." / ".." / ".." /
                                               ".." / "shared" / "data";
    folder_ = (data / "hyperliquid-20260430").string();
    if (!fs::exists(folder_)) {
      GTEST_SKIP() << "skipped: no development data";
    }
  }

  // A new adds, an update sets the size, a remove removes; others are unknown.
  std::map<std::string, ReferenceBook::Order> resting_by_diffs() const {
    std::map<std::string, ReferenceBook::Order> book;
    auto source = open_bytes(folder_ + "/" + diffs_name + ".gz");
    std::string text;
    std::vector<char> buffer(1 << 16);
    while (const std::size_t count = (*source)->read(buffer.data(), buffer.size()).value()) {
      text.append(buffer.data(), count);
    }
    simdjson::dom::parser parser;
    const simdjson::padded_string padded(text);
    for (simdjson::dom::element line : parser.parse_many(padded)) {
      for (simdjson::dom::element row : line["events"].get_array()) {
        const std::string oid = std::to_string(std::uint64_t(row["oid"]));
        const simdjson::dom::element change = row["raw_book_diff"];
        std::string_view size;
        if (change.is_string()) {
          book.erase(oid);
        } else if (change["new"]["sz"].get(size) == simdjson::SUCCESS) {
          book[oid] = {std::string(std::string_view(row["user"])),
                       std::string_view(row["side"]) == "B" ? "buy" : "sell",
                       *scaled_int64(*parse_decimal(std::string_view(row["px"])), 8),
                       *scaled_int64(*parse_decimal(size), 8),
                       false,
                       true};
        } else if (book.contains(oid)) {
          book[oid].remaining =
              *scaled_int64(*parse_decimal(std::string_view(change["update"]["newSz"])), 8);
        }
      }
    }
    return book;
  }

  std::string folder_;
};

TEST_F(HyperliquidData, GivesTheBookThatTheDiffsImply) {
  const Seen seen = read_folder(folder_, btc());
  EXPECT_EQ(seen.error.value_or(""), "");
  EXPECT_EQ(seen.book.complaints(), std::vector<std::string>{});
  EXPECT_EQ(seen.book.dangling(), 0);
  const auto expected = resting_by_diffs();
  EXPECT_EQ(expected.size(), 33u);
  EXPECT_EQ(seen.book.resting(), expected);
}

TEST_F(HyperliquidData, CountsByType) {
  const Seen seen = read_folder(folder_, btc());
  // 74 "open", one of which follows a position; 66 "canceled", 1 "reduceOnlyCanceled" and one
  // refusal after a trigger; 3 + 339 + 89 + 5 + 7191 refusals less that one.
  EXPECT_EQ(seen.count, (std::map<std::string, int>{{"instrument", 1},
                                                    {"book_reset", 1},
                                                    {"order", 73},
                                                    {"triggered", 1},
                                                    {"cancel", 68},
                                                    {"reject", 7626},
                                                    {"trade", 2}}));
  EXPECT_TRUE(std::ranges::is_sorted(seen.times));
}

}  // namespace
}  // namespace marktwacht
