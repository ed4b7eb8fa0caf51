// How the service does: health, metrics, and the numbers of the overview.
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "edges/gate/gate_reader.h"
#include "events/json_object.h"
#include "findings/shadow.h"
#include "service/api_description.h"
#include "service/api_parts.h"
#include "service/clocks.h"
#include "service/metrics.h"
#include "service/quality_json.h"

namespace marktwacht {
namespace {

struct Check {
  const char* name;
  bool ok;
  std::string what;
};

// Anybody may ask for health: no names.
Check alarms_check(const Alarms& alarms) {
  std::array<std::size_t, Words<AlarmKind>::list.size()> open{};
  for (const Alarm& alarm : alarms.open()) {
    ++open[static_cast<std::size_t>(alarm.kind)];
  }
  std::string what;
  for (std::size_t kind = 0; kind < open.size(); ++kind) {
    if (open[kind] > 0) {
      what += (what.empty() ? "" : ", ") + std::string(Words<AlarmKind>::list[kind]) + " " +
              std::to_string(open[kind]);
    }
  }
  return {"alarms", what.empty(), what.empty() ? "none is open" : "open: " + what};
}

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
  auto all = checks(status);
  all.push_back(alarms_check(api.alarms()));
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
  response.body = metrics_text({.status = api.service().status(),
                                .http = api.http_counters(),
                                .sources = api.watch().states(),
                                .alarms = api.alarms().open(),
                                .canary = api.canary().state(),
                                .webhook = api.webhook_counts(),
                                .rejected_lost = api.rejected().lost(),
                                .now = call.now});
  return response;
}

// What waits for people.
struct Waiting {
  std::int64_t alerts_open = 0, cases_open = 0, adoption = 0, approval = 0;
};

Waiting waiting(Api& api) {
  Waiting found;
  const auto store = api.store();
  if (!store) {
    return found;
  }
  if (const auto counts = (*store)->alert_counts()) {
    for (const AlertCount& count : *counts) {
      found.alerts_open += count.state == "open" ? count.count : 0;
    }
  }
  if (const auto cases = (*store)->cases({.open = true, .part = {.limit = 1}})) {
    found.cases_open = cases->total.value_or(0);
  }
  using Of = MeasuresQuery::Waiting;
  for (const auto& [of, to] :
       {std::pair(Of::adoption, &found.adoption), std::pair(Of::approval, &found.approval)}) {
    if (const auto list = (*store)->measures({.waiting = of, .part = {.limit = 1}})) {
      *to = list->total.value_or(0);
    }
  }
  return found;
}

struct Known {
  std::string blind = "[]";  // blind spots, as JSON
  std::size_t stuck = 0, changes_pending = 0;
  std::uint64_t gaps = 0, blind_spots = 0, restricted = 0;
  std::set<std::string> shadow;  // rulebooks and detectors that run in it
};

// Where detectors had to forget, or could not judge.
void write_blind(std::string_view detector, std::string_view what, const BlindSpot& spot,
                 std::string& json) {
  if (spot.times == 0) {
    return;
  }
  json += json.back() == '[' ? "" : ",";
  ObjectWriter object(json);
  object.text_unless_empty("detector", detector);
  object.text("what", what);
  object.number("times", spot.times);
  object.number("from_ts", spot.first.ns);
  object.number("to_ts", spot.last.ns);
  object.end();
}

// `times`: how often in all. What a table forgot all its rules may lack.
std::string blind_json(const Engine& engine, std::uint64_t& times) {
  std::string json = "[";
  for (const auto& one : engine.detectors().active()) {
    times += one->forgot.times + one->unjudged.times;
    write_blind(one->spec().id, "entries_max", one->forgot, json);
    write_blind(one->spec().id, "other", one->unjudged, json);
  }
  for (const auto& table : engine.rules().tables()) {
    times += table->evictions.times;
    for (const ActiveRule* rule : table->rules) {
      write_blind(rule->spec().id, "entries_max", table->evictions, json);
    }
  }
  const BlindSpot& gains = engine.market().gains().forgot();
  times += gains.times;
  write_blind("", "gains", gains, json);
  return json + "]";
}

Known known(Api& api) {
  const Time now = api.service().now();
  return api
      .ask([now](const Engine& engine) {
        Known found;
        found.stuck = engine.enforcement().measures().stuck(now).size();
        found.changes_pending = engine.enforcement().changes_pending();
        found.gaps = engine.market().feeds().gaps();
        found.blind = blind_json(engine, found.blind_spots);
        for (const auto& rule : engine.rules().rules()) {
          const std::string& cited = rule->source->rulebook;
          const std::string id = cited.substr(0, cited.rfind('@'));
          if (is_shadow(id)) {
            found.shadow.insert(id);
          }
        }
        for (const auto& one : engine.detectors().active()) {
          if (one->spec().maturity != Maturity::stable) {
            found.shadow.emplace(one->spec().id);
          }
        }
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
  object.number("changes_pending", of.changes_pending);
  object.number("blind_spots", of.blind_spots);
  object.number("gaps", of.gaps);
  object.number("alarms", api.alarms().open().size());
  object.end();
}

void write_by_clause(Api& api, ObjectWriter& object, std::string& json) {
  struct Row {
    std::int64_t open = 0, total = 0;
  };
  std::map<std::tuple<std::string, std::string, bool>, Row> rows;  // clause, detector, shadow
  const auto store = api.store();
  const auto counts = store ? (*store)->alert_counts() : std::unexpected(StoreError{});
  if (counts) {
    for (const AlertCount& count : *counts) {
      Row& row = rows[{count.clause, count.detector, count.shadow}];
      row.total += count.count;
      row.open += count.state == "open" ? count.count : 0;
    }
  }
  object.array("alerts_by_clause", rows, [&](const auto& entry) {
    const auto& [key, row] = entry;
    ObjectWriter one(json);
    one.text("clause", std::get<0>(key));
    one.text("detector", std::get<1>(key));
    one.number("open", row.open);
    one.number("total", row.total);
    one.boolean("shadow", std::get<2>(key));
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

// As a gateway sees it: it compares the heartbeat with the wall clock.
void write_gate(Api& api, const Known& of, Time now, ObjectWriter& object) {
  const Service& service = api.service();
  const auto read = GateReader::open(service.data_dir() + "/gate", service.deployment_key());
  ObjectWriter gate(object.member("gate"));
  gate.number("restricted", of.restricted);
  gate.number("heartbeat_ts", read ? read->heartbeat().ns : 0);
  gate.boolean("blind", !read || read->blind(now));
  gate.end();
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
  object.array("sources", api.watch().states(),
               [&](const SourceState& source) { write_source(source, json); });
  write_alarms(api.alarms(), object.member("alarms"));
  write_canary(api.canary().state(), false, object.member("canary"));
  object.member("blind_spots") += of.blind;
  object.texts("shadow", std::vector<std::string>(of.shadow.begin(), of.shadow.end()));
  write_gate(api, of, call.now, object);
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
       {answer_people,    answer_tokens,   answer_keys,     answer_intake,  answer_alerts,
        answer_cases,     answer_accounts, answer_groups,   answer_markets, answer_rules,
        answer_backtests, answer_policy,   answer_series,   answer_book,    answer_gate,
        answer_overview,  answer_audit,    answer_rejected, answer_canary,  answer_reports,
        answer_stream}) {
    answer(api);
  }
}

void answer_overview(Api& api) {
  const ApiNeeds nobody{.right = {}, .scope = {}, .open = true};
  api.add("GET", "/v1/health", nobody, health);
  api.add("GET", "/v1/openapi.json", nobody,
          [](ApiCall&) { return json_response(200, std::string(api_description())); });
  api.add("GET", "/metrics", {}, metrics);
  api.add("GET", "/v1/metrics", {}, metrics);
  api.add("GET", "/v1/overview", {}, overview);
}

}  // namespace marktwacht
