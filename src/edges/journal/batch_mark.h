// What makes the records of one batch a whole. Its bytes: format.md.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace marktwacht {

// What a service took as one: a sender's batch, a person's decision, a tick. Its records stand
// before the mark; those that no mark follows were never answered for.
struct BatchMark {
  static constexpr std::size_t name_bytes_max = 256;

  std::uint64_t last_seq = 0;        // of the last record before it
  Time at = {};                      // the engine's clock after it
  std::string source = {};           // as the service named it; may be empty
  std::string idempotency_key = {};  // as the sender named the batch; may be empty
  std::uint64_t accepted = 0, rejected = 0;

  bool operator==(const BatchMark&) const = default;
};

}  // namespace marktwacht
