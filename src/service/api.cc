// The one gate that every request goes through.
#include "service/api.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "events/json_minify.h"
#include "service/clocks.h"

namespace marktwacht {
namespace {

constexpr std::string_view session_cookie = "marktwacht_session";

bool changes_something(const HttpRequest& request) {
  return request.method != "GET" && request.method != "HEAD";
}

std::string_view bearer_of(const HttpRequest& request) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view header = request.header("Authorization");
  return header.starts_with(scheme) ? header.substr(scheme.size()) : std::string_view{};
}

HttpResponse forbidden(std::string_view message) {
  return error_response(403, "forbidden", message);
}

}  // namespace

std::expected<ApiCall, HttpResponse> Api::admit(HttpRequest request, const ApiNeeds& needs) {
  ApiCall call{.request = std::move(request), .now = wall_time()};
  if (needs.open) {
    return call;
  }
  auto who = auth().who(call.request.cookie(session_cookie), bearer_of(call.request), call.now,
                        call.request.remote_address);
  if (!who) {
    note_stranger(call, word_of(who.error().why));
    return std::unexpected(answer_error(who.error()));
  }
  call.who = *std::move(who);
  if (std::holds_alternative<std::monostate>(call.who)) {
    note_stranger(call, "unauthenticated");
    return std::unexpected(
        error_response(401, "unauthenticated", "Log in, or send a token that is valid."));
  }
  if (auto refused = refusal(call, needs)) {
    audit(call, call.request.method + " " + call.request.path, "", "forbidden");
    return std::unexpected(*std::move(refused));
  }
  return call;
}

bool Api::knows(const HttpRequest& head) {
  const auto who = auth().who(head.cookie(session_cookie), bearer_of(head), wall_time());
  return who && !std::holds_alternative<std::monostate>(*who);
}

// Who tries a token, or to change something, and from where. Not what every page asks before
// somebody has logged in.
void Api::note_stranger(const ApiCall& call, std::string_view outcome) {
  constexpr std::size_t path_bytes_max = 200;  // a stranger's: the trail is kept for good
  if (!changes_something(call.request) && bearer_of(call.request).empty()) {
    return;
  }
  const StrangerRows::Verdict verdict = stranger_rows_.take(call.now);
  if (verdict.left_out > 0) {
    audit_soon(call, "strangers", "", "refused",
               std::to_string(verdict.left_out) + " more before this are not listed");
  }
  if (verdict.is_listed) {
    audit_soon(call, call.request.method + " " + call.request.path.substr(0, path_bytes_max),
               call.request.remote_address, outcome);
  }
}

// Fills in who it is on the way.
std::optional<HttpResponse> Api::refusal(ApiCall& call, const ApiNeeds& needs) {
  if (const auto* machine = std::get_if<Machine>(&call.who)) {
    return needs.any_token || (needs.scope && machine->has(*needs.scope))
               ? std::nullopt
               : std::optional(forbidden("This token's scopes do not include that."));
  }
  const auto& person = std::get<Person>(call.who);
  call.user_id = person.user_id;
  const auto role = service().role(person.user_id);
  if (!role) {
    return forbidden("This user has no role.");
  }
  call.role = *role;
  if (changes_something(call.request) &&
      !carries_csrf(person, call.request.header("X-CSRF-Token"))) {
    return error_response(403, "csrf", "The header X-CSRF-Token is missing or wrong.");
  }
  if (needs.right && !has_right(*role, *needs.right)) {
    return forbidden("The role " + std::string(word_of(*role)) + " may not do that.");
  }
  return std::nullopt;
}

void Api::add_late(std::string_view method, std::string_view pattern, const ApiNeeds& needs,
                   LateHandler handler) {
  router_.add(method, pattern,
              [this, needs, handler = std::move(handler)](HttpRequest request, HttpAnswer answer) {
                auto call = admit(std::move(request), needs);
                if (!call) {
                  return answer.send(std::move(call.error()));
                }
                handler(*std::move(call), std::move(answer));
              });
}

// A fault in answering one question must not end surveillance with it.
HttpResponse Api::answer_of(const Handler& handler, ApiCall& call) {
  try {
    return handler(call);
  } catch (const std::exception& fault) {
    audit(call, call.request.method + " " + call.request.path, "", "failed", fault.what());
    return error_response(500, "internal", "The service could not answer; this is its fault.");
  }
}

void Api::add(std::string_view method, std::string_view pattern, const ApiNeeds& needs,
              Handler handler) {
  const auto shared = std::make_shared<Handler>(std::move(handler));
  router_.add(method, pattern, [this, needs, shared](HttpRequest request, HttpAnswer answer) {
    // std::function wants what can be copied.
    const auto held =
        std::make_shared<std::pair<HttpRequest, HttpAnswer>>(std::move(request), std::move(answer));
    const bool taken = workers().run([this, needs, shared, held] {
      auto call = admit(std::move(held->first), needs);
      held->second.send(call ? answer_of(*shared, *call) : std::move(call.error()));
    });
    if (!taken) {
      held->second.send(unavailable("Too many requests wait; try again."));
    }
  });
}

