// `explain` as a user meets it, and each book it shows against a naive one made of the lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/binary_twin.h"
#include "app/json_twin.h"
#include "books/books_twin.h"
#include "engine/stream_twin.h"
#include "market/lines_twin.h"

namespace marktwacht {
namespace {

// Books by the plain words of events.md: everything with 8 digits, every order by its id.
class NaiveBooks {
 public:
  static constexpr int scale = 8;
  static constexpr std::int64_t one = 100'000'000;

  void take(const std::string& line) {
    const Event* event = decoder_.decode(line);
    ASSERT_NE(event, nullptr) << line;
    clock_ = std::max(clock_, event->ts);
    switch (event->type) {
      case EventType::instrument:
        return take(as<event::Instrument>(*event));
      case EventType::order:
        return place(as<event::Order>(*event));
      case EventType::book_order:
        return place(as<event::BookOrder>(*event));
      case EventType::triggered:
        return trigger(std::string(as<event::Triggered>(*event).order_id.view()));
      case EventType::replace:
        return take(as<event::Replace>(*event));
      case EventType::cancel:
        return remove(std::string(as<event::Cancel>(*event).order_id.view()));
      case EventType::trade:
        return take(as<event::Trade>(*event));
      case EventType::book_reset:
        return twin_.clear(
            instruments_.at(std::string(as<event::BookReset>(*event).instrument_id.view())).index);
      default:
        return;
    }
  }

  Time clock() const { return clock_; }

  // "price visible/total own/own orders (owner visible/total …)", best first.
  std::vector<std::string> side(const std::string& instrument_id, Side side,
                                const std::vector<std::string>& own) const {
    // Orders in the order of their arrival at their level: the twin's own queues.
    std::map<std::int64_t, std::vector<std::string>> levels;
    for (const auto& [price, queue] : queues(instrument_id, side)) {
      levels[side == Side::buy ? -price : price] = queue;
    }
    std::vector<std::string> lines;
    for (const auto& [key, queue] : levels) {
      std::vector<std::string> owners;
      std::map<std::string, std::pair<std::int64_t, std::int64_t>> sums;
      std::pair<std::int64_t, std::int64_t> all, mine;
      for (const std::string& id : queue) {
        const BooksTwin::Entry& entry = twin_.orders().at(id);
        const std::int64_t total = entry.remaining.units;
        const std::int64_t visible =
            entry.display.units > 0 ? std::min(entry.display.units, total) : total;
        const std::string& owner = accounts_[entry.account.value];
        if (!sums.contains(owner)) {
          owners.push_back(owner);
        }
        const auto add = [&](auto& sum) {
          sum.first += visible;
          sum.second += total;
        };
        add(sums[owner]);
        add(all);
        if (std::ranges::find(own, owner) != own.end()) {
          add(mine);
        }
      }
      std::string line = text(side == Side::buy ? -key : key) + " " + pair(all) + " " + pair(mine) +
                         " " + std::to_string(queue.size());
      for (const std::string& owner : owners) {
        line += " " + owner + " " + pair(sums[owner]);
      }
      lines.push_back(line);
    }
    return lines;
  }

  // What of both sides is visibly theirs.
  std::int64_t own_interest(const std::string& instrument_id,
                            const std::vector<std::string>& own) const {
    std::int64_t sum = 0;
    for (const auto& [id, entry] : twin_.orders()) {
      if (entry.rests && entry.instrument == instruments_.at(instrument_id).index &&
          std::ranges::find(own, accounts_[entry.account.value]) != own.end()) {
        sum += entry.display.units > 0 ? std::min(entry.display.units, entry.remaining.units)
                                       : entry.remaining.units;
      }
    }
    return sum;
  }

  bool knows(const std::string& instrument_id) const {
    return instruments_.contains(instrument_id);
  }

 private:
  struct Listed {
    InstrumentIndex index;
    std::int64_t lot = 1, multiplier = one;
    bool inverse = false;
  };
  using Queues = std::map<std::int64_t, std::vector<std::string>>;

