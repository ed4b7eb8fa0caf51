// The engine: all state is a pure function of the events so far. No clock, no random, no I/O.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "engine/timers.h"
#include "events/batch.h"
#include "market/market.h"

namespace marktwacht {

struct EngineConfig {
  // When the trading day starts, after 00:00 UTC; 0 <= trading_day_start < 24 h.
  Duration trading_day_start{0};
};

// What became of one event.
struct Step {
  enum class Outcome : std::uint8_t {
    accepted,  // applied; has a seq
    repeated,  // its source_seq was seen before: dropped
    rejected,  // `fault` says why; no state changed
  };
  Outcome outcome{};
  Fault fault;
  std::uint64_t seq = 0;  // of an accepted event, from 1
  Time now;               // the time it was applied at
  bool late = false;      // its own ts was older than the clock
};

// One thread owns it.
class Engine {
 public:
  explicit Engine(const EngineConfig& config = {});

  // Takes the next event. Timers due at or before its time run first.
  Step step(const Event& event);

  const Market& market() const { return market_; }
  void listen(const Listening& listening) { market_.listen(listening); }
  // The largest ts taken; nothing before the first event that moves it.
  std::optional<Time> clock() const { return clock_; }
  // Of the last accepted event; 0 when there is none.
  std::uint64_t last_seq() const { return last_seq_; }
  // Of the trading day that the clock is in.
  std::int64_t day() const { return day_; }

  // The whole state: equal states write equal bytes, whatever way led there. `restore` into a fresh
  // engine with the same config; an error says what is wrong with the bytes.
  std::string snapshot() const;
  std::expected<void, std::string> restore(std::string_view snapshot);
  // SHA-256 over the snapshot.
  Digest state_hash() const;

 private:
  void advance(Time now);
  void fire(const DueTimer& timer);
  void start_day(std::int64_t day);
  std::int64_t day_of(Time time) const;
  void set_timer(const event::Exemption& event);

  EngineConfig config_;
  Market market_;
  Timers timers_;
  std::optional<Time> clock_;
  std::uint64_t last_seq_ = 0;
  std::int64_t day_ = 0;
};

}  // namespace marktwacht
