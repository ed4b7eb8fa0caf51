// Snapshots of a data directory: the state after a record, so that a restart replays only what came
// after it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "edges/journal/state_file.h"

namespace marktwacht {

// DIR/snapshots: a state file for each, named by its seq.
class Snapshots {
 public:
  static constexpr std::size_t kept = 3;  // an older one serves a store that lags

  explicit Snapshots(const std::string& data_dir)
      : folder_(data_dir + "/snapshots"), journal_(data_dir + "/journal") {}

  // In place of the oldest, where there are so many.
  std::expected<void, std::string> write(const EngineSnapshot& snapshot);
  // The newest whole one with seq <= `seq_max`; nothing where there is none: then the journal has
  // all from its first record. Of a journal that begins behind a checkpoint none is older than
  // that, and where none is left, it is the checkpoint's own, whatever `seq_max` is; an error says
  // that this one does not serve. What is damaged is passed over, and said in `notes`.
  std::expected<std::optional<EngineSnapshot>, std::string> newest(
      std::uint64_t seq_max, std::vector<std::string>& notes) const;
  // The seqs of all files, ascending.
  std::vector<std::uint64_t> list() const;

 private:
  void remove_oldest();
  std::string path(std::uint64_t seq) const;

  std::string folder_, journal_;
};

}  // namespace marktwacht