  static std::int64_t units(const Decimal& value) { return scaled_int64(value, scale).value(); }
  static std::string text(std::int64_t value) { return format_scaled(value, scale); }
  static std::string pair(const std::pair<std::int64_t, std::int64_t>& of) {
    return text(of.first) + "/" + text(of.second);
  }

  void take(const event::Instrument& event) {
    const std::string id(event.instrument_id.view());
    const InstrumentIndex index{static_cast<std::uint32_t>(instruments_.size())};
    Listed& listed = instruments_.try_emplace(id, Listed{index}).first->second;
    listed.lot = units(event.lot_size);
    listed.multiplier =
        event.has_contract_multiplier() ? units(event.contract_multiplier) : std::int64_t{one};
    listed.inverse = event.contract_type == ContractType::inverse;
  }

  template <class OrderEvent>
  void place(const OrderEvent& event) {
    const std::string id(event.order_id.view());
    const Listed& listed = instruments_.at(std::string(event.instrument_id.view()));
    remove(id);  // one by quote quantity that had ended: its end is nobody's business here
    NewOrder order;
    order.order_id = event.order_id;
    order.account = account(std::string(event.account_id.view()));
    order.instrument = listed.index;
    order.side = event.side;
    order.has_price = event.has_price();
    const bool at_once =
        event.time_in_force == TimeInForce::ioc || event.time_in_force == TimeInForce::fok;
    order.rests = event.has_price() && !at_once && !event.has_trigger_price();
    order.tags = at_once ? 1 : 0;
    order.price.units = event.has_price() ? units(event.price) : 0;
    if (event.has_quantity()) {
      order.quantity.units = units(event.quantity);
    } else if (event.has_price()) {
      const Int128 quote = units(event.quote_quantity);
      const Int128 quantity = listed.inverse
                                  ? quote * one / listed.multiplier
                                  : quote * one / order.price.units * one / listed.multiplier;
      order.quantity.units = static_cast<std::int64_t>(quantity / listed.lot * listed.lot);
    } else {
      order.quantity.units = INT64_MAX / 4;
    }
    order.display.units = event.has_display_quantity() ? units(event.display_quantity) : 0;
    twin_.add(order);
    arrive(id);
  }

  void trigger(const std::string& id) {
    const auto found = twin_.orders().find(id);
    if (found != twin_.orders().end() && !found->second.rests && found->second.has_price &&
        found->second.tags == 0) {
      twin_.rest(id);
      arrive(id);
    }
  }

  void take(const event::Replace& event) {
    std::string id(event.order_id.view());
    const auto found = twin_.orders().find(id);
    if (found == twin_.orders().end()) {
      return;
    }
    const BooksTwin::Entry before = found->second;
    const Quantity quantity =
        event.has_quantity() ? Quantity{units(event.quantity)} : before.remaining;
    const auto price = event.has_price() ? std::optional(Price{units(event.price)}) : std::nullopt;
    twin_.change(id, price, quantity);
    const bool keeps = quantity < before.remaining && (!price || *price == before.price);
    if (!keeps) {
      arrive(id);
    }
    if (event.has_new_order_id() && event.new_order_id.view() != event.order_id.view()) {
      const std::string to(event.new_order_id.view());
      remove(to);
      twin_.rename(id, to);
      arrivals_[to] = arrivals_[id];
    }
  }

  void take(const event::Trade& event) {
    for (const Text order : {event.maker_order_id, event.taker_order_id}) {
      const std::string id(order.view());
      if (twin_.orders().contains(id)) {
        twin_.fill(id, Quantity{units(event.quantity)});
      }
    }
  }

  void remove(const std::string& id) {
    if (twin_.orders().contains(id)) {
      twin_.remove(id);
    }
  }

  void arrive(const std::string& id) { arrivals_[id] = ++arrived_; }

  Queues queues(const std::string& instrument_id, Side side) const {
    Queues queues;
    for (const auto& [id, entry] : twin_.orders()) {
      if (entry.rests && entry.side == side &&
          entry.instrument == instruments_.at(instrument_id).index) {
        queues[entry.price.units].push_back(id);
      }
    }
    for (auto& [price, queue] : queues) {
      std::ranges::sort(queue, {}, [&](const std::string& id) { return arrivals_.at(id); });
    }
    return queues;
  }

