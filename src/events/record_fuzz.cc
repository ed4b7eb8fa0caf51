// Any bytes as a record: never a crash, and what is accepted gives the same bytes again, also by
// way of the text form.
#include <cstddef>
#include <cstdint>
#include <string>

#include "events/ndjson.h"
#include "events/record.h"

using namespace marktwacht;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  static Arena arena;
  arena.reset();
  const Event* event = read_record(payload, arena);
  if (event == nullptr) {
    return 0;
  }
  std::string record;
  write_record(*event, record);
  check(record == payload, "a record that is read is the one that would be written");

  std::string line;
  write_ndjson(*event, line);
  const std::size_t line_size = line.size();
  line.append(NdjsonReader::padding, '\n');
  static NdjsonReader reader;
  static Batch batch;
  batch.reset();
  Item item;
  reader.read(std::string_view(line).substr(0, line_size), batch, item);
  if (item.event == nullptr) {
    check(item.fault.reason == RejectReason::too_large,
          "only its size keeps it from the text form");
    return 0;
  }
  record.clear();
  write_record(*item.event, record);
  check(record == payload, "the text form loses nothing");
  return 0;
}
