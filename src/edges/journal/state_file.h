// A file with the state after a record: of a snapshot, and of a checkpoint. Whole or absent.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "base/sha256.h"

namespace marktwacht {

struct EngineSnapshot {
  std::uint64_t seq = 0;        // of the last record that is in it
  std::string taken_keys = {};  // as TakenKeys saves them
  std::string sources = {};     // as Sources saves them
  std::string engine = {};      // as Engine::snapshot has it
};

// Written beside, then renamed; durable when it returns. What was there is replaced. Its digest:
// SHA-256 over all before it, and the file's last 32 bytes.
std::expected<Digest, std::string> write_state_file(const std::string& path,
                                                    const EngineSnapshot& snapshot);

struct StateFile {
  EngineSnapshot snapshot;
  Digest digest{};
};

// An error says that it is none of this version, or damaged.
std::expected<StateFile, std::string> read_state_file(const std::string& path);

}  // namespace marktwacht
