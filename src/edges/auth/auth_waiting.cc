// What waits for a second administrator, until it is settled.
#include <algorithm>

#include "edges/auth/auth_state.h"

namespace marktwacht {

AuthResult<std::string> Auth::hash_of(std::string_view user_id, std::string_view password) {
  return state_->new_password_hash(user_id, password);
}

AuthResult<void> Auth::remove_user(std::string_view user_id) {
  const std::lock_guard lock(state_->mutex);
  auto ended = state_->end_sessions(user_id);
  return ended ? state_->write("DELETE FROM users WHERE user_id = ?", user_id) : ended;
}

AuthResult<void> Auth::wait(const WaitingChange& change) {
  const std::lock_guard lock(state_->mutex);
  return state_->write("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?)", change.change_id,
                       word_of(change.what), change.id, change.password);
}

AuthResult<void> Auth::State::settle_one(const WaitingChange& change, bool in_force, Time now) {
  switch (change.what) {
    case Waiting::user:
      return in_force ? AuthResult<void>{}
                      : write("DELETE FROM users WHERE user_id = ?", change.id);
    case Waiting::password:
      return in_force ? change_hash(change.id, change.password, now) : AuthResult<void>{};
    case Waiting::totp: {
      auto ended = in_force ? end_sessions(change.id) : AuthResult<void>{};
      return in_force && ended
                 ? write(
                       "UPDATE users SET totp_secret = NULL, totp_pending = NULL, changed_ts = ? "
                       "WHERE user_id = ?",
                       now.ns, change.id)
                 : ended;
    }
    case Waiting::key:  // what a key signs is seen to by whoever has it
      return {};
    case Waiting::token:
      return in_force ? write("UPDATE tokens SET waits = 0 WHERE token_id = ?", change.id)
                      : write("DELETE FROM tokens WHERE token_id = ? AND waits = 1", change.id);
  }
  return {};
}

AuthResult<std::optional<WaitingChange>> Auth::State::waiting_change(std::string_view change_id) {
  auto row = this->row("SELECT what, id, password FROM waiting WHERE change_id = ?", change_id);
  if (!row || !*row) {
    return row ? AuthResult<std::optional<WaitingChange>>(std::nullopt)
               : std::unexpected(row.error());
  }
  const auto& words = Words<Waiting>::list;
  const auto what = std::ranges::find(words, (*row)->text(0));
  if (what == words.end()) {
    return std::nullopt;
  }
  return WaitingChange{std::string(change_id), static_cast<Waiting>(what - words.begin()),
                       std::string((*row)->text(1)), std::string((*row)->text(2))};
}

AuthResult<std::optional<WaitingChange>> Auth::waiting_change(std::string_view change_id) {
  const std::lock_guard lock(state_->mutex);
  return state_->waiting_change(change_id);
}

AuthResult<void> Auth::settle(std::string_view change_id, bool in_force, Time now) {
  const std::lock_guard lock(state_->mutex);
  const auto change = state_->waiting_change(change_id);
  if (!change || !*change) {
    return change ? AuthResult<void>{} : std::unexpected(change.error());
  }
  // Each is as good done twice: what stays in `waiting` after a crash is done again.
  if (auto done = state_->settle_one(**change, in_force, now); !done) {
    return done;
  }
  return state_->write("DELETE FROM waiting WHERE change_id = ?", change_id);
}

AuthResult<std::vector<std::string>> Auth::waiting() {
  const std::lock_guard lock(state_->mutex);
  if (auto dropped = state_->write(
          "DELETE FROM tokens WHERE waits = 1 AND token_id NOT IN (SELECT id FROM waiting)");
      !dropped) {
    return std::unexpected(dropped.error());
  }
  std::vector<std::string> all;
  auto row = state_->row("SELECT change_id FROM waiting ORDER BY change_id");
  while (row && *row) {
    all.emplace_back((*row)->text(0));
    const auto next = (*row)->step();
    if (!next) {
      return auth_fault(AuthRefusal::unavailable, next.error());
    }
    if (!*next) {
      break;
    }
  }
  return row ? AuthResult<std::vector<std::string>>(std::move(all)) : std::unexpected(row.error());
}

}  // namespace marktwacht
