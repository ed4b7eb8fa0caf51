// What a set trades inside itself against chance, as rules.md tells it, trade by trade: for tests.
#pragma once

#include <span>
#include <vector>

#include "base/index.h"
#include "base/int128.h"
#include "base/time.h"

namespace marktwacht {

struct TwinTrade {
  AccountIndex buyer, seller;
  std::int64_t quantity = 0;
  bool buyer_made = false;  // else the seller
  bool matched = false;
};

struct TwinChance {
  Int128 observed = 0;                             // less what makers of both sides made
  Int128 volume = 0;                               // of all
  Int128 expected_times_outside = 0, outside = 0;  // expected counts both sides of a trade
};

TwinChance chance_twin(std::span<const TwinTrade> trades, std::span<const AccountIndex> set);

}  // namespace marktwacht
