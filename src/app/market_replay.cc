// See market_replay.h.
#include "app/market_replay.h"

#include <algorithm>
#include <iterator>

#include "edges/journal/checkpoint.h"

namespace marktwacht {
namespace {

// Records that an engine made: they change no market.
bool is_engines_own(const Event& event) {
  return event.type == EventType::alert || event.type == EventType::proposal ||
         event.type == EventType::config;
}

}  // namespace

MarketReplay::MarketReplay() { use(std::make_unique<Engine>(EngineConfig{})); }

void MarketReplay::use(std::unique_ptr<Engine> engine) {
  engine_ = std::move(engine);
  engine_->listen({.fill = true, .order_touched = true});
}

std::expected<void, std::string> MarketReplay::begin(const std::string& path) {
  const auto state = first_state(path);
  if (!state || !*state) {
    return state ? std::expected<void, std::string>() : std::unexpected(state.error());
  }
  auto engine = Engine::restored((*state)->engine);
  if (!engine) {
    return std::unexpected(engine.error());
  }
  whole_ = true;
  use(*std::move(engine));
  engine_->replay();
  return {};
}

std::expected<void, std::string> MarketReplay::step(const Event& event, std::uint64_t seq) {
  if (!whole_ && is_engines_own(event)) {
    return {};
  }
  const Step step = engine_->step(event, whole_ ? seq : 0);
  if (step.outcome == Step::Outcome::rejected) {
    return std::unexpected("record " + std::to_string(seq) +
                           " is refused on replay: " + std::string(word_of(step.fault.reason)));
  }
  if (!whole_) {
    const std::uint64_t ahead = seq - step.seq;
    if (ahead_.empty() || ahead_.back().second != ahead) {
      ahead_.emplace_back(step.seq, ahead);
    }
  }
  return {};
}

std::uint64_t MarketReplay::seq_in_journal(std::uint64_t seq) const {
  const auto behind =
      std::ranges::upper_bound(ahead_, seq, {}, [](const auto& each) { return each.first; });
  return behind == ahead_.begin() ? seq : seq + std::prev(behind)->second;
}

}  // namespace marktwacht
