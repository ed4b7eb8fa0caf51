// Merging what is told into what is known, and the sums with it.
#include "cases/case_gains.h"

#include <algorithm>

namespace marktwacht {

void CaseGains::replace_sum(OfAccount& of, Int128 sum) {
  sum_ += sum - of.sum;
  of.sum = sum;
}

// Most of what is told again is as it was: then nothing moves.
void CaseGains::count(OfAccount& of, std::span<const CaseGain> told) {
  Int128 sum = of.sum;
  std::vector<CaseGain> news;
  auto known = of.each.begin();
  for (const CaseGain& gain : told) {
    known = std::lower_bound(
        known, of.each.end(), gain.entry,
        [](const CaseGain& one, std::uint64_t entry) { return one.entry < entry; });
    if (known == of.each.end() || known->entry != gain.entry) {
      news.push_back(gain);
      sum += gain.units;
    } else {
      sum += gain.units - known->units;
      known->units = gain.units;
    }
  }
  const auto middle = static_cast<std::ptrdiff_t>(of.each.size());
  of.each.insert(of.each.end(), news.begin(), news.end());
  std::ranges::inplace_merge(of.each, of.each.begin() + middle, {}, &CaseGain::entry);
  replace_sum(of, sum);
}

void CaseGains::count(const std::string& account_id, std::span<const CaseGain> told) {
  if (!told.empty()) {
    count(by_account_[account_id], told);
  }
}

void CaseGains::settle(const std::string& account_id, std::uint64_t seq) {
  const auto found = by_account_.find(account_id);
  if (found == by_account_.end()) {
    return;
  }
  OfAccount& of = found->second;
  const auto first_kept =
      std::ranges::find_if(of.each, [seq](const CaseGain& gain) { return gain.seq() >= seq; });
  for (auto gain = of.each.begin(); gain != first_kept; ++gain) {
    of.settled_sum += gain->units;
    ++of.settled;
  }
  of.each.erase(of.each.begin(), first_kept);
}

void CaseGains::join(const CaseGains& other) {
  for (const auto& [account_id, theirs] : other.by_account_) {
    OfAccount& of = by_account_[account_id];
    count(of, theirs.each);
    if (theirs.settled > of.settled) {
      replace_sum(of, of.sum - of.settled_sum + theirs.settled_sum);
      of.settled_sum = theirs.settled_sum;
      of.settled = theirs.settled;
    }
  }
}

Int128 CaseGains::sum_of(const std::string& account_id) const {
  const auto found = by_account_.find(account_id);
  return found == by_account_.end() ? Int128{0} : found->second.sum;
}

}  // namespace marktwacht
