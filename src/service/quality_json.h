// Sources, alarms and the canary as the API shows them.
#pragma once

#include <span>
#include <string>

#include "service/canary_watch.h"
#include "service/source_watch.h"

namespace marktwacht {

// Each appends one value of JSON.
void write_source(const SourceState& state, std::string& out);
void write_alarms(const Alarms& alarms,
                  std::string& out);  // open ones first, then those that ended
void write_canary(const CanaryState& state, bool with_results, std::string& out);

}  // namespace marktwacht
