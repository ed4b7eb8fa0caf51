// API tokens and the set-up link.
#include <algorithm>

#include "edges/auth/auth_state.h"
#include "edges/secrets/random.h"

namespace marktwacht {
namespace {

constexpr TokenScopes known_scopes =
    bit(TokenScope::ingest) | bit(TokenScope::commands) | bit(TokenScope::read);

bool allows(const TokenTerms& terms, Origin origin) {
  const bool ingests = (terms.scopes & bit(TokenScope::ingest)) != 0;
  return (ingests && (origin == Origin::feed || (origin == Origin::trusted && terms.trusted))) ||
         (origin == Origin::command && (terms.scopes & bit(TokenScope::commands)) != 0);
}

std::string fault_of(const TokenTerms& terms) {
  const bool commands = (terms.scopes & bit(TokenScope::commands)) != 0;
  const bool sends = commands || (terms.scopes & bit(TokenScope::ingest)) != 0;
  if (terms.scopes == 0 || (terms.scopes & ~known_scopes) != 0) {
    return "a token has a scope: ingest, commands or read";
  }
  if (commands && terms.scopes != bit(TokenScope::commands)) {
    return "a token of scope commands has no other";
  }
  if (sends == terms.source.empty() || terms.source.size() > id_bytes_max) {
    return sends ? "a token that sends events names its source, of 1 to 128 bytes"
                 : "a token that only reads has no source";
  }
  if (terms.trusted && (terms.scopes & bit(TokenScope::ingest)) == 0) {
    return "only a token of scope ingest can be trusted";
  }
  for (const std::string& type : terms.types) {
    const EventInfo* const info = find_event_info(type);
    if (info == nullptr || !allows(terms, info->origin)) {
      return "events of type " + type + " are not for this token";
    }
  }
  return "";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ",") + word;
  }
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    words.emplace_back(text.substr(0, comma));
    text = comma == text.npos ? std::string_view{} : text.substr(comma + 1);
  }
  return words;
}

std::optional<Time> time_of(const SqlStatement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(Time{row.integer(column)});
}

std::optional<std::int64_t> ns_of(const std::optional<Time>& time) {
  return time ? std::optional(time->ns) : std::nullopt;
}

}  // namespace

TokenEntry token_of_row(const SqlStatement& row) {
  TokenEntry entry;
  entry.token_id = row.text(0);
  entry.scopes = static_cast<TokenScopes>(row.integer(1));
  entry.source = row.text(2);
  entry.trusted = row.integer(3) != 0;
  entry.types = split(row.text(4));
  entry.created_ts = Time{row.integer(5)};
  entry.expires_ts = time_of(row, 6);
  entry.revoked_ts = time_of(row, 7);
  entry.used_ts = time_of(row, 8);
  entry.waits = row.integer(9) != 0;
  return entry;
}

AuthResult<Auth::NewToken> Auth::new_token(const TokenTerms& terms, Time now, bool waits) {
  std::string fault = fault_of(terms);
  if (fault.empty() && terms.expires_ts && *terms.expires_ts <= now) {
    fault = "a token that is over already";
  }
  if (!fault.empty()) {
    return auth_fault(AuthRefusal::bad_token, std::move(fault));
  }
  NewToken made{"t-" + random_hex(6), "mwt_" + random_hex(32)};
  const std::lock_guard lock(state_->mutex);
  auto done = state_->write(
      "INSERT INTO tokens (token_id, hash, scopes, source, trusted, types, created_ts, expires_ts, "
      "waits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      made.token_id, kept_hash(made.token), terms.scopes, terms.source, terms.trusted,
      joined(terms.types), now.ns, ns_of(terms.expires_ts), waits);
  return done ? AuthResult<NewToken>(std::move(made)) : std::unexpected(done.error());
}

AuthResult<void> Auth::revoke_token(std::string_view token_id, Time now) {
  const std::lock_guard lock(state_->mutex);
  auto done =
      state_->write("UPDATE tokens SET revoked_ts = coalesce(revoked_ts, ?) WHERE token_id = ?",
                    now.ns, token_id);
  if (done && state_->database.changes() == 0) {
    return auth_fault(AuthRefusal::bad_token, "there is no such token");
  }
  return done;
}

AuthResult<std::vector<TokenEntry>> Auth::tokens() {
  const std::lock_guard lock(state_->mutex);
  std::vector<TokenEntry> all;
  std::string sql(token_columns);
  sql += "ORDER BY created_ts, token_id";
  auto row = state_->row(sql);
  while (row && *row) {
    all.push_back(token_of_row(**row));
    const auto next = (*row)->step();
    if (!next) {
      return auth_fault(AuthRefusal::unavailable, next.error());
    }
    if (!*next) {
      break;
    }
  }
  return row ? AuthResult<std::vector<TokenEntry>>(std::move(all)) : std::unexpected(row.error());
}

// --- the first user

AuthResult<void> Auth::State::is_setup(std::string_view token, Time now) {
  const auto any = any_user();
  const auto found = row("SELECT until_ts FROM setup WHERE hash = ?", kept_hash(token));
  if (!any || !found) {
    return std::unexpected(any ? found.error() : any.error());
  }
  if (*any || !*found || now >= Time{(*found)->integer(0)}) {
    return auth_fault(AuthRefusal::setup_over,
                      "this set-up link is wrong, spent or too old; a restart prints a new one "
                      "while there is no user");
  }
  return {};
}

AuthResult<std::string> Auth::new_setup(Time now) {
  const std::lock_guard lock(state_->mutex);
  const auto any = state_->any_user();
  if (!any) {
    return std::unexpected(any.error());
  }
  if (*any) {
    return auth_fault(AuthRefusal::setup_over, "there are users already");
  }
  std::string token = random_hex(32);
  auto done = state_->write("INSERT OR REPLACE INTO setup VALUES (1, ?, ?)", kept_hash(token),
                            (now + state_->terms.setup_age_max).ns);
  return done ? AuthResult<std::string>(std::move(token)) : std::unexpected(done.error());
}

AuthResult<void> Auth::check_setup(std::string_view token, std::string_view user_id,
                                   std::string_view password, Time now) {
  const std::lock_guard lock(state_->mutex);
  auto good = state_->is_setup(token, now);
  return good ? State::is_good(user_id, password) : good;
}

AuthResult<void> Auth::set_up(std::string_view token, std::string_view user_id,
                              std::string_view password, Time now) {
  if (auto good = check_setup(token, user_id, password, now); !good) {
    return good;  // before a password is hashed: anybody may ask
  }
  const auto hash = state_->new_password_hash(user_id, password);
  if (!hash) {
    return std::unexpected(hash.error());
  }
  const std::lock_guard lock(state_->mutex);
  if (auto good = state_->is_setup(token, now); !good) {
    return good;
  }
  auto done = state_->insert_user(user_id, *hash, now);
  return done ? state_->write("DELETE FROM setup") : done;
}

}  // namespace marktwacht
