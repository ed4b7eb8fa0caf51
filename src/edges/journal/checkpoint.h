// Where a journal begins whose older segments were dropped: the chain's hash there, and the state
// of the engine, so that nothing before it is needed. Its bytes: format.md.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "base/time.h"
#include "edges/journal/journal.h"
#include "edges/journal/state_file.h"
#include "edges/journal/walk.h"

namespace marktwacht {

struct Checkpoint {
  std::uint64_t seq = 0;       // of the last record that was dropped
  std::uint32_t segment = 0;   // number of the segment it stood in, which it ended
  Digest chain{};              // with which that segment ended
  Digest state{};              // of the state file: the engine after that record
  Time at = {};                // the engine's clock then
  std::string signature = {};  // hexadecimal; empty: there was no key
  std::string key = {};        // the public one, hexadecimal

  SegmentEnd end() const { return {segment, seq + 1, chain}; }
  // {"kind":"checkpoint","seq":…,"segment":…,"chain":…,"state":…,"at":…,"signature":…,"key":…}
  std::string json() const;
};

// Signed is "marktwacht journal checkpoint 1\n", then seq, segment, chain, state and at, with one
// space between, numbers in decimal and hashes in hexadecimal.
Checkpoint sign_checkpoint(Checkpoint of, const std::optional<SigningKey>& key);

// Of the segments in `directory`; nothing where none was dropped. An error: it is damaged, or its
// signature does not hold.
std::expected<std::optional<Checkpoint>, std::string> read_checkpoint(const std::string& directory);
// The state after its last record. An error: it is not there, or not the one that was signed for.
std::expected<EngineSnapshot, std::string> read_checkpoint_state(const std::string& directory,
                                                                 const Checkpoint& of);

// Behind which the journal at `path` begins, as JournalReader::open takes it; nothing where no
// record was dropped, or where there is no journal.
std::optional<Checkpoint> begins_behind(const std::string& path);
// The last record that was dropped of it; 0: none was.
std::uint64_t dropped_up_to(const std::string& path);
// The state in which it begins; nothing where it has its first record, or where there is none.
std::expected<std::optional<EngineSnapshot>, std::string> first_state(const std::string& path);

// The end of the oldest segments whose batches are all from before `before`, as a checkpoint that
// is not signed and has no state; nothing where no further segment is that old. The last segment,
// and one that does not end with a batch, always stays. All up to there is checked as
// `verify_journal` does: an error says what is wrong.
std::expected<std::optional<Checkpoint>, std::string> find_checkpoint(const std::string& directory,
                                                                      Time before);

// Lets the journal begin behind `of`, with the state after its last record: signed, durable, in
// force when it returns. The segments it stands for are passed over from then on.
std::expected<Checkpoint, std::string> put_checkpoint(const std::string& directory, Checkpoint of,
                                                      const EngineSnapshot& state,
                                                      const std::optional<SigningKey>& key);
// Removes the segments that the checkpoint in force stands for, or moves them to the folder
// `move_to` where one is named; how many. After a stop in between the same call goes on.
std::expected<std::size_t, std::string> drop_segments(const std::string& directory,
                                                      const std::string& move_to);

}  // namespace marktwacht
