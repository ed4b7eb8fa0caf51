// A journal's events, one after the other.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "base/arena.h"
#include "edges/journal/journal.h"
#include "events/record.h"

namespace marktwacht {

// Calls `take(event, seq)` with each, from segment to segment, until it gives false or the journal
// ends. `from_seq` as for JournalReader::open. An event is good until `take` returns.
template <class Take>
std::expected<void, std::string> visit_journal(const std::string& path, std::uint64_t from_seq,
                                               Take&& take) {
  auto reader = JournalReader::open(path, from_seq);
  if (!reader) {
    return std::unexpected(reader.error());
  }
  Arena arena;
  JournalRecord record;
  for (;;) {
    const auto more = reader->next(record);
    if (!more) {
      return std::unexpected(more.error());
    }
    if (!*more) {
      return {};
    }
    arena.reset();
    const Event* const event = read_record(record.payload, arena);
    if (event == nullptr) {
      return std::unexpected("record " + std::to_string(record.seq) + " does not decode");
    }
    if (!take(*event, record.seq)) {
      return {};
    }
  }
}

}  // namespace marktwacht
