// One side of a balanced entry that a measure of money asks for.
#pragma once

#include <string>

#include "base/decimal.h"

namespace marktwacht {

struct LedgerEntry {
  std::string account_id, asset;
  Decimal amount;  // what the account's balance changes by

  bool operator==(const LedgerEntry&) const = default;

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.account_id, self.asset, self.amount);
  }
};

}  // namespace marktwacht