  AccountIndex account(const std::string& id) {
    auto found = std::ranges::find(accounts_, id);
    if (found == accounts_.end()) {
      found = accounts_.insert(found, id);
    }
    return AccountIndex{static_cast<std::uint32_t>(found - accounts_.begin())};
  }

  LineDecoder decoder_;
  BooksTwin twin_;
  Time clock_;
  std::vector<std::string> accounts_;
  std::map<std::string, Listed> instruments_;
  std::map<std::string, std::uint64_t> arrivals_;
  std::uint64_t arrived_ = 0;
};

std::vector<std::string> shown_side(JsonElement book, std::string_view name) {
  std::vector<std::string> lines;
  for (const JsonElement level : elements_of(book, name)) {
    std::string line = text_of(level, "price") + " " + text_of(level, "visible") + "/" +
                       text_of(level, "total") + " " + text_of(level, "own_visible") + "/" +
                       text_of(level, "own_total") + " " +
                       std::to_string(number_of(level, "orders"));
    for (const JsonElement owner : elements_of(level, "owners")) {
      line += " " + text_of(owner, "account_id") + " " + text_of(owner, "visible") + "/" +
              text_of(owner, "total");
    }
    lines.push_back(line);
  }
  return lines;
}

// A day kept in a data directory: its records as lines, by seq from 1, and the ids of its alerts.
struct KeptDay {
  std::string data;
  std::vector<std::string> lines;
  std::vector<std::string> alert_ids;
};

KeptDay keep_day(const TestFolder& folder, const std::vector<std::string>& run_arguments) {
  KeptDay day;
  day.data = folder.path("data");
  std::vector<std::string> arguments = {"run", "--data", day.data};
  arguments.insert(arguments.end(), run_arguments.begin(), run_arguments.end());
  const BinaryRun run = run_binary(arguments);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const std::string lines = folder.path("records.ndjson");
  EXPECT_EQ(run_binary({"convert", "--to", "ndjson", day.data, lines}).exit_code, 0);
  day.lines = split_lines(folder.read("records.ndjson"));
  std::set<std::string> seen;
  simdjson::dom::parser parser;
  for (const std::string& line : split_lines(run.out)) {
    const std::string id = text_of(parser.parse(line).value(), "alert_id");
    if (seen.insert(id).second) {
      day.alert_ids.push_back(id);
    }
  }
  return day;
}

// Where the story should look, by the naive books.
struct Moments {
  std::uint64_t before = 0, during = 0, after = 0;
};

Moments moments_of(const KeptDay& day, JsonElement alert, const std::string& instrument_id,
                   const std::vector<std::string>& own) {
  std::vector<std::uint64_t> evidence;
  for (const JsonElement each : elements_of(alert, "evidence")) {
    evidence.push_back(each.get_uint64().value());
  }
  const auto to = static_cast<std::int64_t>(number_of(alert, "to_ts"));
  Moments moments{evidence.front() - 1, 0, day.lines.size()};
  NaiveBooks books;
  std::int64_t largest = 0;
  for (std::uint64_t seq = 0; seq <= day.lines.size(); ++seq) {
    if (seq > 0) {
      books.take(day.lines[seq - 1]);
    }
    if (books.clock().ns > to && seq > evidence.back()) {
      moments.after = seq - 1;
      break;
    }
    const bool around = std::ranges::binary_search(evidence, seq) ||
                        (seq > evidence.front() && std::ranges::binary_search(evidence, seq + 1));
    const std::int64_t now =
        around && books.knows(instrument_id) ? books.own_interest(instrument_id, own) : 0;
    if (around && (now > largest || largest == 0)) {
      largest = now;
      moments.during = seq;
    }
  }
  return moments;
}

// That the arithmetic shown comes to what the alert states, and its lines name the records they
// come from; gives how many it has.
std::size_t compare_gain(const KeptDay& day, JsonElement story) {
  const JsonElement stated = member_of(member_of(story, "alert"), "gain");
  const JsonElement told = member_of(story, "gain");
  EXPECT_EQ(text_of(told, "amount"), text_of(stated, "amount"));
  EXPECT_EQ(text_of(told, "currency"), text_of(stated, "currency"));
  for (const JsonElement line : elements_of(told, "lines")) {
    const std::string& record = day.lines[number_of(line, "seq") - 1];
    const bool is_trade = text_of(line, "kind") == "round_trip";
    EXPECT_TRUE(contains(record, is_trade ? "\"type\":\"trade\"" : "\"type\":\"reward\""))
        << record;
    if (is_trade) {
      EXPECT_TRUE(contains(record, text_of(line, "instrument_id"))) << record;
    }
  }
  return elements_of(told, "lines").size();
}

struct Compared {
  std::size_t levels = 0, gain_lines = 0;
};

// Compares every book that `explain` shows of the alert, and its gain.
Compared compare_story(const KeptDay& day, const std::string& alert_id) {
  const std::string middle = std::to_string(day.lines.size() / 2);
  const BinaryRun run = run_binary({"explain", alert_id, "--data", day.data, "--json", "--depth",
                                    "100000", "--events", "128", "--seq", middle});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  simdjson::dom::parser parser;
  const JsonElement story = parser.parse(run.out).value();
  const JsonElement alert = member_of(story, "alert");
  const std::vector<std::string> own = texts_of(alert, "account_ids");
  const std::string instrument_id = text_of(story, "book_instrument_id");
  std::vector<std::string> moments;
  Compared compared{0, compare_gain(day, story)};
  const Moments expected = moments_of(day, alert, instrument_id, own);
  for (const JsonElement book : elements_of(story, "books")) {
    const std::string moment = text_of(book, "moment");
    moments.push_back(moment + " " + std::to_string(number_of(book, "seq")));
    NaiveBooks books;
    for (std::uint64_t seq = 1; seq <= number_of(book, "seq"); ++seq) {
      books.take(day.lines[seq - 1]);
    }
    for (const auto& [side, name] : {std::pair{Side::buy, "bids"}, std::pair{Side::sell, "asks"}}) {
      const auto shown = shown_side(book, name);
      EXPECT_EQ(shown, books.side(instrument_id, side, own))
          << alert_id << " " << moments.back() << " " << name;
      compared.levels += shown.size();
    }
  }
  EXPECT_EQ(moments,
            (std::vector<std::string>{"before " + std::to_string(expected.before),
                                      "during " + std::to_string(expected.during),
                                      "after " + std::to_string(expected.after), "at " + middle}))
      << alert_id;
  return compared;
}

constexpr const char* trial_rules = R"toml([rulebook]
id = "trial"
[[rule]]
id = "busy"
clause = "2.8"
on = ["order"]
by = ["account", "instrument"]
window = "day"
let = { n = "count()" }
when = "n >= 12"
[[rule]]
id = "withdrawing"
clause = "2.8"
on = ["withdrawn"]
by = ["group"]
window = "sliding 1m"
let = { n = "count()" }
when = "n >= 3"
)toml";

TEST(ExplainTest, EachBookShownIsTheNaiveBookOfThatMoment) {
  std::size_t levels = 0, alerts = 0, gain_lines = 0;
  for (const std::uint64_t seed : {3, 4, 5}) {
    const TestFolder folder;
    std::string text;
    for (const std::string& line : random_stream(seed, 1'500)) {
      text += line + "\n";
    }
    const KeptDay day = keep_day(folder, {folder.write("e.ndjson", text), "--rulebook",
                                          folder.write("trial.toml", trial_rules)});
    // Some of the first, some of the last.
    for (std::size_t i = 0; i < day.alert_ids.size(); ++i) {
      if (i < 3 || i + 3 >= day.alert_ids.size()) {
        const Compared compared = compare_story(day, day.alert_ids[i]);
        levels += compared.levels;
        gain_lines += compared.gain_lines;
        ++alerts;
      }
    }
  }
  EXPECT_GE(alerts, 15u);
  EXPECT_GE(levels, 300u);
  EXPECT_GE(gain_lines, 20u);
}

TEST(ExplainTest, EachBookOfASimulatedMarketIsTheNaiveOne) {
  const TestFolder folder;
  const std::string market = folder.path("market.ndjson");
  ASSERT_EQ(run_binary({"simulate", "--seed", "7", "--events", "20000", "--accounts", "300",
                        "--instruments", "4", "--out", market})
                .exit_code,
            0);
  const KeptDay day = keep_day(folder, {market, "--set", "self_trade.limit=1"});
  ASSERT_FALSE(day.alert_ids.empty());
  std::size_t levels = 0, gain_lines = 0;
  for (std::size_t i = 0; i < day.alert_ids.size() && i < 6; ++i) {
    const Compared compared = compare_story(day, day.alert_ids[i * day.alert_ids.size() / 6]);
    levels += compared.levels;
    gain_lines += compared.gain_lines;
  }
  EXPECT_GT(levels, 100u);
  EXPECT_GT(gain_lines, 10u);
}

constexpr const char* day_lines =
    R"({"type":"instrument","ts":1,"instrument_id":"BTC-USDT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"account","ts":1,"account_id":"ann","person_id":"p-1"}
{"type":"account","ts":1,"account_id":"ann-2","person_id":"p-1","roles":["market_maker"]}
{"type":"account","ts":1,"account_id":"bot","master_id":"ann"}
{"type":"order","ts":1700000000000000000,"order_id":"b","account_id":"bob","instrument_id":"BTC-USDT","side":"sell","price":101,"quantity":1}
{"type":"order","ts":1700000000000000001,"order_id":"1","account_id":"ann","instrument_id":"BTC-USDT","side":"buy","price":100,"quantity":3}
{"type":"order","ts":1700000000000000002,"order_id":"2","account_id":"ann-2","instrument_id":"BTC-USDT","side":"buy","price":101,"quantity":4,"display_quantity":1}
{"type":"replace","ts":1700000000000000003,"order_id":"1","price":"99.5"}
{"type":"trade","ts":1700000000000000004,"trade_id":"t","instrument_id":"BTC-USDT","price":101,"quantity":1,"maker_order_id":"b","taker_order_id":"2"}
{"type":"cancel","ts":1700000000000000005,"order_id":"1","reason":"user"}
{"type":"order","ts":1700000000000000006,"order_id":"3","account_id":"bot","instrument_id":"BTC-USDT","side":"buy","price":98,"quantity":1}
{"type":"cancel","ts":1700000000000000007,"order_id":"2","reason":"user"}
)";

