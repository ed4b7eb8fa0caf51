// Who may come in: set-up, login, second factors, users, tokens.
#include <algorithm>
#include <utility>

#include "events/config_names.h"
#include "events/json_members.h"
#include "events/json_object.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

constexpr std::string_view session_cookie = "marktwacht_session";
constexpr ApiNeeds nobody{.right = {}, .scope = {}, .open = true};
constexpr ApiNeeds anybody{.right = {}, .scope = {}};
constexpr ApiNeeds user_keeper{.right = Right::users, .scope = {}};
constexpr ApiNeeds key_keeper{.right = Right::keys, .scope = {}};

HttpResponse bad_body(std::string_view field) {
  return error_response(400, "bad_request", "This member is missing or of another form.", field);
}

HttpResponse no_content() {
  HttpResponse response;
  response.status = 204;
  response.content_type.clear();
  return response;
}

std::string session_json(const std::string& user_id, UserRole role, const std::string& csrf_token,
                         bool totp) {
  std::string json;
  ObjectWriter object(json);
  object.text("user_id", user_id);
  object.text("role", word_of(role));
  object.text("csrf_token", csrf_token);
  object.boolean("totp", totp);
  object.end();
  return json;
}

// Logs in and answers with the session.
HttpResponse open_session(Api& api, ApiCall& call, const Credentials& given) {
  call.user_id = given.user_id;
  auto opened = api.auth().log_in(given, call.now);
  if (!opened) {
    api.audit(call, "login", given.user_id, word_of(opened.error().why));
    return answer_error(opened.error());
  }
  const auto role = api.service().role(call.user_id);
  if (!role) {
    api.audit(call, "login", given.user_id, "forbidden", "no role");
    static_cast<void>(api.auth().log_out(opened->session));
    return error_response(403, "forbidden", "This user has no role.");
  }
  api.audit(call, "login", given.user_id, "accepted");
  const auto entry = api.auth().user(given.user_id);
  HttpResponse response = json_response(
      200, session_json(call.user_id, *role, opened->csrf_token, entry && entry->totp));
  response.cookies.push_back({std::string(session_cookie), opened->session, {}});
  return response;
}

HttpResponse log_in(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto user_id = body ? body->text("user_id") : std::nullopt;
  const auto password = body ? body->text("password") : std::nullopt;
  if (!user_id || !password) {
    return bad_body(user_id ? "password" : "user_id");
  }
  const std::string totp = body->text("totp").value_or("");
  return open_session(api, call, {*user_id, *password, totp, call.request.remote_address});
}

// A role is a record of the journal: durable when this returns. Empty: all is well.
std::string record_user(Api& api, const std::string& user_id, UserRole role, bool disabled) {
  std::string text;
  ObjectWriter object(text);
  object.text("user_id", user_id);
  object.text("role", word_of(role));
  object.boolean("disabled", disabled);
  object.end();
  const IntakeAnswer answer = record_config(api, user_config, text);
  return !answer.error.empty() ? answer.error : answer.rejected > 0 ? "the record is refused" : "";
}

std::optional<UserRole> role_in(const JsonMembers& body) {
  const auto& words = Words<UserRole>::list;
  const auto word = body.text("role");
  const auto found = word ? std::ranges::find(words, *word) : words.end();
  return found == words.end() ? std::nullopt
                              : std::optional(static_cast<UserRole>(found - words.begin()));
}

// The first user is an administrator: who then adds the others.
HttpResponse set_up(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto token = body ? body->text("token") : std::nullopt;
  const auto user_id = body ? body->text("user_id") : std::nullopt;
  const auto password = body ? body->text("password") : std::nullopt;
  if (!token || !user_id || !password) {
    return bad_body(!token ? "token" : !user_id ? "user_id" : "password");
  }
  if (auto may = api.auth().check_setup(*token, call.now); !may) {
    api.audit(call, "setup", *user_id, word_of(may.error().why));
    return answer_error(may.error());
  }
  if (const auto wrong = record_user(api, *user_id, UserRole::administrator, false);
      !wrong.empty()) {
    return unavailable(wrong);
  }
  if (auto done = api.auth().set_up(*token, *user_id, *password, call.now); !done) {
    api.audit(call, "setup", *user_id, word_of(done.error().why));
    return answer_error(done.error());
  }
  api.audit(call, "setup", *user_id, "accepted");
  return open_session(api, call, {*user_id, *password, "", call.request.remote_address});
}

