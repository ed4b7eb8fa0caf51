// What is counted of each key in one window: shared by all rules with the same key and window.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/sort_unique.h"
#include "base/time.h"
#include "rules/entry_queue.h"
#include "rules/evidence_logs.h"
#include "rules/key_rows.h"
#include "rules/number.h"
#include "rules/rule.h"

namespace marktwacht {

// Whose numbers a row holds: one account's (or of a key without accounts), or a group's, which is
// the sum over its members' rows.
enum class RowsOf : std::uint8_t { accounts, groups };

struct RowRef {
  RowsOf of{};
  std::uint32_t row = KeyRows::none;

  bool exists() const { return row != KeyRows::none; }
};

// A row that was looked up: what it has counted is at hand, for as long as it is in its table.
struct CountedRow : RowRef {
  std::uint64_t* words = nullptr;
};

// The rows of all tables with one key.
struct KeySpace {
  // What an event's own account and instrument make a whole key of.
  enum class Parts : std::uint8_t { account, account_instrument, others };

  explicit KeySpace(const std::vector<KeyPart>& key)
      : parts(parts_of(key)), rows{{by_owner(key), key.size()}, {by_owner(key), key.size()}} {}

  Parts parts;
  KeyRows rows[2];  // by RowsOf

 private:
  static bool by_owner(const std::vector<KeyPart>& key) { return key[0] == KeyPart::account; }
  static Parts parts_of(const std::vector<KeyPart>& key) {
    return key == std::vector{KeyPart::account}                        ? Parts::account
           : key == std::vector{KeyPart::account, KeyPart::instrument} ? Parts::account_instrument
                                                                       : Parts::others;
  }
};

// One thread. At most 64 takers and 64 cells. `space` must outlive it and has no rows yet. A
// sliding table queues what accounts' rows count; a group's row has no entries of its own.
class WindowTable {
 public:
  static constexpr std::size_t takers_max = 64, cells_max = 64;
  // A sum that would leave ± this is left out.
  static constexpr Int128 sum_most = Int128{1} << 120;

  WindowTable(const Window& window, std::uint32_t takers, std::vector<AggregateKind> cells,
              KeySpace& space);

  const Window& window() const { return window_; }
  // Of an account's row in its space, what these takers (bits) touch when they count in these cells
  // (bits).
  KeyRows::Lines lines(std::uint64_t takers, std::uint64_t cells) const;
  std::uint32_t size(RowsOf of) const { return rows(of).size(area_); }
  CountedRow find(RowsOf of, const Key& key) {
    KeyRows& all = rows(of);
    const std::uint32_t row = all.find(key);
    if (row == KeyRows::none) {
      return {};
    }
    std::uint64_t* const words = all.words(area_, row);
    return all.is_in(area_, words) ? CountedRow{{of, row}, words} : CountedRow{};
  }
  CountedRow add(RowsOf of, const Key& key);
  // The key's row in the space, where that is known already: in this table too?
  bool has(RowRef ref) const { return rows(ref.of).is_in(area_, ref.row); }
  void remove(RowRef ref);
  // The window has ended.
  void clear();

  // Starts fetching what `apply` will write to behind an account's row, if the row is in this
  // table.
  void prefetch_behind(std::uint32_t row) const {
    const std::uint64_t* const words = rows(RowsOf::accounts).words(area_, row);
    if (rows(RowsOf::accounts).is_in(area_, words)) {
      sliding() ? queue_.prefetch(static_cast<std::uint32_t>(words[0] >> 32))
                : logs_.prefetch(words[0]);
    }
  }

  const Key& key(RowRef ref) const { return rows(ref.of).key(ref.row); }
  // How many alerts are open on the row.
  std::uint32_t& open(RowRef ref) { return KeyRows::open(words(ref)); }
  std::uint32_t open(RowRef ref) const { return KeyRows::open(words(ref)); }
  // By key.
  std::vector<std::uint32_t> ordered(RowsOf of) const {
    return ordered(of, [](std::uint32_t) { return true; });
  }
  template <class Wanted>
  std::vector<std::uint32_t> ordered(RowsOf of, Wanted&& wanted) const {
    std::vector<std::uint32_t> list;
    for (std::uint32_t row = 0; row < rows(of).rows_end(); ++row) {
      if (rows(of).is_in(area_, row) && wanted(row)) {
        list.push_back(row);
      }
    }
    sort(of, list);
    return list;
  }
  // Of these accounts' rows, each once; some may have gone since.
  template <class Wanted>
  std::vector<std::uint32_t> ordered_of(std::vector<std::uint32_t> list, Wanted&& wanted) const {
    sort_unique(list);
    std::erase_if(list, [&](std::uint32_t row) {
      return !rows(RowsOf::accounts).is_in(area_, row) || !wanted(row);
    });
    sort(RowsOf::accounts, list);
    return list;
  }
  // The owner's rows, in no order.
  std::vector<std::uint32_t> rows_of_owner(RowsOf of, std::uint32_t owner) const;

