// What a reading command says at its end, on standard error.
#pragma once

#include "app/reading.h"
#include "engine/engine.h"

namespace marktwacht {

// Events by type, refused lines by reason, blind spots, events/s, peak memory.
void print_summary(const ReadingCounts& counts, const Engine& engine, double seconds);

}  // namespace marktwacht