constexpr const char* message_rule = R"toml([rulebook]
id = "own"
[[rule]]
id = "busy"
clause = "2.8"
severity = "high"
on = ["order", "replace", "cancel", "fill"]
by = ["group", "instrument"]
window = "day"
let = { n = "count()" }
when = "n >= 4"
text.en = "{accounts} sent {n} messages ({n.limit} are allowed)"
text.de = "{accounts} sandten {n} Nachrichten (erlaubt sind {n.limit})"
)toml";

class ExplainedDay : public testing::Test {
 protected:
  void SetUp() override {
    const BinaryRun run = run_binary({"run", folder_.write("e.ndjson", day_lines), "--rulebook",
                                      folder_.write("own.toml", message_rule), "--data", data_});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const std::size_t at = run.out.find("\"alert_id\":\"") + 12;
    alert_id_ = run.out.substr(at, run.out.find('"', at) - at);
  }
  BinaryRun explain(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "explain");
    return run_binary(arguments);
  }

  TestFolder folder_;
  std::string data_ = folder_.path("data");
  std::string alert_id_;
};

TEST_F(ExplainedDay, IsToldAsAStory) {
  const BinaryRun told = explain({alert_id_, "--data", data_});
  ASSERT_EQ(told.exit_code, 0) << told.err;
  EXPECT_EQ(told.err, "");
  for (const char* part : {"busy, clause 2.8", "messages (4 are allowed)", "severity    high",
                           "own@", "person p-1: ann, ann-2", "master ann: ann, bot", "market_maker",
                           "Facts against limits", "none: nothing that was realised", "was 100 × 3",
                           "bob", "The book of BTC-USDT, before", "The book of BTC-USDT, during",
                           "The book of BTC-USDT, after", "2023-11-14T22:13:20.000000005Z"}) {
    EXPECT_TRUE(contains(told.out, part)) << part << "\n" << told.out;
  }
  const BinaryRun german = explain({alert_id_, "--data", data_, "--lang", "de"});
  for (const char* part : {"busy, Ziffer 2.8", "Nachrichten (erlaubt sind 4)", "Schwere",
                           "Das Orderbuch von BTC-USDT, danach", "keiner: nichts Realisiertes"}) {
    EXPECT_TRUE(contains(german.out, part)) << part << "\n" << german.out;
  }
  const BinaryRun file =
      explain({alert_id_, "--data", data_ + "/journal/00000000000000000001.mwj"});
  EXPECT_EQ(file.out, told.out) << file.err;
}

