// How much of a day's amount limited accounts have used: withdrawals and deposits since the trading
// day began, of the accounts that a limit holds for.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/decimal.h"
#include "events/event.h"
#include "measures/restrictions.h"

namespace marktwacht {

// Of what it moves in a day only so much is allowed.
inline bool has_day_limit(const std::vector<Restriction>& restrictions) {
  return std::ranges::any_of(
      restrictions, [](const Restriction& one) { return one.limit && !one.asset.empty(); });
}

// It takes from the day's amount: asked for, or completed without an id by which it was asked for.
inline bool takes_amount(const event::Withdrawal& withdrawal) {
  return withdrawal.status == WithdrawalStatus::requested ||
         (withdrawal.status == WithdrawalStatus::completed && !withdrawal.has_withdrawal_id());
}

class DayLimits {
 public:
  void use(GateAction action, const std::string& account_id, const std::string& asset,
           const Decimal& amount);
  // Asked for counts once, refused gives back what counted today. One that is completed was asked
  // for, or counts now.
  void take(const std::string& account_id, const event::Withdrawal& withdrawal);
  // What is left of `limit`, at least zero.
  Decimal left(GateAction action, const std::string& account_id, const std::string& asset,
               const Decimal& limit) const;
  void start_day() {
    used_.clear();
    asked_.clear();
  }
  bool empty() const { return used_.empty() && asked_.empty(); }

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  std::map<std::tuple<std::string, GateAction, std::string>, Decimal> used_;
  // Asked for today and not settled, by account and withdrawal: its asset and what counted.
  std::map<std::pair<std::string, std::string>, std::pair<std::string, Decimal>> asked_;
};

}  // namespace marktwacht
