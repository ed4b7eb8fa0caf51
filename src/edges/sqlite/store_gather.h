// What steps of the engine brought about, as the store takes it.
#pragma once

#include <cstdint>
#include <map>

#include "base/time.h"
#include "edges/sqlite/store.h"
#include "engine/engine.h"
#include "events/event.h"

namespace marktwacht {

// Of cases and measures it notes which have changed; their lines are written when it is taken from,
// once for all steps since. One thread, the engine's.
class StoreGather {
 public:
  // All that the engine knows: its cases, its measures, and of its alerts the last revision of
  // each. Each as of the record that opened it, since which one revised it last is not known.
  void add_state(const Engine& engine);
  // What the engine's last step did. `event` is what it stepped, nullptr after close() and
  // go_live().
  // live: the alerts are those that the engine made. They and the event must be in the journal
  // before the batch is applied.
  void add_live(const Engine& engine, const Event* event);
  // replay: the alerts are those that the journal's records state, whatever is found now. `seq` is
  // that of the event's record.
  void add_replayed(const Engine& engine, const Event& event, std::uint64_t seq);
  // All since it was taken from last; up to `applied_seq`, the last record that was taken.
  StoreBatch take(const Engine& engine, std::uint64_t applied_seq);

 private:
  struct Changed {
    std::uint64_t seq = 0;
    Time at;
  };
  using ByNumber = std::map<std::uint64_t, Changed>;

  void add_enforced(const Engine& engine, const Event* event);

  StoreBatch batch_;  // but for cases and measures
  ByNumber cases_, measures_;
};

}  // namespace marktwacht
