// The record's strictness: it takes what it writes and nothing else. Round trips of every type
// stand in ndjson_test.cc.
#include "events/record.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/bytes.h"
#include "base/sha256.h"
#include "events/event_twin.h"

namespace marktwacht {
namespace {

std::string record_of(const Event& event) {
  std::string record;
  write_record(event, record);
  return record;
}

// "canonical" when the payload is read and gives the same bytes again, "refused", or "differs".
std::string outcome(std::string_view payload) {
  Arena arena;
  const Event* event = read_record(payload, arena);
  return event == nullptr ? "refused" : record_of(*event) == payload ? "canonical" : "differs";
}

constexpr auto code_of = [](EventType type) { return static_cast<std::uint8_t>(type); };

// Type, flags, ts 1 and the presence bits; the fields follow.
std::string start_of(EventType type, std::uint64_t present) {
  std::string out;
  ByteWriter writer(out);
  writer.byte(code_of(type));
  writer.byte(0);
  writer.fixed<std::int64_t>(1);
  writer.varint(present);
  return out;
}

std::string outcome(EventType type, std::uint64_t present,
                    const std::function<void(ByteWriter&)>& write) {
  std::string out = start_of(type, present);
  ByteWriter writer(out);
  write(writer);
  return outcome(out);
}

std::uint64_t bits(std::initializer_list<int> fields) {
  std::uint64_t set = 0;
  for (const int field : fields) {
    set |= std::uint64_t{1} << field;
  }
  return set;
}

TEST(Record, TextsPointIntoThePayload) {
  Arena arena;
  const DecodedLine line(R"({"type":"trade_void","ts":1,"trade_id":"t-1"})");
  const std::string record = record_of(*line.event());
  const auto& read = as<event::TradeVoid>(*read_record(record, arena));
  EXPECT_GE(read.trade_id.data, record.data());
  EXPECT_LT(read.trade_id.data, record.data() + record.size());
  EXPECT_EQ(read.trade_id.hash, hash_of("t-1"));
}

TEST(Record, Appends) {
  const DecodedLine line(R"({"type":"tick","ts":1})");
  std::string out = "before";
  write_record(*line.event(), out);
  EXPECT_EQ(out, "before" + record_of(*line.event()));
}

TEST(Record, TypesAndFlags) {
  EXPECT_EQ(outcome(""), "refused");
  EXPECT_EQ(outcome(start_of(EventType::tick, 0)), "canonical");
  for (int code = 0; code < 256; ++code) {
    std::string record = start_of(EventType::tick, 0);
    record[0] = static_cast<char>(code);
    const bool known = code == code_of(EventType::tick);
    EXPECT_EQ(outcome(record), known ? "canonical" : "refused") << code;
    record = start_of(EventType::tick, 0);
    record[1] = static_cast<char>(code);
    EXPECT_EQ(outcome(record), code == 0 ? "canonical" : "refused") << code;
  }
}

TEST(Record, Times) {
  std::string record = start_of(EventType::tick, 0);
  record[9] = '\x7F';
  EXPECT_EQ(outcome(record), "canonical");
  record[9] = '\x80';
  EXPECT_EQ(outcome(record), "refused") << "before 1970";
}

TEST(Record, SourceAndNumber) {
  const auto with = [](std::uint8_t flags, const std::function<void(ByteWriter&)>& write) {
    std::string out;
    ByteWriter writer(out);
    writer.byte(code_of(EventType::tick));
    writer.byte(flags);
    writer.fixed<std::int64_t>(1);
    write(writer);
    writer.varint(0);
    return outcome(out);
  };
  EXPECT_EQ(with(1, [](ByteWriter& out) { out.text("s"); }), "canonical");
  EXPECT_EQ(with(2, [](ByteWriter& out) { out.varint(~std::uint64_t{0}); }), "canonical");
  EXPECT_EQ(with(3, [](ByteWriter& out) { out.text("s"), out.varint(9); }), "canonical");
  EXPECT_EQ(with(1, [](ByteWriter& out) { out.text(""); }), "refused");
  EXPECT_EQ(with(1, [](ByteWriter& out) { out.text(std::string(129, 's')); }), "refused");
  EXPECT_EQ(with(4, [](ByteWriter&) {}), "refused");
}

TEST(Record, PresenceBits) {
  const auto text = [](ByteWriter& out) { out.text("t"); };
  EXPECT_EQ(outcome(EventType::trade_void, bits({0}), text), "canonical");
  EXPECT_EQ(outcome(EventType::trade_void, bits({}), [](ByteWriter&) {}), "refused") << "required";
  EXPECT_EQ(outcome(EventType::trade_void, bits({0, 1}), text), "refused") << "no such field";
  EXPECT_EQ(outcome(EventType::tick, bits({0}), text), "refused");
  EXPECT_EQ(outcome(EventType::tick, bits({63}), [](ByteWriter&) {}), "refused");
  std::string long_zero = start_of(EventType::tick, 0);
  long_zero.back() = '\x80';
  long_zero.push_back('\0');
  EXPECT_EQ(outcome(long_zero), "refused") << "a needless byte";
}

TEST(Record, Identifiers) {
  const auto id = [](const std::string& text) {
    return outcome(EventType::trade_void, 1, [&](ByteWriter& out) { out.text(text); });
  };
  EXPECT_EQ(id("x"), "canonical");
  EXPECT_EQ(id(std::string(128, 'x')), "canonical");
  EXPECT_EQ(id("é€𝄞"), "canonical");
  EXPECT_EQ(id(std::string(1, '\0')), "canonical");
  EXPECT_EQ(id(""), "refused");
  EXPECT_EQ(id(std::string(129, 'x')), "refused");
  EXPECT_EQ(id("\xFF"), "refused");
  EXPECT_EQ(id("long enough to be read by words \xC3"), "refused");
}

TEST(Record, Decimals) {
  const auto amount = [](EventType type, Int128 mantissa, std::int64_t exponent) {
    const bool is_ledger = type == EventType::ledger;
    return outcome(type, is_ledger ? bits({0, 1, 2, 3}) : bits({0, 1, 2}), [&](ByteWriter& out) {
      out.text("a");
      out.text("x");
      out.zigzag128(mantissa);
      out.zigzag(exponent);
      if (is_ledger) {
        out.byte(0);
      }
    });
  };
  EXPECT_EQ(amount(EventType::ledger, 0, 0), "canonical");
  EXPECT_EQ(amount(EventType::ledger, -15, 127), "canonical");
  EXPECT_EQ(amount(EventType::ledger, 15, -127), "canonical");
  EXPECT_EQ(amount(EventType::ledger, power_of_ten(38) - 1, 0), "canonical");
  EXPECT_EQ(amount(EventType::ledger, 1 - power_of_ten(38), 0), "canonical");
  EXPECT_EQ(amount(EventType::ledger, power_of_ten(38) + 1, 0), "refused") << "39 digits";
  EXPECT_EQ(amount(EventType::ledger, int128_min, 0), "refused");
  EXPECT_EQ(amount(EventType::ledger, 10, 0), "refused") << "not in lowest terms";
  EXPECT_EQ(amount(EventType::ledger, -20, 3), "refused");
  EXPECT_EQ(amount(EventType::ledger, power_of_ten(25), 0), "refused");
  EXPECT_EQ(amount(EventType::ledger, 0, 1), "refused");
  EXPECT_EQ(amount(EventType::ledger, 1, 128), "refused");
  EXPECT_EQ(amount(EventType::ledger, 1, -128), "refused");
  EXPECT_EQ(amount(EventType::ledger, 1, std::int64_t{1} << 32), "refused");
  EXPECT_EQ(amount(EventType::deposit, 1, 0), "canonical");
  EXPECT_EQ(amount(EventType::deposit, 0, 0), "refused") << "must be positive";
  EXPECT_EQ(amount(EventType::deposit, -1, 0), "refused");
}

TEST(Record, NumbersWordsAndFlags) {
  const auto decimals = [](std::uint64_t value) {
    return outcome(EventType::asset, bits({0, 1}), [&](ByteWriter& out) {
      out.text("x");
      out.varint(value);
    });
  };
  EXPECT_EQ(decimals(30), "canonical");
  EXPECT_EQ(decimals(31), "refused");
  EXPECT_EQ(decimals(~std::uint64_t{0}), "refused");

  const auto label = [](std::uint8_t kind) {
    return outcome(EventType::address_label, bits({0, 1}), [&](ByteWriter& out) {
      out.text("x");
      out.byte(kind);
    });
  };
  EXPECT_EQ(label(4), "canonical");
  EXPECT_EQ(label(5), "refused");

  const auto roles = [](std::uint64_t set) {
    return outcome(EventType::account, bits({0, 8}), [&](ByteWriter& out) {
      out.text("x");
      out.varint(set);
    });
  };
  EXPECT_EQ(roles(0), "canonical");
  EXPECT_EQ(roles(127), "canonical");
  EXPECT_EQ(roles(128), "refused");

  const auto shadow = [](std::uint8_t flag) {
    return outcome(EventType::decision, bits({0, 1, 25}), [&](ByteWriter& out) {
      out.text("u");
      out.byte(0);
      out.byte(flag);
    });
  };
  EXPECT_EQ(shadow(0), "canonical");
  EXPECT_EQ(shadow(1), "canonical");
  EXPECT_EQ(shadow(2), "refused");
}

TEST(Record, Json) {
  const auto target = [](const std::string& json) {
    return outcome(EventType::decision, bits({0, 1, 32}), [&](ByteWriter& out) {
      out.text("u");
      out.byte(0);
      out.text(json);
    });
  };
  for (const char* json : {"{}", "[1,{\"a\":\"é\"}]", "\"x\"", "0.10", "true"}) {
    EXPECT_EQ(target(json), "canonical") << json;
  }
  for (const char* json : {"", " {}", "{} ", "[1, 2]", "[1,]", "{\"a\":1,\"a\":1}", "null", "tru",
                           "01", "\"\xFF\"", "{}{}", "\"\\x\""}) {
    EXPECT_EQ(target(json), "refused") << json;
  }
  EXPECT_EQ(target(std::string(15, '[') + std::string(15, ']')), "canonical");
  EXPECT_EQ(target(std::string(16, '[') + std::string(16, ']')), "refused");
}

TEST(Record, Arrays) {
  const auto ids = [](std::uint64_t count, const std::vector<std::string>& texts) {
    return outcome(EventType::control_group, bits({0, 1}), [&](ByteWriter& out) {
      out.text("g");
      out.varint(count);
      for (const std::string& text : texts) {
        out.text(text);
      }
    });
  };
  EXPECT_EQ(ids(0, {}), "canonical");
  EXPECT_EQ(ids(2, {"a", "b"}), "canonical");
  EXPECT_EQ(ids(1, {"a", "b"}), "refused");
  EXPECT_EQ(ids(3, {"a", "b"}), "refused");
  EXPECT_EQ(ids(2, {"a", ""}), "refused");
  EXPECT_EQ(ids(~std::uint64_t{0}, {"a"}), "refused") << "no memory for what is not there";

  const auto minutes = [](const std::vector<std::uint64_t>& times) {
    return outcome(EventType::instrument, bits({0, 1, 2, 3, 4, 5, 17}), [&](ByteWriter& out) {
      out.text("i");
      out.byte(0);
      out.text("A");
      out.text("B");
      out.zigzag128(1), out.zigzag(0);
      out.zigzag128(1), out.zigzag(0);
      out.varint(times.size());
      for (const std::uint64_t time : times) {
        out.varint(time);
      }
    });
  };
  EXPECT_EQ(minutes({}), "canonical");
  EXPECT_EQ(minutes({0, 1439, 0}), "canonical");
  EXPECT_EQ(minutes({1440}), "refused");
  EXPECT_EQ(minutes({65536}), "refused");
}

TEST(Record, ShapeIsChecked) {
  const DecodedLine line(R"({"type":"announcement","ts":1,"kind":"news","asset":"BTC"})");
  Event& event = const_cast<Event&>(*line.event());
  EXPECT_EQ(outcome(record_of(event)), "canonical");
  event.present &= ~std::uint64_t{2};
  EXPECT_EQ(outcome(record_of(event)), "refused");
}

// Every cut and every added byte is refused, every changed byte is refused or means itself.
TEST(Record, Mutations) {
  RandomEvents events(3);
  int canonical = 0;
  for (int i = 0; i < 3'000; ++i) {
    Arena arena;
    const std::size_t code = 1 + events.below(event_types_end - 1);
    const std::string record = record_of(*events.make(event_info(code)->type, arena));
    ASSERT_EQ(outcome(record), "canonical");
    ASSERT_EQ(outcome(record.substr(0, events.below(record.size()))), "refused");
    ASSERT_EQ(outcome(record + '\0'), "refused");
    for (int change = 0; change < 20; ++change) {
      std::string changed = record;
      changed[events.below(changed.size())] = static_cast<char>(events.below(256));
      const std::string result = outcome(changed);
      ASSERT_NE(result, "differs") << hex(changed);
      canonical += result == "canonical" ? 1 : 0;
    }
  }
  EXPECT_GT(canonical, 1'000);
}

}  // namespace
}  // namespace marktwacht
