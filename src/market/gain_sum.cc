// What belongs to an alert, and exact sums over different scales.
#include "market/gain_sum.h"

#include <algorithm>
#include <tuple>

namespace marktwacht {
namespace {

// A commission for the trading of others is no gain of the scope's accounts; without an instrument
// to tell one from the other, a bonus belongs only to what is about all of them.
bool earned(const GainEntry& entry, const GainScope& scope) {
  const bool about_all = !scope.instrument.exists();
  switch (entry.kind) {
    case GainKind::fee_rebate:
      return true;
    case GainKind::commission:
      return entry.source_account.exists()
                 ? std::ranges::binary_search(scope.accounts, entry.source_account)
                 : about_all;
    default:
      return about_all;
  }
}

auto key_of(const GainEntry& entry) {
  return std::tuple(entry.seq, entry.account, entry.maker, entry.kind);
}

}  // namespace

bool add_to(Scaled& sum, const Scaled& amount) {
  const int scale = std::max(sum.scale, amount.scale);
  const auto before = rescale(sum.units, sum.scale, scale);
  const auto more = rescale(amount.units, amount.scale, scale);
  const auto after = before && more ? add(*before, *more) : std::nullopt;
  sum = after ? Scaled{*after, scale} : sum;
  return after.has_value();
}

bool belongs(const GainEntry& entry, const GainScope& scope) {
  const bool in_time = scope.from <= entry.at && entry.at <= scope.to;
  if (entry.kind != GainKind::round_trip) {
    return in_time && earned(entry, scope);
  }
  if (scope.instrument.exists() && entry.instrument != scope.instrument) {
    return false;
  }
  return in_time ||
         (entry.at > scope.to && entry.opened_first >= scope.from && entry.opened_last <= scope.to);
}

void keep_once(std::vector<GainEntry>& entries) {
  std::ranges::sort(entries, {}, key_of);
  const auto again = std::ranges::unique(entries, {}, key_of);
  entries.erase(again.begin(), again.end());
}

void GainSum::add(const GainEntry& entry) {
  one_asset_ = one_asset_ && (entries_ == 0 || entry.asset == asset_);
  asset_ = entry.asset;
  ++entries_;
  unwhole_ += entry.whole ? 0 : 1;
  own_left_out_ += one_asset_ && add_to(own_, {entry.amount, entry.scale}) ? 0 : 1;
  const auto worth = gain_in(entry, valued_in_);
  left_out_ += worth && add_to(valued_, *worth) ? 0 : 1;
}

GainTotal GainSum::total() const {
  const bool own = entries_ > 0 && one_asset_ && left_out_ > 0;
  return {own ? asset_ : valued_in_, own ? own_ : valued_, entries_, unwhole_,
          own ? own_left_out_ : left_out_};
}

}  // namespace marktwacht
