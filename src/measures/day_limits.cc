// What of a day's amount is used, and what of it can still be given back.
#include "measures/day_limits.h"

#include "base/archive.h"

namespace marktwacht {

void DayLimits::use(GateAction action, const std::string& account_id, const std::string& asset,
                    const Decimal& amount) {
  Decimal& used = used_[{account_id, action, asset}];
  used = sum_of(used, amount).value_or(used);
  if (!used.positive()) {
    used_.erase({account_id, action, asset});
  }
}

void DayLimits::take(const std::string& account_id, const event::Withdrawal& withdrawal) {
  const std::string asset(withdrawal.asset.view());
  if (!withdrawal.has_withdrawal_id()) {
    if (takes_amount(withdrawal)) {
      use(GateAction::withdraw, account_id, asset, withdrawal.amount);
    }
    return;
  }
  const std::pair key(account_id, std::string(withdrawal.withdrawal_id.view()));
  if (withdrawal.status == WithdrawalStatus::requested) {
    if (asked_.try_emplace(key, asset, withdrawal.amount).second) {
      use(GateAction::withdraw, account_id, asset, withdrawal.amount);
    }
  } else if (const auto asked = asked_.extract(key);
             asked && withdrawal.status == WithdrawalStatus::rejected) {
    const auto& [of, amount] = asked.mapped();
    use(GateAction::withdraw, account_id, of, negated(amount));
  }
}

Decimal DayLimits::left(GateAction action, const std::string& account_id, const std::string& asset,
                        const Decimal& limit) const {
  const auto found = used_.find({account_id, action, asset});
  if (found == used_.end()) {
    return limit;
  }
  const auto rest = sum_of(limit, negated(found->second));
  return rest && rest->positive() ? *rest : Decimal{};
}

void DayLimits::save(ByteWriter& out) const {
  Saver saver(out);
  out.varint(used_.size());
  for (const auto& [key, amount] : used_) {
    saver(std::get<0>(key), std::get<1>(key), std::get<2>(key), amount);
  }
  saver(asked_);
}

void DayLimits::load(ByteReader& in) {
  Loader loader(in);
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    std::tuple<std::string, GateAction, std::string> key;
    Decimal amount;
    loader(std::get<0>(key), std::get<1>(key), std::get<2>(key), amount);
    used_[key] = amount;
  }
  loader(asked_);
}

}  // namespace marktwacht
