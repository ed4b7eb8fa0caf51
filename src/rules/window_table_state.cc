// Rows in and out of snapshots, and from an older layout into a new one.
#include <algorithm>

#include "rules/window_table.h"

namespace marktwacht {
namespace {

Number number_of(const CellSum& sum) { return Number::of(sum.units, sum.scale); }

void save_value(std::uint32_t cell, const Number& number, std::string_view text, ByteWriter& out) {
  out.varint(cell);
  save_number(number, out);
  out.text(text);
}

void save_entry(const WindowEntry& entry, ByteWriter& out) {
  out.fixed(entry.at.ns);
  out.varint(entry.seq);
  out.fixed(entry.takers);
  out.fixed(entry.counts);
  out.varint(entry.values.sums.size() + entry.values.others.size());
  for (const CellSum& sum : entry.values.sums) {
    save_value(sum.cell, number_of(sum), {}, out);
  }
  for (const CellValue& value : entry.values.others) {
    save_value(value.cell, value.number,
               value.text ? std::string_view(*value.text) : std::string_view(), out);
  }
}

// Those cells that both layouts have, at their new places.
template <class Value>
void move_cells(std::vector<Value>& values,
                const std::vector<std::optional<std::uint32_t>>& places) {
  std::erase_if(values, [&](Value& value) {
    const auto place = std::ranges::find(places, std::optional(value.cell));
    value.cell = static_cast<std::uint32_t>(place - places.begin());
    return place == places.end();
  });
}

// The bits that both layouts have, at their new places.
std::uint64_t moved(std::uint64_t bits, const std::vector<std::optional<std::uint32_t>>& places) {
  std::uint64_t to = 0;
  for (std::size_t at = 0; at < places.size(); ++at) {
    if (places[at] && (bits >> *places[at] & 1) != 0) {
      to |= std::uint64_t{1} << at;
    }
  }
  return to;
}

}  // namespace

// A sum's scale depends on what has been in it; equal sums must be equal bytes.
void WindowTable::save_cell(RowRef ref, std::uint32_t cell, ByteWriter& out) const {
  if (cells_[cell] == AggregateKind::distinct) {
    const auto found = distinct_.find(distinct_key(ref, cell));
    out.varint(found == distinct_.end() ? 0 : found->second.size());
    if (found != distinct_.end()) {
      for (const auto& [value, times] : found->second) {
        out.text(value);
        out.varint(times);
      }
    }
    return;
  }
  Number number = aggregate(ref, cell);
  while (cells_[cell] == AggregateKind::sum && number.scale > 0 && number.numerator % 10 == 0) {
    number.numerator /= 10;
    --number.scale;
  }
  save_number(number, out);
}

void WindowTable::load_cell(RowRef ref, std::uint32_t cell, ByteReader& in) {
  std::uint64_t* place = words(ref) + offsets_[cell];
  if (cells_[cell] == AggregateKind::distinct) {
    const std::uint64_t size = in.varint();
    for (std::uint64_t left = size; left > 0 && in.ok(); --left) {
      const std::string value(in.text());
      distinct_[distinct_key(ref, cell)][value] = in.varint();
    }
    *place = size;
    return;
  }
  const Number number = load_number(in);
  if (!in.ok() || !number.known()) {
    return;
  }
  switch (cells_[cell]) {
    case AggregateKind::count:
      *place = static_cast<std::uint64_t>(number.numerator);
      break;
    case AggregateKind::sum:
      add_up(words(ref), {cell, number.scale, number.numerator});
      break;
    default:
      put(ref, {cell, number, {}});
  }
}

void WindowTable::save(RowRef ref, ByteWriter& out) const {
  if (sliding()) {  // the cells are what the entries amount to
    std::uint64_t entries = 0;
    visit_entries(ref, [&](const EntryQueue::Entry&) { ++entries; });
    out.varint(entries);
    for (std::uint32_t at = first_entry(ref); at != 0; at = queue_[at].next) {
      save_entry(entry_at(at), out);
    }
    return;
  }
  for (std::uint32_t cell = 0; cell < cells_.size(); ++cell) {
    save_cell(ref, cell, out);
  }
  for (std::uint32_t taker = 0; taker < takers_; ++taker) {
    std::vector<std::uint64_t> kept;
    out.varint(evidence(ref, taker, kept));
    for (const std::uint64_t seq : kept) {
      out.varint(seq);
    }
  }
}

WindowEntry WindowTable::entry_at(std::uint32_t place) const {
  const EntryQueue::Entry& entry = queue_[place];
  return {entry.at, entry.seq, entry.takers, entry.counts,
          entry.has_values ? queue_.values(place) : CellValues{}};
}

std::optional<WindowEntry> WindowTable::load_entry(ByteReader& in) const {
  WindowEntry entry;
  entry.at.ns = in.fixed<std::int64_t>();
  entry.seq = in.varint();
  entry.takers = in.fixed<std::uint64_t>();
  entry.counts = in.fixed<std::uint64_t>();
  for (std::uint64_t values = in.varint(); values > 0 && in.ok(); --values) {
    CellValue value;
    value.cell = static_cast<std::uint32_t>(in.varint());
    value.number = load_number(in);
    value.text = std::make_shared<const std::string>(in.text());
    if (value.cell >= cells_.size()) {
      return std::nullopt;
    }
    if (cells_[value.cell] == AggregateKind::sum) {
      entry.values.sums.push_back({value.cell, value.number.scale, value.number.numerator});
    } else {
      entry.values.others.push_back(std::move(value));
    }
  }
  const auto beyond = [](std::uint64_t bits, std::size_t size) {
    return size < 64 && bits >> size != 0;
  };
  const bool sound =
      in.ok() && !beyond(entry.takers, takers_) && !beyond(entry.counts, cells_.size());
  return sound ? std::optional(std::move(entry)) : std::nullopt;
}

bool WindowTable::load(RowRef ref, ByteReader& in) {
  if (sliding()) {
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
      auto entry = load_entry(in);
      if (!entry) {
        return false;
      }
      arrived_.emplace_back(ref, *std::move(entry));
    }
    return in.ok();
  }
  for (std::uint32_t cell = 0; cell < cells_.size(); ++cell) {
    load_cell(ref, cell, in);
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> kept;
  for (std::uint32_t taker = 0; taker < takers_ && in.ok(); ++taker) {
    const std::uint64_t count = in.varint(), most = 2 * Evidence::kept_each_end;
    for (std::uint64_t left = std::min(count, most); left > 0 && in.ok(); --left) {
      kept.emplace_back(in.varint(), std::uint64_t{1} << taker);
    }
    counted(words(ref))[taker] = static_cast<std::uint32_t>(count);
  }
  words(ref)[0] = logs_.restore(std::move(kept));
  return in.ok();
}

void WindowTable::take_over(RowRef ref, const WindowTable& older, RowRef from,
                            const std::vector<std::optional<std::uint32_t>>& cells,
                            const std::vector<std::optional<std::uint32_t>>& takers) {
  if (sliding()) {
    for (std::uint32_t at = older.first_entry(from); at != 0; at = older.queue_[at].next) {
      WindowEntry entry = older.entry_at(at);
      entry.takers = moved(entry.takers, takers);
      entry.counts = moved(entry.counts, cells);
      move_cells(entry.values.sums, cells);
      move_cells(entry.values.others, cells);
      if (entry.takers != 0) {
        arrived_.emplace_back(ref, std::move(entry));
      }
    }
    return;
  }
  for (std::uint32_t cell = 0; cell < cells.size(); ++cell) {
    if (cells[cell]) {
      merge_cell(ref, cell, older, from, *cells[cell]);
    }
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> kept;
  for (std::uint32_t taker = 0; taker < takers.size(); ++taker) {
    if (takers[taker]) {
      std::vector<std::uint64_t> seqs;
      counted(words(ref))[taker] =
          static_cast<std::uint32_t>(older.evidence(from, *takers[taker], seqs));
      for (const std::uint64_t seq : seqs) {
        kept.emplace_back(seq, std::uint64_t{1} << taker);
      }
    }
  }
  words(ref)[0] = logs_.restore(std::move(kept));
}

void WindowTable::queue_arrived() {
  std::ranges::stable_sort(arrived_, {}, [](const auto& one) { return one.second.seq; });
  for (const auto& [ref, entry] : arrived_) {
    apply({ref, words(ref)}, entry);
  }
  arrived_.clear();
}

}  // namespace marktwacht
