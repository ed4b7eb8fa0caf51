// What is refused, for which reason and field, and which reason wins.
#include <gtest/gtest.h>

#include "events/event_twin.h"

namespace marktwacht {
namespace {

std::string outcome(std::string_view line) { return DecodedLine(line).outcome(); }

const std::string tick = R"({"type":"tick","ts":1)";

TEST(NdjsonReject, LinesThatAreNoJsonObject) {
  for (const char* line : {"",
                           " ",
                           "null",
                           "true",
                           "1",
                           "\"tick\"",
                           "[]",
                           "[{\"type\":\"tick\",\"ts\":1}]",
                           "{",
                           "}",
                           "{}}",
                           "{{}}",
                           "tick",
                           "{type:\"tick\"}",
                           "{'type':'tick'}",
                           "# comment",
                           "\xEF\xBB\xBF{\"type\":\"tick\",\"ts\":1}",
                           "{\"type\":\"tick\",\"ts\":1} x",
                           "{\"type\":\"tick\",\"ts\":1}{\"type\":\"tick\",\"ts\":1}",
                           "{\"type\":\"tick\",\"ts\":1},",
                           "{\"type\":\"tick\",\"ts\":1}}",
                           "{\"type\":\"tick\",\"ts\":1",
                           "{\"type\":\"tick\",\"ts\":1]",
                           "{\"type\":\"tick\",\"ts\":",
                           "{\"type\":\"tick\",\"ts\"",
                           "{\"type\":\"tick\",\"ts",
                           "{\"type\":\"tick\",",
                           "{\"type\":",
                           "{\"type\"}",
                           "{\"type\" \"tick\"}",
                           "{\"type\":\"tick\" \"ts\":1}",
                           "{\"type\":\"tick\",,\"ts\":1}",
                           "{,\"type\":\"tick\",\"ts\":1}",
                           "{\"type\":\"tick\",\"ts\":1,}",
                           "{\"type\":\"tick\",\"ts\":,\"x\":1}",
                           "{\"type\":\"tick\",\"ts\":1:2}",
                           "{\"type\":\"tick\",\"ts\":1,\"x\":}",
                           "{\"type\":\"tick\",\"ts\":1 \"x\":2}",
                           "{\"type\":\"tick\",\"ts\":1,\"x\" 2}",
                           "{\"type\":\"tick\",\"ts\":1,2:3}",
                           "{\"type\":\"tick\",\"ts\":1,{}:3}",
                           "{\"type\":\"tick\"\n\"ts\":1}",
                           "{\"type\":\"tick\",\"ts\":1;}",
                           "{}\\"}) {
    EXPECT_EQ(outcome(line), "json") << line;
  }
}

// On-demand parsing alone would pass over some of these.
TEST(NdjsonReject, FaultsInsideValues) {
  for (const char* value : {"tru",
                            "True",
                            "falsey",
                            "nul",
                            "nullnull",
                            "NaN",
                            "Infinity",
                            "01",
                            "-01",
                            "1.",
                            ".5",
                            "-",
                            "+1",
                            "1e",
                            "1e+",
                            "0x1",
                            "1_0",
                            "1a",
                            "--1",
                            "1 2",
                            "\"a\"b",
                            "1\"a\"",
                            "\"a\" \"b\"",
                            "\"\\x\"",
                            "\"\\u12\"",
                            "\"\\u12g4\"",
                            "\"\\ud800\"",
                            "\"\\udc00\"",
                            "\"\\ud800\\u0041\"",
                            "\"a\":1",
                            "\"a\":1},\"c\":2",
                            "\"a\":{}",
                            "[1,]",
                            "[,1]",
                            "[1 2]",
                            "[1",
                            "]",
                            "[1}",
                            "[\"\\x\"]",
                            "[01]",
                            "[tru]",
                            "{\"a\"}",
                            "{\"a\":}",
                            "{\"a\":1,}",
                            "{\"a\":01}",
                            "{a:1}",
                            "{\"a\":1]",
                            "{\"a\":[}",
                            "{]}",
                            "{\"a\":[1,{\"b\":[2,{\"c\":1.}]}]}",
                            "{\"a\":[1,{\"b\":[2,{\"c\":\"\\q\"}]}]}",
                            "[1]2",
                            "{}1",
                            "[][]",
                            "\"",
                            "\"abc",
                            "'a'"}) {
    EXPECT_EQ(outcome(tick + ",\"x\":" + value + "}"), "json") << value;
    EXPECT_EQ(outcome("{\"x\":" + std::string(value) + ",\"type\":\"tick\",\"ts\":1}"), "json")
        << value;
    EXPECT_EQ(outcome(R"({"type":"trade_void","ts":1,"trade_id":)" + std::string(value) + "}"),
              "json")
        << value;
  }
}

// The fault is found in a known field of every kind.
TEST(NdjsonReject, FaultsInFieldsOfEveryKind) {
  for (const char* value : {"tru", "01", "1.", "\"\\x\"", "[01]", "[\"\\x\"]", "{\"a\":}", "nul"}) {
    const std::string end = ":" + std::string(value) + "}";
    const std::string decision = R"({"type":"decision","ts":1,"user_id":"u",)";
    const std::string instrument = R"({"type":"instrument","ts":1,)";
    for (const std::string& start :
         {decision + R"("alert_ids")", decision + R"("reason")", decision + R"("target")",
          decision + R"("amount")", decision + R"("preview_seq")", decision + R"("from_ts")",
          decision + R"("shadow")", decision + R"("kind")", decision + R"("measure_id")",
          instrument + R"("settlement_times")", instrument + R"("tick_size")",
          std::string(R"({"type":"account","ts":1,"roles")"), std::string(R"({"type")"),
          std::string(R"({"type":"tick","ts")"), std::string(R"({"type":"tick","source")"),
          std::string(R"({"type":"tick","source_seq")"), std::string(R"({"type":"nothing","ts")"),
          std::string(R"({"ts")")}) {
      EXPECT_EQ(outcome(start + end), "json") << start << end;
    }
  }
}

TEST(NdjsonReject, BytesThatAreNoText) {
  const std::string start = tick + ",\"x\":\"", end = "\"}";
  for (const std::string& bytes :
       {std::string("\x80"), std::string("\xFF"), std::string("\xC0\x80"), std::string("\xE2\x82"),
        std::string("\xED\xA0\x80"), std::string("\xF4\x90\x80\x80"), std::string(1, '\0'),
        std::string("\x01"), std::string("\t"), std::string("\n"), std::string("\x1F")}) {
    EXPECT_EQ(outcome(start + bytes + end), "json");
    EXPECT_EQ(outcome(tick + ",\"" + bytes + "\":1}"), "json");
    if (bytes != "\t" && bytes != "\n") {
      EXPECT_EQ(outcome(tick + bytes + "}"), "json");
      EXPECT_EQ(outcome(tick + "}" + bytes), "json");
    }
  }
  EXPECT_EQ(outcome(start + "\x7F" + end), "accepted");
}

TEST(NdjsonReject, DoubleKeys) {
  for (const char* more :
       {R"("ts":1)", R"("ts":null)", R"("type":"tick")", R"("type":null)", R"("\u0074s":2)",
        R"("\u0074\u0079pe":"tick")", R"("a":1,"a":1)", R"("a":1,"b":2,"a":null)",
        R"("a":1,"\u0061":2)", R"("":1,"":2)", R"("source":"s","source":"s")",
        R"("source_seq":1,"source_seq":1)", R"("x":{"a":1,"a":2})", R"("x":[{"b":{"a":1,"a":2}}])",
        R"("x":{"a":1,"\u0061":2})", R"("é":1,"\u00e9":2)"}) {
    EXPECT_EQ(outcome(tick + "," + more + "}"), "json") << more;
  }
  EXPECT_EQ(outcome(R"({"type":"trade_void","ts":1,"trade_id":"a","trade_id":"b"})"), "json");
  EXPECT_EQ(outcome(R"({"type":"trade_void","ts":1,"trade_id":null,"trade_id":"b"})"), "json");
  EXPECT_EQ(outcome(R"({"type":"trade_void","ts":1,"trade_id":"a","trade\u005fid":"b"})"), "json");
  EXPECT_EQ(outcome(R"({"type":"nothing","ts":1,"a":1,"a":2})"), "json");
  EXPECT_EQ(outcome(R"({"a":1,"a":2})"), "json");
  EXPECT_EQ(outcome(R"({"ts":1,"ts":2})"), "json");
  EXPECT_EQ(outcome(R"({"type":"decision","ts":1,"user_id":"u","kind":"note",)"
                    R"("target":{"a":{"b":1,"b":2}}})"),
            "json");
  EXPECT_EQ(outcome(tick + R"(,"a":1,"A":1,"a ":1,"x":{"a":1}})"), "accepted");
}

// Many unknown keys are no way to keep the reader busy.
TEST(NdjsonReject, ManyUnknownKeys) {
  std::string line = tick;
  for (int i = 0; i < 50'000; ++i) {
    line += ",\"k" + std::to_string(i) + "\":0";
  }
  const DecodedLine good(line + "}");
  EXPECT_EQ(good.outcome(), "accepted");
  EXPECT_EQ(good.batch.unknown_fields, 50'000U);
  EXPECT_EQ(outcome(line + ",\"k777\":0}"), "json");
}

TEST(NdjsonReject, LineLimits) {
  const auto nested = [](int levels) {
    const auto size = static_cast<std::size_t>(levels);
    return std::string(size, '[') + std::string(size, ']');
  };
  EXPECT_EQ(outcome(tick + ",\"x\":" + nested(15) + "}"), "accepted");
  EXPECT_EQ(outcome(tick + ",\"x\":" + nested(16) + "}"), "too_deep");
  EXPECT_EQ(outcome(tick + ",\"x\":" + nested(100'000) + "}"), "too_deep");
  EXPECT_EQ(outcome("{\"x\":" + nested(16) + "}"), "too_deep");
  EXPECT_EQ(outcome(tick + ",\"x\":" + std::string(16, '[')), "too_deep") << "and no JSON";
  EXPECT_EQ(outcome(tick + ",\"x\":" + std::string(15, '[')), "json");
  EXPECT_EQ(outcome(std::string(17, '[')), "too_deep");
  EXPECT_EQ(outcome(tick + ",\"x\":\"" + nested(99) + "\"}"), "accepted") << "inside a string";
  EXPECT_EQ(outcome(tick + ",\"x\":\"\\\"" + nested(99) + "\",}"), "json");
  std::string objects = tick;
  for (int i = 0; i < 16; ++i) {
    objects += ",\"x\":{\"y\":1";
  }
  EXPECT_EQ(outcome(objects + std::string(17, '}')), "too_deep");

  std::string line = tick + ",\"x\":\"";
  line.append(line_bytes_max + 1 - line.size() - 2, 'x');
  EXPECT_EQ(outcome(line + "\"}"), "too_large");
  EXPECT_EQ(outcome(line + "  "), "too_large") << "and no JSON";
  EXPECT_EQ(outcome(std::string(line_bytes_max + 1, '[')), "too_large") << "and too deep";
  EXPECT_EQ(outcome(std::string(line_bytes_max, '[')), "too_deep");
}

TEST(NdjsonReject, Types) {
  EXPECT_EQ(outcome("{}"), "missing_field type");
  EXPECT_EQ(outcome(R"({"ts":1})"), "missing_field type");
  EXPECT_EQ(outcome(R"({"type":null,"ts":1})"), "missing_field type");
  EXPECT_EQ(outcome(R"({"ts":1,"type":null})"), "missing_field type");
  for (const char* type : {"1", "true", "[]", "{}", "[\"tick\"]", "1.5"}) {
    EXPECT_EQ(outcome(R"({"type":)" + std::string(type) + R"(,"ts":1})"), "bad_value type");
    EXPECT_EQ(outcome(R"({"ts":1,"type":)" + std::string(type) + "}"), "bad_value type");
  }
  for (const char* type : {"", "Tick", "tick ", "ticks", "tic", "TICK", "rejected", "\\u0000"}) {
    EXPECT_EQ(outcome(R"({"type":")" + std::string(type) + R"(","ts":1})"), "unknown_type type");
    EXPECT_EQ(outcome(R"({"ts":1,"type":")" + std::string(type) + "\"}"), "unknown_type type");
  }
}

TEST(NdjsonReject, RequiredFieldsInTableOrderAfterTs) {
  EXPECT_EQ(outcome(R"({"type":"tick"})"), "missing_field ts");
  EXPECT_EQ(outcome(R"({"type":"tick","ts":null})"), "missing_field ts");
  EXPECT_EQ(outcome(R"({"type":"transfer"})"), "missing_field ts");
  EXPECT_EQ(outcome(R"({"type":"transfer","ts":1})"), "missing_field from_account_id");
  EXPECT_EQ(outcome(R"({"type":"transfer","ts":1,"amount":1,"asset":"x"})"),
            "missing_field from_account_id");
  EXPECT_EQ(outcome(R"({"type":"transfer","ts":1,"from_account_id":"a","asset":"x"})"),
            "missing_field to_account_id");
  EXPECT_EQ(outcome(R"({"type":"transfer","ts":1,"from_account_id":"a","to_account_id":"b",)"
                    R"("asset":null,"amount":1})"),
            "missing_field asset");
}

// Every required field of every type, left out and null.
TEST(NdjsonReject, EveryRequiredField) {
  RandomEvents events(5);
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo& info = *event_info(code);
    for (std::size_t i = 0; i < info.fields.size(); ++i) {
      if (info.fields[i].need == Need::required) {
        Arena arena;
        Event& event = const_cast<Event&>(*events.make(info.type, arena));
        event.present &= ~(std::uint64_t{1} << i);
        std::string line = line_of(event);
        const std::string expected = "missing_field " + std::string(info.fields[i].name);
        EXPECT_EQ(outcome(line), expected);
        line.pop_back();
        EXPECT_EQ(outcome(line + ",\"" + std::string(info.fields[i].name) + "\":null}"), expected);
      }
    }
  }
}

struct BadValues {
  const char* start;
  const char* field;
  std::vector<std::string> values;
};

TEST(NdjsonReject, BadValues) {
  const std::string long_id(129, 'x'), long_digits(129, '1');
  const std::vector<BadValues> cases = {
      {R"({"type":"tick",)",
       "ts",
       {"-1", "1.0", "1e9", "9223372036854775808", "99999999999999999999", "true", "[]", "{}",
        "\"\"", "\"1\"", "\"1970-01-01\"", "\"1969-12-31T23:59:59Z\"", "\"2023-02-29T00:00:00Z\""}},
      {R"({"type":"tick","ts":1,)",
       "source",
       {"\"\"", "1.5", "true", "{}", "\"" + long_id + "\"", long_digits}},
      {R"({"type":"tick","ts":1,)",
       "source_seq",
       {"-1", "1.0", "1e3", "18446744073709551616", "\"1\"", "true", "[1]"}},
      {R"({"type":"trade_void","ts":1,)",
       "trade_id",
       {"\"\"", "1.5", "1e5", "-1.0", "true", "false", "[]", "{}", "[\"a\"]", "\"" + long_id + "\"",
        long_digits}},
      {R"({"type":"deposit","ts":1,"account_id":"a","asset":"x",)",
       "amount",
       {"0",
        "\"0\"",
        "-1",
        "\"-1\"",
        "\"0.00\"",
        "\"\"",
        "\" 1\"",
        "\"1 \"",
        "\"+1\"",
        "\"1,5\"",
        "\"01\"",
        "\".5\"",
        "\"NaN\"",
        "1e128",
        "\"1e999999999999\"",
        "true",
        "[1]",
        "{}",
        "\"" + std::string(39, '9') + "\"",
        std::string(39, '9')}},
      {R"({"type":"program","ts":1,"program_id":"p",)",
       "volume_required",
       {"-1", "\"-0.1\"", "\"x\""}},
      {R"({"type":"ledger","ts":1,"account_id":"a","asset":"x","kind":"fee",)",
       "amount",
       {"\"\"", "\"--1\"", "false", "[]"}},
      {R"({"type":"asset","ts":1,"asset":"x",)",
       "decimals",
       {"31", "-1", "1.0", "1e1", "\"8\"", "true", "99999999999999999999"}},
      {R"({"type":"account","ts":1,"account_id":"a",)", "kyc_level", {"4", "-1", "\"1\"", "2.0"}},
      {R"({"type":"account","ts":1,"account_id":"a",)",
       "opened_ts",
       {"-1", "\"yesterday\"", "1.5"}},
      {R"({"type":"account","ts":1,"account_id":"a",)",
       "roles",
       {"\"hedger\"", "[\"hedge\"]", "[1]", "[null]", "[[\"hedger\"]]", "[{}]", "{}", "1", "[\"\"]",
        "[\"hedger\",\"Broker\"]"}},
      {R"({"type":"control_group","ts":1,"group_id":"g",)",
       "account_ids",
       {"\"a\"", "1", "{}", "[\"\"]", "[null]", "[1.5]", "[true]", "[[\"a\"]]", "[{\"a\":1}]",
        "[\"a\",\"" + long_id + "\"]", "{\"a\":\"b\"}"}},
      {R"({"type":"instrument","ts":1,"instrument_id":"i","kind":"spot","base":"A","quote":"B",)"
       R"("tick_size":1,"lot_size":1,)",
       "settlement_times",
       {"\"08:00\"", "[\"8:00\"]", "[\"24:00\"]", "[\"12:60\"]", "[\"12:00:00\"]", "[\"\"]",
        "[800]", "[null]", "[\"ab:cd\"]", "[\"12-00\"]", "[[\"12:00\"]]"}},
      {R"({"type":"instrument","ts":1,"instrument_id":"i","kind":"spot","base":"A","quote":"B",)"
       R"("tick_size":1,"lot_size":1,)",
       "hft_forbidden",
       {"1", "0", "\"true\"", "[]", "{}"}},
      {R"({"type":"cancel","ts":1,"order_id":"o",)",
       "reason",
       {"\"\"", "\"User\"", "\"user \"", "\"usr\"", "0", "true", "[\"user\"]", "{}"}},
      {R"({"type":"post","ts":1,"post_id":"p","author":"a","channel":"c",)",
       "text",
       {"1", "true", "[]", "{}", "[\"a\"]"}},
  };
  for (const BadValues& each : cases) {
    for (const std::string& value : each.values) {
      const std::string line = std::string(each.start) + "\"" + each.field + "\":" + value + "}";
      EXPECT_EQ(outcome(line), "bad_value " + std::string(each.field)) << line;
    }
  }
}

TEST(NdjsonReject, TheFirstFailureInTheContractsOrderWins) {
  const std::pair<const char*, const char*> cases[] = {
      // JSON before type, required, values.
      {R"({"type":"nothing","ts":1,"x":01})", "json"},
      {R"({"type":5,"ts":1,"x":tru})", "json"},
      {R"({"x":"\q"})", "json"},
      {R"({"type":"transfer","x":[1,]})", "json"},
      {R"({"type":"transfer","ts":-1,"amount":0,"x":1}})", "json"},
      {R"({"type":"tick","ts":-1,"ts":1})", "json"},
      // Type before required and values.
      {R"({"type":"nothing","ts":-1})", "unknown_type type"},
      {R"({"type":"nothing"})", "unknown_type type"},
      {R"({"ts":-1,"type":7})", "bad_value type"},
      {R"({"ts":-1})", "missing_field type"},
      // Required before values: a bad value is not an absent one.
      {R"({"type":"transfer","ts":1,"amount":0,"asset":"x","to_account_id":"b"})",
       "missing_field from_account_id"},
      {R"({"type":"transfer","ts":-1,"amount":0})", "missing_field from_account_id"},
      {R"({"type":"tick","source_seq":-1})", "missing_field ts"},
      // Values in line order.
      {R"({"type":"tick","source":"","ts":-1})", "bad_value source"},
      {R"({"type":"tick","ts":-1,"source":""})", "bad_value ts"},
      {R"({"type":"transfer","amount":0,"ts":-1,"asset":"","to_account_id":1,"from_account_id":2})",
       "bad_value amount"},
      {R"({"ts":-1,"asset":"","amount":0,"type":"transfer","to_account_id":1,"from_account_id":2})",
       "bad_value ts"},
      // Values before shape.
      {R"({"type":"announcement","ts":1,"kind":"rumour"})", "bad_value kind"},
      {R"({"type":"order","ts":1,"order_id":"o","account_id":"a","instrument_id":"i","side":"up"})",
       "bad_value side"},
      {R"({"type":"order","ts":1,"order_id":"o","account_id":"a","instrument_id":"i","side":"buy",)"
       R"("quantity":0})",
       "bad_value quantity"},
  };
  for (const auto& [line, expected] : cases) {
    EXPECT_EQ(outcome(line), expected) << line;
  }
}

// Who may send a type is asked before required fields and values, after JSON.
TEST(NdjsonReject, TheTypeOfARefusedLineIsKnownOnceItIsJson) {
  const std::pair<const char*, EventType> cases[] = {
      {R"({"type":"tick","ts":1})", EventType::tick},
      {R"({"ts":1,"type":"tick"})", EventType::tick},
      {R"({"type":"decision"})", EventType::decision},
      {R"({"type":"decision","ts":-1,"user_id":"","kind":""})", EventType::decision},
      {R"({"type":"announcement","ts":1,"kind":"news"})", EventType::announcement},
      {R"({"type":"decisions","ts":1})", EventType{}},
      {R"({"ts":1})", EventType{}},
      {R"({"type":1,"ts":1})", EventType{}},
      {R"({"type":"decision","ts":1,})", EventType{}},
      {R"({"type":"decision","type":"decision"})", EventType{}},
  };
  for (const auto& [line, expected] : cases) {
    EXPECT_EQ(DecodedLine(line).item.type, expected) << line;
  }
}

// Any cut and any changed byte of a good line is refused or read: never a crash, and what is read
// can be written and read again.
TEST(NdjsonReject, MutatedLines) {
  RandomEvents events(21);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    Arena arena;
    const auto code = 1 + events.below(event_types_end - 1);
    std::string line = line_of(*events.make(event_info(code)->type, arena));
    if (events.chance(20)) {
      line.resize(events.below(line.size()));
      EXPECT_EQ(outcome(line).substr(0, 4), "json") << line;
      continue;
    }
    const std::size_t at = events.below(line.size());
    line[at] = events.chance(50) ? "{}[]\",:\\0-.eE nt\x01\x80"[events.below(18)]
                                 : static_cast<char>(events.below(256));
    const DecodedLine read(line);
    if (read.event() != nullptr) {
      ++accepted;
      const std::string canonical = line_of(*read.event());
      const DecodedLine again(canonical);
      ASSERT_EQ(again.outcome(), "accepted") << line;
      ASSERT_TRUE(same_event(*again.event(), *read.event())) << line;
    }
  }
  EXPECT_GT(accepted, 1'000);
}

}  // namespace
}  // namespace marktwacht
