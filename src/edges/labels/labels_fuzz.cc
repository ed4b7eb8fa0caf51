// Any bytes as labels and as alert lines: no crash, and the pieces they come in make no difference.
#include <cstdlib>

#include "edges/adapters/memory_source.h"
#include "edges/labels/labels.h"

namespace marktwacht {
namespace {

void append(const std::string& text, std::string& out) { out += text + "\x1f"; }

template <class Row>
void append_common(const Row& row, std::string& out) {
  append(std::to_string(row.line), out);
  append(row.clause, out);
  append(row.detector, out);
  append(row.instrument_id, out);
  append(std::to_string(row.from.ns) + " " + std::to_string(row.to.ns), out);
  for (const std::string& id : row.account_ids) {
    append(id, out);
  }
  if (row.to < row.from || row.detector.empty() || row.clause.empty() || row.line == 0) {
    std::abort();
  }
}

template <class Row>
void append_all(const std::expected<LinesRead<Row>, LinesFault>& read, std::string& out) {
  if (!read) {
    append(read.error().text, out);
    return;
  }
  for (const Row& row : read->rows) {
    append_common(row, out);
  }
  for (const std::string& note : read->notes) {
    append(note, out);
  }
}

std::string read_all(const std::string& bytes, std::size_t piece) {
  std::string all;
  MemorySource labels(bytes, {piece}), alerts(bytes, {piece});
  append_all(read_labels(labels), all);
  append_all(read_alert_lines(alerts), all);
  return all;
}

}  // namespace
}  // namespace marktwacht

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace marktwacht;
  const std::size_t piece = size == 0 ? 1 : 1 + data[0] % 16;
  const std::string bytes(data, data + size);
  if (read_all(bytes, piece) != read_all(bytes, 1 << 20)) {
    std::abort();
  }
  return 0;
}
