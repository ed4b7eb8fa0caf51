// What is accepted, and as which values; any order of keys; every type's round trip.
#include "events/ndjson.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "events/event_twin.h"
#include "events/json_text.h"
#include "events/record.h"

namespace marktwacht {
namespace {

const std::string order_line =
    R"({"type":"order","ts":1714510000000000000,"source":"feed-1","source_seq":7,)"
    R"("order_id":"o1","account_id":12345,"instrument_id":"BTC-USDT","side":"sell",)"
    R"("price":"27123.50","quantity":0.25,"time_in_force":"ioc","reduce_only":true})";

TEST(Ndjson, ReadsAnOrder) {
  const DecodedLine line(order_line);
  ASSERT_EQ(line.outcome(), "accepted");
  const auto& order = as<event::Order>(*line.event());
  EXPECT_EQ(order.ts.ns, 1'714'510'000'000'000'000);
  EXPECT_EQ(order.source.view(), "feed-1");
  EXPECT_TRUE(order.has_source_seq);
  EXPECT_EQ(order.source_seq, 7U);
  EXPECT_EQ(order.order_id.view(), "o1");
  EXPECT_EQ(order.account_id.view(), "12345");
  EXPECT_EQ(order.account_id.hash, hash_of("12345"));
  EXPECT_EQ(order.side, Side::sell);
  EXPECT_EQ(order.price, (Decimal{271235, -1}));
  EXPECT_EQ(order.quantity, (Decimal{25, -2}));
  EXPECT_EQ(order.time_in_force, TimeInForce::ioc);
  EXPECT_TRUE(order.reduce_only);
  EXPECT_FALSE(order.has_trigger_price());
  EXPECT_TRUE(order.has_price());
}

TEST(Ndjson, IdentifiersPointIntoTheLine) {
  const DecodedLine line(order_line);
  const auto& order = as<event::Order>(*line.event());
  for (const Text& text : {order.order_id, order.account_id, order.instrument_id, order.source}) {
    EXPECT_GE(text.data, line.bytes.data());
    EXPECT_LT(text.data, line.bytes.data() + line.bytes.size());
  }
}

TEST(Ndjson, EscapesAreReplacedInKeysAndValues) {
  const DecodedLine line(R"({"t\u0079pe":"tra\u0064e_void","\u0074s":"1970-01-01T00:00:00\u005A",)"
                         R"("trade_id":"a\"\\\/\u00e9\ud834\udd1e"})");
  ASSERT_EQ(line.outcome(), "accepted");
  const auto& trade_void = as<event::TradeVoid>(*line.event());
  EXPECT_EQ(trade_void.trade_id.view(), "a\"\\/é𝄞");
  EXPECT_EQ(trade_void.trade_id.hash, hash_of("a\"\\/é𝄞"));
  EXPECT_EQ(trade_void.ts.ns, 0);
}

TEST(Ndjson, SpacesAndCarriageReturn) {
  const DecodedLine line(" {\t\"type\" : \"tick\" , \"ts\" :  5 \r} \r");
  ASSERT_EQ(line.outcome(), "accepted");
  EXPECT_EQ(line.event()->ts.ns, 5);
  EXPECT_EQ(DecodedLine("{\"type\":\"tick\",\"ts\":5}\r").outcome(), "accepted");
}

TEST(Ndjson, TimesInBothForms) {
  for (const char* ts : {"1000000001", "\"1970-01-01T00:00:01.000000001Z\"",
                         "\"1970-01-01T01:00:01.000000001+01:00\""}) {
    const DecodedLine line(std::string("{\"type\":\"tick\",\"ts\":") + ts + "}");
    ASSERT_EQ(line.outcome(), "accepted") << ts;
    EXPECT_EQ(line.event()->ts.ns, 1'000'000'001);
  }
  const DecodedLine last(R"({"type":"tick","ts":9223372036854775807})");
  EXPECT_EQ(last.event()->ts.ns, INT64_MAX);
  EXPECT_EQ(DecodedLine(R"({"type":"tick","ts":-0})").outcome(), "accepted");
}

TEST(Ndjson, NullIsAbsent) {
  const DecodedLine line(
      R"({"type":"account","ts":1,"source":null,"source_seq":null,"account_id":"a",)"
      R"("person_id":null,"kyc_level":null,"opened_ts":null,"roles":null,"other":null})");
  ASSERT_EQ(line.outcome(), "accepted");
  EXPECT_EQ(line.event()->source.data, nullptr);
  EXPECT_FALSE(line.event()->has_source_seq);
  EXPECT_EQ(line.event()->present, 1U);
  EXPECT_EQ(line.batch.unknown_fields, 0U);
}

TEST(Ndjson, UnknownFieldsAreCounted) {
  const DecodedLine line(
      R"({"type":"tick","a":{"b":[1,{"c":"}]"}]},"ts":1,"d":"x","e":1.5e-3,"f":true})");
  ASSERT_EQ(line.outcome(), "accepted");
  EXPECT_EQ(line.batch.unknown_fields, 4U);
  EXPECT_EQ(DecodedLine(R"({"type":"tick","a":1})").batch.unknown_fields, 0U) << "refused line";
}

