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

// How many events ahead the market is asked to fetch.
constexpr std::size_t events_ahead = 16;

class EngineRun {
 public:
  explicit EngineRun(const Stream& stream) : stream_(stream), events_(stream.options) {}

  // Nanoseconds an event after the warm-up.
  double run(bool prefetched) {
    prefetched_ = prefetched;
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
    const Stopwatch watch(Stopwatch::Clock::processor);
    for (std::size_t at = 0; at < ready_.size(); ++at) {
      if (prefetched_ && at + events_ahead < ready_.size()) {
        engine_.market().prefetch(*ready_[at + events_ahead]);
      }
      accepted += engine_.step(*ready_[at]).outcome == Step::Outcome::accepted ? 1 : 0;
    }
    const std::int64_t ns = watch.ns();
    check(accepted == ready_.size(), "every event of a stream is accepted");
    return ns;
  }

  const Stream& stream_;
  StreamEvents events_;
  Engine engine_;
  bool prefetched_ = false;
  Arena arena_;
  std::vector<const Event*> ready_;
};

}  // namespace

void measure_engine(const Stream& stream, Results& results) {
  const std::string name = "engine_" + std::string(name_of(stream.shape));
  results.add(name, ns_per_event, EngineRun(stream).run(false));
  results.add(name + "_prefetched", ns_per_event, EngineRun(stream).run(true));
}

}  // namespace marktwacht::bench