  void apply(const CountedRow& row, const WindowEntry& entry);
  // Sliding: whether the oldest entry has left the window by `now`.
  bool expires(Time now) const {
    return !queue_.empty() && now - queue_.front().at >= window_.length;
  }
  // Sliding: the row of the oldest entry; none where that row is gone.
  RowRef oldest() const { return row_of(queue_.front()); }
  // Sliding: takes the oldest entry out of a group's sums; false where a largest or smallest was in
  // it, which must be found again.
  bool take_oldest_from(RowRef group);
  // Sliding: drops the oldest entry, and takes it out of its row.
  void drop_oldest();
  // Sliding: all that have left the window by `now`.
  void drop_expired(Time now);
  // Sliding, accounts' rows: when the oldest entry leaves the window; nothing when there is none.
  std::optional<Time> next_expiry(RowRef ref) const;
  bool has_entries(RowRef ref) const { return next_expiry(ref).has_value(); }
  // Sliding, accounts' rows: oldest first.
  template <class Visitor>
  void visit_entries(RowRef ref, Visitor&& visitor) const {
    for (std::uint32_t at = first_entry(ref); at != 0; at = queue_[at].next) {
      visitor(queue_[at]);
    }
  }

  // Adds an account's row to its group's.
  void fold(RowRef account, RowRef group);
  // Takes what it has counted out of a row: that then stands as if it were fresh.
  void empty_cells(RowRef ref);

  Number aggregate(RowRef ref, std::uint32_t cell) const;
  std::int64_t count(RowRef ref, std::uint32_t cell) const {
    return static_cast<std::int64_t>(words(ref)[offsets_[cell]]);
  }
  // Of a row whose words they are.
  std::int64_t count(const std::uint64_t* words, std::uint32_t cell) const {
    return static_cast<std::int64_t>(words[offsets_[cell]]);
  }
  // Of a distinct, in order.
  std::vector<std::string> distinct_values(RowRef ref, std::uint32_t cell) const;
  // Day and cycle, accounts' rows: what the taker counted; appends the kept seqs.
  std::uint64_t evidence(RowRef ref, std::uint32_t taker, std::vector<std::uint64_t>& kept) const;
  std::uint64_t evidence_count(RowRef ref, std::uint32_t taker) const {
    return counted(words(ref))[taker];
  }

  // Sums that left their range, and fractions that are no decimals: left out.
  std::uint64_t left_out() const { return left_out_; }

  // One account's row, for snapshots and new layouts: `save` writes cells and evidence, or entries.
  void save(RowRef ref, ByteWriter& out) const;
  bool load(RowRef ref, ByteReader& in);
  // Takes over from a row of an older layout: `cells[i]` and `takers[i]` are the old places, none
  // where it is new.
  void take_over(RowRef ref, const WindowTable& older, RowRef from,
                 const std::vector<std::optional<std::uint32_t>>& cells,
                 const std::vector<std::optional<std::uint32_t>>& takers);
  // After the last `load` or `take_over`: what came row by row is queued in the order of time.
  void queue_arrived();

 private:
  using Distinct = std::map<std::string, std::uint64_t>;

  KeyRows& rows(RowsOf of) { return space_->rows[static_cast<std::size_t>(of)]; }
  const KeyRows& rows(RowsOf of) const { return space_->rows[static_cast<std::size_t>(of)]; }
  std::uint64_t* words(RowRef ref) { return rows(ref.of).words(area_, ref.row); }
  const std::uint64_t* words(RowRef ref) const { return rows(ref.of).words(area_, ref.row); }
  bool sliding() const { return window_.kind == WindowKind::sliding; }
  std::uint32_t first_entry(RowRef ref) const { return static_cast<std::uint32_t>(words(ref)[0]); }
  // Day and cycle: behind the row's log, how often each taker has counted.
  static std::uint32_t* counted(std::uint64_t* row) {
    return reinterpret_cast<std::uint32_t*>(row + 1);
  }
  static const std::uint32_t* counted(const std::uint64_t* row) {
    return reinterpret_cast<const std::uint32_t*>(row + 1);
  }
  void sort(RowsOf of, std::vector<std::uint32_t>& list) const;

  static std::uint64_t distinct_key(RowRef ref, std::uint32_t cell) {
    return static_cast<std::uint64_t>(ref.of) << 63 | static_cast<std::uint64_t>(ref.row) << 8 |
           cell;
  }
  void forget_distinct(RowRef ref);
  RowRef row_of(const EntryQueue::Entry& entry) const {
    return entry.row == nullptr
               ? RowRef{}
               : RowRef{RowsOf::accounts, rows(RowsOf::accounts).row_of(area_, entry.row)};
  }
  void enqueue(std::uint64_t* row, const WindowEntry& entry);
  void log(std::uint64_t* row, const WindowEntry& entry);
  void count_out(const EntryQueue::Entry& entry);
  void drop_oldest_with_values();
  void add_up(std::uint64_t* row, const CellSum& sum);
  void put(RowRef ref, const CellValue& value);
  bool take(RowRef ref, const CellValue& value);
  void find_extreme(RowRef ref, std::uint32_t cell);
  void merge_cell(RowRef to, std::uint32_t cell, const WindowTable& of, RowRef from,
                  std::uint32_t from_cell);
  void save_cell(RowRef ref, std::uint32_t cell, ByteWriter& out) const;
  void load_cell(RowRef ref, std::uint32_t cell, ByteReader& in);
  WindowEntry entry_at(std::uint32_t place) const;
  std::optional<WindowEntry> load_entry(ByteReader& in) const;

  Window window_;
  std::vector<AggregateKind> cells_;
  std::vector<std::uint32_t> offsets_;  // of cells, in words
  std::uint32_t takers_, cells_at_;     // in words
  bool has_distinct_ = false;
  KeySpace* space_;
  std::uint32_t area_ = 0;  // the same in both
  EntryQueue queue_;
  EvidenceLogs logs_;
  boost::unordered_flat_map<std::uint64_t, Distinct> distinct_;
  std::vector<std::pair<RowRef, WindowEntry>> arrived_;
  std::uint64_t left_out_ = 0;
};

}  // namespace marktwacht
