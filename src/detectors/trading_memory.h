// Who met whom and what they bought of each other, kept once for all detectors that ask with the
// same numbers.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>

#include "detectors/meetings.h"
#include "detectors/purchases.h"

namespace marktwacht {

// One thread. A fill that several take in is taken in once; what had to be forgotten for it each of
// them is told.
class TradingMemory {
 public:
  TradingMemory(const DetectorSetup& setup, const MatchLimits& matching)
      : meetings(setup, matching), purchases(setup) {}

  // See Meetings::take; asked by each detector, of every meeting.
  bool take(const Occurrence& fill, Findings& findings);
  // See Purchases::take; asked by those who want them, of all who meet again.
  void keep_purchase(const Occurrence& fill, Findings& findings);
  // See Detector::look_ahead.
  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument) const;

  void save(ByteWriter& out) const {
    meetings.save(out);
    purchases.save(out);
  }
  bool load(ByteReader& in) { return meetings.load(in) && purchases.load(in); }

  Meetings meetings;
  Purchases purchases;

 private:
  // A side of a trade that was taken in, and what for.
  struct Taken {
    std::uint64_t seq = 0;
    bool maker = false, said = false;
    std::uint64_t forgot = 0;

    bool is(const Occurrence& fill) const {
      return seq == fill.moment.seq && maker == fill.fill->maker;
    }
  };
  static void tell(const Taken& taken, Findings& findings);

  Taken met_, bought_;
  // What was looked ahead at last: each detector asks for the same.
  mutable std::tuple<Ahead, AccountIndex, InstrumentIndex> ahead_;
};

// Those that detectors in force hold.
class TradingMemories {
 public:
  // That of all who ask with the same numbers; a new one where nobody holds it.
  std::shared_ptr<TradingMemory> of(const DetectorSetup& setup, const MatchLimits& matching = {});

  void save(ByteWriter& out) const;
  // Once all who hold one have asked anew.
  bool load(ByteReader& in);

 private:
  struct Numbers {
    std::uint32_t entries_max = 0;
    std::int64_t apart = 0, size_within = 0, filled_min = 0;
    auto operator<=>(const Numbers&) const = default;
  };

  std::map<Numbers, std::weak_ptr<TradingMemory>> by_numbers_;
};

}  // namespace marktwacht