TEST(Ndjson, ArraysSetsAndMinutes) {
  const DecodedLine group(
      R"({"type":"control_group","ts":1,"group_id":"g","account_ids":["a", 12 ,"\u0062"]})");
  ASSERT_EQ(group.outcome(), "accepted");
  const auto ids = as<event::ControlGroup>(*group.event()).account_ids;
  ASSERT_EQ(ids.size(), 3U);
  EXPECT_EQ(ids[0].view(), "a");
  EXPECT_EQ(ids[1].view(), "12");
  EXPECT_EQ(ids[2].view(), "b");

  const DecodedLine empty(R"({"type":"control_group","ts":1,"group_id":"g","account_ids":[ ]})");
  ASSERT_EQ(empty.outcome(), "accepted");
  EXPECT_TRUE(as<event::ControlGroup>(*empty.event()).account_ids.empty());
  EXPECT_TRUE(as<event::ControlGroup>(*empty.event()).has_account_ids());

  const DecodedLine account(
      R"({"type":"account","ts":1,"account_id":"a","roles":["internal","hedger","hedger"]})");
  ASSERT_EQ(account.outcome(), "accepted");
  EXPECT_EQ(as<event::Account>(*account.event()).roles,
            1U << static_cast<int>(Role::internal) | 1U << static_cast<int>(Role::hedger));

  const DecodedLine instrument(
      R"({"type":"instrument","ts":1,"instrument_id":"i","kind":"spot","base":"A","quote":"B",)"
      R"("tick_size":"0.01","lot_size":1,"settlement_times":["00:00","08:30","23:59"]})");
  ASSERT_EQ(instrument.outcome(), "accepted");
  const auto minutes = as<event::Instrument>(*instrument.event()).settlement_times;
  EXPECT_EQ(std::vector<int>(minutes.begin(), minutes.end()), std::vector<int>({0, 510, 1439}));
}

TEST(Ndjson, JsonIsKeptWithoutSpaces) {
  const auto target = [](const std::string& json) {
    const DecodedLine line(R"({"type":"decision","ts":1,"user_id":"u","kind":"note","target":)" +
                           json + "}");
    EXPECT_EQ(line.outcome(), "accepted") << json;
    return std::string(as<event::Decision>(*line.event()).target.view());
  };
  EXPECT_EQ(target(R"( { "a" : [ 1 , "x y" ] } )"), R"({"a":[1,"x y"]})");
  EXPECT_EQ(target(R"("a\u0041" )"), R"("a\u0041")");
  EXPECT_EQ(target(" 1.50 "), "1.50");
  EXPECT_EQ(target("false"), "false");
}

TEST(Ndjson, LimitsAreInclusive) {
  const std::string id(128, 'x');
  EXPECT_EQ(DecodedLine(R"({"type":"trade_void","ts":1,"trade_id":")" + id + "\"}").outcome(),
            "accepted");
  const std::string digits(128, '7');
  EXPECT_EQ(DecodedLine(R"({"type":"trade_void","ts":1,"trade_id":)" + digits + "}").outcome(),
            "accepted");
  const std::string deep = std::string(15, '[') + std::string(15, ']');
  EXPECT_EQ(DecodedLine(R"({"type":"tick","ts":1,"x":)" + deep + "}").outcome(), "accepted");
  std::string long_line = R"({"type":"tick","ts":1,"x":")";
  long_line.append(line_bytes_max - long_line.size() - 2, 'x');
  long_line += "\"}";
  ASSERT_EQ(long_line.size(), line_bytes_max);
  EXPECT_EQ(DecodedLine(long_line).outcome(), "accepted");
  EXPECT_EQ(DecodedLine(long_line + "\r").outcome(), "accepted");
}

