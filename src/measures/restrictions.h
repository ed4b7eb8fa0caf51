// What a subject may not do now: the join of all measures in force against it. Measures make it,
// the gate answers by it, the exchange receives it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "measures/words.h"

namespace marktwacht {

struct GateSubject {
  SubjectKind kind{};
  std::string id;
  auto operator<=>(const GateSubject&) const = default;

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.kind, self.id);
  }
};

// One action, in one scope, that is denied: always, or beyond a bound if it has one.
struct Restriction {
  GateAction action{};
  std::string instrument_id;  // of trading and leverage; empty = all
  std::string asset;          // of withdraw, transfer, deposit with a limit; empty = all others
  // withdraw, transfer, deposit: what is left of the day's amount, in units of `asset` (0 = all is
  // denied); use_leverage: the cap.
  std::optional<Decimal> limit;
  Duration held_min{0};              // reduce_position: denied before opening + this; 0 = always
  std::vector<std::string> devices;  // login: denied but from these; empty = from all
  std::optional<Time> until;         // in force while ts < until; none = until it is lifted
  MeasureKind reason{};
  std::uint64_t measure = 0;  // measure_id is "m-" and this number

  bool operator==(const Restriction&) const = default;
};

// Replaces all that held for the subject. Sorted by action, instrument_id, asset; one each.
struct SubjectRestrictions {
  GateSubject subject;
  std::uint64_t revision = 0;  // rises with each change of the subject; an older one is ignored
  std::vector<Restriction> restrictions;  // empty = the subject is free

  bool operator==(const SubjectRestrictions&) const = default;
};

}  // namespace marktwacht
