// The text form of events: one JSON object a line. See docs/formats/events.md.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "events/batch.h"

namespace marktwacht {

// Decodes lines. One per thread; reuses its memory.
class NdjsonReader {
 public:
  // A line's memory must stay readable this far beyond its end (what is there does not matter).
  static constexpr std::size_t padding = 64;

  NdjsonReader();
  ~NdjsonReader();

  // Decodes `line` (without its line end; a CR there is skipped) into `item.event`, or sets
  // `item.event` to nullptr and `item.fault` to the first failure in the order of events.md: line
  // limits, JSON, type, required fields (in table order), values (in line order), shape. The event
  // lives in `batch.arena`; its texts point there or into `line`. Adds to the batch's counts.
  void read(std::string_view line, Batch& batch, Item& item);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Appends the canonical line of `event`, without a line end: type, ts, source, source_seq, then the
// fields present in table order; decimals as strings. Reading it back gives an equal event.
void write_ndjson(const Event& event, std::string& out);

// Appends one `rejected` record as JSON, without a line end. Bytes of the head that are not UTF-8
// become U+FFFD.
void write_rejected(const Rejected& rejected, std::string& out);

// Appends `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
void write_json_string(std::string_view text, std::string& out);

}  // namespace marktwacht
