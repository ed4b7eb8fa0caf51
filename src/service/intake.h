// What the service takes as one, and what it answers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "events/batch.h"

namespace marktwacht {

// A `rejected` record, fit to be kept and shown.
struct RefusedLine {
  std::uint64_t line = 0;    // from 1
  std::uint64_t offset = 0;  // of its first byte, from 0
  Fault fault = {};
  std::string head = {};  // the first 200 bytes, masked
};

// What became of a batch. Given out once all of it is on the disk.
struct IntakeAnswer {
  static constexpr std::size_t lines_max = 1'000;

  // The world failed: nothing of the batch is kept, and it may be sent again.
  std::string error = {};
  bool is_unknown = false;  // with an error: or it is kept, which shows once events are taken again
  bool is_first = true;     // false: a batch of that key was taken before, this is its answer
  std::uint64_t accepted = 0, rejected = 0;
  std::uint64_t forbidden = 0;              // of those rejected: `forbidden_type`
  std::uint64_t last_seq = 0;               // of the last record that it led to
  std::vector<RefusedLine> refused = {};    // the first `lines_max`
  std::vector<std::string> decisions = {};  // of each decision in it, what became of it, as JSON
};

// Of batches that no feed sent: people's decisions, the service's own records.
inline constexpr std::string_view console_source = "console", service_source = "service";

// Decoded and admitted: what its sender may not send is a fault already (admission.h).
struct IntakeBatch {
  Batch events;
  std::string source;                             // of whom sent it; empty: nobody's
  Time received = {};                             // wall clock; of a sender's
  std::string idempotency_key;                    // at most BatchMark::name_bytes_max; empty: none
  std::function<void(const IntakeAnswer&)> done;  // on the engine's thread: must not wait
};

}  // namespace marktwacht