TEST_F(ExplainedDay, LeavesOutTheMiddleOfMuchEvidence) {
  const BinaryRun told = explain({alert_id_, "--data", data_, "--events", "3"});
  EXPECT_TRUE(contains(told.out, "of these the first 2 and the last 1")) << told.out;
  EXPECT_TRUE(contains(told.out, "left out")) << told.out;
  simdjson::dom::parser parser;
  const BinaryRun run = explain({alert_id_, "--data", data_, "--events", "3", "--json"});
  const JsonElement story = parser.parse(run.out).value();
  const std::uint64_t count = number_of(member_of(story, "alert"), "evidence_count");
  EXPECT_EQ(elements_of(story, "events").size(), 3u);
  EXPECT_EQ(number_of(story, "events_left_out"), count - 3);
}

TEST_F(ExplainedDay, TheJsonHasTheseMembersAndNoOthers) {
  const BinaryRun run = explain({alert_id_, "--data", data_, "--json"});
  simdjson::dom::parser parser;
  const JsonElement story = parser.parse(run.out).value();
  EXPECT_EQ(names_of(story),
            (std::vector<std::string>{"alert", "revisions", "accounts", "links", "fragile", "gain",
                                      "events", "events_left_out", "book_instrument_id", "books"}));
  EXPECT_EQ(names_of(elements_of(story, "books").at(0)),
            (std::vector<std::string>{"moment", "seq", "ts", "bid_levels", "ask_levels", "bids",
                                      "asks"}));
  EXPECT_EQ(names_of(elements_of(story, "events").at(0)),
            (std::vector<std::string>{"seq", "ts", "type", "account_ids", "instrument_id", "side",
                                      "price", "quantity", "event"}));
  EXPECT_EQ(names_of(elements_of(story, "links").at(0)),
            (std::vector<std::string>{"kind", "name", "account_ids", "joins"}));
  EXPECT_EQ(names_of(elements_of(story, "revisions").at(0)),
            (std::vector<std::string>{"revision", "state", "ts", "seq"}));
  EXPECT_EQ(names_of(elements_of(story, "accounts").at(0)),
            (std::vector<std::string>{"account_id", "person_id", "roles"}));
}

TEST_F(ExplainedDay, WhatIsNotThereIsSaidWithItsExitCode) {
  const BinaryRun unknown = explain({"a-999999", "--data", data_});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_TRUE(contains(unknown.err, alert_id_)) << unknown.err;
  EXPECT_TRUE(contains(unknown.err, "explain --list")) << unknown.err;
  const BinaryRun list = explain({"--list", "--data", data_});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_TRUE(contains(list.out, alert_id_)) << list.out;
  EXPECT_EQ(explain({"--data", data_}).exit_code, 2);
  EXPECT_EQ(explain({alert_id_}).exit_code, 2);
  EXPECT_EQ(explain({alert_id_, "--data", folder_.path("absent")}).exit_code, 2);
  EXPECT_EQ(explain({alert_id_, "--data", data_, "--seq", "100000"}).exit_code, 2);
  const std::string segment = "data/journal/00000000000000000001.mwj";
  std::string bytes = folder_.read(segment);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  folder_.write(segment, bytes);
  const BinaryRun broken = explain({alert_id_, "--data", data_});
  EXPECT_EQ(broken.exit_code, 4) << broken.err;
  EXPECT_EQ(broken.out, "");
}

}  // namespace
}  // namespace marktwacht
