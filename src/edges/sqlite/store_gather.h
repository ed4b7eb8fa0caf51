// What a step of the engine brought about, as the store takes it.
#pragma once

#include <cstdint>

#include "edges/sqlite/store.h"
#include "engine/engine.h"
#include "events/event.h"

namespace marktwacht {

// Adds what the engine's last step did. `event` is what it stepped, nullptr after close() and
// go_live(); `seq` is its record's, Step::seq, 0 where it has none.
// live: the alerts are those that the engine made. They and the event must be in the journal before
// the batch is applied.
void add_live(const Engine& engine, const Event* event, std::uint64_t seq, StoreBatch& batch);
// replay: the alerts are those that the journal's records state, whatever is found now.
void add_replayed(const Engine& engine, const Event& event, std::uint64_t seq, StoreBatch& batch);

}  // namespace marktwacht
