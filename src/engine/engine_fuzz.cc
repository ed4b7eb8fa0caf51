// Any bytes as lines into the engine: no crash, and the state survives a snapshot.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "engine/engine.h"
#include "events/ndjson.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace marktwacht;
  std::string text(
      R"({"type":"instrument","ts":1,"instrument_id":"S","kind":"spot","base":"B","quote":"Q","tick_size":"0.5","lot_size":"0.01"})"
      "\n"
      R"({"type":"instrument","ts":1,"instrument_id":"P","kind":"future","base":"B","quote":"Q","tick_size":1,"lot_size":1,"contract_type":"inverse","contract_multiplier":100})"
      "\n");
  text.append(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.size();
  text.append(NdjsonReader::padding, '\0');
  NdjsonReader reader;
  Engine engine;
  engine.listen({true, true, true, true});
  for (std::size_t at = 0; at < end;) {
    const std::size_t stop = std::min(text.find('\n', at), end);
    Batch batch;
    Item item;
    reader.read(std::string_view(text).substr(at, stop - at), batch, item);
    if (item.event != nullptr) {
      engine.step(*item.event);
    }
    at = stop + 1;
  }
  const std::string snapshot = engine.snapshot();
  Engine restored;
  check(restored.restore(snapshot).has_value(), "a snapshot restores");
  check(restored.snapshot() == snapshot, "a restored engine is the same");
  check(engine.market().books().fault().empty(), "the books are whole");
  return 0;
}
