// Logging in, sessions, and who is asking.
#include <algorithm>

#include "base/hmac.h"
#include "edges/auth/auth_state.h"
#include "edges/secrets/random.h"

namespace marktwacht {
namespace {

constexpr std::int64_t sessions_of_user_max = 20;
// How exactly it is kept when a session or a token was last used.
constexpr Duration seen_every{60 * second.ns};

std::string csrf_token_of(std::string_view session) {
  return hex(hmac_sha256(session, "marktwacht csrf 1"));
}

std::unexpected<AuthFault> wrong() {
  return auth_fault(AuthRefusal::wrong, "user, password or code is wrong");
}

}  // namespace

bool carries_csrf(const Person& person, std::string_view header) {
  return equal_secrets(person.csrf_token, header);
}

// The password is right, and the mutex is held.
AuthResult<OpenedSession> Auth::State::open_session(std::string_view user_id, Time now) {
  const std::string session = random_hex(32);
  const Time oldest{now.ns - terms.session_age_max.ns};
  if (auto done = write("DELETE FROM sessions WHERE created_ts < ?", oldest.ns); !done) {
    return std::unexpected(done.error());
  }
  // Those used last stay.
  if (auto done = write("DELETE FROM sessions WHERE user_id = ? AND hash NOT IN (SELECT hash FROM "
                        "sessions WHERE user_id = ? ORDER BY seen_ts DESC LIMIT ?)",
                        user_id, user_id, sessions_of_user_max - 1);
      !done) {
    return std::unexpected(done.error());
  }
  if (auto done = write("INSERT INTO sessions VALUES (?, ?, ?, ?)", kept_hash(session), user_id,
                        now.ns, now.ns);
      !done) {
    return std::unexpected(done.error());
  }
  return OpenedSession{session, csrf_token_of(session)};
}

AuthResult<Auth::State::RightPassword> Auth::State::right_password(const Credentials& given,
                                                                   Time now) {
  std::call_once(nobodys_hash_once,
                 [&] { nobodys_hash = new_password_hash("nobody", random_hex(32)); });
  if (!nobodys_hash) {
    return std::unexpected(nobodys_hash.error());
  }
  RightPassword found;
  bool known = false;
  {
    const std::lock_guard lock(mutex);
    if (const auto until = logins.begin(given.user_id, given.remote, now)) {
      return auth_fault(AuthRefusal::throttled, "too many wrong attempts: wait", *until);
    }
    const auto row = this->row(
        "SELECT password, totp_secret IS NOT NULL FROM users WHERE user_id = ? AND disabled = 0",
        given.user_id);
    if (!row) {
      return std::unexpected(row.error());
    }
    known = row->has_value();
    found.hash = known ? std::string((*row)->text(0)) : *nobodys_hash;
    found.asks_code = known && (*row)->integer(1) != 0;
  }
  const bool right = matches(found.hash, given.password) && known;
  return right ? AuthResult<RightPassword>(std::move(found)) : wrong();
}

// One's own password, and a code where there is a second factor. The mutex must be held.
AuthResult<void> Auth::State::is_still_right(const Credentials& given, const RightPassword& found,
                                             Time now) {
  // The password may have been changed, or the user disabled, in the meantime.
  const auto still = row("SELECT 1 FROM users WHERE user_id = ? AND password = ? AND disabled = 0",
                         given.user_id, found.hash);
  if (!still || !*still) {
    return still ? AuthResult<void>(wrong()) : std::unexpected(still.error());
  }
  if (found.asks_code && given.totp.empty()) {
    logins.forgive(given.user_id, given.remote, now, Throttle::Right::in_part);
    return auth_fault(AuthRefusal::totp_needed, "a code of the second factor is needed too");
  }
  if (found.asks_code) {
    if (auto spent = spend_code(given.user_id, given.totp, now); !spent) {
      return spent.error().why == AuthRefusal::wrong ? AuthResult<void>(wrong()) : spent;
    }
  }
  logins.forgive(given.user_id, given.remote, now);
  return {};
}

AuthResult<OpenedSession> Auth::log_in(const Credentials& given, Time now) {
  const auto found = state_->right_password(given, now);
  if (!found) {
    return std::unexpected(found.error());
  }
  const std::lock_guard lock(state_->mutex);
  auto right = state_->is_still_right(given, *found, now);
  return right ? state_->open_session(given.user_id, now)
               : AuthResult<OpenedSession>(std::unexpected(right.error()));
}

AuthResult<void> Auth::check_self(const Credentials& given, Time now) {
  const auto found = state_->right_password(given, now);
  if (!found) {
    return std::unexpected(found.error());
  }
  const std::lock_guard lock(state_->mutex);
  return state_->is_still_right(given, *found, now);
}

AuthResult<void> Auth::change_password(const Credentials& given, std::string_view password,
                                       Time now) {
  const auto found = state_->right_password(given, now);
  if (!found) {
    return std::unexpected(found.error());
  }
  const auto hash = state_->new_password_hash(given.user_id, password);
  if (!hash) {
    return std::unexpected(hash.error());
  }
  const std::lock_guard lock(state_->mutex);
  auto right = state_->is_still_right(given, *found, now);
  return right ? state_->change_hash(given.user_id, *hash, now) : right;
}

AuthResult<void> Auth::log_out(std::string_view session) {
  const std::lock_guard lock(state_->mutex);
  return state_->write("DELETE FROM sessions WHERE hash = ?", kept_hash(session));
}

AuthResult<void> Auth::end_sessions(std::string_view user_id) {
  const std::lock_guard lock(state_->mutex);
  return state_->end_sessions(user_id);
}

AuthResult<Who> Auth::State::person(std::string_view session, Time now) {
  const std::string hash = kept_hash(session);
  auto row = this->row(
      "SELECT users.user_id, totp_secret IS NOT NULL, sessions.created_ts, seen_ts FROM sessions "
      "JOIN users ON users.user_id = sessions.user_id WHERE hash = ? AND disabled = 0",
      hash);
  if (!row) {
    return std::unexpected(row.error());
  }
  if (!*row) {
    return Who{};
  }
  const Time created{(*row)->integer(2)}, seen{(*row)->integer(3)};
  if (now - created >= terms.session_age_max || now - seen >= terms.session_idle_max) {
    row->reset();
    write("DELETE FROM sessions WHERE hash = ?", hash);
    return Who{};
  }
  Who who = Person{std::string((*row)->text(0)), csrf_token_of(session), (*row)->integer(1) != 0};
  row->reset();
  if (now - seen >= std::min(seen_every, Duration{terms.session_idle_max.ns / 4})) {
    // Who asks is let in, even where it cannot be noted: the session only ends sooner.
    write("UPDATE sessions SET seen_ts = ? WHERE hash = ?", now.ns, hash);
  }
  return who;
}

AuthResult<Who> Auth::State::machine(std::string_view bearer, Time now) {
  auto row = this->row(std::string(token_columns) + "WHERE hash = ?", kept_hash(bearer));
  if (!row) {
    return std::unexpected(row.error());
  }
  if (!*row) {
    return Who{};
  }
  TokenEntry entry = token_of_row(**row);
  row->reset();
  if (entry.waits || entry.revoked_ts || (entry.expires_ts && now >= *entry.expires_ts)) {
    return Who{};
  }
  if (!entry.used_ts || now - *entry.used_ts >= seen_every) {
    write("UPDATE tokens SET used_ts = ? WHERE token_id = ?", now.ns, entry.token_id);
  }
  Machine machine;
  static_cast<TokenTerms&>(machine) = std::move(entry);
  machine.token_id = std::move(entry.token_id);
  return Who{std::move(machine)};
}

AuthResult<Who> Auth::who(std::string_view session, std::string_view bearer, Time now,
                          std::string_view remote) {
  const std::lock_guard lock(state_->mutex);
  if (bearer.empty()) {
    return session.empty() ? AuthResult<Who>(Who{}) : state_->person(session, now);
  }
  auto who = state_->machine(bearer, now);
  if (who && std::holds_alternative<std::monostate>(*who) && !remote.empty()) {
    if (const auto until = state_->bearers.begin(remote, remote, now)) {
      return auth_fault(AuthRefusal::throttled, "too many unknown tokens: wait", *until);
    }
  }
  return who;
}

}  // namespace marktwacht
