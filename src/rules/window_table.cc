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
      return 3;  // units, scale
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

// Adds to a sum; false, with nothing changed, where it would leave its range.
bool add_to_sum(std::uint64_t* words, Int128 units, int scale) {
  const int held = static_cast<int>(words[2]);
  const Int128 sum = read_wide(words);
  if (held == scale) {
    const auto total = add(sum, units);
    if (total) {
      write_wide(words, *total);
    }
    return total.has_value();
  }
  const int finest = std::max(held, scale);
  const auto left = rescale(sum, held, finest), right = rescale(units, scale, finest);
  const auto total = left && right ? add(*left, *right) : std::nullopt;
  if (total) {
    write_wide(words, *total);
    words[2] = static_cast<std::uint64_t>(finest);
  }
  return total.has_value();
}

WindowEntry entry_of(const QueuedEntry& queued) {
  const auto values = queued.values();
  return {queued.at, queued.seq, queued.takers, queued.counts,
          std::vector<CellValue>(values.begin(), values.end())};
}

template <class Visitor>
void each_bit(std::uint64_t bits, Visitor&& visitor) {
  for (; bits != 0; bits &= bits - 1) {
    visitor(static_cast<std::uint32_t>(std::countr_zero(bits)));
  }
}

}  // namespace

void EntryQueue::push(const WindowEntry& entry) {
  push(QueuedEntry{
      entry.at, entry.seq, entry.takers, entry.counts,
      entry.values.empty() ? nullptr : std::make_unique<std::vector<CellValue>>(entry.values)});
}

void EntryQueue::push(QueuedEntry entry) {
  if (size_ == ring_.size()) {
    std::vector<QueuedEntry> larger(std::max<std::size_t>(4, 2 * ring_.size()));
    for (std::size_t at = 0; at < size_; ++at) {
      larger[at] = std::move(ring_[(head_ + at) & (ring_.size() - 1)]);
    }
    ring_ = std::move(larger);
    head_ = 0;
  }
  ring_[(head_ + size_) & (ring_.size() - 1)] = std::move(entry);
  ++size_;
}

WindowTable::WindowTable(const Window& window, std::uint32_t takers,
                         std::vector<AggregateKind> cells, bool by_owner)
    : window_(window),
      cells_(std::move(cells)),
      takers_(takers),
      rows_{WindowRows(0, false), WindowRows(0, false)} {
  std::uint32_t words = sliding() ? 0 : takers;
  for (const AggregateKind kind : cells_) {
    offsets_.push_back(words);
    words += words_of(kind);
  }
  for (WindowRows& rows : rows_) {
    rows = WindowRows(std::max(words, 1u), by_owner);
  }
}

EntryQueue& WindowTable::queue_of(RowRef ref) {
  auto& queues = queues_[static_cast<std::size_t>(ref.of)];
  if (ref.row >= queues.size()) {
    queues.resize(ref.row + 1);
  }
  return queues[ref.row];
}

const EntryQueue& WindowTable::queue(RowRef ref) const {
  static const EntryQueue none;
  const auto& queues = queues_[static_cast<std::size_t>(ref.of)];
  return ref.row < queues.size() ? queues[ref.row] : none;
}

RowRef WindowTable::add(RowsOf of, const Key& key) { return {of, rows(of).add(key)}; }

void WindowTable::remove(RowRef ref) {
  const std::uint64_t* words = rows(ref.of).words(ref.row);
  if (sliding()) {
    queue_of(ref) = {};
  } else if (ref.of == RowsOf::accounts) {
    for (std::uint32_t taker = 0; taker < takers_; ++taker) {
      logs_.release(words[taker]);
    }
  }
  for (std::uint32_t cell = 0; cell < cells_.size(); ++cell) {
    if (cells_[cell] == AggregateKind::distinct) {
      distinct_.erase(distinct_key(ref, cell));
    }
  }
  rows(ref.of).remove(ref.row);
}

void WindowTable::clear() {
  for (WindowRows& rows : rows_) {
    rows.clear();
  }
  for (auto& queues : queues_) {
    queues.clear();
  }
  logs_.clear();
  distinct_.clear();
}

void WindowTable::apply(RowRef ref, const WindowEntry& entry) {
  count_in(ref, entry);
  if (sliding()) {
    queue_of(ref).push(entry);
  } else if (ref.of == RowsOf::accounts) {
    std::uint64_t* words = rows(ref.of).words(ref.row);
    each_bit(entry.takers, [&](std::uint32_t taker) { logs_.add(words[taker], entry.seq); });
  }
}

void WindowTable::count_in(RowRef ref, const WindowEntry& entry) {
  std::uint64_t* words = rows(ref.of).words(ref.row);
  each_bit(entry.counts, [&](std::uint32_t cell) { ++words[offsets_[cell]]; });
  for (const CellValue& value : entry.values) {
    put(ref, value);
  }
}

