// The second factor of users; its secrets are sealed in the file.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "edges/auth/auth_state.h"
#include "edges/auth/totp.h"
#include "edges/secrets/key_file.h"
#include "edges/secrets/random.h"

namespace marktwacht {
namespace {

constexpr std::size_t secret_bytes = 20;  // sealed, it has more
constexpr const char* key_variable = "MARKTWACHT_AUTH_KEY";

std::string place_of(std::string_view user_id) { return "totp\n" + std::string(user_id); }

std::expected<std::string, std::string> load_or_make(const std::string& folder) {
  const std::string path = folder + "/auth.key";
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return load_key(path, key_variable);
  }
  if (std::getenv(key_variable) != nullptr) {
    return load_key("", key_variable);
  }
  mkdir(folder.c_str(), 0700);  // what it is not good for, the next line says
  return make_key_file(path);
}

}  // namespace

AuthResult<SealKey> Auth::State::seal_key() {
  if (!secrets_key) {
    auto key = load_or_make(data_dir + "/keys");
    if (!key) {
      return auth_fault(AuthRefusal::unavailable, "the key of second factors: " + key.error());
    }
    secrets_key = SealKey::of(*key, "marktwacht totp 1");
    wipe(*key);
  }
  return *secrets_key;
}

AuthResult<std::string> Auth::State::sealed_secret(std::string_view user_id,
                                                   std::string_view secret) {
  const auto key = seal_key();
  return key ? AuthResult<std::string>(seal(*key, secret, place_of(user_id)))
             : std::unexpected(key.error());
}

// Fails closed: who has a second factor does not come in without it.
AuthResult<std::string> Auth::State::open_secret(std::string_view user_id,
                                                 std::string_view sealed) {
  const auto key = seal_key();
  if (!key) {
    return std::unexpected(key.error());
  }
  auto secret = unseal(*key, sealed, place_of(user_id));
  return secret ? AuthResult<std::string>(*std::move(secret))
                : auth_fault(AuthRefusal::unavailable,
                             "second factors were sealed under another key than that of "
                             "DIR/keys/auth.key or MARKTWACHT_AUTH_KEY");
}

AuthResult<void> Auth::State::seal_plain_secrets() {
  bool any = false;
  for (const std::string column : {"totp_secret", "totp_pending"}) {
    for (;;) {
      auto found = row("SELECT user_id, " + column + " FROM users WHERE length(" + column + ") = ?",
                       secret_bytes);
      if (!found || !*found) {
        if (!found) {
          return std::unexpected(found.error());
        }
        break;
      }
      const std::string user_id((*found)->text(0));
      const auto sealed = sealed_secret(user_id, (*found)->blob(1));
      found->reset();
      auto update = database.prepare("UPDATE users SET " + column + " = ? WHERE user_id = ?");
      if (!sealed || !update) {
        return sealed ? auth_fault(AuthRefusal::unavailable, update.error())
                      : AuthResult<void>(std::unexpected(sealed.error()));
      }
      update->bind_blob(0, *sealed);
      update->bind(1, user_id);
      if (const auto done = update->step(); !done) {
        return auth_fault(AuthRefusal::unavailable, done.error());
      }
      any = true;
    }
  }
  if (any) {  // the log has the pages as they were
    if (auto done = database.run("PRAGMA wal_checkpoint(TRUNCATE)"); !done) {
      return auth_fault(AuthRefusal::unavailable, done.error());
    }
  }
  return {};
}

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
  auto secret = open_secret(user_id, (*found)->blob(0));
  if (!secret) {
    return std::unexpected(secret.error());
  }
  // A new secret's codes were never used, whatever was of the old one's.
  const std::int64_t used = factor == Factor::confirmed ? (*found)->integer(1) : 0;
  const auto step = find_totp_step(*secret, code, now, used);
  wipe(*secret);
  found->reset();
  if (!step) {
    return auth_fault(AuthRefusal::wrong, "this code is wrong, too old or was used already");
  }
  return write("UPDATE users SET totp_used_step = ? WHERE user_id = ?", *step, user_id);
}

AuthResult<TotpEnrolment> Auth::begin_totp(std::string_view user_id, Time now) {
  std::string secret(secret_bytes, '\0');
  fill_random({reinterpret_cast<std::uint8_t*>(secret.data()), secret.size()});
  const std::lock_guard lock(state_->mutex);
  const auto sealed = state_->sealed_secret(user_id, secret);
  if (!sealed) {
    return std::unexpected(sealed.error());
  }
  auto statement = state_->database.prepare(
      "UPDATE users SET totp_pending = ?, changed_ts = ? WHERE user_id = ?");
  if (!statement) {
    return auth_fault(AuthRefusal::unavailable, statement.error());
  }
  statement->bind_blob(0, *sealed);
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
  // In the address's place the user: nobody waits for another's wrong codes.
  if (const auto until = state_->codes.begin(user_id, user_id, now)) {
    return auth_fault(AuthRefusal::throttled, "too many wrong codes: wait", *until);
  }
  auto spent = state_->spend_code(user_id, code, now);
  if (spent) {
    state_->codes.forgive(user_id, user_id, now);
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
