// For tests of what detectors are made of: findings that go nowhere, and a clock set by hand.
#pragma once

#include <cstdint>

#include "detectors/detector.h"

namespace marktwacht {

class QuietFindings final : public Findings {
 public:
  Time now() const override { return at; }
  std::int64_t day() const override { return 0; }
  void report(const Report&) override {}
  std::uint64_t reports(AccountIndex, InstrumentIndex) const override { return open; }
  void wake(Time, std::uint64_t) override {}
  void forgot() override { ++forgotten; }
  void unjudged() override {}

  Time at;
  std::uint64_t open = 0;  // reports of the alert that is open
  int forgotten = 0;
};

}  // namespace marktwacht
