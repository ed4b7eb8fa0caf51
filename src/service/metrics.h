// The service's numbers in the text form of Prometheus. docs/metrics.md lists them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "edges/http/server.h"
#include "edges/webhook/webhook.h"
#include "service/canary_watch.h"
#include "service/service.h"
#include "service/source_watch.h"

namespace marktwacht {

struct MetricsOf {
  ServiceStatus status;
  HttpCounters http;
  std::vector<SourceState> sources;
  std::vector<Alarm> alarms;  // that are open
  CanaryState canary;
  std::optional<WebhookCounts> webhook;  // none: nothing is sent
  std::uint64_t rejected_lost = 0;
  Time now;  // wall clock
};
std::string metrics_text(const MetricsOf& of);

}  // namespace marktwacht