void WindowTable::count_out(RowRef ref, const QueuedEntry& entry) {
  std::uint64_t* words = rows(ref.of).words(ref.row);
  each_bit(entry.counts, [&](std::uint32_t cell) { --words[offsets_[cell]]; });
  for (const CellValue& value : entry.values()) {
    take(ref, value);
  }
}

void WindowTable::put(RowRef ref, const CellValue& value) {
  std::uint64_t* cell = rows(ref.of).words(ref.row) + offsets_[value.cell];
  switch (cells_[value.cell]) {
    case AggregateKind::count:
      ++*cell;
      break;
    case AggregateKind::sum:
      left_out_ += add_to_sum(cell, value.number.numerator, value.number.scale) ? 0 : 1;
      break;
    case AggregateKind::max:
    case AggregateKind::min: {
      const Number held = read_extreme(cell);
      const bool max = cells_[value.cell] == AggregateKind::max;
      if (!held.known() ||
          (max ? compare(value.number, held) > 0 : compare(value.number, held) < 0)) {
        write_extreme(cell, value.number);
      }
      break;
    }
    case AggregateKind::distinct:
      *cell += ++distinct_[distinct_key(ref, value.cell)][*value.text] == 1 ? 1 : 0;
      break;
  }
}

// Its entry has left the queue already.
void WindowTable::take(RowRef ref, const CellValue& value) {
  std::uint64_t* cell = rows(ref.of).words(ref.row) + offsets_[value.cell];
  switch (cells_[value.cell]) {
    case AggregateKind::count:
      --*cell;
      break;
    case AggregateKind::sum:
      left_out_ += add_to_sum(cell, -value.number.numerator, value.number.scale) ? 0 : 1;
      break;
    case AggregateKind::max:
    case AggregateKind::min:
      if (compare(value.number, read_extreme(cell)) == 0) {
        find_extreme(ref, value.cell);
      }
      break;
    case AggregateKind::distinct: {
      Distinct& values = distinct_[distinct_key(ref, value.cell)];
      const auto found = values.find(*value.text);
      if (--found->second == 0) {
        values.erase(found);
        --*cell;
      }
      break;
    }
  }
}

void WindowTable::find_extreme(RowRef ref, std::uint32_t cell) {
  rows(ref.of).words(ref.row)[offsets_[cell] + 5] = 0;
  const EntryQueue& entries = queue(ref);
  for (std::size_t at = 0; at < entries.size(); ++at) {
    for (const CellValue& value : entries[at].values()) {
      if (value.cell == cell) {
        put(ref, value);
      }
    }
  }
}

void WindowTable::expire(RowRef ref, Time now) {
  EntryQueue& entries = queue_of(ref);
  while (!entries.empty() && (now - entries.front().at) >= window_.length) {
    const QueuedEntry entry = std::move(entries.front());
    entries.pop();
    count_out(ref, entry);
  }
}

std::optional<Time> WindowTable::next_expiry(RowRef ref) const {
  const EntryQueue& entries = queue(ref);
  return entries.empty() ? std::nullopt : std::optional(entries[0].at + window_.length);
}

void WindowTable::merge_cell(RowRef to, std::uint32_t cell, const WindowTable& of, RowRef from,
                             std::uint32_t from_cell) {
  const std::uint64_t* source = of.rows(from.of).words(from.row) + of.offsets_[from_cell];
  std::uint64_t* target = rows(to.of).words(to.row) + offsets_[cell];
  switch (cells_[cell]) {
    case AggregateKind::count:
      *target += *source;
      break;
    case AggregateKind::sum:
      left_out_ += add_to_sum(target, read_wide(source), static_cast<int>(source[2])) ? 0 : 1;
      break;
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
  if (!sliding()) {
    return;
  }
  EntryQueue merged;
  EntryQueue mine = std::move(queue_of(group));
  const EntryQueue& other = queue(account);
  for (std::size_t from = 0; !mine.empty() || from < other.size();) {
    const bool take_mine =
        from == other.size() || (!mine.empty() && mine.front().seq <= other[from].seq);
    if (take_mine) {
      merged.push(std::move(mine.front()));
      mine.pop();
    } else {
      merged.push(entry_of(other[from++]));
    }
  }
  queue_of(group) = std::move(merged);
}

Number WindowTable::aggregate(RowRef ref, std::uint32_t cell) const {
  const std::uint64_t* words = rows(ref.of).words(ref.row) + offsets_[cell];
  switch (cells_[cell]) {
    case AggregateKind::count:
    case AggregateKind::distinct:
      return Number::of(static_cast<std::int64_t>(*words));
    case AggregateKind::sum:
      return Number::of(read_wide(words), static_cast<int>(words[2]));
    default:
      return read_extreme(words);
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
  const std::uint64_t log = rows(ref.of).words(ref.row)[taker];
  logs_.kept(log, kept);
  return EvidenceLogs::count(log);
}

}  // namespace marktwacht
