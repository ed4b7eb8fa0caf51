// How long what the vault has is kept: legal holds, ages, and what was carried out.
#include "edges/vault/vault_state.h"

namespace marktwacht {

template <class T>
using Result = Vault::Result<T>;

Result<void> Vault::hold(std::string_view subject, std::string_view reason, Time now,
                         std::uint64_t by_seq) {
  const std::lock_guard lock(state_->mutex);
  const auto done = state_->change(by_seq, "INSERT OR REPLACE INTO holds VALUES (?, ?, ?)", subject,
                                   reason, now.ns);
  return done ? Result<void>{} : std::unexpected(done.error());
}

Result<bool> Vault::lift_hold(std::string_view subject, std::uint64_t by_seq) {
  const std::lock_guard lock(state_->mutex);
  return state_->change(by_seq, "DELETE FROM holds WHERE subject = ?", subject);
}

Result<bool> Vault::is_held(std::string_view subject) {
  const std::lock_guard lock(state_->mutex);
  return state_->is_held(subject);
}

Result<bool> Vault::is_carried_out(std::uint64_t by_seq) {
  const std::lock_guard lock(state_->mutex);
  auto found = state_->database.prepare("SELECT 1 FROM carried_out WHERE seq = ?");
  if (!found) {
    return std::unexpected(found.error());
  }
  found->query(by_seq);
  return found->step();
}

Result<void> Vault::leave_out(std::uint64_t by_seq) {
  const std::lock_guard lock(state_->mutex);
  return state_->note(by_seq);
}

Result<std::vector<LegalHold>> Vault::holds() {
  const std::lock_guard lock(state_->mutex);
  auto found = state_->database.prepare("SELECT subject, reason, since_ts FROM holds ORDER BY 1");
  if (!found) {
    return std::unexpected(found.error());
  }
  std::vector<LegalHold> all;
  for (;;) {
    const auto row = found->step();
    if (!row) {
      return std::unexpected(row.error());
    }
    if (!*row) {
      return all;
    }
    all.push_back(
        {std::string(found->text(0)), std::string(found->text(1)), Time{found->integer(2)}});
  }
}

Result<std::uint64_t> Vault::drop_old(Time now) {
  const std::lock_guard lock(state_->mutex);
  auto change = Transaction::begin(state_->database);
  if (!change) {
    return std::unexpected(change.error());
  }
  std::uint64_t dropped = 0;
  for (std::size_t kind = 0; kind < state_->terms.kept_max.size(); ++kind) {
    const std::int64_t before = now.ns - state_->terms.kept_max[kind].ns;
    if (auto done = state_->database.run_with(
            "DELETE FROM personal WHERE kind = ? AND last_ts < ? AND NOT EXISTS (SELECT 1 FROM "
            "holds WHERE holds.subject = personal.subject)",
            kind, before);
        !done) {
      return std::unexpected(done.error());
    }
    dropped += static_cast<std::uint64_t>(state_->database.changes());
  }
  if (auto done = state_->database.run(
          "DELETE FROM subjects WHERE NOT EXISTS (SELECT 1 FROM personal WHERE personal.subject = "
          "subjects.subject)");
      !done) {
    return std::unexpected(done.error());
  }
  if (auto done = change->commit(); !done) {
    return std::unexpected(done.error());
  }
  if (dropped > 0) {
    if (auto done = state_->scrub(); !done) {
      return std::unexpected(done.error());
    }
  }
  return dropped;
}

}  // namespace marktwacht
