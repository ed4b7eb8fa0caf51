// See alert_history.h.
#include "edges/sqlite/alert_history.h"

namespace marktwacht {

std::expected<std::int64_t, StoreError> AlertHistory::alerts_before(std::int64_t opened_seq) {
  std::vector<std::string> account_ids;
  const auto asked = asked_.each(
      "SELECT account_id FROM alert_accounts WHERE opened_seq = ?",
      [&](const SqlStatement& row) { account_ids.emplace_back(row.text(0)); }, opened_seq);
  if (!asked) {
    return std::unexpected(asked.error());
  }
  std::int64_t count = 0;
  for (const std::string& account_id : account_ids) {
    const auto alerts = alerts_of(account_id);
    if (!alerts) {
      return std::unexpected(alerts.error());
    }
    for (const std::uint32_t number : **alerts) {
      Seen& seen = seen_[number];
      if (seen.opened_seq >= opened_seq) {
        break;
      }
      count += seen.counted_for != opened_seq ? 1 : 0;
      seen.counted_for = opened_seq;
    }
  }
  return count;
}

std::expected<const AlertHistory::Numbers*, StoreError> AlertHistory::alerts_of(
    const std::string& account_id) {
  const auto [at, fresh] = by_account_.try_emplace(account_id);
  if (!fresh) {
    return &at->second;
  }
  const auto asked = asked_.each(
      "SELECT opened_seq FROM alert_accounts WHERE account_id = ? AND opened_seq < ? "
      "ORDER BY opened_seq",
      [&](const SqlStatement& row) {
        const auto [known, is_new] =
            numbers_.try_emplace(row.integer(0), static_cast<std::uint32_t>(seen_.size()));
        if (is_new) {
          seen_.push_back({.opened_seq = row.integer(0)});
        }
        at->second.push_back(known->second);
      },
      account_id, last_seq_);
  return asked ? std::expected<const Numbers*, StoreError>(&at->second)
               : std::unexpected(asked.error());
}

}  // namespace marktwacht
