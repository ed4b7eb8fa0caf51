// The HTTP API: who asks, whether they may, and which file answers what. openapi.json describes it;
// docs/api.md.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "edges/auth/auth.h"
#include "edges/auth/rights.h"
#include "edges/http/router.h"
#include "edges/reports/stor.h"
#include "edges/sqlite/audit.h"
#include "edges/sqlite/store_reader.h"
#include "edges/webhook/webhook.h"
#include "events/json_members.h"
#include "service/alarms.h"
#include "service/alert_lines.h"
#include "service/backtests.h"
#include "service/canary_watch.h"
#include "service/edge_privacy.h"
#include "service/event_feed.h"
#include "service/rates.h"
#include "service/rejected_lines.h"
#include "service/service.h"
#include "service/source_watch.h"
#include "service/stranger_rows.h"
#include "service/webhook_keys.h"
#include "service/workers.h"

namespace marktwacht {

// One request that may be answered: who asks is known, and allowed to.
struct ApiCall {
  HttpRequest request;
  Who who = {};
  std::string user_id = {};  // of a person
  UserRole role{};           // of a person
  Time now;                  // wall clock

  std::string parameter(std::string_view name) const {
    return std::string(request.query_value(name).value_or(""));
  }
};

// What a request needs.
struct ApiNeeds {
  std::optional<Right> right = Right::read;            // of a person; nothing: to be logged in
  std::optional<TokenScope> scope = TokenScope::read;  // of a token; nothing: no token may
  bool any_token = false;                              // the handler judges its scopes
  bool open = false;                                   // nobody need be known
};

class Api {
 public:
  using Handler = std::function<HttpResponse(ApiCall&)>;
  // Answers later, on any thread.
  using LateHandler = std::function<void(ApiCall, HttpAnswer)>;

  struct Parts {
    Service& service;
    Auth& auth;
    AuditTrail& audit;
    Workers& workers;
    EventFeed& feed;
    AlertLines& alert_lines;
    Backtests& backtests;
    Rates& rates;
    RejectedLines& rejected;
    Alarms& alarms;
    SourceWatch& watch;
    CanaryWatch& canary;
    Time started;            // wall clock
    EdgePrivacy* privacy;    // nullptr: there is no deployment key
    const StorFiler& filer;  // who reports, and of what
    std::function<HttpCounters()> http_counters;
    std::function<std::optional<WebhookCounts>()> webhook_counts;  // nothing: there is none
    WebhookKeys* webhook_keys = nullptr;                           // likewise
  };

  explicit Api(const Parts& parts) : parts_(parts) {}
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // On a worker's thread.
  void add(std::string_view method, std::string_view pattern, const ApiNeeds& needs,
           Handler handler);
  void add(std::string_view method, std::string_view pattern, const ApiNeeds& needs,
           HttpResponse (*handler)(Api&, ApiCall&)) {
    add(method, pattern, needs, [this, handler](ApiCall& call) { return handler(*this, call); });
  }
  // On the server's thread: must not wait.
  void add_late(std::string_view method, std::string_view pattern, const ApiNeeds& needs,
                LateHandler handler);

  Service& service() { return parts_.service; }
  Auth& auth() { return parts_.auth; }
  EventFeed& feed() { return parts_.feed; }
  EdgePrivacy* privacy() { return parts_.privacy; }
  Rates& rates() { return parts_.rates; }
  RejectedLines& rejected() { return parts_.rejected; }
  Alarms& alarms() { return parts_.alarms; }
  SourceWatch& watch() { return parts_.watch; }
  CanaryWatch& canary() { return parts_.canary; }
  const StorFiler& filer() const { return parts_.filer; }
  Time started() const { return parts_.started; }
  std::optional<WebhookCounts> webhook_counts() const { return parts_.webhook_counts(); }
  HttpCounters http_counters() const { return parts_.http_counters(); }
  WebhookKeys* webhook_keys() { return parts_.webhook_keys; }
  Backtests& backtests() { return parts_.backtests; }
  AlertLines& alert_lines() { return parts_.alert_lines; }
  Workers& workers() { return parts_.workers; }
  HttpRouter& router() { return router_; }
  // Does a request that begins so come from somebody with a session or a token?
  bool knows(const HttpRequest& head);

  // An act or a refused one, on record. Waits for the disk.
  void audit(const ApiCall& call, std::string_view act, std::string_view target,
             std::string_view outcome, std::string_view detail = {});
  // The same from a thread that must not wait for the disk.
  void audit_soon(const ApiCall& call, std::string_view act, std::string_view target,
                  std::string_view outcome, std::string_view detail = {});
  // What nobody asked for: the service's own.
  void audit(AuditRow row);
  // This thread's own connection.
  std::expected<StoreReader*, std::string> store();
  // Accounts that something is denied to now. Waits.
  std::set<std::string> restricted();
  // What `question` says of the engine as it is now; nothing where none can answer. Waits.
  template <class Question>
  auto ask(Question question) -> std::optional<decltype(question(std::declval<const Engine&>()))>;

 private:
  // Who asks; or the answer that they get instead.
  std::expected<ApiCall, HttpResponse> admit(HttpRequest request, const ApiNeeds& needs);
  void note_stranger(const ApiCall& call, std::string_view outcome);
  std::optional<HttpResponse> refusal(ApiCall& call, const ApiNeeds& needs);
  HttpResponse answer_of(const Handler& handler, ApiCall& call);

  Parts parts_;
  HttpRouter router_;
  StrangerRows stranger_rows_;
  std::mutex audit_mutex_;
};

// For handlers.
// The body as one object of JSON; nothing where it is none. Refers to the call.
std::optional<JsonMembers> body_of(ApiCall& call);
HttpResponse answer_error(const StoreError& error);
HttpResponse answer_error(const AuthFault& fault);
HttpResponse not_found(std::string_view what);
HttpResponse unavailable(std::string_view why, std::string_view code = "unavailable");
// `limit`, `cursor`, `sort` of the query; an error names the parameter.
std::expected<ListPart, HttpResponse> list_part(const ApiCall& call);
// {"items":[…],"next_cursor":…}; `items` are whole JSON values. `more`: further members, each
// with its comma before it.
std::string list_json(std::span<const std::string> items, std::string_view next_cursor,
                      std::string_view more = {});
// The member `total` with a comma before it; nothing where it is not known.
std::string total_json(std::optional<std::int64_t> total);

template <class Question>
auto Api::ask(Question question)
    -> std::optional<decltype(question(std::declval<const Engine&>()))> {
  using Answer = std::optional<decltype(question(std::declval<const Engine&>()))>;
  const auto promise = std::make_shared<std::promise<Answer>>();
  auto answer = promise->get_future();
  service().ask([promise, question = std::move(question)](const Engine* engine) mutable {
    promise->set_value(engine == nullptr ? Answer() : Answer(question(*engine)));
  });
  if (answer.wait_for(std::chrono::seconds(60)) != std::future_status::ready) {
    return std::nullopt;  // it stops
  }
  return answer.get();
}

}  // namespace marktwacht
