// Who may come in: set-up, login, one's own password and second factor, users.
#include <algorithm>
#include <utility>

#include "events/config_names.h"
#include "events/json_members.h"
#include "events/json_object.h"
#include "service/api_parts.h"
#include "service/people_changes.h"

namespace marktwacht {
namespace {

constexpr std::string_view session_cookie = "marktwacht_session";
constexpr ApiNeeds nobody{.right = {}, .scope = {}, .open = true};
constexpr ApiNeeds anybody{.right = {}, .scope = {}};
constexpr ApiNeeds user_keeper{.right = Right::users, .scope = {}};

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

// A user's has 64 bytes at most. A stranger's may have thousands, and the trail is kept for good.
std::string audited_name(std::string_view user_id) { return std::string(user_id.substr(0, 64)); }

// Logs in and answers with the session.
HttpResponse open_session(Api& api, ApiCall& call, const Credentials& given) {
  call.user_id = audited_name(given.user_id);
  auto opened = api.auth().log_in(given, call.now);
  if (!opened) {
    api.audit(call, "login", call.user_id, word_of(opened.error().why));
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
std::string record_first_user(Api& api, const std::string& user_id) {
  std::string text;
  ObjectWriter object(text);
  object.text("user_id", user_id);
  object.text("role", word_of(UserRole::administrator));
  object.boolean("disabled", false);
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
  if (auto may = api.auth().check_setup(*token, *user_id, *password, call.now); !may) {
    api.audit(call, "setup", audited_name(*user_id), word_of(may.error().why));
    return answer_error(may.error());
  }
  if (const auto wrong = record_first_user(api, *user_id); !wrong.empty()) {
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

// A session alone is not enough: whoever finds one open could approve as its user from then on.
HttpResponse begin_totp(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto password = body ? body->text("password_now") : std::nullopt;
  if (!password) {
    return bad_body("password_now");
  }
  const std::string totp = body->text("totp").value_or("");
  if (auto self = api.auth().check_self(
          {call.user_id, *password, totp, call.request.remote_address}, call.now);
      !self) {
    api.audit(call, "totp", call.user_id, word_of(self.error().why));
    return answer_error(self.error());
  }
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

// As the journal has it, also of one who is disabled.
std::optional<UserRole> recorded_role(Api& api, const std::string& user_id) {
  const auto role =
      api.ask([&](const Engine& engine) { return engine.enforcement().users().role_of(user_id); });
  return role ? *role : std::nullopt;
}

// What an administrator says of why; the journal wants a reason.
std::string reason_in(const JsonMembers& body, std::string_view otherwise) {
  std::string reason = body.text("reason").value_or("");
  return reason.empty() ? std::string(otherwise) : reason;
}

// The answer to a change: as it is now, and under which id it waits.
HttpResponse changed_answer(Api& api, const std::string& user_id, const std::string& change_id) {
  const auto entry = api.auth().user(user_id);
  if (!entry) {
    return answer_error(entry.error());
  }
  std::string json = "{\"user\":" + user_json(*entry, api.service().role(user_id));
  if (!change_id.empty()) {
    json += ",\"change_id\":" + json_string(change_id);
  }
  return json_response(200, json + "}");
}

// Decided, audited, answered.
HttpResponse change(Api& api, ApiCall& call, std::string_view act, const std::string& user_id,
                    const std::string& text, const std::string& reason,
                    std::optional<WaitingChange> beside = {}) {
  const auto changed =
      decide_change(api, call, DecisionKind::change_user, text, reason, std::move(beside));
  api.audit(call, act, user_id, changed ? "accepted" : "refused", reason);
  return changed ? changed_answer(api, user_id, *changed) : changed.error();
}

std::string role_text(const std::string& user_id, UserRole role, bool disabled) {
  std::string text;
  ObjectWriter object(text);
  object.text("user_id", user_id);
  object.text("role", word_of(role));
  object.boolean("disabled", disabled);
  object.end();
  return text;
}

HttpResponse add_user(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto user_id = body ? body->text("user_id") : std::nullopt;
  const auto role = body ? role_in(*body) : std::nullopt;
  const auto password = body ? body->text("password") : std::nullopt;
  if (!user_id || !role || !password) {
    return bad_body(!user_id ? "user_id" : !role ? "role" : "password");
  }
  // Who already may something is not given a password by one person alone.
  const bool has_role = recorded_role(api, *user_id).has_value();
  auto added = has_role ? AuthResult<void>(std::unexpected(AuthFault{
                              AuthRefusal::user_exists, "the journal has a user of that name"}))
                        : api.auth().add_user(*user_id, *password, call.now);
  if (!added) {
    api.audit(call, "user_add", *user_id, word_of(added.error().why));
    return answer_error(added.error());
  }
  HttpResponse answer =
      change(api, call, "user_add", *user_id, role_text(*user_id, *role, false),
             reason_in(*body, "a user is added"), WaitingChange{"", Waiting::user, *user_id, ""});
  if (answer.status != 200) {  // refused, or not recorded: as if it had never been asked
    static_cast<void>(api.auth().remove_user(*user_id));
  }
  return answer;
}

// Another one's password or second factor: whoever sets it could come in as them.
HttpResponse change_secret(Api& api, ApiCall& call, const std::string& user_id,
                           const JsonMembers& body) {
  WaitingChange beside{"", Waiting::totp, user_id, ""};
  std::string text;
  ObjectWriter object(text);
  object.text("user_id", user_id);
  const auto password = body.text("password");
  if (password) {
    auto hash = api.auth().hash_of(user_id, *password);
    if (!hash) {
      return answer_error(hash.error());
    }
    beside.what = Waiting::password;
    beside.password = *std::move(hash);
  }
  object.boolean(word_of(beside.what), true);
  object.end();
  return change(api, call, password ? "user_password" : "user_totp", user_id, text,
                reason_in(body, password ? "a password is set" : "a second factor is taken away"),
                std::move(beside));
}

HttpResponse change_user(Api& api, ApiCall& call) {
  const std::string user_id(call.request.segment("user_id"));
  const auto entry = api.auth().user(user_id);
  const auto body = body_of(call);
  if (!entry || !body) {
    return entry ? bad_body("") : answer_error(entry.error());
  }
  const bool of_role = body->has("role") || body->has("disabled");
  const bool no_totp = body->flag("totp") == false;
  if (of_role + body->has("password") + no_totp != 1) {
    return error_response(400, "bad_request",
                          "One change at a time: role and disabled, or password, or totp false.");
  }
  if (!of_role) {
    return change_secret(api, call, user_id, *body);
  }
  const auto known = recorded_role(api, user_id);
  const auto role = body->has("role") ? role_in(*body) : known ? known : UserRole::viewer;
  if (!role) {
    return bad_body("role");
  }
  const bool disabled = body->flag("disabled").value_or(entry->disabled);
  return change(api, call, "user_change", user_id, role_text(user_id, *role, disabled),
                reason_in(*body, "a user is changed"));
}

// One's own: who knows the old one may give a new one. All sessions end with it.
HttpResponse change_password(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto now = body ? body->text("password_now") : std::nullopt;
  const auto next = body ? body->text("password") : std::nullopt;
  if (!now || !next) {
    return bad_body(now ? "password" : "password_now");
  }
  const std::string totp = body->text("totp").value_or("");
  auto done = api.auth().change_password({call.user_id, *now, totp, call.request.remote_address},
                                         *next, call.now);
  api.audit(call, "password", call.user_id, done ? "accepted" : word_of(done.error().why));
  if (!done) {
    return answer_error(done.error());
  }
  HttpResponse response = no_content();
  response.cookies.push_back({std::string(session_cookie), "", 0});
  return response;
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
  api.add("POST", "/v1/setup", nobody, set_up);
  api.add("POST", "/v1/login", nobody, log_in);
  api.add("POST", "/v1/logout", anybody, log_out);
  api.add("GET", "/v1/session", anybody, session_of);
  api.add("POST", "/v1/totp", anybody, begin_totp);
  api.add("POST", "/v1/totp/confirm", anybody, confirm_totp);
  api.add("GET", "/v1/users", anybody, users);
  api.add("POST", "/v1/users", user_keeper, add_user);
  api.add("POST", "/v1/users/{user_id}", user_keeper, change_user);
  api.add("POST", "/v1/password", anybody, change_password);
}

}  // namespace marktwacht
