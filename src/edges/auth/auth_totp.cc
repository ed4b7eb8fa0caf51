// The second factor of users.
#include "edges/auth/auth_state.h"
#include "edges/auth/totp.h"
#include "edges/secrets/random.h"

namespace marktwacht {

AuthResult<void> Auth::State::spend_code(std::string_view user_id, std::string_view code, Time now,
                                         Factor factor) {
  const std::string column = factor == Factor::confirmed ? "totp_secret" : "totp_pending";
  auto found = row("SELECT " + column + ", totp_used_step FROM users WHERE user_id = ?", user_id);
  if (!found) {
    return std::unexpected(found.error());
  }
  if (!*found || (*found)->is_null(0)) {
    return auth_fault(AuthRefusal::no_totp, "no second factor is set up");
  }
  const auto step = find_totp_step((*found)->blob(0), code, now, (*found)->integer(1));
  found->reset();
  if (!step) {
    return auth_fault(AuthRefusal::wrong, "this code is wrong, too old or was used already");
  }
  return write("UPDATE users SET totp_used_step = ? WHERE user_id = ?", *step, user_id);
}

AuthResult<TotpEnrolment> Auth::begin_totp(std::string_view user_id, Time now) {
  std::string secret(20, '\0');
  fill_random({reinterpret_cast<std::uint8_t*>(secret.data()), secret.size()});
  const std::lock_guard lock(state_->mutex);
  auto statement = state_->database.prepare(
      "UPDATE users SET totp_pending = ?, changed_ts = ? WHERE user_id = ?");
  if (!statement) {
    return auth_fault(AuthRefusal::unavailable, statement.error());
  }
  statement->bind_blob(0, secret);
  statement->bind(1, now.ns);
  statement->bind(2, user_id);
  if (const auto done = statement->step(); !done) {
    return auth_fault(AuthRefusal::unavailable, done.error());
  }
  if (state_->database.changes() == 0) {
    return auth_fault(AuthRefusal::unknown_user, "there is no such user");
  }
  return TotpEnrolment{base32(secret), totp_uri(user_id, secret)};
}

AuthResult<void> Auth::confirm_totp(std::string_view user_id, std::string_view code, Time now) {
  const std::lock_guard lock(state_->mutex);
  if (auto spent = state_->spend_code(user_id, code, now, State::Factor::pending); !spent) {
    return spent;
  }
  return state_->write(
      "UPDATE users SET totp_secret = totp_pending, totp_pending = NULL, changed_ts = ? "
      "WHERE user_id = ?",
      now.ns, user_id);
}

AuthResult<void> Auth::check_totp(std::string_view user_id, std::string_view code, Time now) {
  const std::lock_guard lock(state_->mutex);
  if (const auto until = state_->codes.begin(user_id, "", now)) {
    return auth_fault(AuthRefusal::throttled, "too many wrong codes: wait", *until);
  }
  auto spent = state_->spend_code(user_id, code, now);
  if (spent) {
    state_->codes.forgive(user_id, "", now);
  }
  return spent;
}

AuthResult<void> Auth::remove_totp(std::string_view user_id, Time now) {
  const std::lock_guard lock(state_->mutex);
  return state_->write_user(
      "UPDATE users SET totp_secret = NULL, totp_pending = NULL, changed_ts = ? WHERE user_id = ?",
      now.ns, user_id);
}

}  // namespace marktwacht
