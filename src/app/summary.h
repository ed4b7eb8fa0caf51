// What a reading command says at its end, on standard error.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "app/reading.h"
#include "engine/engine.h"

namespace marktwacht {

// Alerts that opened, by clause and detector.
using OpenedAlerts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

// Events by type, refused lines by reason, alerts, warnings and silent rules, blind spots,
// events/s, peak memory.
void print_summary(const ReadingCounts& counts, const Engine& engine, const OpenedAlerts& opened,
                   double seconds);

}  // namespace marktwacht
