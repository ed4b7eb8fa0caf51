// Any bytes as a line: never a crash, and what is accepted is written and read again as the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "events/ndjson.h"
#include "events/record.h"

namespace {

using namespace marktwacht;

// The event of `line`, whose bytes are kept in `bytes`.
const Event* decode(std::string_view line, std::string& bytes, Batch& batch) {
  static NdjsonReader reader;
  bytes = line;
  // Behind the line stands something unfriendly.
  bytes.append(NdjsonReader::padding, line.empty() ? '}' : line.back());
  Item item;
  reader.read(std::string_view(bytes).substr(0, line.size()), batch, item);
  return item.event;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  static Batch batch, again_batch;
  static std::string bytes, again_bytes;
  batch.reset();
  again_batch.reset();
  const Event* event = decode(line, bytes, batch);
  if (event == nullptr) {
    return 0;
  }
  std::string canonical, again_canonical, record, again_record;
  write_ndjson(*event, canonical);
  const Event* again = decode(canonical, again_bytes, again_batch);
  check(again != nullptr, "the canonical line is accepted");
  write_ndjson(*again, again_canonical);
  check(canonical == again_canonical, "the canonical line stays as it is");

  write_record(*event, record);
  Arena arena;
  const Event* read = read_record(record, arena);
  check(read != nullptr, "the record is accepted");
  write_record(*read, again_record);
  check(record == again_record, "the record stays as it is");
  again_canonical.clear();
  write_ndjson(*read, again_canonical);
  check(canonical == again_canonical, "the record holds the same event");
  return 0;
}
