// Who is asking: passwords, sessions, second factors, API tokens and the set-up link, in auth.db.
// What somebody may do is not kept here: roles are records in the journal. docs/users.md.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "events/event.h"

namespace marktwacht {

// Why something was not done. Shown to whoever asks.
MW_WORDS(AuthRefusal,
         unavailable,  // the file cannot be used: try again
         wrong,        // user, password or code, not saying which
         throttled,    // too many wrong ones: not before `until`
         totp_needed,  // the password is right; a code is asked too
         unknown_user, user_exists, user_disabled,
         bad_user_id,    // 1 to 64 of a-z A-Z 0-9 . _ - @
         weak_password,  // `text` says what it lacks
         no_totp,        // nothing was begun, or nothing is there
         bad_token,      // scopes, types or source of a new one; or no such token
         setup_over)     // the link is spent, old or wrong, or a user exists

struct AuthFault {
  AuthRefusal why{};
  std::string text;  // a sentence, without secrets
  Time until{};      // of `throttled`
};
template <class T>
using AuthResult = std::expected<T, AuthFault>;

struct UserEntry {
  std::string user_id;
  bool disabled = false, totp = false;
  Time created_ts, changed_ts;
};

// What an API token is good for: a bit each.
MW_WORDS(TokenScope, ingest, commands, read)
using TokenScopes = std::uint32_t;
constexpr TokenScopes bit(TokenScope scope) {
  return TokenScopes{1} << static_cast<unsigned>(scope);
}

struct TokenTerms {
  TokenScopes scopes = 0;
  std::string source{};  // what its events are marked with; needed for ingest, commands
  bool trusted = false;  // may send exemptions, control groups, roles, address labels
  // Of events it may send at most; empty: all that its scopes allow.
  std::vector<std::string> types{};
  std::optional<Time> expires_ts{};
};
struct TokenEntry : TokenTerms {
  std::string token_id;
  bool waits = false;  // for a second administrator: it opens nothing yet
  Time created_ts;
  std::optional<Time> revoked_ts, used_ts;
};

// A person with a session, or a program with a token.
struct Person {
  std::string user_id;
  std::string csrf_token;  // what each request but GET must carry: see `carries_csrf`
  bool totp = false;       // asked again when approving
};
struct Machine : TokenTerms {
  std::string token_id;

  bool has(TokenScope scope) const { return (scopes & bit(scope)) != 0; }
};
using Who = std::variant<std::monostate, Person, Machine>;

struct Credentials {
  std::string_view user_id, password;
  std::string_view totp;    // empty: none given
  std::string_view remote;  // the address that asks
};
struct OpenedSession {
  std::string session;  // the cookie's value: only its hash is kept
  std::string csrf_token;
};
struct TotpEnrolment {
  std::string secret;  // base32
  std::string uri;     // otpauth://, to be shown as a QR code
};

// What of this file waits for a second administrator. Stored in auth.db: never rename.
MW_WORDS(Waiting, user, password, totp, token, key)
struct WaitingChange {
  std::string change_id;  // the journal's name for it
  Waiting what{};
  std::string id;        // of the user, the token or the key
  std::string password;  // of a new password its hash
};

struct AuthTerms {
  Duration session_idle_max{30 * 60 * second.ns};
  Duration session_age_max{12 * 3'600 * second.ns};
  Duration setup_age_max{15 * 60 * second.ns};
  std::int64_t password_memory_kib = 64 << 10;  // Argon2id; tests take less
  std::int64_t password_passes = 3;
};

// Secrets of second factors are sealed under DIR/keys/auth.key, else MARKTWACHT_AUTH_KEY; where
// there is neither and one is needed, the file is made. All other secrets are kept as hashes. Any
// thread; the file is locked inside. Calls marked "slow" make or check a password hash (about 0.1 s
// of a processor and 64 MiB): not for an event loop. All others may wait for the disk.
class Auth {
 public:
  // DIR/auth.db, made where there is none (mode 0600).
  static std::expected<std::unique_ptr<Auth>, std::string> open(const std::string& data_dir,
                                                                const AuthTerms& terms = {});
  ~Auth();
  Auth(const Auth&) = delete;
  Auth& operator=(const Auth&) = delete;

