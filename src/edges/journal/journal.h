// The journal, `*.mwj`: what was accepted, in order, framed with CRCs, chained by SHA-256 and
// signed when a key is given. Every byte: format.md beside this file.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "edges/journal/batch_mark.h"
#include "engine/version.h"
#include "events/event.h"

namespace marktwacht {

// An Ed25519 key pair. `load` reads a file of mode 0600 that holds the 32-byte seed as 64 hex
// digits (a line end may follow).
class SigningKey {
 public:
  static std::expected<SigningKey, std::string> load(const std::string& path);
  static SigningKey from_seed(const Digest& seed);
  std::array<std::uint8_t, 32> public_key() const;
  std::array<std::uint8_t, 64> sign(std::string_view bytes) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

struct JournalOptions {
  std::uint64_t segment_bytes_max = 256ull << 20;  // a new segment begins beyond this
  std::uint64_t block_bytes_max = 1ull << 20;      // a block is sealed at this size at the latest
  std::uint64_t start_seq = 1;                     // of a new journal's first record, from 1
  std::optional<SigningKey> key = {};              // a journal once signed stays signed
  std::uint32_t engine = engine_version;           // that makes what is written
  // A service's: a journal that has batch marks is continued after its last one, what follows is
  // cut; a segment ends only at one.
  bool whole_batches = false;
};

// Appends to a journal. One thread, and one writer a journal. Calls return an error text when the
// world failed (disk full); after that every call returns it: open the journal anew to go on.
// Without `close`, the journal stays open for the next writer and what was not synced may be lost.
class JournalWriter {
 public:
  // `path` ending in ".mwj": one file, never split; else a directory (made if absent) of segments
  // named by their first seq, 20 digits. What exists is never overwritten: an existing file is an
  // error, an existing directory is continued after its last whole record (a torn tail is cut, the
  // cut reported through `cut_bytes`) once all its bytes were checked as `verify_journal` does.
  static std::expected<JournalWriter, std::string> open(const std::string& path,
                                                        const JournalOptions& options);
  ~JournalWriter();
  JournalWriter(JournalWriter&&) noexcept;
  JournalWriter& operator=(JournalWriter&&) noexcept;

  // Its seq is `next_seq()` before the call. A record of more than 2 MiB is an error.
  std::expected<void, std::string> append(const Event& event);
  std::uint64_t next_seq() const;
  // All since the mark before it is one batch: after a crash it is there as a whole or not at all.
  // `mark.last_seq` is filled in. Durable with the next `sync`.
  std::expected<void, std::string> mark_batch(BatchMark mark);
  // Records the state hash that the engine had after the last appended record.
  std::expected<void, std::string> record_state_hash(const Digest& hash);
  // Ends the block: its head is hashed, chained and signed.
  std::expected<void, std::string> seal();
  // Seals and hands everything to the disk (fdatasync): what was appended is durable after this.
  std::expected<void, std::string> sync();
  // After an error: what was appended since the last `sync`, or since `open`, is off the disk, also
  // where the buffer had been written. Ends this writer, whether or not it succeeds.
  std::expected<void, std::string> cut_unsynced();
  // Seals, marks the segment as complete and closes it.
  std::expected<void, std::string> close();
  std::uint64_t cut_bytes() const;
  // The chain's last hash: right behind a `sync` it covers all that was appended.
  Digest chain() const;

 private:
  struct State;
  explicit JournalWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A record as it stands in the journal.
struct JournalRecord {
  std::uint64_t seq = 0;
  std::uint64_t offset = 0;  // of its frame in its segment
  std::string_view payload;  // as record.h has it; valid until the reader closes
};

// Reads records in order, checking CRCs and framing but not the chain (see `verify_journal`).
class JournalReader {
 public:
  // A file, a directory of segments, or a data directory with a folder `journal`. An error when
  // there is none, or its version is newer than this program's.
  // `from_seq`: of a directory, segments that end before it are passed over; the first record may
  // still be an earlier one.
  static std::expected<JournalReader, std::string> open(const std::string& path,
                                                        std::uint64_t from_seq = 0);
  ~JournalReader();
  JournalReader(JournalReader&&) noexcept;
  JournalReader& operator=(JournalReader&&) noexcept;

  // False at the end. A torn tail ends the stream (see `torn_bytes`); a fault before it is an
  // error.
  std::expected<bool, std::string> next(JournalRecord& record);
  // Is told of each batch mark when `next` passes it: after the last record of its batch.
  void on_batch(std::function<void(const BatchMark&)> hear);
  std::uint64_t torn_bytes() const;
  // Whether a segment so far was written under another event schema: a record that does not decode
  // then comes from a newer version.
  bool other_schema() const;
  // The engine's version that wrote the segment it is in.
  std::uint32_t engine() const;
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const;

 private:
  struct State;
  explicit JournalReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Whether `path` is something JournalReader can open: a directory, or a file with the magic.
bool is_journal(const std::string& path);

struct RecordedStateHash {
  std::uint64_t seq = 0;  // after this record
  Digest hash{};
};

struct JournalReport {
  bool ok = false;                  // nothing wrong was found in what is there
  bool closed = false;              // its end is marked: nothing is still to come
  std::vector<std::string> faults;  // where and what; each names the segment and byte
  std::vector<std::string> notes;   // not sealed yet, not signed, torn tail …
  std::uint64_t segments = 0, records = 0, blocks = 0, signed_blocks = 0, batches = 0;
  std::uint64_t first_seq = 0, last_seq = 0;
  Digest head{};               // the chain's last hash
  std::uint64_t head_seq = 0;  // of the last record under it
  std::vector<RecordedStateHash> state_hashes;
  std::vector<std::uint32_t> engines;  // the versions that wrote it, in order
};

// Of Ed25519: those that signed one after the other.
using PublicKeys = std::vector<std::array<std::uint8_t, 32>>;

// Checks every byte: magic, framing, CRCs, the chain over all segments, signatures (by one of the
// `keys`; where none is given, by the key in the header), counts, completeness, and that each
// record decodes. Blocks from before there was a key need no signature where a signed one follows.
// A torn tail is a fault of an otherwise valid journal, told apart by the words "torn tail".
JournalReport verify_journal(const std::string& path, const PublicKeys& keys = {});

}  // namespace marktwacht