HttpResponse session_of(Api& api, ApiCall& call) {
  const auto& person = std::get<Person>(call.who);
  static_cast<void>(api);
  return json_response(200, session_json(call.user_id, call.role, person.csrf_token, person.totp));
}

HttpResponse begin_totp(Api& api, ApiCall& call) {
  auto begun = api.auth().begin_totp(call.user_id, call.now);
  if (!begun) {
    return answer_error(begun.error());
  }
  std::string json;
  ObjectWriter object(json);
  object.text("secret", begun->secret);
  object.text("uri", begun->uri);
  object.end();
  return json_response(200, std::move(json));
}

HttpResponse confirm_totp(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  auto done = api.auth().confirm_totp(
      call.user_id, body ? body->text("totp").value_or("") : std::string(), call.now);
  api.audit(call, "totp", call.user_id, done ? "accepted" : word_of(done.error().why));
  return done ? no_content() : answer_error(done.error());
}

std::string user_json(const UserEntry& entry, std::optional<UserRole> role) {
  std::string json;
  ObjectWriter object(json);
  object.text("user_id", entry.user_id);
  object.text("role", role ? word_of(*role) : "viewer");
  object.boolean("disabled", entry.disabled || !role);
  object.boolean("totp", entry.totp);
  object.number("created_ts", entry.created_ts.ns);
  object.end();
  return json;
}

HttpResponse users(Api& api, ApiCall&) {
  const auto entries = api.auth().users();
  if (!entries) {
    return answer_error(entries.error());
  }
  std::vector<std::string> items;
  for (const UserEntry& entry : *entries) {
    items.push_back(user_json(entry, api.service().role(entry.user_id)));
  }
  return json_response(200, list_json(items, ""));
}

HttpResponse user_answer(Api& api, const std::string& user_id) {
  const auto entry = api.auth().user(user_id);
  return entry ? json_response(200,
                               "{\"user\":" + user_json(*entry, api.service().role(user_id)) + "}")
               : answer_error(entry.error());
}

HttpResponse add_user(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto user_id = body ? body->text("user_id") : std::nullopt;
  const auto role = body ? role_in(*body) : std::nullopt;
  const auto password = body ? body->text("password") : std::nullopt;
  if (!user_id || !role || !password) {
    return bad_body(!user_id ? "user_id" : !role ? "role" : "password");
  }
  if (auto added = api.auth().add_user(*user_id, *password, call.now); !added) {
    api.audit(call, "user_add", *user_id, word_of(added.error().why));
    return answer_error(added.error());
  }
  if (const auto wrong = record_user(api, *user_id, *role, false); !wrong.empty()) {
    return unavailable(wrong);
  }
  api.audit(call, "user_add", *user_id, "accepted", word_of(*role));
  return user_answer(api, *user_id);
}

HttpResponse change_user(Api& api, ApiCall& call) {
  const std::string user_id(call.request.segment("user_id"));
  const auto entry = api.auth().user(user_id);
  const auto body = body_of(call);
  if (!entry || !body) {
    return entry ? bad_body("") : answer_error(entry.error());
  }
  const auto before = api.service().role(user_id);
  const auto role = body->has("role") ? role_in(*body) : before;
  if (!role) {
    return bad_body("role");
  }
  const bool disabled = body->flag("disabled").value_or(entry->disabled);
  if (const auto password = body->text("password")) {
    if (auto done = api.auth().set_password(user_id, *password, call.now); !done) {
      return answer_error(done.error());
    }
  }
  if (role != before || disabled != entry->disabled) {
    if (const auto wrong = record_user(api, user_id, *role, disabled); !wrong.empty()) {
      return unavailable(wrong);
    }
    if (auto done = api.auth().set_disabled(user_id, disabled, call.now); !done) {
      return answer_error(done.error());
    }
  }
  api.audit(call, "user_change", user_id, "accepted",
            std::string(word_of(*role)) + (disabled ? ", disabled" : ""));
  return user_answer(api, user_id);
}

