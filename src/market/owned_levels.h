// The levels of a book with whose they are: what is shown of a book as it stood.
#pragma once

#include <cstddef>
#include <vector>

#include "market/market.h"

namespace marktwacht {

// What one account has at a level.
struct LevelOwner {
  AccountIndex account;
  Quantity visible, total;  // stop at the largest int64, like those of a LevelView
};

struct OwnedLevel {
  LevelView level;
  std::vector<LevelOwner> owners;  // each once, by the place of its first order in the queue
};

// The first `levels_max` levels of a side, best first. Walks their orders.
std::vector<OwnedLevel> owned_levels(const Market& market, InstrumentIndex instrument, Side side,
                                     std::size_t levels_max);

}  // namespace marktwacht