namespace {

AuditRow audit_row(const ApiCall& call, std::string_view act, std::string_view target,
                   std::string_view outcome, std::string_view detail) {
  AuditRow row{.at = call.now,
               .user_id = call.user_id,
               .source = call.request.remote_address,
               .act = std::string(act),
               .target = std::string(target),
               .outcome = std::string(outcome),
               .detail = std::string(detail)};
  if (const auto* machine = std::get_if<Machine>(&call.who)) {
    row.token_id = machine->token_id;
  }
  return row;
}

}  // namespace

void Api::audit(const ApiCall& call, std::string_view act, std::string_view target,
                std::string_view outcome, std::string_view detail) {
  audit(audit_row(call, act, target, outcome, detail));
}

void Api::audit_soon(const ApiCall& call, std::string_view act, std::string_view target,
                     std::string_view outcome, std::string_view detail) {
  const AuditRow row = audit_row(call, act, target, outcome, detail);
  if (!workers().run([this, row] { audit(row); })) {
    audit(row);  // however busy it is: on record
  }
}

void Api::audit(AuditRow row) {
  const std::lock_guard lock(audit_mutex_);
  if (auto done = parts_.audit.append({&row, 1}); !done) {
    service().note("the audit trail cannot be written: " + done.error());
  }
}

std::set<std::string> Api::restricted() {
  return ask([](const Engine& engine) {
           std::set<std::string> accounts;
           for (const auto& [subject, state] : engine.enforcement().measures().subjects()) {
             if (subject.kind == SubjectKind::account && !state.measures.empty()) {
               accounts.insert(subject.id);
             }
           }
           return accounts;
         })
      .value_or(std::set<std::string>());
}

std::expected<StoreReader*, std::string> Api::store() {
  static thread_local std::optional<StoreReader> reader;
  static thread_local const Api* of = nullptr;
  if (!reader || of != this) {
    auto opened = StoreReader::open(service().store_path());
    if (!opened) {
      return std::unexpected(opened.error());
    }
    reader.emplace(*std::move(opened));
    of = this;
  }
  return &*reader;
}

// Checked, then without its spaces: what JsonMembers asks for.
std::optional<JsonMembers> body_of(ApiCall& call) {
  auto minified = minified_json(call.request.body);
  if (!minified) {
    return std::nullopt;
  }
  call.request.body = *std::move(minified);
  return JsonMembers::of(call.request.body);
}

HttpResponse answer_error(const StoreError& error) {
  return error.field.empty() ? error_response(500, "store", error.message)
                             : error_response(400, "bad_request", error.message, error.field);
}

HttpResponse answer_error(const AuthFault& fault) {
  const std::string_view code = word_of(fault.why);
  switch (fault.why) {
    case AuthRefusal::unavailable:
      return unavailable(fault.text);
    case AuthRefusal::wrong:
      return error_response(401, code, fault.text);
    case AuthRefusal::totp_needed:
      return error_response(401, code, fault.text, "totp");
    case AuthRefusal::throttled: {
      HttpResponse response = error_response(429, "rate_limited", fault.text);
      const std::int64_t wait_s = (fault.until.ns - wall_time().ns) / second.ns + 1;
      response.headers.push_back(
          {"Retry-After", std::to_string(std::max<std::int64_t>(1, wait_s))});
      return response;
    }
    case AuthRefusal::unknown_user:
      return error_response(404, "not_found", fault.text);
    case AuthRefusal::user_exists:
    case AuthRefusal::setup_over:
      return error_response(409, code, fault.text);
    default:
      return error_response(400, code, fault.text);
  }
}

HttpResponse not_found(std::string_view what) {
  return error_response(404, "not_found", "There is no such " + std::string(what) + ".");
}

HttpResponse unavailable(std::string_view why, std::string_view code) {
  HttpResponse response = error_response(503, code, why);
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

std::expected<ListPart, HttpResponse> list_part(const ApiCall& call) {
  ListPart part{.sort = call.parameter("sort"), .cursor = call.parameter("cursor")};
  if (const std::string limit = call.parameter("limit"); !limit.empty()) {
    const auto [end, bad] = std::from_chars(limit.data(), limit.data() + limit.size(), part.limit);
    if (bad != std::errc{} || end != limit.data() + limit.size() || part.limit < 1 ||
        part.limit > ListPart::limit_max) {
      return std::unexpected(error_response(400, "bad_request", "1 to 1000", "limit"));
    }
  }
  return part;
}

std::string list_json(std::span<const std::string> items, std::string_view next_cursor,
                      std::string_view more) {
  std::string json = "{\"items\":[";
  for (const std::string& item : items) {
    json += json.back() == '[' ? "" : ",";
    json += item;
  }
  json += "]";
  if (!next_cursor.empty()) {
    json += ",\"next_cursor\":" + json_string(next_cursor);
  }
  json += more;
  return json + "}";
}

std::string total_json(std::optional<std::int64_t> total) {
  return total ? ",\"total\":" + std::to_string(*total) : "";
}

}  // namespace marktwacht
