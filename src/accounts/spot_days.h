// How far each account's net bought quantity of a spot instrument has risen this trading day.
#pragma once

#include <cstdint>

#include "accounts/accounts.h"
#include "accounts/keys.h"

namespace marktwacht {

// Holds one day: the first call of another day forgets all of the old one, so that memory is that
// of one day's buyers and sellers.
class SpotDays {
 public:
  Quantity opened(const PositionKey& key, Side side, Quantity quantity, std::int64_t trading_day);
  // Starts fetching what `opened` will look at.
  void look_ahead(Ahead which, const PositionKey& key) const {
    nets_.look_ahead(which, pair_key(key.account.value, key.instrument.value));
  }

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Net {
    Int128 now = 0;  // 128 bits never overflow here
    Int128 peak = 0;
  };

  std::int64_t day_ = 0;
  KeyTable<Net> nets_;  // by account and instrument
};

}  // namespace marktwacht
