// Counting in and out.
#include "rules/window_table.h"

#include <algorithm>
#include <bit>

namespace marktwacht {
namespace {

std::uint32_t words_of(AggregateKind kind) {
  switch (kind) {
    case AggregateKind::count:
    case AggregateKind::distinct:
      return 1;
    case AggregateKind::sum:
      return 2;  // units and, in the lowest six bits, their scale
    case AggregateKind::max:
    case AggregateKind::min:
      return 6;  // numerator, denominator, scale, whether there is one
  }
  return 0;
}

Int128 read_wide(const std::uint64_t* words) {
  return static_cast<Int128>(static_cast<UInt128>(words[1]) << 64 | words[0]);
}
void write_wide(std::uint64_t* words, Int128 value) {
  words[0] = static_cast<std::uint64_t>(value);
  words[1] = static_cast<std::uint64_t>(static_cast<UInt128>(value) >> 64);
}

constexpr int scale_bits = 6, scale_mask = (1 << scale_bits) - 1;

struct Sum {
  Int128 units = 0;
  int scale = 0;
};
Sum read_sum(const std::uint64_t* words) {
  return {read_wide(words) >> scale_bits, static_cast<int>(words[0]) & scale_mask};
}
void write_sum(std::uint64_t* words, const Sum& sum) {
  write_wide(words, sum.units * (1 << scale_bits) + sum.scale);
}

Number read_extreme(const std::uint64_t* words) {
  return words[5] == 0 ? Number::absent()
                       : Number{read_wide(words), read_wide(words + 2),
                                static_cast<std::int32_t>(words[4]), Number::State::known};
}
void write_extreme(std::uint64_t* words, const Number& value) {
  write_wide(words, value.numerator);
  write_wide(words + 2, value.denominator);
  words[4] = static_cast<std::uint64_t>(value.scale);
  words[5] = 1;
}

// Adds units of the sum's own scale; false, with nothing changed, where it would leave its range.
bool add_units(std::uint64_t* words, Int128 units) {
  constexpr Int128 most = WindowTable::sum_most << scale_bits;
  constexpr auto range = 2 * static_cast<UInt128>(most) + scale_mask;
  Int128 sum = read_wide(words);
  if (__builtin_add_overflow(sum, units * (1 << scale_bits), &sum) ||
      static_cast<UInt128>(sum) + static_cast<UInt128>(most) > range) [[unlikely]] {
    return false;
  }
  write_wide(words, sum);
  return true;
}

// The same with units of any scale.
bool add_to_sum(std::uint64_t* words, Int128 units, int scale) {
  const Sum sum = read_sum(words);
  if (sum.scale == scale) [[likely]] {
    return add_units(words, units);
  }
  const int finest = std::max(sum.scale, scale);
  const auto left =
      sum.units == 0 ? std::optional<Int128>(0) : rescale(sum.units, sum.scale, finest);
  const auto right = rescale(units, scale, finest);
  if (finest > scale_mask || !left || !right || *left > WindowTable::sum_most ||
      *left < -WindowTable::sum_most || *right > WindowTable::sum_most ||
      *right < -WindowTable::sum_most) {
    return false;
  }
  std::uint64_t next[2];
  write_sum(next, {*left, finest});
  if (!add_units(next, *right)) {
    return false;
  }
  std::copy(next, next + 2, words);
  return true;
}

template <class Visitor>
void each_bit(std::uint64_t bits, Visitor&& visitor) {
  for (; bits != 0; bits &= bits - 1) {
    visitor(static_cast<std::uint32_t>(std::countr_zero(bits)));
  }
}

}  // namespace

WindowTable::WindowTable(const Window& window, std::uint32_t takers,
                         std::vector<AggregateKind> cells, KeySpace& space)
    : window_(window), cells_(std::move(cells)), takers_(takers), space_(&space), logs_(takers) {
  // First and last entry; or a log, and how often each taker has counted.
  std::uint32_t words = cells_at_ = sliding() ? 1 : 1 + (takers + 1) / 2;
  for (const AggregateKind kind : cells_) {
    offsets_.push_back(words);
    words += words_of(kind);
    has_distinct_ |= kind == AggregateKind::distinct;
  }
  area_ = rows(RowsOf::accounts).add_area(words);
  check(rows(RowsOf::groups).add_area(words) == area_, "an area has one number");
}

KeyRows::Lines WindowTable::lines(std::uint64_t takers, std::uint64_t cells) const {
  const KeyRows& all = rows(RowsOf::accounts);
  KeyRows::Lines lines = all.lines_of(area_, 0, 1);
  if (!sliding()) {
    each_bit(takers, [&](std::uint32_t taker) { lines |= all.lines_of(area_, 1 + taker / 2, 1); });
  }
  each_bit(cells, [&](std::uint32_t cell) {
    lines |= all.lines_of(area_, offsets_[cell], words_of(cells_[cell]));
  });
  return lines;
}

CountedRow WindowTable::add(RowsOf of, const Key& key) {
  const RowRef ref{of, rows(of).place_for(key)};
  check(!has(ref), "a key has one row");
  rows(of).enter(area_, ref.row);
  return {ref, words(ref)};
}

void WindowTable::sort(RowsOf of, std::vector<std::uint32_t>& list) const {
  std::ranges::sort(list, {}, [&](std::uint32_t row) -> const Key& { return rows(of).key(row); });
}

std::vector<std::uint32_t> WindowTable::rows_of_owner(RowsOf of, std::uint32_t owner) const {
  std::vector<std::uint32_t> list;
  for (std::uint32_t row = rows(of).first_row_of(owner); row != KeyRows::none;
       row = rows(of).next(row)) {
    if (rows(of).is_in(area_, row)) {
      list.push_back(row);
    }
  }
  return list;
}

void WindowTable::forget_distinct(RowRef ref) {
  for (std::uint32_t cell = 0; has_distinct_ && cell < cells_.size(); ++cell) {
    distinct_.erase(distinct_key(ref, cell));
  }
}

void WindowTable::remove(RowRef ref) {
  if (ref.of == RowsOf::accounts && sliding()) {
    for (std::uint32_t at = first_entry(ref); at != 0; at = queue_[at].next) {
      queue_[at].row = nullptr;
    }
  } else if (ref.of == RowsOf::accounts) {
    logs_.release(words(ref)[0]);
  }
  forget_distinct(ref);
  rows(ref.of).leave(area_, ref.row);
}

void WindowTable::empty_cells(RowRef ref) {
  forget_distinct(ref);
  std::fill(words(ref) + cells_at_, words(ref) + offsets_.back() + words_of(cells_.back()), 0);
}

void WindowTable::clear() {
  rows(RowsOf::accounts).clear(area_);
  rows(RowsOf::groups).clear(area_);
  queue_ = {};
  logs_.clear();
  distinct_.clear();
}

void WindowTable::add_up(std::uint64_t* row, const CellSum& sum) {
  left_out_ += add_to_sum(row + offsets_[sum.cell], sum.units, sum.scale) ? 0 : 1;
}

inline void WindowTable::log(std::uint64_t* row, const WindowEntry& entry) {
  each_bit(logs_.add(row[0], entry.seq, entry.takers), [&](std::uint32_t taker) {
    std::uint32_t& count = counted(row)[taker];
    count += count == UINT32_MAX ? 0 : 1;
  });
}

// The row's first word: its first and last entry.
inline void WindowTable::enqueue(std::uint64_t* row, const WindowEntry& entry) {
  const std::uint32_t place = queue_.push(entry, row);
  if (row[0] == 0) {
    row[0] = static_cast<std::uint64_t>(place) << 32 | place;
    return;
  }
  queue_[static_cast<std::uint32_t>(row[0] >> 32)].next = place;
  row[0] = static_cast<std::uint64_t>(place) << 32 | static_cast<std::uint32_t>(row[0]);
}

void WindowTable::apply(const CountedRow& row, const WindowEntry& entry) {
  each_bit(entry.counts, [&](std::uint32_t cell) { ++row.words[offsets_[cell]]; });
  for (const CellSum& sum : entry.values.sums) {
    add_up(row.words, sum);
  }
  for (const CellValue& value : entry.values.others) {
    put(row, value);
  }
  if (row.of == RowsOf::groups) {
    return;
  }
  if (sliding()) {
    enqueue(row.words, entry);
  } else {
    log(row.words, entry);
  }
}

bool WindowTable::take_oldest_from(RowRef group) {
  const EntryQueue::Entry& entry = queue_.front();
  std::uint64_t* cells = words(group);
  each_bit(entry.counts, [&](std::uint32_t cell) { --cells[offsets_[cell]]; });
  bool whole = true;
  if (entry.has_values) {
    const CellValues& values = queue_.values(queue_.first());
    for (const CellSum& sum : values.sums) {
      add_up(cells, {sum.cell, sum.scale, -sum.units});
    }
    for (const CellValue& value : values.others) {
      whole &= take(group, value);
    }
  }
  return whole;
}

// Of the front entry: its counts and its place among its row's entries.
inline void WindowTable::count_out(const EntryQueue::Entry& entry) {
  std::uint64_t* const row = entry.row;
  row[0] = entry.next == 0 ? 0 : (row[0] >> 32 << 32 | entry.next);
  each_bit(entry.counts, [&](std::uint32_t cell) { --row[offsets_[cell]]; });
}

void WindowTable::drop_oldest() {
  queue_.look_ahead();
  const EntryQueue::Entry& entry = queue_.front();
  if (entry.has_values) [[unlikely]] {
    return drop_oldest_with_values();
  }
  if (entry.row != nullptr) [[likely]] {
    count_out(entry);
  }
  queue_.pop();
}

void WindowTable::drop_oldest_with_values() {
  const CellValues values = queue_.take_values();
  const EntryQueue::Entry entry = queue_.front();
  queue_.pop();
  if (entry.row == nullptr) {
    return;
  }
  count_out(entry);
  for (const CellSum& sum : values.sums) {
    add_up(entry.row, {sum.cell, sum.scale, -sum.units});
  }
  for (const CellValue& value : values.others) {
    if (const RowRef ref = row_of(entry); !take(ref, value)) {
      find_extreme(ref, value.cell);
    }
  }
}

void WindowTable::drop_expired(Time now) {
  while (expires(now)) {
    drop_oldest();
  }
}

void WindowTable::put(RowRef ref, const CellValue& value) {
  std::uint64_t* cell = words(ref) + offsets_[value.cell];
  if (cells_[value.cell] == AggregateKind::distinct) {
    *cell += ++distinct_[distinct_key(ref, value.cell)][*value.text] == 1 ? 1 : 0;
    return;
  }
  const Number held = read_extreme(cell);
  const bool max = cells_[value.cell] == AggregateKind::max;
  if (!held.known() || (max ? compare(value.number, held) > 0 : compare(value.number, held) < 0)) {
    write_extreme(cell, value.number);
  }
}

// False where a largest or smallest goes: the next one must be found.
bool WindowTable::take(RowRef ref, const CellValue& value) {
  std::uint64_t* cell = words(ref) + offsets_[value.cell];
  if (cells_[value.cell] != AggregateKind::distinct) {
    return compare(value.number, read_extreme(cell)) != 0;
  }
  Distinct& values = distinct_[distinct_key(ref, value.cell)];
  const auto found = values.find(*value.text);
  if (--found->second == 0) {
    values.erase(found);
    --*cell;
  }
  return true;
}

void WindowTable::find_extreme(RowRef ref, std::uint32_t cell) {
  words(ref)[offsets_[cell] + 5] = 0;
  for (std::uint32_t at = first_entry(ref); at != 0; at = queue_[at].next) {
    if (!queue_[at].has_values) {
      continue;
    }
    for (const CellValue& value : queue_.values(at).others) {
      if (value.cell == cell) {
        put(ref, value);
      }
    }
  }
}

std::optional<Time> WindowTable::next_expiry(RowRef ref) const {
  const std::uint32_t first = first_entry(ref);
  return first == 0 ? std::nullopt : std::optional(queue_[first].at + window_.length);
}

void WindowTable::merge_cell(RowRef to, std::uint32_t cell, const WindowTable& of, RowRef from,
                             std::uint32_t from_cell) {
  const std::uint64_t* source = of.words(from) + of.offsets_[from_cell];
  std::uint64_t* target = words(to) + offsets_[cell];
  switch (cells_[cell]) {
    case AggregateKind::count:
      *target += *source;
      break;
    case AggregateKind::sum: {
      const Sum sum = read_sum(source);
      left_out_ += add_to_sum(target, sum.units, sum.scale) ? 0 : 1;
      break;
    }
    case AggregateKind::max:
    case AggregateKind::min:
      if (source[5] != 0) {
        put(to, {cell, read_extreme(source), {}});
      }
      break;
    case AggregateKind::distinct:
      if (const auto found = of.distinct_.find(distinct_key(from, from_cell));
          found != of.distinct_.end()) {
        const Distinct values = found->second;  // the map may move when `to` is added
        Distinct& united = distinct_[distinct_key(to, cell)];
        for (const auto& [value, times] : values) {
          united[value] += times;
        }
        *target = united.size();
      }
      break;
  }
}

void WindowTable::fold(RowRef account, RowRef group) {
  for (std::uint32_t cell = 0; cell < cells_.size(); ++cell) {
    merge_cell(group, cell, *this, account, cell);
  }
}

Number WindowTable::aggregate(RowRef ref, std::uint32_t cell) const {
  const std::uint64_t* place = words(ref) + offsets_[cell];
  switch (cells_[cell]) {
    case AggregateKind::count:
    case AggregateKind::distinct:
      return Number::of(static_cast<std::int64_t>(*place));
    case AggregateKind::sum: {
      const Sum sum = read_sum(place);
      return Number::of(sum.units, sum.scale);
    }
    default:
      return read_extreme(place);
  }
}

std::vector<std::string> WindowTable::distinct_values(RowRef ref, std::uint32_t cell) const {
  std::vector<std::string> values;
  if (const auto found = distinct_.find(distinct_key(ref, cell)); found != distinct_.end()) {
    for (const auto& [value, times] : found->second) {
      values.push_back(value);
    }
  }
  return values;
}

std::uint64_t WindowTable::evidence(RowRef ref, std::uint32_t taker,
                                    std::vector<std::uint64_t>& kept) const {
  logs_.kept(words(ref)[0], std::uint64_t{1} << taker, kept);
  return evidence_count(ref, taker);
}

}  // namespace marktwacht
