// Which gains belong to an alert, and what they come to. docs/gains.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "market/gains.h"

namespace marktwacht {

// What an alert is about.
struct GainScope {
  std::span<const AccountIndex> accounts;  // ascending
  InstrumentIndex instrument;              // none: all
  Time from, to;
};

// Whether a gain of one of the scope's accounts belongs to it: what was closed in its time, or
// later if all of that had been opened in it; of rewards in its time those that its trading may
// have earned.
bool belongs(const GainEntry& entry, const GainScope& scope);

// Everything known by now that belongs to the scope: account by account, the latest first.
template <class Visitor>
void visit_gains_of(const Gains& gains, AccountIndex account, const GainScope& scope,
                    Visitor&& visitor) {
  gains.visit(account, InstrumentIndex::none(), scope.from, Time{INT64_MAX},
              [&](const GainEntry& entry) {
                if (belongs(entry, scope)) {
                  visitor(entry);
                }
              });
}
template <class Visitor>
void visit_gains(const Gains& gains, const GainScope& scope, Visitor&& visitor) {
  for (const AccountIndex account : scope.accounts) {
    visit_gains_of(gains, account, scope, visitor);
  }
}

// By seq and account, each side of a trade and each reward once: so the
// gains of several alerts are those of their case.
void keep_once(std::vector<GainEntry>& entries);

// False, with nothing changed, where the sum leaves 128 bits.
bool add_to(Scaled& sum, const Scaled& amount);

struct GainTotal {
  AssetIndex asset;            // that the amount is in; none while there is no instrument
  Scaled amount;               // exact; below zero a loss
  std::uint64_t entries = 0;   // that were added
  std::uint64_t unwhole = 0;   // of these, for some of it the entry price is unknown
  std::uint64_t left_out = 0;  // of these not in the amount: nothing values their asset
};

// The sum of entries that are each added once. In `valued_in`, but where something of a single
// asset has no valuation, in that asset.
class GainSum {
 public:
  explicit GainSum(AssetIndex valued_in) : valued_in_(valued_in) {}

  void add(const GainEntry& entry);
  GainTotal total() const;

 private:
  AssetIndex valued_in_;
  AssetIndex asset_;  // of all so far
  bool one_asset_ = true;
  Scaled own_, valued_;
  std::uint64_t entries_ = 0, unwhole_ = 0, own_left_out_ = 0, left_out_ = 0;
};

}  // namespace marktwacht
