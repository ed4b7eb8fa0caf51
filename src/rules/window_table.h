// What is counted of each key in one window: shared by all rules with the same key and window.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "rules/evidence_logs.h"
#include "rules/number.h"
#include "rules/rule.h"
#include "rules/window_rows.h"

namespace marktwacht {

// What one event adds to one aggregate.
struct CellValue {
  std::uint32_t cell = 0;
  Number number;                            // of a sum, max, min
  std::shared_ptr<const std::string> text;  // of a distinct
};

// One event as a table counts it.
struct WindowEntry {
  Time at;
  std::uint64_t seq = 0;
  std::uint64_t takers = 0;  // bits: whose `where` it passed
  std::uint64_t counts = 0;  // bits: cells of kind count
  std::vector<CellValue> values;
};

// An entry as a queue keeps it: most have no values.
struct QueuedEntry {
  Time at;
  std::uint64_t seq = 0, takers = 0, counts = 0;
  std::unique_ptr<std::vector<CellValue>> more;

  std::span<const CellValue> values() const {
    return more ? std::span<const CellValue>(*more) : std::span<const CellValue>();
  }
};

// The entries of one key in a sliding window, oldest first.
class EntryQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  QueuedEntry& front() { return ring_[head_]; }
  const QueuedEntry& operator[](std::size_t at) const {
    return ring_[(head_ + at) & (ring_.size() - 1)];
  }
  void push(const WindowEntry& entry);
  void push(QueuedEntry entry);
  void pop() {
    head_ = (head_ + 1) & (ring_.size() - 1);
    --size_;
  }

 private:
  std::vector<QueuedEntry> ring_;  // a power of two
  std::size_t head_ = 0, size_ = 0;
};

// Whose numbers a row holds: one account's (or of a key without accounts), or a group's, which is
// the sum over its members' rows.
enum class RowsOf : std::uint8_t { accounts, groups };

struct RowRef {
  RowsOf of{};
  std::uint32_t row = WindowRows::none;

  bool exists() const { return row != WindowRows::none; }
};

// One thread. At most 64 takers and 64 cells.
class WindowTable {
 public:
  static constexpr std::size_t takers_max = 64, cells_max = 64;

  WindowTable(const Window& window, std::uint32_t takers, std::vector<AggregateKind> cells,
              bool by_owner);

  const Window& window() const { return window_; }
  WindowRows& rows(RowsOf of) { return rows_[static_cast<std::size_t>(of)]; }
  const WindowRows& rows(RowsOf of) const { return rows_[static_cast<std::size_t>(of)]; }
  RowRef find(RowsOf of, const Key& key) const { return {of, rows(of).find(key)}; }
  RowRef add(RowsOf of, const Key& key);
  void remove(RowRef ref);
  // The window has ended.
  void clear();

  void apply(RowRef ref, const WindowEntry& entry);
  // Sliding: takes out what has left the window by `now`.
  void expire(RowRef ref, Time now);
  // Sliding: when the oldest entry leaves the window; nothing when there is none.
  std::optional<Time> next_expiry(RowRef ref) const;
  const EntryQueue& queue(RowRef ref) const;

  // Adds an account's row to its group's.
  void fold(RowRef account, RowRef group);

  Number aggregate(RowRef ref, std::uint32_t cell) const;
  std::int64_t count(RowRef ref, std::uint32_t cell) const {
    return static_cast<std::int64_t>(rows(ref.of).words(ref.row)[offsets_[cell]]);
  }
  // Of a distinct, in order.
  std::vector<std::string> distinct_values(RowRef ref, std::uint32_t cell) const;
  // Day and cycle, accounts' rows: what the taker counted; appends the kept seqs.
  std::uint64_t evidence(RowRef ref, std::uint32_t taker, std::vector<std::uint64_t>& kept) const;

  // Sums that left their range, and fractions that are no decimals: left out.
  std::uint64_t left_out() const { return left_out_; }

  // One account's row, for snapshots and new layouts: `save` writes cells and evidence or queue.
  void save(RowRef ref, ByteWriter& out) const;
  bool load(RowRef ref, ByteReader& in);
  // Takes over from a row of an older layout: `cells[i]` and `takers[i]` are the old places, none
  // where it is new.
  void take_over(RowRef ref, const WindowTable& older, RowRef from,
                 const std::vector<std::optional<std::uint32_t>>& cells,
                 const std::vector<std::optional<std::uint32_t>>& takers);

 private:
  using Distinct = std::map<std::string, std::uint64_t>;

  bool sliding() const { return window_.kind == WindowKind::sliding; }
  static std::uint64_t distinct_key(RowRef ref, std::uint32_t cell) {
    return static_cast<std::uint64_t>(ref.of) << 63 | static_cast<std::uint64_t>(ref.row) << 8 |
           cell;
  }
  EntryQueue& queue_of(RowRef ref);
  void count_in(RowRef ref, const WindowEntry& entry);
  void count_out(RowRef ref, const QueuedEntry& entry);
  void put(RowRef ref, const CellValue& value);
  void take(RowRef ref, const CellValue& value);
  void find_extreme(RowRef ref, std::uint32_t cell);
  void merge_cell(RowRef to, std::uint32_t cell, const WindowTable& of, RowRef from,
                  std::uint32_t from_cell);
  void save_cell(RowRef ref, std::uint32_t cell, ByteWriter& out) const;
  void load_cell(RowRef ref, std::uint32_t cell, ByteReader& in);

  Window window_;
  std::vector<AggregateKind> cells_;
  std::vector<std::uint32_t> offsets_;  // of cells, in words
  std::uint32_t takers_;
  WindowRows rows_[2];
  std::vector<EntryQueue> queues_[2];  // by row, sliding only
  EvidenceLogs logs_;
  boost::unordered_flat_map<std::uint64_t, Distinct> distinct_;
  std::uint64_t left_out_ = 0;
};

}  // namespace marktwacht
