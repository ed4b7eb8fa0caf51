// What the accounts of a case gained, each trade and reward once. docs/gains.md.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/int128.h"

namespace marktwacht {

struct CaseGain {
  std::uint64_t entry = 0;  // seq × 2, + 1 on the maker's side
  Int128 units = 0;

  std::uint64_t seq() const { return entry / 2; }
};

// Sums are kept as they change: every published line of a case states them. What the log of gains
// has forgotten cannot be told a second time, so of that only its sum stays: a case holds no more
// entries than the log. In 10^-Case::gain_scale of the case's currency.
class CaseGains {
 public:
  struct OfAccount {
    Int128 sum = 0;             // of all, settled ones too
    Int128 settled_sum = 0;     // of those below
    std::uint64_t settled = 0;  // so many are known by their sum only
    std::string packed;         // see each()

    std::vector<CaseGain> each() const;  // by `entry`, ascending

    template <class Self, class Visit>
    static void members(Self& self, Visit&& visit) {
      visit(self.sum, self.settled_sum, self.settled, self.packed);
    }
  };

  // `told`: ascending by entry. One that is known already is replaced.
  void count(const std::string& account_id, std::span<const CaseGain> told);
  // Of the account nothing before `seq` will be told again.
  void settle(const std::string& account_id, std::uint64_t seq);
  // Of two cases that both settled gains of one account nobody knows which are the same: the
  // larger number stands alone, so that nothing counts twice.
  void join(const CaseGains& other);

  Int128 sum() const { return sum_; }
  Int128 sum_of(const std::string& account_id) const;
  const std::map<std::string, OfAccount>& by_account() const { return by_account_; }

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.by_account_, self.sum_);
  }

 private:
  void count(OfAccount& of, std::span<const CaseGain> told);
  void replace_sum(OfAccount& of, Int128 sum);

  std::map<std::string, OfAccount> by_account_;
  Int128 sum_ = 0;
};

}  // namespace marktwacht
