// What a decoder hands on: events and refused lines, in the order of the input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/prefetch.h"
#include "events/event.h"

namespace marktwacht {

// Why and where a line was refused. `field` lives for ever (it is a name from the table) or is
// empty.
struct Fault {
  RejectReason reason{};
  std::string_view field;
};

// One line of input: an event, or the fault that refused it (`event` is nullptr).
struct Item {
  const Event* event = nullptr;
  Fault fault;
  EventType type{};          // as soon as the line says one that we know, also of a refused line
  std::uint64_t line = 0;    // from 1
  std::uint64_t offset = 0;  // of the line's first byte, from 0
  std::string_view text;     // the line; empty for binary input
  std::uint64_t seq = 0;     // of a journal's record
  bool journaled = false;  // comes from a journal: it was accepted once, when its skew was checked
};

// Owns the memory of its items. Filled by an input, read by one consumer, used again.
struct Batch {
  Arena arena;
  std::string bytes;  // the text that the items point into, with room behind for the parser
  std::vector<Item> items;
  std::uint64_t unknown_fields = 0;  // seen and ignored
  std::uint64_t blank_lines = 0;

  // Starts fetching the item `at`, if there is one: another core has just written it.
  void prefetch(std::size_t at) const {
    if (at < items.size()) {
      prefetch_line<FetchFor::reading>(&items[at]);
    }
  }

  void reset() {
    arena.reset();
    items.clear();
    unknown_fields = 0;
    blank_lines = 0;
  }
};

// A refused line as it is reported: `{line, offset, reason, field, head}`.
struct Rejected {
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  Fault fault;
  std::string_view head;  // the line's first 200 bytes
};

inline constexpr std::size_t line_bytes_max = 1 << 20;
inline constexpr int line_levels_max = 16;
inline constexpr std::size_t rejected_head_bytes = 200;

}  // namespace marktwacht
