// What one set of rules finds against what another finds in the same events. docs/backtest.md.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "alerts/alert.h"

namespace marktwacht {

// What of an alert's last revision is compared and told.
struct FoundAlert {
  std::string alert_id;
  std::string detector, clause;
  std::string group_id;                  // empty: the accounts are the subject
  std::vector<std::string> account_ids;  // sorted
  std::string instrument_id;
  Time from, to;
  int score = 0;
  std::uint64_t evidence_count = 0;
};

// Keeps the last revision of each alert; those that were merged into others do not count.
class FoundAlerts {
 public:
  void take(const Alert& alert);
  // In the order in which they opened.
  std::vector<FoundAlert> found() const;

 private:
  struct Last {
    FoundAlert alert;
    bool superseded = false;
  };
  std::vector<Last> all_;
  std::map<std::string, std::size_t> by_id_;
};

// How many of A have no like in B, how many have, and the other way round.
struct WhatIfCounts {
  std::uint64_t only_a = 0, both_a = 0, both_b = 0, only_b = 0;

  std::uint64_t a() const { return only_a + both_a; }
  std::uint64_t b() const { return only_b + both_b; }
};

struct WhatIf {
  std::vector<FoundAlert> a, b;
  std::vector<std::size_t> only_a, only_b;  // their places
  WhatIfCounts all;
  std::map<std::pair<std::string, std::string>, WhatIfCounts> by_rule;  // clause and detector
  std::map<std::string, WhatIfCounts> by_account;
};

// Two alerts are alike when detector, instrument and subject are equal and their spans share an
// instant. The subject is the group where one is meant, else the set of accounts.
WhatIf compare(std::vector<FoundAlert> a, std::vector<FoundAlert> b);

// RULE.PARAM=from:to:step.
struct Variation {
  std::string rule, param;
  std::vector<std::string> values;  // from, from + step … as long as they are not beyond `to`
};
std::expected<Variation, std::string> parse_variation(const std::string& text);

}  // namespace marktwacht
