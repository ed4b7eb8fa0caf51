// Any bytes as lines and as CSV rows: each line is what stands at its offset, and the pieces that
// the bytes come in make no difference.
#include <cstdlib>

#include "edges/adapters/line_reader.h"
#include "edges/adapters/memory_source.h"

namespace marktwacht {
namespace {

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

std::string read_all(const std::string& bytes, std::size_t piece, LineReader::Cut cut) {
  LineReader reader(std::make_unique<MemorySource>(bytes, std::vector<std::size_t>{piece}), cut);
  std::string all;
  std::uint64_t blank_lines = 0;
  Batch batch;
  std::vector<Line> lines;
  while (*reader.read(batch, lines)) {
    blank_lines += batch.blank_lines;
    for (const Line& line : lines) {
      require(bytes.compare(line.offset, line.text.size(), line.text) == 0);
      require(line.offset == 0 || line.offset == 3 || bytes[line.offset - 1] == '\n');
      all += std::to_string(line.line) + " " + std::to_string(line.offset) + " ";
      all += std::to_string(line.text.size()) + "\n";
    }
  }
  return all + std::to_string(blank_lines);
}

}  // namespace
}  // namespace marktwacht

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace marktwacht;
  const std::size_t piece = size == 0 ? 1 : 1 + data[0] % 16;
  const std::string bytes(data, data + size);
  for (const auto cut : {LineReader::Cut::lines, LineReader::Cut::csv_rows}) {
    require(read_all(bytes, piece, cut) == read_all(bytes, 1 << 20, cut));
  }
  return 0;
}
