// Any bytes: no crash, ASCII comes out, and what is masked stays masked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "edges/vault/mask.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view head(reinterpret_cast<const char*>(data), size);
  const std::string shown = marktwacht::mask_personal(head);
  if (shown.size() > 3 * size) {
    std::abort();
  }
  for (const char c : shown) {
    if (c < ' ' || c > '~') {
      std::abort();
    }
  }
  // A value behind a personal name, in front of whatever comes then.
  const std::string line = "{\"ip\":\"QQQQ\"," + std::string(head);
  const std::string before = marktwacht::mask_personal(line);
  if (!before.starts_with("{\"ip\":\"***\",")) {
    std::abort();
  }
  return 0;
}
