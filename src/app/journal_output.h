// Writing accepted events into a journal, for `run --data` and `convert --to journal`.
#pragma once

#include <expected>
#include <string>

#include "app/config.h"
#include "edges/journal/journal.h"
#include "engine/engine.h"

namespace marktwacht {

// A fresh journal at `path`; signed when the configuration names a key. `engine`: the version that
// made the alerts it will hold.
std::expected<JournalWriter, std::string> open_journal_output(
    const std::string& path, const Config& config, std::uint32_t engine = engine_version);

// As a `config` event.
std::expected<void, std::string> record(const BaselinesMade& baselines, JournalWriter& writer);
std::expected<void, std::string> record(const ProposalMade& proposal, JournalWriter& writer);

// Records the engine's state hash after the last record, and closes.
std::expected<void, std::string> close_journal_output(JournalWriter& writer, const Engine& engine);

}  // namespace marktwacht
