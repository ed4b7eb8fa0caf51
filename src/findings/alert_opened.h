// An alert that opened, for those who listen to alerts: rules, and detectors.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "findings/finding.h"

namespace marktwacht {

struct AlertHeard {
  std::string_view detector, rulebook_id, clause;
  Severity severity{};
  Maturity maturity{};
  int score = 0;
};

struct AlertOpened {
  AlertHeard heard;
  std::vector<AccountIndex> accounts;
  InstrumentIndex instrument;
  Time at;
  std::uint64_t seq = 0;
};

}  // namespace marktwacht
