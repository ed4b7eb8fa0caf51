// What a hand has lately taken back of its visible interest in one book, less what it quoted again.
#pragma once

#include <cstdint>

#include "detectors/detector.h"

namespace marktwacht {

// Of one order.
struct TakenBack {
  Time placed, at;
  std::int64_t quantity = 0;  // that was not quoted again; 0: nothing stands here
  Price price;
  std::uint64_t seq = 0;
  std::int64_t side = 0;
};

// What counts as quoted again: soon, and as near as the larger of the two.
struct Requoting {
  Duration within;
  std::int64_t ticks = 0, bp_hundredths = 0;
};

// A record for Entries. Of more than twelve at once the smallest are passed over.
struct TakenBackLately {
  TakenBack orders[12];

  // From a `withdrawn`. Those of before `since` are forgotten. A replace quotes again at once,
  // where its order stands now.
  void add(const Occurrence& withdrawn, const Market& market, const Requoting& requoting,
           Time since);
  // From an `order`: what it quotes again was not taken back.
  void requote(const Occurrence& order, const Market& market, const Requoting& requoting);
  bool sound() const;

 private:
  void requote(Side side, Price price, std::int64_t quantity, Time now,
               const Instrument& instrument, const Requoting& requoting);
};

// Where the order of a `withdrawn` stands now; none when it is gone.
OrderSlot stands_now(const Occurrence& withdrawn, const Market& market);

}  // namespace marktwacht
