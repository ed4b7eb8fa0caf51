// Copies of events stand on their own.
#include "edges/adapters/event_copy.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "events/ndjson.h"
#include "events/record.h"

namespace marktwacht {
namespace {

const std::string lines[] = {
    R"({"type":"tick","ts":1,"source":"feed","source_seq":7})",
    R"({"type":"order","ts":2,"order_id":"o1","account_id":"a\u00e4","instrument_id":"X",)"
    R"("side":"sell","price":"1.25","quantity":"3","time_in_force":"ioc","ip":"10.0.0.1"})",
    R"({"type":"control_group","ts":3,"group_id":"g","account_ids":["a1","a2","a\u00e43"]})",
    R"({"type":"instrument","ts":4,"instrument_id":"X","kind":"perpetual","base":"X","quote":"Y",)"
    R"("tick_size":"1","lot_size":"1","settlement_times":["00:00","08:30"]})",
    R"({"type":"account","ts":5,"account_id":"a","roles":["hedger","broker"]})",
    R"({"type":"decision","ts":6,"user_id":"u","kind":"impose",)"
    R"("measure":{"a":[1,2,{"b":"c"}]},"text":"for \"reasons\""})",
};

TEST(EventCopy, StandsOnItsOwn) {
  NdjsonReader codec;
  for (const std::string& line : lines) {
    std::string expected, record, got, got_record;
    Arena arena;
    const Event* copy = nullptr;
    std::string moved;
    {
      Batch batch;
      batch.bytes = line + std::string(NdjsonReader::padding, '\0');
      const std::string_view text(batch.bytes.data(), line.size());
      Item item;
      codec.read(text, batch, item);
      ASSERT_NE(item.event, nullptr) << line << " " << word_of(item.fault.reason);
      write_ndjson(*item.event, expected);
      write_record(*item.event, record);
      moved = std::string(text);
      copy = copy_event(*item.event, text, moved, arena);
      // Whatever still points here would show.
      batch.bytes.assign(batch.bytes.size(), '#');
      batch.arena.reset();
      std::memset(batch.arena.allocate(100'000, 1), '#', 100'000);
    }
    write_ndjson(*copy, got);
    write_record(*copy, got_record);
    EXPECT_EQ(got, expected);
    EXPECT_EQ(got_record, record);
  }
}

}  // namespace
}  // namespace marktwacht
