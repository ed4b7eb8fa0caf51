// Moving means, medians and roots, in integers.
#include "market/tape.h"

#include <algorithm>
#include <numeric>

#include "market/market.h"

namespace marktwacht {
namespace {

constexpr std::int64_t far = std::int64_t{1} << 50;  // a change beyond counts as this

std::size_t place(std::int64_t step) { return static_cast<std::size_t>(step % Tape::steps_kept); }

// The largest whose square is no larger.
std::int64_t root(Int128 value) {
  Int128 low = 0, high = Int128{1} << 62;
  while (low < high) {
    const Int128 middle = (low + high + 1) / 2;
    (middle * middle <= value ? low : high) = middle * middle <= value ? middle : middle - 1;
  }
  return static_cast<std::int64_t>(low);
}

}  // namespace

Tape::Record& Tape::record_of(InstrumentIndex instrument) {
  if (!known(instrument)) {
    instruments_.resize(instrument.value + 1);
  }
  return instruments_[instrument.value];
}

void Tape::trade(InstrumentIndex instrument, Quantity quantity, std::optional<Price> bid,
                 std::optional<Price> ask, Time now) {
  Record& record = record_of(instrument);
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

// A step without a trade closes where the one before did.
void Tape::print(InstrumentIndex instrument, Side taker, Price price, Quantity quantity, Time now) {
  Record& record = record_of(instrument);
  record.taken[taker == Side::buy ? 0 : 1] += static_cast<std::uint64_t>(quantity.units);
  const std::int64_t this_step = now.ns / step.ns;
  if (record.at_step >= 0 && this_step > record.at_step) {
    const std::int64_t passed = this_step - record.at_step;
    record.steps += passed;
    for (std::int64_t at = std::max(record.at_step, this_step - steps_kept); at < this_step; ++at) {
      record.closes[place(at)] = record.last;
    }
  }
  record.at_step = std::max(record.at_step, this_step);
  record.last = price.units;
}

std::optional<Price> Tape::last_price(InstrumentIndex instrument) const {
  return known(instrument) && instruments_[instrument.value].at_step >= 0
             ? std::optional(Price{instruments_[instrument.value].last})
             : std::nullopt;
}

// `before` may lie in an earlier step than the last trade, or behind it: then nothing has changed
// since, and those steps are not asked.
std::int64_t Tape::squares_of(InstrumentIndex instrument, Time before, Squares& squares) const {
  if (!known(instrument)) {
    return 0;
  }
  const Record& record = instruments_[instrument.value];
  const std::int64_t oldest = record.at_step - std::min(record.steps, steps_kept);
  const std::int64_t end = std::min(record.at_step, before.ns / step.ns);
  for (std::int64_t at = oldest + 1; at < end; ++at) {
    const Int128 change = Int128{record.closes[place(at)]} - record.closes[place(at - 1)];
    const Int128 bounded = std::clamp(change, -Int128{far}, Int128{far});
    squares[static_cast<std::size_t>(at - oldest - 1)] = bounded * bounded;
  }
  return std::max<std::int64_t>(0, end - oldest - 1);
}

std::optional<std::int64_t> Tape::usual_move(InstrumentIndex instrument, Duration over,
                                             Time before) const {
  Squares squares;
  const std::int64_t changes = squares_of(instrument, before, squares);
  if (changes < steps_needed) {
    return std::nullopt;
  }
  const Int128 sum = std::accumulate(squares.begin(), squares.begin() + changes, Int128{0});
  return root(sum / changes * (over.ns / millisecond.ns) / (step.ns / millisecond.ns));
}

std::optional<std::int64_t> Tape::calm_move(InstrumentIndex instrument, Duration over,
                                            Time before) const {
  Squares squares;
  const std::int64_t changes = squares_of(instrument, before, squares);
  if (changes < steps_needed) {
    return std::nullopt;
  }
  const std::int64_t calm = changes - changes / 8;
  std::nth_element(squares.begin(), squares.begin() + calm - 1, squares.begin() + changes);
  const Int128 sum = std::accumulate(squares.begin(), squares.begin() + calm, Int128{0});
  constexpr std::int64_t factor = 182;  // hundredths: 1.35 squared
  return root(sum * factor / (100 * calm) * (over.ns / millisecond.ns) /
              (step.ns / millisecond.ns));
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
    out.zigzag(record.last);
    out.zigzag(record.at_step);
    out.zigzag(record.steps);
    for (const std::int64_t close : record.closes) {
      out.zigzag(close);
    }
    out.fixed(record.taken[0]);
    out.fixed(record.taken[1]);
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
    record.last = in.zigzag();
    record.at_step = in.zigzag();
    record.steps = in.zigzag();
    for (std::int64_t& close : record.closes) {
      close = in.zigzag();
    }
    record.taken[0] = in.fixed<std::uint64_t>();
    record.taken[1] = in.fixed<std::uint64_t>();
    if (record.at_step < -1 || record.steps < 0 ||
        record.steps > std::max<std::int64_t>(record.at_step, 0)) {
      return false;
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
  tape_.print(trade.instrument, trade.taker_side, trade.price, trade.quantity, moment.now);
}

}  // namespace marktwacht
