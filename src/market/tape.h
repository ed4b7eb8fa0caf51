// What trading on an instrument usually looks like: its spread, its size, how far its price goes.
// Kept only while somebody asks (Listening).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/fixed.h"
#include "base/index.h"
#include "base/int128.h"
#include "base/time.h"
#include "events/words.h"

namespace marktwacht {

// One thread. A trade costs O(1), once a second an ordering of 31 numbers, once in half a minute at
// most 64 copies; 900 bytes for each instrument that trades.
class Tape {
 public:
  static constexpr std::size_t spreads_kept = 31;
  static constexpr std::int64_t steps_kept = 64;  // half an hour
  static constexpr std::int64_t steps_needed = 16;
  static constexpr Duration step{30 * second.ns};

  // A trade of the book; `bid` and `ask` as they stood before it.
  void trade(InstrumentIndex instrument, Quantity quantity, std::optional<Price> bid,
             std::optional<Price> ask, Time now);
  // The same trade's price, and who came to it.
  void print(InstrumentIndex instrument, Side taker, Price price, Quantity quantity, Time now);

  // The median spread in the last 31 seconds in which something traded while both sides stood and
  // did not cross; 0 before the first.
  std::int64_t median_spread(InstrumentIndex instrument) const {
    return known(instrument) ? instruments_[instrument.value].median : 0;
  }
  // A moving mean of what a trade takes: each new one counts a sixteenth; 0 before the first.
  Quantity usual_trade(InstrumentIndex instrument) const {
    return known(instrument) ? instruments_[instrument.value].usual : Quantity{};
  }

  // Of the last trade; nothing before the first.
  std::optional<Price> last_price(InstrumentIndex instrument) const;
  // All that takers of a side have ever taken, modulo 2^64: for differences.
  std::uint64_t taken(InstrumentIndex instrument, Side taker) const {
    return known(instrument) ? instruments_[instrument.value].taken[taker == Side::buy ? 0 : 1] : 0;
  }
  // How far the price usually goes in `over` (at most an hour): the root of the mean square of its
  // changes from one half minute to the next in the 32 minutes before `before`, by the root of
  // time, in price units. Nothing while fewer than 16 of those are known. A walk over 64 numbers.
  std::optional<std::int64_t> usual_move(InstrumentIndex instrument, Duration over,
                                         Time before) const;
  // The same without the largest eighth of those changes, so that one jump does not hide the next;
  // 1.35 times what is left, as it is of a price that wanders. Orders 64 numbers.
  std::optional<std::int64_t> calm_move(InstrumentIndex instrument, Duration over,
                                        Time before) const;

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Record {
    Quantity usual;
    std::int64_t sampled = -1;  // the second
    std::int64_t median = 0;
    std::uint64_t samples = 0;  // ever
    std::array<std::int64_t, spreads_kept> spreads{};
    std::int64_t last = 0;                          // price
    std::int64_t at_step = -1;                      // of the last; none yet
    std::int64_t steps = 0;                         // closed, ever
    std::array<std::int64_t, steps_kept> closes{};  // last price of a step, by its number
    std::uint64_t taken[2] = {};                    // by the taker's side: buy, sell
  };

  using Squares = std::array<Int128, steps_kept>;
  // Of the changes from step to step before that, bounded; how many there are.
  std::int64_t squares_of(InstrumentIndex instrument, Time before, Squares& squares) const;
  bool known(InstrumentIndex instrument) const { return instrument.value < instruments_.size(); }
  static void find_median(Record& record);
  Record& record_of(InstrumentIndex instrument);

  std::vector<Record> instruments_;  // up to the last one that traded
};

}  // namespace marktwacht