HttpResponse tokens(Api& api, ApiCall&) {
  const auto entries = api.auth().tokens();
  if (!entries) {
    return answer_error(entries.error());
  }
  std::vector<std::string> items;
  for (const TokenEntry& entry : *entries) {
    if (entry.revoked_ts) {
      continue;
    }
    ObjectWriter object(items.emplace_back());
    object.text("token_id", entry.token_id);
    const bool ingest = (entry.scopes & bit(TokenScope::ingest)) != 0;
    const bool commands = (entry.scopes & bit(TokenScope::commands)) != 0;
    object.text("scope", ingest ? "ingest" : commands ? "commands" : "read");
    object.text("source", entry.source);
    object.boolean("trusted", entry.trusted);
    object.number("created_ts", entry.created_ts.ns);
    if (entry.used_ts) {
      object.number("last_used_ts", entry.used_ts->ns);
    }
    object.end();
  }
  return json_response(200, list_json(items, ""));
}

HttpResponse add_token(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto& scopes = Words<TokenScope>::list;
  const auto word = body ? body->text("scope") : std::nullopt;
  const auto scope = word ? std::ranges::find(scopes, *word) : scopes.end();
  if (scope == scopes.end()) {
    return bad_body("scope");
  }
  TokenTerms terms{.scopes = bit(static_cast<TokenScope>(scope - scopes.begin())),
                   .source = body->text("source").value_or(""),
                   .trusted = body->flag("trusted").value_or(false)};
  auto made = api.auth().new_token(terms, call.now);
  api.audit(call, "token_new", terms.source, made ? "accepted" : word_of(made.error().why), *word);
  if (!made) {
    return answer_error(made.error());
  }
  std::string json;
  ObjectWriter object(json);
  object.text("token_id", made->token_id);
  object.text("token", made->token);
  object.end();
  return json_response(200, std::move(json));
}

HttpResponse revoke_token(Api& api, ApiCall& call) {
  const std::string token_id(call.request.segment("token_id"));
  auto done = api.auth().revoke_token(token_id, call.now);
  api.audit(call, "token_revoke", token_id, done ? "accepted" : word_of(done.error().why));
  return done ? no_content() : answer_error(done.error());
}

HttpResponse log_out(Api& api, ApiCall& call) {
  static_cast<void>(api.auth().log_out(call.request.cookie(session_cookie)));
  api.audit(call, "logout", call.user_id, "accepted");
  HttpResponse response = no_content();
  response.cookies.push_back({std::string(session_cookie), "", 0});
  return response;
}

}  // namespace

void answer_people(Api& api) {
  const auto with = [&api](HttpResponse (*handler)(Api&, ApiCall&)) {
    return [&api, handler](ApiCall& call) { return handler(api, call); };
  };
  api.add("POST", "/v1/setup", nobody, with(set_up));
  api.add("POST", "/v1/login", nobody, with(log_in));
  api.add("POST", "/v1/logout", anybody, with(log_out));
  api.add("GET", "/v1/session", anybody, with(session_of));
  api.add("POST", "/v1/totp", anybody, with(begin_totp));
  api.add("POST", "/v1/totp/confirm", anybody, with(confirm_totp));
  api.add("GET", "/v1/users", anybody, with(users));
  api.add("POST", "/v1/users", user_keeper, with(add_user));
  api.add("POST", "/v1/users/{user_id}", user_keeper, with(change_user));
  api.add("GET", "/v1/tokens", key_keeper, with(tokens));
  api.add("POST", "/v1/tokens", key_keeper, with(add_token));
  api.add("DELETE", "/v1/tokens/{token_id}", key_keeper, with(revoke_token));
}

}  // namespace marktwacht
