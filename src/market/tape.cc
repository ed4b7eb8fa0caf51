// Moving means and medians, in integers.
#include "market/tape.h"

#include <algorithm>

#include "market/market.h"

namespace marktwacht {

void Tape::trade(InstrumentIndex instrument, Quantity quantity, std::optional<Price> bid,
                 std::optional<Price> ask, Time now) {
  if (!known(instrument)) {
    instruments_.resize(instrument.value + 1);
  }
  Record& record = instruments_[instrument.value];
  const std::int64_t apart = quantity.units - record.usual.units;
  record.usual = record.usual.units == 0 ? quantity : Quantity{record.usual.units + apart / 16};
  const std::int64_t this_second = now.ns / second.ns;
  if (record.sampled == this_second || !bid || !ask || *ask <= *bid) {
    return;
  }
  record.sampled = this_second;
  record.spreads[record.samples++ % spreads_kept] = ask->units - bid->units;
  find_median(record);
}

void Tape::find_median(Record& record) {
  auto sorted = record.spreads;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(
                                        std::min<std::uint64_t>(record.samples, spreads_kept));
  const auto middle = sorted.begin() + (end - sorted.begin()) / 2;
  std::nth_element(sorted.begin(), middle, end);
  record.median = *middle;
}

void Tape::save(ByteWriter& out) const {
  out.varint(instruments_.size());
  for (const Record& record : instruments_) {
    out.zigzag(record.usual.units);
    out.zigzag(record.sampled);
    out.varint(record.samples);
    for (const std::int64_t spread : record.spreads) {
      out.zigzag(spread);
    }
  }
}

bool Tape::load(ByteReader& in) {
  const std::uint64_t size = in.varint();
  if (size > in.left()) {
    return false;
  }
  instruments_.resize(size);
  for (Record& record : instruments_) {
    record.usual.units = in.zigzag();
    record.sampled = in.zigzag();
    record.samples = in.varint();
    for (std::int64_t& spread : record.spreads) {
      spread = in.zigzag();
    }
    if (record.samples > 0) {
      find_median(record);
    }
  }
  return in.ok();
}

// Before the trade is booked: the touch is the one it met. The taker itself stands in the book
// already, across from what it trades with: that is passed over.
void Market::note_on_tape(const ParsedTrade& trade, const Moment& moment) {
  if (!listening_.tape || trade.kind != TradeKind::book) {
    return;
  }
  const bool buys = trade.taker_side == Side::buy;
  const auto met = books_.best(trade.instrument, opposite(trade.taker_side));
  std::optional<Price> behind;
  books_.visit_levels(trade.instrument, trade.taker_side, [&](const LevelView& level) {
    const bool crosses = met && (buys ? level.price >= *met : level.price <= *met);
    behind = crosses ? behind : level.price;
    return crosses;
  });
  tape_.trade(trade.instrument, trade.quantity, buys ? behind : met, buys ? met : behind,
              moment.now);
}

}  // namespace marktwacht
