// The file and its users.
#include "edges/auth/auth.h"

#include <algorithm>
#include <array>

#include "base/sha256.h"
#include "edges/auth/auth_state.h"

namespace marktwacht {
namespace {

// Secrets of second factors must be known again to be checked, so they are sealed; all others are
// hashes.
constexpr std::array<std::string_view, 2> schema_steps{
    "CREATE TABLE users (user_id TEXT PRIMARY KEY, password TEXT NOT NULL, "
    "disabled INTEGER NOT NULL DEFAULT 0, totp_secret BLOB, totp_pending BLOB, "
    "totp_used_step INTEGER NOT NULL DEFAULT 0, created_ts INTEGER NOT NULL, "
    "changed_ts INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE sessions (hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, "
    "created_ts INTEGER NOT NULL, seen_ts INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX sessions_by_user ON sessions (user_id, seen_ts);"
    "CREATE TABLE tokens (token_id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, "
    "scopes INTEGER NOT NULL, source TEXT NOT NULL, trusted INTEGER NOT NULL, types TEXT NOT NULL, "
    "created_ts INTEGER NOT NULL, expires_ts INTEGER, revoked_ts INTEGER, used_ts INTEGER) "
    "WITHOUT ROWID;"
    "CREATE TABLE setup (one INTEGER PRIMARY KEY CHECK (one = 1), hash TEXT NOT NULL, "
    "until_ts INTEGER NOT NULL);",
    "ALTER TABLE tokens ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE waiting (change_id TEXT PRIMARY KEY, what TEXT NOT NULL, id TEXT NOT NULL, "
    "password TEXT NOT NULL) WITHOUT ROWID;"};
constexpr DatabaseSchema schema{0x6D776175, schema_steps};  // "mwau"

bool is_user_id(std::string_view user_id) {
  return !user_id.empty() && user_id.size() <= 64 && std::ranges::all_of(user_id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '@';
  });
}

constexpr std::string_view user_columns =
    "SELECT user_id, disabled, totp_secret, created_ts, changed_ts FROM users ";

UserEntry entry_of(const SqlStatement& row) {
  return {std::string(row.text(0)), row.integer(1) != 0, !row.is_null(2), Time{row.integer(3)},
          Time{row.integer(4)}};
}

}  // namespace

std::string kept_hash(std::string_view secret) { return hex(sha256(secret)); }

AuthResult<void> Auth::State::is_good(std::string_view user_id, std::string_view password) {
  if (!is_user_id(user_id)) {
    return auth_fault(AuthRefusal::bad_user_id,
                      "a user's name has 1 to 64 characters of a-z A-Z 0-9 . _ - @");
  }
  if (std::string fault = password_fault(password, user_id); !fault.empty()) {
    return auth_fault(AuthRefusal::weak_password, std::move(fault));
  }
  return {};
}

AuthResult<std::string> Auth::State::new_password_hash(std::string_view user_id,
                                                       std::string_view password) {
  if (auto good = is_good(user_id, password); !good) {
    return std::unexpected(good.error());
  }
  hashing.acquire();
  auto made = hash_password(password, {terms.password_memory_kib, terms.password_passes});
  hashing.release();
  if (!made) {
    return auth_fault(AuthRefusal::unavailable, "no memory for the hash of a password");
  }
  return *std::move(made);
}

bool Auth::State::matches(const std::string& hash, std::string_view password) {
  hashing.acquire();
  const bool same = is_password(hash, password);
  hashing.release();
  return same;
}

AuthResult<void> Auth::State::may_add(std::string_view user_id) {
  // Two that differ in capitals only would be taken for one another.
  auto same = row("SELECT 1 FROM users WHERE user_id = ? COLLATE NOCASE", user_id);
  if (!same) {
    return std::unexpected(same.error());
  }
  if (*same) {
    return auth_fault(AuthRefusal::user_exists, "there is a user of that name");
  }
  return {};
}

AuthResult<void> Auth::State::insert_user(std::string_view user_id, const std::string& hash,
                                          Time now) {
  if (auto free = may_add(user_id); !free) {
    return free;
  }
  return write("INSERT INTO users (user_id, password, created_ts, changed_ts) VALUES (?, ?, ?, ?)",
               user_id, hash, now.ns, now.ns);
}

AuthResult<void> Auth::State::end_sessions(std::string_view user_id) {
  return write("DELETE FROM sessions WHERE user_id = ?", user_id);
}

Auth::Auth(std::unique_ptr<State> state) : state_(std::move(state)) {}
Auth::~Auth() = default;

std::expected<std::unique_ptr<Auth>, std::string> Auth::open(const std::string& data_dir,
                                                             const AuthTerms& terms) {
  auto database = Database::open(data_dir + "/auth.db");
  if (!database) {
    return std::unexpected(database.error());
  }
  if (auto done = database->run("PRAGMA secure_delete=ON"); !done) {
    return std::unexpected(done.error());
  }
  if (auto done = database->migrate(schema); !done) {
    return std::unexpected(done.error());
  }
  auto state = std::make_unique<State>(*std::move(database), data_dir, terms);
  if (auto sealed = state->seal_plain_secrets(); !sealed) {
    return std::unexpected(sealed.error().text);
  }
  return std::unique_ptr<Auth>(new Auth(std::move(state)));
}

AuthResult<void> Auth::add_user(std::string_view user_id, std::string_view password, Time now) {
  const auto hash = state_->new_password_hash(user_id, password);
  if (!hash) {
    return std::unexpected(hash.error());
  }
  const std::lock_guard lock(state_->mutex);
  return state_->insert_user(user_id, *hash, now);
}

AuthResult<void> Auth::set_password(std::string_view user_id, std::string_view password, Time now) {
  const auto hash = state_->new_password_hash(user_id, password);
  if (!hash) {
    return std::unexpected(hash.error());
  }
  const std::lock_guard lock(state_->mutex);
  return state_->change_hash(user_id, *hash, now);
}

AuthResult<void> Auth::State::change_hash(std::string_view user_id, const std::string& hash,
                                          Time now) {
  auto ended = end_sessions(user_id);
  return ended ? write_user("UPDATE users SET password = ?, changed_ts = ? WHERE user_id = ?", hash,
                            now.ns, user_id)
               : ended;
}

AuthResult<void> Auth::set_disabled(std::string_view user_id, bool disabled, Time now) {
  const std::lock_guard lock(state_->mutex);
  auto ended = state_->end_sessions(user_id);
  return ended
             ? state_->write_user("UPDATE users SET disabled = ?, changed_ts = ? WHERE user_id = ?",
                                  disabled, now.ns, user_id)
             : ended;
}

AuthResult<std::vector<UserEntry>> Auth::users() {
  const std::lock_guard lock(state_->mutex);
  std::vector<UserEntry> all;
  auto row = state_->row(std::string(user_columns) + "ORDER BY user_id");
  while (row && *row) {
    all.push_back(entry_of(**row));
    const auto next = (*row)->step();
    if (!next) {
      return auth_fault(AuthRefusal::unavailable, next.error());
    }
    if (!*next) {
      break;
    }
  }
  return row ? AuthResult<std::vector<UserEntry>>(std::move(all)) : std::unexpected(row.error());
}

AuthResult<UserEntry> Auth::user(std::string_view user_id) {
  const std::lock_guard lock(state_->mutex);
  const auto row = state_->row(std::string(user_columns) + "WHERE user_id = ?", user_id);
  if (!row) {
    return std::unexpected(row.error());
  }
  if (!*row) {
    return auth_fault(AuthRefusal::unknown_user, "there is no such user");
  }
  return entry_of(**row);
}

}  // namespace marktwacht
