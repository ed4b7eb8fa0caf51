// From findings to alerts: one for each thing that goes on; it grows, it does not repeat.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "alerts/alert.h"
#include "base/bytes.h"
#include "market/market.h"

namespace marktwacht {

// One thread. Keeps what is open; what has ended is in the journal.
class Alerts {
 public:
  // The revision that `finding` makes; `seq` is its record's, `at` the time it is made at.
  Alert take(const Finding& finding, const Market& market, Time at, std::uint64_t seq);
  // A person has closed the alert: what is found about it later makes no revision.
  void settle(const std::string& alert_id);
  bool settled(const Finding& finding);
  // The number of a finding that a person made by the record of this seq.
  static std::uint64_t by_hand(std::uint64_t seq) { return seq | std::uint64_t{1} << 63; }

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Open {
    std::string alert_id;
    std::uint64_t revision = 0;
    bool settled = false;
  };
  std::map<std::uint64_t, Open> open_;  // by the finding's number
};

}  // namespace marktwacht
