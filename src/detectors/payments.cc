// Of deposits and withdrawals: who, how much, where.
#include "detectors/payments.h"

namespace marktwacht {
namespace {

static_assert(Market::worth_scale == Param::scale);

bool acts_for_others(const Account& account) {
  return account.has(Role::broker) || account.has(Role::omnibus) || account.has(Role::internal);
}

template <class Paid>
std::optional<Payment> made_of(const Paid& line, Text address, const Market& market,
                               Findings& findings) {
  const Directory& directory = market.directory();
  Payment payment{directory.find_account(line.account_id), false, address, 0};
  if (acts_for_others(directory.account(payment.account))) {
    return std::nullopt;
  }
  const AssetIndex asset = directory.find_asset(line.asset);
  const auto units = scaled_int128(line.amount, directory.asset(asset).decimals);
  const auto worth = units ? market.worth(asset, *units) : std::nullopt;
  if (!worth) {
    findings.unjudged();
    return std::nullopt;
  }
  payment.worth = *worth;
  return payment;
}

}  // namespace

std::optional<Payment> payment_of(const Occurrence& event, const Market& market,
                                  Findings& findings) {
  std::optional<Payment> payment;
  if (event.kind == EventKind::deposit) {
    const auto& line = as<event::Deposit>(*event.line);
    if (line.status == DepositStatus::completed) {
      payment = made_of(line, line.source_address, market, findings);
    }
  } else if (event.kind == EventKind::withdrawal) {
    const auto& line = as<event::Withdrawal>(*event.line);
    if (line.status == WithdrawalStatus::completed) {
      payment = made_of(line, line.destination, market, findings);
    }
  }
  if (payment) {
    payment->in = event.kind == EventKind::deposit;
  }
  return payment;
}

}  // namespace marktwacht
