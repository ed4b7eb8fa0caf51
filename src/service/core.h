// The engine and its journal as one: what is taken is recorded, and after a stop of any kind it is
// taken again from the record. Knows no threads, no clock, no network. docs/service.md.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "edges/journal/head.h"
#include "edges/journal/journal.h"
#include "edges/sqlite/store_gather.h"
#include "engine/engine.h"
#include "service/intake.h"
#include "service/published.h"
#include "service/snapshots.h"
#include "service/sources.h"
#include "service/taken_keys.h"

namespace marktwacht {

struct CoreOptions {
  std::string data_dir;
  EngineConfig engine = {};
  JournalOptions journal = {};  // whole_batches is set
  // In force from the first record of a new journal; later changes are events.
  std::vector<std::string> rulebooks = {};
  std::string links_text = {}, policy_text = {};  // empty: the built-in ones
};

// What came in since the start of this process. No part of the state.
struct IntakeCounts {
  std::array<std::uint64_t, event_types_end> accepted{};
  std::array<std::uint64_t, Words<RejectReason>::list.size()> rejected{};
  std::uint64_t repeated = 0, late = 0, unknown_fields = 0, batches = 0, repeated_batches = 0;
};

// One thread. An error says that the world failed: then it must be opened anew.
class Core {
 public:
  using Done = std::expected<void, std::string>;
  using Show = std::function<Done(Published)>;

  // Opens the data directory, made if absent, and catches up with its journal. `shown_seq`: what
  // was published before and need not be again; the rest of it goes to `show`, but for commands:
  // what is unanswered is sent anew in its time.
  static std::expected<std::unique_ptr<Core>, std::string> open(const CoreOptions& options,
                                                                std::uint64_t shown_seq,
                                                                const Show& show);

  // Takes a batch; its answer counts once `commit` has succeeded.
  std::expected<IntakeAnswer, std::string> take(const IntakeBatch& batch);
  // The answer of the batch of that key that was taken before, which is counted; nothing: none was.
  std::optional<IntakeAnswer> repeated(const std::string& source, const std::string& key);
  // A batch of one record.
  std::expected<IntakeAnswer, std::string> take(const Event& event);
  // What was taken since is on the disk, and is handed out.
  std::expected<Published, std::string> commit();
  // After an error: what was taken since is nowhere. Then it must be opened anew in any case.
  Done take_back();
  // Whether something was taken since.
  bool has_uncommitted() const { return has_uncommitted_; }
  // A snapshot of what is committed.
  Done keep_snapshot();
  // Records the state hash, and ends the journal's segment.
  Done close();

  const Engine& engine() const { return *engine_; }
  std::uint64_t last_seq() const { return journal_->next_seq() - 1; }
  // As of the last commit.
  const SealedHead& head() const { return head_; }
  const IntakeCounts& counts() const { return counts_; }
  Sources& sources() { return sources_; }
  const TakenKeys& taken_keys() const { return taken_keys_; }
  const std::vector<std::string>& notes() const { return notes_; }  // of opening

 private:
  explicit Core(const CoreOptions& options);

  Done catch_up(std::uint64_t shown_seq, const Show& show);
  Done replay(std::uint64_t after_seq, std::uint64_t shown_seq, const Show& show);
  Done begin_journal();
  Done take_item(const Item& item, IntakeAnswer& answer);
  Done take_event(const Event& event, Step& step);
  Done record_made(std::uint64_t first, std::uint64_t end);
  void gather(const Event* event);
  Published take_made(std::uint64_t applied_seq);
  void refuse(const Item& item, const Fault& fault, IntakeAnswer& answer);
  void count_source(const IntakeBatch& batch, const IntakeAnswer& answer,
                    const IntakeCounts& before);
  Done mark(const IntakeBatch& batch, const IntakeAnswer& answer);

  CoreOptions options_;
  Snapshots snapshots_;
  std::unique_ptr<Engine> engine_;
  std::optional<JournalWriter> journal_;
  TakenKeys taken_keys_;
  Sources sources_;
  Published made_;  // not handed out; what is shown of it stands in `gather_`
  StoreGather gather_;
  bool has_uncommitted_ = false;
  SealedHead head_;
  IntakeCounts counts_;
  std::vector<std::string> notes_;
};

// The state after record `seq`.
EngineSnapshot state_of(std::uint64_t seq, const Engine& engine, const TakenKeys& keys,
                        const Sources& sources);

// What the records behind `shown_seq`, up to `seq_max`, brought about: read from a journal that
// another thread may be writing, and handed to `show` in pieces. Needs an engine's memory
// meanwhile.
Core::Done replay_shown(const std::string& data_dir, const EngineConfig& config,
                        std::uint64_t shown_seq, std::uint64_t seq_max,
                        const std::function<Core::Done(const StoreBatch&)>& show);

// Catches up with the journal of a data directory that another thread or process may be writing, up
// to record `seq_max`, which ends a batch. Needs an engine's memory meanwhile.
std::expected<EngineSnapshot, std::string> state_after(const std::string& data_dir,
                                                       const EngineConfig& config,
                                                       std::uint64_t seq_max);
// Likewise, and keeps it as a snapshot in place of the oldest; its seq.
std::expected<std::uint64_t, std::string> write_snapshot(const std::string& data_dir,
                                                         const EngineConfig& config,
                                                         std::uint64_t seq_max);

}  // namespace marktwacht
