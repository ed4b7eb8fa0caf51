// What an Auth holds, and how its parts ask auth.db. Private to this folder.
#pragma once

#include <mutex>
#include <semaphore>
#include <string>
#include <utility>

#include "edges/auth/auth.h"
#include "edges/auth/passwords.h"
#include "edges/auth/throttle.h"
#include "edges/secrets/sealed.h"
#include "edges/sqlite/database.h"

namespace marktwacht {

inline std::unexpected<AuthFault> auth_fault(AuthRefusal why, std::string text, Time until = {}) {
  return std::unexpected(AuthFault{why, std::move(text), until});
}

struct Auth::State {
  State(Database opened, std::string folder, const AuthTerms& given)
      : data_dir(std::move(folder)), database(std::move(opened)), terms(given) {}

  // The first row, or nothing. The mutex must be held, as for all below.
  template <class... Values>
  AuthResult<std::optional<SqlStatement>> row(std::string_view sql, const Values&... values) {
    auto statement = database.prepare(sql);
    if (!statement) {
      return auth_fault(AuthRefusal::unavailable, statement.error());
    }
    statement->query(values...);
    const auto there = statement->step();
    if (!there) {
      return auth_fault(AuthRefusal::unavailable, there.error());
    }
    return *there ? std::optional(*std::move(statement)) : std::nullopt;
  }
  template <class... Values>
  AuthResult<void> write(std::string_view sql, const Values&... values) {
    if (auto done = database.run_with(sql, values...); !done) {
      return auth_fault(AuthRefusal::unavailable, done.error());
    }
    return {};
  }
  // The same, for a user that must be there.
  template <class... Values>
  AuthResult<void> write_user(std::string_view sql, const Values&... values) {
    auto done = write(sql, values...);
    if (done && database.changes() == 0) {
      return auth_fault(AuthRefusal::unknown_user, "there is no such user");
    }
    return done;
  }
  AuthResult<bool> any_user() {
    auto found = row("SELECT 1 FROM users LIMIT 1");
    return found ? AuthResult<bool>(found->has_value()) : std::unexpected(found.error());
  }
  static AuthResult<void> is_good(std::string_view user_id, std::string_view password);
  AuthResult<void> may_add(std::string_view user_id);
  AuthResult<void> insert_user(std::string_view user_id, const std::string& hash, Time now);
  AuthResult<void> end_sessions(std::string_view user_id);
  AuthResult<OpenedSession> open_session(std::string_view user_id, Time now);
  AuthResult<Who> person(std::string_view session, Time now);
  AuthResult<Who> machine(std::string_view bearer, Time now);
  // Is this a code of the confirmed, or of the pending second factor? Then it is spent.
  enum class Factor : std::uint8_t { confirmed, pending };
  AuthResult<void> spend_code(std::string_view user_id, std::string_view code, Time now,
                              Factor factor = Factor::confirmed);
  AuthResult<void> is_setup(std::string_view token, Time now);
  AuthResult<std::optional<WaitingChange>> waiting_change(std::string_view change_id);
  AuthResult<void> settle_one(const WaitingChange& change, bool in_force, Time now);
  AuthResult<void> change_hash(std::string_view user_id, const std::string& hash, Time now);

  // auth_totp.cc: the key of second factors, read at its first use.
  AuthResult<SealKey> seal_key();
  AuthResult<std::string> sealed_secret(std::string_view user_id, std::string_view secret);
  AuthResult<std::string> open_secret(std::string_view user_id, std::string_view sealed);
  // Those that an older program left as they are.
  AuthResult<void> seal_plain_secrets();

  // These wait, without the mutex: at most so many at once, for each takes much memory.
  // A good password of a well-named user only, as `is_good` says at once.
  AuthResult<std::string> new_password_hash(std::string_view user_id, std::string_view password);
  bool matches(const std::string& hash, std::string_view password);
  // The hash behind a right password, and whether a code is asked too. Wrong ones slow down.
  struct RightPassword {
    std::string hash;
    bool asks_code = false;
  };
  AuthResult<RightPassword> right_password(const Credentials& given, Time now);
  AuthResult<void> is_still_right(const Credentials& given, const RightPassword& found, Time now);

  std::string data_dir;
  Database database;
  AuthTerms terms;
  std::optional<SealKey> secrets_key;
  std::mutex mutex;
  Throttle logins, codes;
  // Many: nobody guesses 256 bits, and a program whose token was revoked tries it again and again.
  static constexpr ThrottleTerms of_bearers{.free = 100};
  Throttle bearers{of_bearers, of_bearers};
  std::counting_semaphore<2> hashing{2};
  // Checked where there is no such user, so that it takes as long. Made at the first login,
  // whoever's it is.
  std::once_flag nobodys_hash_once;
  AuthResult<std::string> nobodys_hash;
};

inline constexpr std::string_view token_columns =
    "SELECT token_id, scopes, source, trusted, types, created_ts, expires_ts, revoked_ts, used_ts, "
    "waits FROM tokens ";
TokenEntry token_of_row(const SqlStatement& row);

// How secrets are kept: nobody can get them back from their hashes.
std::string kept_hash(std::string_view secret);

}  // namespace marktwacht
