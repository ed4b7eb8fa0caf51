// What trading on an instrument usually looks like: its spread, its size. Kept only while somebody
// asks (Listening).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/fixed.h"
#include "base/index.h"
#include "base/time.h"

namespace marktwacht {

// One thread. A trade costs O(1), once a second an ordering of 31 numbers; 300 bytes for each
// instrument that trades.
class Tape {
 public:
  static constexpr std::size_t spreads_kept = 31;

  // A trade of the book; `bid` and `ask` as they stood before it.
  void trade(InstrumentIndex instrument, Quantity quantity, std::optional<Price> bid,
             std::optional<Price> ask, Time now);

  // The median spread in the last 31 seconds in which something traded while both sides stood and
  // did not cross; 0 before the first.
  std::int64_t median_spread(InstrumentIndex instrument) const {
    return known(instrument) ? instruments_[instrument.value].median : 0;
  }
  // A moving mean of what a trade takes: each new one counts a sixteenth; 0 before the first.
  Quantity usual_trade(InstrumentIndex instrument) const {
    return known(instrument) ? instruments_[instrument.value].usual : Quantity{};
  }

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Record {
    Quantity usual;
    std::int64_t sampled = -1;  // the second
    std::int64_t median = 0;
    std::uint64_t samples = 0;  // ever
    std::array<std::int64_t, spreads_kept> spreads{};
  };

  bool known(InstrumentIndex instrument) const { return instrument.value < instruments_.size(); }
  static void find_median(Record& record);

  std::vector<Record> instruments_;  // up to the last one that traded
};

}  // namespace marktwacht
