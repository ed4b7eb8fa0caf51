// How the service does: health, metrics, and the numbers of the overview.
#include <map>
#include <string>
#include <utility>

#include "events/json_object.h"
#include "service/api_description.h"
#include "service/api_parts.h"
#include "service/clocks.h"
#include "service/metrics.h"

namespace marktwacht {
namespace {

struct Check {
  const char* name;
  bool ok;
  std::string what;
};

std::vector<Check> checks(const ServiceStatus& status) {
  const bool lags = !status.not_shown.empty();
  return {{"intake", status.failed.empty(),
           status.failed.empty() ? "events are taken" : "nothing is taken: " + status.failed},
          {"store", !lags,
           lags ? "lists lag: " + status.not_shown
                : "lists show all up to record " + std::to_string(status.shown_seq)},
          {"queue", status.queue_batches < 1'000,
           std::to_string(status.queue_batches) + " batches wait"}};
}

HttpResponse health(Api& api, ApiCall&) {
  const ServiceStatus status = api.service().status();
  const auto all = checks(status);
  bool well = true;
  for (const Check& check : all) {
    well = well && check.ok;
  }
  std::string json;
  ObjectWriter object(json);
  object.text("status", well ? "ok" : "degraded");
  object.text("version", service_version());
  object.array("checks", all, [&](const Check& check) {
    ObjectWriter one(json);
    one.text("name", check.name);
    one.boolean("ok", check.ok);
    one.text("what", check.what);
    one.end();
  });
  object.end();
  return json_response(status.failed.empty() ? 200 : 503, std::move(json));
}

HttpResponse metrics(Api& api, ApiCall& call) {
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4";
  response.body = metrics_text(api.service().status(), api.http_counters(), call.now);
  return response;
}

// What waits for people, of lists that are short as a rule.
struct Waiting {
  std::size_t alerts_open = 0, cases_open = 0, adoption = 0, approval = 0;
};

Waiting waiting(Api& api) {
  Waiting found;
  const auto store = api.store();
  if (!store) {
    return found;
  }
  constexpr std::size_t most = ListPart::limit_max;
  if (const auto counts = (*store)->alert_counts()) {
    for (const AlertCount& count : *counts) {
      found.alerts_open += count.state == "open" ? static_cast<std::size_t>(count.count) : 0;
    }
  }
  if (const auto cases = (*store)->cases({.open = true, .part = {.limit = most}})) {
    found.cases_open = cases->items.size();
  }
  using Of = MeasuresQuery::Waiting;
  for (const auto& [of, to] :
       {std::pair(Of::adoption, &found.adoption), std::pair(Of::approval, &found.approval)}) {
    if (const auto list = (*store)->measures({.waiting = of, .part = {.limit = most}})) {
      *to = list->items.size();
    }
  }
  return found;
}

struct Known {
  std::string blind = "[]";  // blind spots, as JSON
  std::size_t stuck = 0;
  std::uint64_t gaps = 0, blind_spots = 0, restricted = 0;
};

// Where detectors had to forget, or could not judge.
std::string blind_json(const Engine& engine, std::uint64_t& times) {
  std::string json = "[";
  for (const auto& one : engine.detectors().active()) {
    for (const auto& [spot, what] :
         {std::pair(one->forgot, "entries_max"), std::pair(one->unjudged, "other")}) {
      times += spot.times;
      if (spot.times == 0) {
        continue;
      }
      json += json.back() == '[' ? "" : ",";
      ObjectWriter object(json);
      object.text("detector", one->spec().id);
      object.text("what", what);
      object.number("times", spot.times);
      object.number("from_ts", spot.first.ns);
      object.number("to_ts", spot.last.ns);
      object.end();
    }
  }
  return json + "]";
}

Known known(Api& api) {
  const Time now = api.service().now();
  return api
      .ask([now](const Engine& engine) {
        Known found;
        found.stuck = engine.enforcement().measures().stuck(now).size();
        found.gaps = engine.market().feeds().gaps();
        found.blind = blind_json(engine, found.blind_spots);
        for (const auto& [subject, state] : engine.enforcement().measures().subjects()) {
          found.restricted += state.measures.empty() ? 0 : 1;
        }
        return found;
      })
      .value_or(Known());
}

void write_counters(Api& api, const ServiceStatus& status, const Known& of, std::string& json) {
  const Waiting people = waiting(api);
  ObjectWriter object(json);
  object.number("clock_ts", status.clock.value_or(Time{}).ns);
  object.number("last_seq", status.last_seq);
  object.number("lag_ms", status.oldest_wait.ns / 1'000'000);
  object.number("events_per_s", api.rates().events_per_s());
  object.number("queue", status.queue_batches);
  object.number("alerts_open", people.alerts_open);
  object.number("cases_open", people.cases_open);
  object.number("waiting_adoption", people.adoption);
  object.number("waiting_approval", people.approval);
  object.number("stuck", of.stuck);
  object.number("changes_pending", 0);
  object.number("blind_spots", of.blind_spots);
  object.number("gaps", of.gaps);
  object.end();
}

void write_by_clause(Api& api, ObjectWriter& object, std::string& json) {
  struct Row {
    std::int64_t open = 0, total = 0;
  };
  std::map<std::string, Row> rows;
  const auto store = api.store();
  const auto counts = store ? (*store)->alert_counts() : std::unexpected(StoreError{});
  if (counts) {
    for (const AlertCount& count : *counts) {
      rows[count.clause].total += count.count;
      rows[count.clause].open += count.state == "open" ? count.count : 0;
    }
  }
  object.array("alerts_by_clause", rows, [&](const auto& row) {
    ObjectWriter one(json);
    one.text("clause", row.first);
    one.text("detector", "");
    one.number("open", row.second.open);
    one.number("total", row.second.total);
    one.boolean("shadow", false);
    one.end();
  });
}

void write_intake_counts(const IntakeCounts& counts, ObjectWriter& object) {
  ObjectWriter types(object.member("events_by_type"));
  for (std::size_t type = 0; type < event_types_end; ++type) {
    if (const EventInfo* info = event_info(type); info != nullptr && counts.accepted[type] > 0) {
      types.number(info->word, counts.accepted[type]);
    }
  }
  types.end();
  ObjectWriter reasons(object.member("rejected_by_reason"));
  for (std::size_t at = 0; at < counts.rejected.size(); ++at) {
    if (counts.rejected[at] > 0) {
      reasons.number(Words<RejectReason>::list[at], counts.rejected[at]);
    }
  }
  reasons.end();
  ObjectWriter quality(object.member("data_quality"));
  quality.number("repeated", counts.repeated);
  quality.number("late", counts.late);
  quality.number("unknown_fields", counts.unknown_fields);
  quality.number("batches", counts.batches);
  quality.number("repeated_batches", counts.repeated_batches);
  quality.end();
}

void write_webhook(Api& api, ObjectWriter& object) {
  const auto counts = api.webhook_counts();
  ObjectWriter webhook(object.member("webhook"));
  webhook.boolean("configured", counts.has_value());
  webhook.number("waiting", counts ? counts->waiting : 0);
  webhook.number("failed", counts ? counts->failed : 0);
  webhook.text_unless_empty("last_error", counts ? counts->last_error : "");
  webhook.end();
}

HttpResponse overview(Api& api, ApiCall& call) {
  const ServiceStatus status = api.service().status();
  const Known of = known(api);
  std::string json;
  ObjectWriter object(json);
  object.text("version", service_version());
  object.number("started_ts", api.started().ns);
  object.number("now_ts", call.now.ns);
  write_counters(api, status, of, object.member("counters"));
  object.array("rates", api.rates().seconds(), [&](const Rates::Second& second) {
    ObjectWriter one(json);
    one.number("ts", second.ts.ns);
    one.number("events", second.events);
    one.number("alerts", second.alerts);
    one.end();
  });
  write_by_clause(api, object, json);
  write_intake_counts(status.counts, object);
  object.member("sources") += "[]";
  object.member("blind_spots") += of.blind;
  object.member("shadow") += "[]";
  ObjectWriter gate(object.member("gate"));
  gate.number("restricted", of.restricted);
  gate.number("heartbeat_ts", status.clock.value_or(Time{}).ns);
  gate.boolean("blind", !status.failed.empty());
  gate.end();
  write_webhook(api, object);
  object.end();
  return json_response(200, std::move(json));
}

}  // namespace

std::string_view service_version() { return MARKTWACHT_VERSION; }

std::string counters_json(Api& api) {
  std::string json;
  write_counters(api, api.service().status(), known(api), json);
  return json;
}

void answer_everything(Api& api) {
  for (const auto answer :
       {answer_people, answer_intake, answer_alerts, answer_cases, answer_accounts, answer_groups,
        answer_markets, answer_rules, answer_backtests, answer_policy, answer_series, answer_book,
        answer_gate, answer_overview, answer_audit, answer_stream}) {
    answer(api);
  }
}

void answer_overview(Api& api) {
  const ApiNeeds nobody{.right = {}, .scope = {}, .open = true};
  api.add("GET", "/v1/health", nobody, [&api](ApiCall& call) { return health(api, call); });
  api.add("GET", "/v1/openapi.json", nobody,
          [](ApiCall&) { return json_response(200, std::string(api_description())); });
  api.add("GET", "/metrics", {}, [&api](ApiCall& call) { return metrics(api, call); });
  api.add("GET", "/v1/metrics", {}, [&api](ApiCall& call) { return metrics(api, call); });
  api.add("GET", "/v1/overview", {}, [&api](ApiCall& call) { return overview(api, call); });
}

}  // namespace marktwacht
