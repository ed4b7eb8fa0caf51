// The events of a stream: what a decoder would make of them, and what the engine takes.
#include "bench/stream_events.h"

#include <gtest/gtest.h>

#include "bench/measure.h"
#include "engine/engine.h"
#include "events/ndjson.h"
#include "events/record.h"

namespace marktwacht::bench {
namespace {

constexpr StreamOptions small{.events = 5'000, .seed = 5, .instruments = 10, .accounts = 200};

std::string record_of(const Event& event) {
  std::string record;
  write_record(event, record);
  return record;
}

TEST(StreamEvents, AreWhatTheDecodersGive) {
  const Stream stream = make_stream(Shape::deep, small);
  const StreamEvents maker(small);
  NdjsonReader reader;
  Arena arena;
  std::vector<const Event*> events = maker.declarations(arena);
  for (const Command& command : stream.commands) {
    events.push_back(maker.make(command, arena));
  }
  for (const Event* event : events) {
    std::string line;
    write_ndjson(*event, line);
    const std::size_t size = line.size();
    line.append(NdjsonReader::padding, '\0');
    Batch batch;
    Item item;
    reader.read({line.data(), size}, batch, item);
    ASSERT_NE(item.event, nullptr) << line << item.fault.field;
    EXPECT_EQ(batch.unknown_fields, 0u);
    ASSERT_EQ(record_of(*item.event), record_of(*event)) << line;
  }
}

TEST(StreamEvents, AreAcceptedByTheEngine) {
  const Stream stream = make_stream(Shape::tight, small);
  const StreamEvents maker(small);
  Engine engine;
  Arena arena;
  const auto step = [&](const Event& event) {
    const Step taken = engine.step(event);
    ASSERT_EQ(taken.outcome, Step::Outcome::accepted) << taken.fault.field;
    ASSERT_FALSE(taken.late);
  };
  for (const Event* event : maker.declarations(arena)) {
    step(*event);
  }
  for (const Command& command : stream.commands) {
    arena.reset();
    step(*maker.make(command, arena));
  }
  const Books& books = engine.market().books();
  EXPECT_EQ(books.live_orders(), stream.facts.live_orders);
  std::uint32_t levels = 0;
  for (std::uint32_t at = 0; at < small.instruments; ++at) {
    EXPECT_FALSE(books.crossed(InstrumentIndex{at}));
    levels += books.levels(InstrumentIndex{at}, Side::buy) +
              books.levels(InstrumentIndex{at}, Side::sell);
  }
  EXPECT_EQ(levels, stream.facts.levels);
}

TEST(StreamEvents, AreEncodedInOrder) {
  const Stream stream = make_stream(Shape::tight, small);
  const EncodedSlice slice = encode_slice(stream, 100);
  const StreamEvents maker(small);
  ASSERT_EQ(slice.events(), 100u);
  Arena arena;
  std::string lines, records;
  for (std::size_t at = 0; at < 100; ++at) {
    const Event* const event = maker.make(stream.commands[stream.warm_up + at], arena);
    write_ndjson(*event, lines);
    lines += '\n';
    records += record_of(*event);
  }
  EXPECT_EQ(slice.lines.substr(0, slice.lines_bytes), lines);
  EXPECT_EQ(slice.records, records);
}

}  // namespace
}  // namespace marktwacht::bench
