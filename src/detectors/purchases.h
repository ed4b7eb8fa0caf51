// What accounts lately bought from whom: for those who ask in which order a set traded inside
// itself.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/balanced_prefix.h"
#include "detectors/meetings.h"

namespace marktwacht {

// From one seller, in one trade.
struct Bought {
  Time at;
  std::int64_t quantity = 0;
  std::uint64_t seq = 0;
  std::uint64_t seller = 0;  // an AccountIndex

  AccountIndex from() const { return {static_cast<std::uint32_t>(seller)}; }
};

// Of one account and instrument, the last 32.
struct BoughtLately {
  static constexpr std::uint64_t kept = 32;

  std::uint64_t count = 0;  // ever
  Bought ring[kept];

  // The latest first; until the visitor returns false, or those from before `since`.
  template <class Visitor>
  void visit(Time since, Visitor&& visitor) const {
    for (std::uint64_t back = 1; back <= kept && back <= count; ++back) {
      const Bought& bought = ring[(count - back) % kept];
      if (bought.at < since || !visitor(bought)) {
        return;
      }
    }
  }
};

// A trade inside a set; its accounts by their place in it.
struct Inside {
  std::uint64_t seq = 0;
  Time at;
  UnitTransfer moved;
};

// One thread. A fill costs O(1).
class Purchases {
 public:
  explicit Purchases(const DetectorSetup& setup) : bought_(setup, day) {}

  // A fill; of a sale nothing is kept.
  void take(const Occurrence& fill, Findings& findings);
  // nullptr where nothing is known; valid until the next `take`.
  const BoughtLately* find(AccountIndex account, InstrumentIndex instrument, Time now);
  // What the set traded inside itself since then, as far as it is known; the latest first.
  std::vector<Inside> inside(const TradingSet& set, InstrumentIndex instrument, Time since,
                             Time now);

  std::uint64_t forgotten() const { return bought_.forgotten(); }

  void save(ByteWriter& out) const { bought_.save(out); }
  bool load(ByteReader& in);

 private:
  Entries<BoughtLately> bought_;  // by account and instrument
};

// All of them where no alert is open that has them already, else what is new. To be called once the
// report says who and where.
void add_evidence(const std::vector<Inside>& latest_first, Findings& findings, Report& report);

}  // namespace marktwacht
