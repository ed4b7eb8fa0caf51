// How the service does: health, metrics, and the numbers of the overview.
#include <string>
#include <utility>

#include "events/json_object.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

std::string health_json(Api& api) {
  const ServiceStatus status = api.service().status();
  struct Check {
    const char* name;
    bool ok;
    std::string what;
  };
  const Check checks[] = {
      {"intake", status.failed.empty(),
       status.failed.empty() ? "events are taken" : "nothing is taken: " + status.failed},
      {"store", status.not_shown.empty(),
       status.not_shown.empty() ? "shown up to record " + std::to_string(status.shown_seq)
                                : "lists lag: " + status.not_shown},
      {"queue", status.queue_batches < 1000,
       std::to_string(status.queue_batches) + " batches wait"},
  };
  bool all = true;
  for (const Check& check : checks) {
    all = all && check.ok;
  }
  std::string json;
  ObjectWriter object(json);
  object.text("status", all ? "ok" : "degraded");
  object.text("version", service_version());
  object.array("checks", checks, [&](const Check& check) {
    ObjectWriter one(json);
    one.text("name", check.name);
    one.boolean("ok", check.ok);
    one.text("what", check.what);
    one.end();
  });
  object.end();
  return json;
}

HttpResponse health(Api& api, ApiCall&) {
  const bool taking = api.service().status().failed.empty();
  return json_response(taking ? 200 : 503, health_json(api));
}

}  // namespace

std::string_view service_version() { return MARKTWACHT_VERSION; }

std::string counters_json(Api& api) {
  const ServiceStatus status = api.service().status();
  std::string json;
  ObjectWriter object(json);
  object.number("clock_ts", status.clock.value_or(Time{}).ns);
  object.number("last_seq", status.last_seq);
  object.number("queue", status.queue_batches);
  object.end();
  return json;
}

void add_everything(Api& api) {
  for (const auto add : {add_people, add_intake, add_alerts, add_cases, add_gate, add_overview,
                         add_audit, add_stream}) {
    add(api);
  }
}

void add_overview(Api& api) {
  const ApiNeeds nobody{.right = {}, .scope = {}, .open = true};
  api.add("GET", "/v1/health", nobody, [&api](ApiCall& call) { return health(api, call); });
}

}  // namespace marktwacht
