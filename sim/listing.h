// What is traded, as the simulator counts it: prices in ticks, quantities in lots.
#pragma once

#include <cstdint>
#include <string>

#include "base/text.h"
#include "events/words.h"

namespace marktwacht::sim {

// A step of a grid: mantissa × 10^exponent.
struct GridStep {
  std::int64_t mantissa = 1;
  int exponent = 0;
};

struct Listing {
  std::string instrument_id;
  std::string base;
  InstrumentKind kind = InstrumentKind::spot;
  std::uint32_t base_number = 0;  // joins spot and perpetual
  std::uint32_t partner = 0;      // the other instrument on this base; itself where there is none
  GridStep tick, lot;
  std::int64_t large_lots = 0;             // the order that counts as large
  std::int64_t usual_lots = 1;             // a usual retail order
  std::int64_t daily_open_limit_lots = 0;  // 0 here and below: none
  std::int64_t daily_open_count_limit = 0;
  std::int64_t position_limit_lots = 0;
  bool hft_forbidden = false;
  std::int64_t settlement_every_min = 480;  // of a perpetual
  std::int64_t activity = 0;                // events an hour that are expected at density 1

  bool perpetual() const { return kind == InstrumentKind::perpetual; }
};

}  // namespace marktwacht::sim