  // --- users. A change of password and disabling end all of the user's sessions.
  AuthResult<void> add_user(std::string_view user_id, std::string_view password, Time now);  // slow
  AuthResult<void> set_password(std::string_view user_id, std::string_view password,
                                Time now);  // slow
  // One's own, which must be known (and a code, where there is a second factor): wrong ones slow
  // down as at a login. Slow.
  AuthResult<void> change_password(const Credentials& given, std::string_view password, Time now);
  // Is it themselves who asks, not somebody at their session? As above. Slow.
  AuthResult<void> check_self(const Credentials& given, Time now);
  AuthResult<void> set_disabled(std::string_view user_id, bool disabled, Time now);
  // One who never had a role; who had one is disabled.
  AuthResult<void> remove_user(std::string_view user_id);
  AuthResult<std::vector<UserEntry>> users();
  AuthResult<UserEntry> user(std::string_view user_id);

  // --- the second factor. Begun, then confirmed by a code; from then on asked at each login.
  AuthResult<TotpEnrolment> begin_totp(std::string_view user_id, Time now);
  AuthResult<void> confirm_totp(std::string_view user_id, std::string_view code, Time now);
  // Asked again when approving. Each code is good once.
  AuthResult<void> check_totp(std::string_view user_id, std::string_view code, Time now);
  AuthResult<void> remove_totp(std::string_view user_id, Time now);

  // --- what waits for a second administrator
  // The hash of a password that is good enough, for `wait`. Slow.
  AuthResult<std::string> hash_of(std::string_view user_id, std::string_view password);
  // Until `settle` none of it is in force.
  AuthResult<void> wait(const WaitingChange& change);
  // In force, or as if it had never been asked: a user or a token that was added goes. A password
  // or second factor that changes ends the user's sessions. Where nothing waits under that id,
  // nothing.
  AuthResult<void> settle(std::string_view change_id, bool in_force, Time now);
  AuthResult<std::optional<WaitingChange>> waiting_change(std::string_view change_id);
  // The ids of all that waits. A token that waits under none (a crash came before `wait`) goes.
  AuthResult<std::vector<std::string>> waiting();

  // --- sessions
  AuthResult<OpenedSession> log_in(const Credentials& given, Time now);  // slow
  AuthResult<void> log_out(std::string_view session);
  AuthResult<void> end_sessions(std::string_view user_id);
  // From a cookie's value, or from what stands behind "Bearer ". A request that has both is asked
  // as a machine. Nobody (monostate) for what is unknown, old, revoked or disabled.
  // From `remote` (empty: not counted) so many unknown tokens are taken, then it is told to wait;
  // a right one never waits.
  AuthResult<Who> who(std::string_view session, std::string_view bearer, Time now,
                      std::string_view remote = {});

  // --- API tokens. The token is shown this once.
  struct NewToken {
    std::string token_id, token;
  };
  AuthResult<NewToken> new_token(const TokenTerms& terms, Time now, bool waits = false);
  AuthResult<void> revoke_token(std::string_view token_id, Time now);
  AuthResult<std::vector<TokenEntry>> tokens();

  // --- the first user
  // A token for the set-up link; the one before is void. Refused when a user exists.
  AuthResult<std::string> new_setup(Time now);
  // May this make the first user, of that name and with that password? Record the user's role in
  // the journal between this and `set_up`: after a crash in between, a new link mends all.
  AuthResult<void> check_setup(std::string_view token, std::string_view user_id,
                               std::string_view password, Time now);
  AuthResult<void> set_up(std::string_view token, std::string_view user_id,
                          std::string_view password, Time now);  // slow

 private:
  struct State;
  explicit Auth(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// In constant time.
bool carries_csrf(const Person& person, std::string_view header);

}  // namespace marktwacht
