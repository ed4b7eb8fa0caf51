// What limited accounts use of a day's amount.
#include "measures/measure_table.h"
#include "measures/measures.h"

namespace marktwacht {

// A transfer takes from the same amount as a withdrawal. Asked for counts, refused gives back: two
// requests at once must not both fit. A withdrawal that is completed was asked for, or counts now.
void Measures::moved_funds(const Event& event, const ActBy& by) {
  const auto use = [&](GateAction action, Text account, Text asset, const Decimal& amount) {
    const GateSubject subject{SubjectKind::account, std::string(account.view())};
    const auto found = subjects_.find(subject);
    if (found == subjects_.end() || found->second.measures.empty()) {
      return;
    }
    day_limits_.use(action, subject.id, std::string(asset.view()), amount);
    recompute(subject, by);
  };
  if (subjects_.empty()) {
    return;
  }
  switch (event.type) {
    case EventType::withdrawal: {
      const auto& withdrawal = as<event::Withdrawal>(event);
      const bool asked = withdrawal.status == WithdrawalStatus::requested;
      const bool known = withdrawal.has_withdrawal_id();
      if (asked || (withdrawal.status == WithdrawalStatus::completed && !known)) {
        use(GateAction::withdraw, withdrawal.account_id, withdrawal.asset, withdrawal.amount);
      } else if (withdrawal.status == WithdrawalStatus::rejected && known) {
        use(GateAction::withdraw, withdrawal.account_id, withdrawal.asset,
            negated(withdrawal.amount));
      }
      return;
    }
    case EventType::transfer: {
      const auto& transfer = as<event::Transfer>(event);
      return use(GateAction::withdraw, transfer.from_account_id, transfer.asset, transfer.amount);
    }
    case EventType::deposit: {
      const auto& deposit = as<event::Deposit>(event);
      if (deposit.status == DepositStatus::completed) {
        use(GateAction::deposit, deposit.account_id, deposit.asset, deposit.amount);
      }
      return;
    }
    default:
      return;
  }
}

void Measures::day_started(Time now, std::uint64_t seq) {
  if (day_limits_.empty()) {
    return;
  }
  day_limits_.start_day();
  for (const auto& [subject, state] : subjects_) {
    if (!state.measures.empty()) {
      recompute(subject, {now, seq});
    }
  }
}

}  // namespace marktwacht
