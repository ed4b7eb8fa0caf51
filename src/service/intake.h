// What the service takes as one, and what it answers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "events/batch.h"

namespace marktwacht {

// What became of a batch. Given out once all of it is on the disk.
struct IntakeAnswer {
  static constexpr std::size_t lines_max = 100;

  // The world failed: nothing of the batch is kept, and it may be sent again.
  std::string error = {};
  bool is_first = true;  // false: a batch of that key was taken before, this is its answer
  std::uint64_t accepted = 0, rejected = 0;
  std::uint64_t last_seq = 0;               // of the last record that it led to
  std::vector<std::string> refused = {};    // `rejected` records as JSON, the first `lines_max`
  std::vector<std::string> decisions = {};  // of each decision in it, what became of it, as JSON
};

// Decoded and admitted: what its sender may not send is a fault already (admission.h).
struct IntakeBatch {
  Batch events;
  std::string source;                             // of whom sent it; empty: nobody's
  std::string idempotency_key;                    // at most BatchMark::name_bytes_max; empty: none
  std::function<void(const IntakeAnswer&)> done;  // on the engine's thread: must not wait
};

}  // namespace marktwacht
