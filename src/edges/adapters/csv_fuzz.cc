// Any bytes as a CSV file of trades: no crash, and the pieces they come in make no difference.
#include <cstdlib>

#include "edges/adapters/inputs.h"
#include "edges/adapters/memory_source.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

std::string read_all(const std::string& bytes, std::size_t piece) {
  const CsvColumns columns{{"t", 1'000'000}, "p", "q", "side", "b", "s", "id", "i"};
  const std::vector<InstrumentOption> instruments = {{"A-B", *parse_decimal("1"), {1, 0}}};
  const auto input = open_trades_csv(
      std::make_unique<MemorySource>(bytes, std::vector<std::size_t>{piece}), columns, instruments);
  if (!input) {
    return input.error();
  }
  std::string all;
  Batch batch;
  while (*(*input)->read(batch)) {
    for (const Item& item : batch.items) {
      all += std::to_string(item.line) + " " + std::to_string(item.offset) + " ";
      all += std::string(item.text) + " " + std::string(word_of(item.fault.reason)) + "\n";
      if (item.event != nullptr) {
        write_ndjson(*item.event, all);
      }
    }
  }
  return all;
}

}  // namespace
}  // namespace marktwacht

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace marktwacht;
  const std::size_t piece = size == 0 ? 1 : 1 + data[0] % 16;
  const std::string bytes = "t,p,q,side,b,s,id,i\n" + std::string(data, data + size);
  if (read_all(bytes, piece) != read_all(bytes, 1 << 20)) {
    std::abort();
  }
  return 0;
}
