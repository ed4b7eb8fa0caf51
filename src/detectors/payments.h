// Money that comes to the venue or leaves it, as the detectors of clause 2.1 look at it.
#pragma once

#include <optional>

#include "base/int128.h"
#include "base/text.h"
#include "detectors/detector.h"

namespace marktwacht {

// A deposit or withdrawal that was completed.
struct Payment {
  AccountIndex account;
  bool in = false;  // else out
  Text address;     // where it came from or went to; may be empty
  Int128 worth = 0;
};

// Nothing of other events, of accounts whose business is other people's money, and, counted as a
// blind spot, where nobody knows what the asset is worth.
std::optional<Payment> payment_of(const Occurrence& event, const Market& market,
                                  Findings& findings);

}  // namespace marktwacht