// What stands behind a line never matters.
TEST(Ndjson, PaddingDoesNotMatter) {
  for (const char pad : {'\0', '\n', ' ', '}', ']', ',', '"', '{', ':', '1', '\\', '\xFF'}) {
    EXPECT_EQ(DecodedLine(order_line, pad).outcome(), "accepted");
    EXPECT_EQ(DecodedLine(R"({"type":"tick","ts":1,"x":{"y":[1,2]})", pad).outcome(), "json");
    EXPECT_EQ(DecodedLine(R"({"type":"tick","ts":1,"x":[{"y":1})", pad).outcome(), "json");
    EXPECT_EQ(DecodedLine(R"({"type":"tick","ts":1)", pad).outcome(), "json");
    EXPECT_EQ(DecodedLine(R"({"type":"tick","ts":1,"x":")", pad).outcome(), "json");
    EXPECT_EQ(DecodedLine(R"({"type":"tick","ts)", pad).outcome(), "json");
  }
}

class EveryType : public testing::TestWithParam<std::size_t> {
 protected:
  EventType type() const { return event_info(GetParam())->type; }
};

TEST_P(EveryType, RoundTripsThroughTextAndRecord) {
  RandomEvents events(GetParam());
  for (int i = 0; i < 300; ++i) {
    Arena arena;
    const Event& event = *events.make(type(), arena);
    const std::string text = line_of(event);
    const DecodedLine line(text);
    ASSERT_EQ(line.outcome(), "accepted") << text;
    ASSERT_TRUE(same_event(*line.event(), event)) << text;
    ASSERT_EQ(line_of(*line.event()), text);
    ASSERT_EQ(line.batch.unknown_fields, 0U);

    std::string record, again;
    write_record(event, record);
    const Event* read = read_record(record, arena);
    ASSERT_NE(read, nullptr) << text;
    ASSERT_TRUE(same_event(*read, event)) << text;
    write_record(*line.event(), again);
    ASSERT_EQ(again, record);
  }
}

// "key":value pairs of a canonical line.
std::vector<std::string> pairs_of(std::string_view line) {
  std::vector<std::string> pairs;
  std::string scratch;
  while (!line.starts_with('}')) {
    line.remove_prefix(1);  // the brace or a comma
    const std::size_t key = json_string_size(line) + 1;
    const std::size_t value = check_json(line.substr(key), line_levels_max, scratch);
    pairs.emplace_back(line.substr(0, key + value));
    line.remove_prefix(key + value);
  }
  return pairs;
}

TEST_P(EveryType, KeysInAnyOrderGiveTheSameEvent) {
  RandomEvents events(1000 + GetParam());
  std::mt19937_64 random(GetParam());
  for (int i = 0; i < 100; ++i) {
    Arena arena;
    const Event& event = *events.make(type(), arena);
    auto pairs = pairs_of(line_of(event));
    std::ranges::shuffle(pairs, random);
    std::string text = "{";
    for (const std::string& pair : pairs) {
      text += (text.size() > 1 ? " , " : " ") + pair;
    }
    const DecodedLine line(text + "}");
    ASSERT_EQ(line.outcome(), "accepted") << text;
    ASSERT_TRUE(same_event(*line.event(), event)) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Ndjson, EveryType, testing::Range<std::size_t>(1, event_types_end),
                         [](const auto& each) {
                           return std::string(event_info(each.param)->word);
                         });

// One reader, many types and orders of keys: what it learnt from other lines changes nothing.
TEST(Ndjson, TheReadersMemoryDoesNotMatter) {
  RandomEvents events(99);
  std::mt19937_64 random(1);
  NdjsonReader used;
  for (int i = 0; i < 3'000; ++i) {
    Arena arena;
    const EventType type = event_info(1 + events.below(event_types_end - 1))->type;
    auto pairs = pairs_of(line_of(*events.make(type, arena)));
    if (events.chance(50)) {
      std::ranges::shuffle(pairs, random);
    }
    if (events.chance(30)) {
      pairs.pop_back();
    }
    if (events.chance(10)) {
      pairs.push_back(pairs[events.below(pairs.size())]);
    }
    std::string text = "{";
    for (const std::string& pair : pairs) {
      text += (text.size() > 1 ? "," : "") + pair;
    }
    text += "}";
    const std::size_t size = text.size();
    text.append(NdjsonReader::padding, ' ');
    const std::string_view line = std::string_view(text).substr(0, size);
    Batch batch, fresh_batch;
    Item item, fresh_item;
    used.read(line, batch, item);
    if (i % 10 == 0) {
      NdjsonReader().read(line, fresh_batch, fresh_item);
      ASSERT_EQ(item.event == nullptr, fresh_item.event == nullptr) << line;
      ASSERT_EQ(item.fault.reason, fresh_item.fault.reason) << line;
      ASSERT_EQ(item.fault.field, fresh_item.fault.field) << line;
      ASSERT_TRUE(item.event == nullptr || same_event(*item.event, *fresh_item.event)) << line;
    }
  }
}

}  // namespace
}  // namespace marktwacht
