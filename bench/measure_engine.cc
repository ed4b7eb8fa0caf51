// The whole engine: see measure.h.
#include <algorithm>

#include "base/check.h"
#include "bench/measure.h"
#include "bench/stopwatch.h"
#include "bench/stream_events.h"
#include "engine/engine.h"

namespace marktwacht::bench {
namespace {

class EngineLane : public Lane {
 public:
  EngineLane(const Stream& stream, const std::vector<std::string>& rulebooks)
      : events_(stream.options) {
    for (const std::string& text : rulebooks) {
      event::Config config;
      config.type = EventType::config;
      config.name = make_text("rulebook");
      config.text = make_text(text);
      config.present = 0b11;
      check(engine_.step(config).outcome == Step::Outcome::accepted, "the rulebook is sound");
    }
    ready_ = events_.declarations(arena_);
    step_all();
  }

  std::int64_t advance(std::span<const Command> commands) override {
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

  std::uint32_t live_orders() const override { return engine_.market().books().live_orders(); }

 private:
  std::int64_t step_all() {
    std::size_t accepted = 0;
    const Stopwatch watch(Stopwatch::Clock::processor);
    for (std::size_t at = 0; at < ready_.size(); ++at) {
      engine_.look_ahead(at, ready_.size(), [&](std::size_t one) { return ready_[one]; });
      accepted += engine_.step(*ready_[at]).outcome == Step::Outcome::accepted ? 1 : 0;
    }
    const std::int64_t ns = watch.ns();
    check(accepted == ready_.size(), "every event of a stream is accepted");
    return ns;
  }

  StreamEvents events_;
  Engine engine_;
  Arena arena_;
  std::vector<const Event*> ready_;
};

}  // namespace

std::unique_ptr<Lane> engine_lane(const Stream& stream, const std::vector<std::string>& rulebooks) {
  return std::make_unique<EngineLane>(stream, rulebooks);
}

std::string more_rules(int rules) {
  std::string text = "[rulebook]\nid = \"more\"\n";
  for (int at = 0; at < rules; ++at) {
    const std::string number = std::to_string(at);
    text += "[[rule]]\nid = \"more_" + number +
            "\"\nclause = \"2.8\"\non = [\"cancel\"]\nwhere = \"reason == 'user' and "
            "order.age_ms < " +
            std::to_string(1'000 * (at + 1)) +
            "\"\nby = [\"group\", \"instrument\"]\nwindow = \"day\"\nparams = { limit = 100000 }\n"
            "let = { cancels = \"count()\" }\nwhen = \"cancels >= limit\"\n";
  }
  return text;
}

}  // namespace marktwacht::bench
