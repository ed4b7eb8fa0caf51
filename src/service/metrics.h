// The service's numbers in the text form of Prometheus. docs/metrics.md lists them.
#pragma once

#include <string>

#include "edges/http/server.h"
#include "service/service.h"

namespace marktwacht {

std::string metrics_text(const ServiceStatus& status, const HttpCounters& http, Time now);

}  // namespace marktwacht
