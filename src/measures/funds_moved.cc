// What limited accounts use of a day's amount.
#include "measures/measure_table.h"
#include "measures/measures.h"

namespace marktwacht {

// A transfer takes from the same amount as a withdrawal.
void Measures::moved_funds(const Event& event, const ActBy& by) {
  const auto count = [&](Text account, auto&& change) {
    const GateSubject subject{SubjectKind::account, std::string(account.view())};
    const auto found = subjects_.find(subject);
    if (found != subjects_.end() && is_limited(subject, found->second)) {
      change(subject.id);
      recompute(subject, by);
    }
  };
  const auto use = [&](GateAction action, Text account, Text asset, const Decimal& amount) {
    count(account, [&](const std::string& account_id) {
      day_limits_.use(action, account_id, std::string(asset.view()), amount);
    });
  };
  if (subjects_.empty()) {
    return;
  }
  switch (event.type) {
    case EventType::withdrawal: {
      const auto& withdrawal = as<event::Withdrawal>(event);
      return count(withdrawal.account_id, [&](const std::string& account_id) {
        day_limits_.take(account_id, withdrawal);
      });
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
