// Snapshots of a data directory: the state after a record, so that a restart replays only what came
// after it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace marktwacht {

struct EngineSnapshot {
  std::uint64_t seq = 0;        // of the last record that is in it
  std::string taken_keys = {};  // as TakenKeys saves them
  std::string sources = {};     // as Sources saves them
  std::string engine = {};      // as Engine::snapshot has it
};

// DIR/snapshots: a file for each, named by its seq. Whole or absent: written beside, then renamed.
class Snapshots {
 public:
  static constexpr std::size_t kept = 3;  // an older one serves a store that lags

  explicit Snapshots(const std::string& data_dir) : folder_(data_dir + "/snapshots") {}

  std::expected<void, std::string> write(const EngineSnapshot& snapshot);
  // The newest whole one with seq <= `seq_max`; nothing where there is none. What is damaged is
  // passed over, and said in `notes`.
  std::optional<EngineSnapshot> newest(std::uint64_t seq_max,
                                       std::vector<std::string>& notes) const;
  // The seqs of all files, ascending.
  std::vector<std::uint64_t> list() const;
  // Removes all but the newest `count`.
  void keep(std::size_t count);

 private:
  std::string path(std::uint64_t seq) const;

  std::string folder_;
};

}  // namespace marktwacht
