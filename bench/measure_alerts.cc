// How soon an alert is out at half of the largest rate: see measure.h.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.h"
#include "base/check.h"
#include "bench/measure.h"
#include "bench/stopwatch.h"
#include "engine/engine.h"
#include "events/record.h"
#include "sim/catalogue.h"
#include "sim/simulation.h"

namespace marktwacht::bench {
namespace {

constexpr double p50_goal_ns = 2'000, p999_goal_ns = 50'000;
constexpr std::uint32_t events_most = 2'000'000;

// The simulated events in their binary form.
class Recorded : public sim::Sink {
 public:
  Recorded(std::uint32_t events, std::uint64_t seed) {
    std::vector<std::string_view> abuse;
    for (const sim::Behaviour& behaviour : sim::abuse_catalogue) {
      abuse.push_back(behaviour.name);
    }
    sim::Simulation({.seed = seed,
                     .events = std::min(events, events_most),
                     .accounts = std::clamp(events / 100, 200U, 100'000U),
                     .instruments = std::clamp(events / 50'000, 2U, 200U),
                     .abuse = abuse},
                    *this)
        .run();
  }

  void take(const Event& event) override {
    const std::size_t before = bytes_.size();
    write_record(event, bytes_);
    records_.push_back({before, bytes_.size() - before});
  }

  std::size_t events() const { return records_.size(); }
  const Event* read(std::size_t at, Arena& arena) const {
    return read_record(std::string_view(bytes_).substr(records_[at].at, records_[at].size), arena);
  }

 private:
  struct Record {
    std::size_t at, size;
  };
  std::string bytes_;
  std::vector<Record> records_;
};

// An engine that takes events one by one, as they come, and writes each alert at once.
class Watching {
 public:
  explicit Watching(const Recorded& recorded) : recorded_(recorded) {
    event::Config config;
    config.type = EventType::config;
    config.name = make_text("rulebook");
    config.text = make_text(default_rulebook());
    config.present = 0b11;
    check(engine_.step(config).outcome == Step::Outcome::accepted, "the rulebook is sound");
  }

  // One behind the other. Nanoseconds, without what it takes to make the events.
  std::int64_t advance(std::size_t end) {
    std::int64_t ns = 0;
    while (next_ < end) {
      make_ready(end);
      const Stopwatch watch(Stopwatch::Clock::wall);
      for (const Event* event : ready_) {
        take(*event);
      }
      ns += watch.ns();
    }
    return ns;
  }

  // One every `interval_ns`: those that come while an earlier one is still under way wait for it,
  // and so does the next batch.
  std::vector<double> delays(std::size_t end, std::int64_t interval_ns) {
    std::vector<double> found;
    std::int64_t behind = 0;
    while (next_ < end) {
      make_ready(end);
      const Stopwatch watch(Stopwatch::Clock::wall);
      std::int64_t due = -behind;
      for (const Event* event : ready_) {
        while (watch.ns() < due) {
        }
        if (take(*event)) {
          found.push_back(static_cast<double>(watch.ns() - due));
        }
        due += interval_ns;
      }
      behind = std::max(watch.ns() - due, std::int64_t{0});
    }
    return found;
  }

 private:
  void make_ready(std::size_t end) {
    arena_.reset();
    ready_.clear();
    for (; next_ < end && ready_.size() < batch_size; ++next_) {
      ready_.push_back(recorded_.read(next_, arena_));
    }
  }

  // Whether it led to an alert.
  bool take(const Event& event) {
    engine_.step(event);
    line_.clear();
    for (const Alert& alert : engine_.alerts()) {
      write_alert(alert, nullptr, line_);
    }
    keep(line_.data());
    return !line_.empty();
  }

  const Recorded& recorded_;
  std::size_t next_ = 0;
  Engine engine_;
  Arena arena_;
  std::vector<const Event*> ready_;
  std::string line_;
};

}  // namespace

void measure_alerts(std::uint32_t events, std::uint64_t seed, Results& results) {
  const Recorded recorded(events, seed);
  const std::size_t half = recorded.events() / 2;
  Watching watching(recorded);
  const std::int64_t each = watching.advance(half) / static_cast<std::int64_t>(half);
  std::vector<double> delays = watching.delays(recorded.events(), 2 * each);
  if (delays.empty()) {
    return;
  }
  results.add("alert_out_p50", ns_per_alert, at_share(delays, 0.5),
              Goal{Goal::Kind::at_most, p50_goal_ns});
  results.add("alert_out_p999", ns_per_alert, at_share(delays, 0.999),
              Goal{Goal::Kind::at_most, p999_goal_ns});
  results.add("alerts_out", "alerts", static_cast<double>(delays.size()));
}

}  // namespace marktwacht::bench
