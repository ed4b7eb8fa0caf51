// The whole state in and out of a snapshot.
#include "engine/engine.h"

namespace marktwacht {

static constexpr std::string_view snapshot_magic = "MWSNAP13";

std::string Engine::snapshot() const {
  std::string bytes;
  ByteWriter out(bytes);
  out.raw(snapshot_magic);
  out.raw(bytes_of(schema_hash()));
  out.fixed(config_.trading_day_start.ns);
  out.byte(clock_ ? 1 : 0);
  out.fixed(clock_ ? clock_->ns : 0);
  out.fixed(last_seq_);
  out.fixed(day_);
  timers_.save(out);
  market_.save(out);
  rules_.save(out);
  detectors_.save(out);
  alerts_.save(out);
  out.fixed(record_seq_);
  enforcement_.save(out);
  return bytes;
}

// The config of the engine that made the snapshot.
static std::expected<EngineConfig, std::string> read_head(ByteReader& in) {
  if (in.raw(snapshot_magic.size()) != snapshot_magic) {
    return std::unexpected("not a snapshot of this version");
  }
  if (in.raw(schema_hash().size()) != bytes_of(schema_hash())) {
    return std::unexpected("the snapshot was made with another event table: replay the journal");
  }
  const Duration day_start{in.fixed<std::int64_t>()};
  if (!in.ok() || day_start < Duration{0} || day_start >= marktwacht::day) {
    return std::unexpected("the snapshot is damaged");
  }
  return EngineConfig{.trading_day_start = day_start};
}

std::expected<void, std::string> Engine::restore(std::string_view snapshot) {
  check(last_seq_ == 0 && !clock_, "a snapshot is restored into a fresh engine");
  ByteReader in(snapshot);
  const auto config = read_head(in);
  if (!config) {
    return std::unexpected(config.error());
  }
  if (config->trading_day_start != config_.trading_day_start) {
    return std::unexpected("the snapshot was made with another trading_day_start");
  }
  const bool has_clock = in.byte() != 0;
  const Time clock{in.fixed<std::int64_t>()};
  clock_ = has_clock ? std::optional(clock) : std::nullopt;
  last_seq_ = in.fixed<std::uint64_t>();
  day_ = in.fixed<std::int64_t>();
  if (!timers_.load(in) || !market_.load(in) || !rules_.load(in) || !detectors_.load(in) ||
      !alerts_.load(in)) {
    return std::unexpected("the snapshot is damaged");
  }
  record_seq_ = in.fixed<std::uint64_t>();
  if (!enforcement_.load(in) || !in.done()) {
    return std::unexpected("the snapshot is damaged");
  }
  listen(listening_);
  return {};
}

std::expected<std::unique_ptr<Engine>, std::string> Engine::restored(std::string_view snapshot) {
  ByteReader in(snapshot);
  const auto config = read_head(in);
  if (!config) {
    return std::unexpected(config.error());
  }
  auto engine = std::make_unique<Engine>(*config);
  if (auto done = engine->restore(snapshot); !done) {
    return std::unexpected(done.error());
  }
  return engine;
}

Digest Engine::state_hash() const { return sha256(snapshot()); }

}  // namespace marktwacht
