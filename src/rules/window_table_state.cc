// Rows in and out of snapshots, and from an older layout into a new one.
#include <algorithm>

#include "rules/window_table.h"

namespace marktwacht {
namespace {

void save_entry(const QueuedEntry& entry, ByteWriter& out) {
  out.fixed(entry.at.ns);
  out.varint(entry.seq);
  out.fixed(entry.takers);
  out.fixed(entry.counts);
  out.varint(entry.values().size());
  for (const CellValue& value : entry.values()) {
    out.varint(value.cell);
    save_number(value.number, out);
    out.text(value.text ? std::string_view(*value.text) : std::string_view());
  }
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
  std::uint64_t* words = rows(ref.of).words(ref.row) + offsets_[cell];
  if (cells_[cell] == AggregateKind::distinct) {
    const std::uint64_t size = in.varint();
    for (std::uint64_t left = size; left > 0 && in.ok(); --left) {
      const std::string value(in.text());
      distinct_[distinct_key(ref, cell)][value] = in.varint();
    }
    *words = size;
    return;
  }
  const Number number = load_number(in);
  if (!in.ok() || !number.known()) {
    return;
  }
  switch (cells_[cell]) {
    case AggregateKind::count:
      *words = static_cast<std::uint64_t>(number.numerator);
      break;
    case AggregateKind::sum:
      *words = static_cast<std::uint64_t>(number.numerator);
      words[1] = static_cast<std::uint64_t>(static_cast<UInt128>(number.numerator) >> 64);
      words[2] = static_cast<std::uint64_t>(number.scale);
      break;
    default:
      put(ref, {cell, number, {}});
  }
}

void WindowTable::save(RowRef ref, ByteWriter& out) const {
  if (sliding()) {  // the cells are what the entries amount to
    const EntryQueue& entries = queue(ref);
    out.varint(entries.size());
    for (std::size_t at = 0; at < entries.size(); ++at) {
      save_entry(entries[at], out);
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

bool WindowTable::load(RowRef ref, ByteReader& in) {
  if (sliding()) {
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
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
          return false;
        }
        entry.values.push_back(std::move(value));
      }
      const auto beyond = [](std::uint64_t bits, std::size_t size) {
        return size < 64 && bits >> size != 0;
      };
      if (!in.ok() || beyond(entry.takers, takers_) || beyond(entry.counts, cells_.size())) {
        return false;
      }
      apply(ref, entry);
    }
    return in.ok();
  }
  for (std::uint32_t cell = 0; cell < cells_.size(); ++cell) {
    load_cell(ref, cell, in);
  }
  for (std::uint32_t taker = 0; taker < takers_ && in.ok(); ++taker) {
    const std::uint64_t count = in.varint();
    std::vector<std::uint64_t> kept;
    const std::uint64_t most = 2 * Evidence::kept_each_end;
    for (std::uint64_t left = std::min(count, most); left > 0 && in.ok(); --left) {
      kept.push_back(in.varint());
    }
    if (in.ok()) {
      rows(ref.of).words(ref.row)[taker] = logs_.restore(kept, count);
    }
  }
  return in.ok();
}

void WindowTable::take_over(RowRef ref, const WindowTable& older, RowRef from,
                            const std::vector<std::optional<std::uint32_t>>& cells,
                            const std::vector<std::optional<std::uint32_t>>& takers) {
  if (sliding()) {
    const EntryQueue& entries = older.queue(from);
    for (std::size_t at = 0; at < entries.size(); ++at) {
      const auto values = entries[at].values();
      WindowEntry entry{entries[at].at,
                        entries[at].seq,
                        entries[at].takers,
                        entries[at].counts,
                        {values.begin(), values.end()}};
      entry.takers = moved(entry.takers, takers);
      entry.counts = moved(entry.counts, cells);
      std::erase_if(entry.values, [&](CellValue& value) {
        const auto place = std::ranges::find(cells, std::optional(value.cell));
        value.cell = static_cast<std::uint32_t>(place - cells.begin());
        return place == cells.end();
      });
      if (entry.takers != 0) {
        apply(ref, entry);
      }
    }
    return;
  }
  for (std::uint32_t cell = 0; cell < cells.size(); ++cell) {
    if (cells[cell]) {
      merge_cell(ref, cell, older, from, *cells[cell]);
    }
  }
  for (std::uint32_t taker = 0; taker < takers.size(); ++taker) {
    if (takers[taker]) {
      std::vector<std::uint64_t> kept;
      const std::uint64_t count = older.evidence(from, *takers[taker], kept);
      rows(ref.of).words(ref.row)[taker] = logs_.restore(kept, count);
    }
  }
}

}  // namespace marktwacht
