// The whole engine: see measure.h.
#include <algorithm>
#include <span>

#include "base/check.h"
#include "bench/measure.h"
#include "bench/stopwatch.h"
#include "bench/stream_events.h"
#include "engine/engine.h"

namespace marktwacht::bench {
namespace {

class EngineRun {
 public:
  explicit EngineRun(const Stream& stream) : stream_(stream), events_(stream.options) {}

  // Nanoseconds an event after the warm-up.
  double run() {
    ready_ = events_.declarations(arena_);
    step_all();
    const std::span<const Command> commands(stream_.commands);
    pass(commands.first(stream_.warm_up));
    const std::int64_t ns = pass(commands.subspan(stream_.warm_up));
    check(engine_.market().books().live_orders() == stream_.facts.live_orders,
          "all orders arrived in the books");
    return static_cast<double>(ns) / stream_.options.events;
  }

 private:
  std::int64_t pass(std::span<const Command> commands) {
    std::int64_t ns = 0;
    while (!commands.empty()) {
      const auto batch = commands.first(std::min(batch_size, commands.size()));
      arena_.reset();
      ready_.clear();
      for (const Command& command : batch) {
        ready_.push_back(events_.make(command, arena_));
      }
      ns += step_all();
      commands = commands.subspan(batch.size());
    }
    return ns;
  }

  std::int64_t step_all() {
    std::size_t accepted = 0;
    const Stopwatch watch;
    std::size_t at = 0;
    for (const Event* event : ready_) {
      if (++at + 16 < ready_.size()) { engine_.market().prefetch(*ready_[at + 16]); 
       const Event* e=ready_[at+8]; 
       if (e->type==EventType::cancel) engine_.market().books().prefetch_order(static_cast<const event::Cancel*>(e)->order_id);
       if (e->type==EventType::trade) engine_.market().books().prefetch_order(static_cast<const event::Trade*>(e)->maker_order_id);
       if (e->type==EventType::replace) engine_.market().books().prefetch_order(static_cast<const event::Replace*>(e)->order_id);}
      accepted += engine_.step(*event).outcome == Step::Outcome::accepted ? 1 : 0;
    }
    const std::int64_t ns = watch.ns();
    check(accepted == ready_.size(), "every event of a stream is accepted");
    return ns;
  }

  const Stream& stream_;
  StreamEvents events_;
  Engine engine_;
  Arena arena_;
  std::vector<const Event*> ready_;
};

}  // namespace

void measure_engine(const Stream& stream, Results& results) {
  const std::string name = "engine_" + std::string(name_of(stream.shape));
  results.add(name, ns_per_event, EngineRun(stream).run());
}

}  // namespace marktwacht::bench
