// Who sends: the figures of each source. docs/service.md, "Sources".
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "edges/journal/batch_mark.h"
#include "events/batch.h"

namespace marktwacht {

struct SourceFigures {
  // Made from the journal, so the same after a restart. Times are the engine's.
  std::uint64_t events = 0, results = 0;  // taken; how many of them were command_result
  std::uint64_t rejected = 0, batches = 0;
  std::uint64_t next_source_seq = 0;          // 0: its lines are not numbered
  std::uint64_t gaps = 0, missing = 0;        // jumps of source_seq; the numbers left out
  std::uint64_t gap_first = 0, gap_last = 0;  // the numbers that the last gap lacks
  Time last_ts = {};                          // the largest ts
  Time last_at = {}, last_gap_at = {};        // of its last batch that brought an event; of the gap
  // Of this process.
  std::array<std::uint64_t, Words<RejectReason>::list.size()> rejected_by{};
  std::uint64_t repeated = 0, repeated_batches = 0;  // source_seq, Idempotency-Key taken before
  Time received = {};   // wall clock: the last batch that brought an event
  bool changed = true;  // since it was last asked for
};

// One thread. Sources are what batches and their events are marked with; what people decide and
// what the service records by itself has none.
class Sources {
 public:
  static constexpr std::size_t sources_max = 256;  // the events of others are only counted

  // Of the journal: an accepted event, applied at `now`; the end of a batch.
  void take(const Event& event, Time now);
  void take(const BatchMark& mark);
  // Of this process alone; nullptr: it is none, or beyond the limit.
  SourceFigures* of(std::string_view source);

  std::uint64_t beyond() const { return beyond_; }
  // Calls `take(source, figures)` with each that has changed since the last time.
  template <class Take>
  void take_changed(Take take) {
    for (auto& [source, figures] : all_) {
      if (figures.changed) {
        figures.changed = false;
        take(source, figures);
      }
    }
  }
  void clear() { *this = Sources(); }

  // What the journal says of them. `load`: false when the bytes are malformed.
  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  using All = std::map<std::string, SourceFigures, std::less<>>;

  All all_;
  std::uint64_t beyond_ = 0;
};

}  // namespace marktwacht
