// Whether an account is exempt in one way: one exemption for the instrument and one for all may be
// in force at once, each of its own kind.
#pragma once

#include "market/market.h"

namespace marktwacht {

// Cheap where nobody is exempt.
inline bool is_exempt(const Market& market, AccountIndex account, InstrumentIndex instrument,
                      ExemptionKind kind, Time now) {
  const auto nearest = market.exemptions().find(account, instrument, now);
  if (!nearest || nearest->kind == kind) {
    return nearest.has_value();
  }
  const auto of_all = market.exemptions().find(account, InstrumentIndex::none(), now);
  return of_all && of_all->kind == kind;
}

}  // namespace marktwacht
