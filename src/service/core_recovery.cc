// From a data directory to a live engine: the newest snapshot that serves, then the journal.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/arena.h"
#include "events/config_names.h"
#include "events/record.h"
#include "service/core.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

std::string place_of(const std::string& data_dir, std::uint64_t seq) {
  return data_dir + "/journal, record " + std::to_string(seq) + ": ";
}

std::string does_not_serve(std::uint64_t seq, const std::string& fault) {
  return "the snapshot after record " + std::to_string(seq) + " does not serve: " + fault;
}

// Restores `snapshot` and replays what the journal has after it, up to its last batch.
class CatchingUp {
 public:
  using Seen = std::function<Core::Done(const Event&, std::uint64_t seq)>;

  CatchingUp(const std::string& data_dir, Engine& engine, TakenKeys& keys, Sources& sources)
      : data_dir_(data_dir), engine_(engine), keys_(keys), sources_(sources) {}

  Core::Done restore(const EngineSnapshot& snapshot) {
    ByteReader keys(snapshot.taken_keys);
    if (!keys_.load(keys)) {
      return std::unexpected("its batch keys are damaged");
    }
    ByteReader sources(snapshot.sources);
    if (!sources_.load(sources)) {
      return std::unexpected("its figures of sources are damaged");
    }
    seq_ = snapshot.seq;
    return engine_.restore(snapshot.engine);
  }

  // From where the newest snapshot leads, if there is one.
  Core::Done begin(const std::expected<std::optional<EngineSnapshot>, std::string>& snapshot) {
    if (!snapshot) {
      return std::unexpected(snapshot.error());
    }
    return *snapshot ? restore(**snapshot) : Core::Done{};
  }

  // `seq_max`: what stands behind it is left out.
  Core::Done replay(std::uint64_t seq_max, const Seen& seen) {
    auto reader = JournalReader::open(data_dir_ + "/journal", seq_ + 1);
    if (!reader) {
      return std::unexpected(reader.error());
    }
    reader->on_batch([this, from = seq_](const BatchMark& mark) {
      keys_.add(mark);
      if (mark.last_seq > from) {  // what is before stands in the snapshot
        sources_.take(mark);
      }
    });
    engine_.replay();
    JournalRecord record;
    for (;;) {
      const auto more = reader->next(record);
      if (!more) {
        return std::unexpected(more.error());
      }
      if (!*more || record.seq > seq_max) {
        return {};
      }
      if (record.seq <= seq_) {
        continue;
      }
      if (auto done = take(record, seen); !done) {
        return done;
      }
    }
  }

  std::uint64_t seq() const { return seq_; }

 private:
  Core::Done take(const JournalRecord& record, const Seen& seen) {
    arena_.reset();
    const Event* event = read_record(record.payload, arena_);
    if (event == nullptr) {
      return std::unexpected(place_of(data_dir_, record.seq) + "no event that this program knows");
    }
    const Step step = engine_.step(*event, record.seq);
    if (step.outcome != Step::Outcome::accepted && step.outcome != Step::Outcome::recorded) {
      return std::unexpected(
          place_of(data_dir_, record.seq) + "was taken once and is now refused: " +
          std::string(word_of(step.fault.reason)) + " " + std::string(step.fault.field));
    }
    seq_ = record.seq;
    if (step.outcome == Step::Outcome::accepted) {
      sources_.take(*event, step.now);
    }
    return seen ? seen(*event, record.seq) : Core::Done{};
  }

  const std::string& data_dir_;
  Engine& engine_;
  TakenKeys& keys_;
  Sources& sources_;
  Arena arena_;
  std::uint64_t seq_ = 0;
};

}  // namespace

Core::Core(const CoreOptions& options) : options_(options), snapshots_(options.data_dir) {
  options_.journal.whole_batches = true;
}

std::expected<std::unique_ptr<Core>, std::string> Core::open(const CoreOptions& options,
                                                             std::uint64_t shown_seq,
                                                             const Show& show) {
  std::error_code error;
  fs::create_directories(options.data_dir, error);
  if (error) {
    return std::unexpected("cannot make " + options.data_dir + ": " + error.message());
  }
  std::unique_ptr<Core> core(new Core(options));
  auto journal = JournalWriter::open(options.data_dir + "/journal", core->options_.journal);
  if (!journal) {
    return std::unexpected(journal.error());
  }
  core->journal_ = *std::move(journal);
  if (core->journal_->cut_bytes() > 0) {
    core->notes_.push_back("the last " + std::to_string(core->journal_->cut_bytes()) +
                           " bytes of the journal belonged to batches that nobody was answered "
                           "for; they were cut");
  }
  if (auto done = core->catch_up(shown_seq, show); !done) {
    return std::unexpected(done.error());
  }
  return core;
}

Core::Done Core::catch_up(std::uint64_t shown_seq, const Show& show) {
  const std::uint64_t end = last_seq();
  std::uint64_t seq_max = std::min(end, shown_seq);
  for (;;) {
    engine_ = std::make_unique<Engine>(options_.engine);
    taken_keys_ = {};
    sources_.clear();
    CatchingUp catching_up(options_.data_dir, *engine_, taken_keys_, sources_);
    const auto snapshot = snapshots_.newest(seq_max, notes_);
    if (!snapshot) {
      return std::unexpected(snapshot.error());
    }
    if (*snapshot) {
      const std::uint64_t seq = (*snapshot)->seq;
      if (auto done = catching_up.restore(**snapshot); !done) {
        if (seq > seq_max) {  // the checkpoint's, which has been refused before
          return std::unexpected(does_not_serve(seq, done.error()) +
                                 "; what the journal held before it was dropped");
        }
        notes_.push_back(does_not_serve(seq, done.error()));
        seq_max = seq - 1;
        continue;
      }
      if (seq > shown_seq) {
        gather_.add_state(*engine_);
      }
    }
    const auto seen = [&](const Event& event, std::uint64_t seq) -> Done {
      if (seq <= shown_seq) {
        return {};
      }
      gather_.add_replayed(*engine_, event, seq);
      gather(&event);
      made_.commands.clear();
      return seq % 4096 == 0 ? show(take_made(seq)) : Done{};
    };
    if (end > 0) {
      if (auto done = catching_up.replay(end, seen); !done) {
        return done;
      }
    }
    break;
  }
  engine_->go_live();
  return begin_journal();
}

// What the last record led to and is not recorded, because the process stopped in between; and in a
// new journal, what is in force from the start.
Core::Done Core::begin_journal() {
  if (auto done = record_made(0, UINT64_MAX); !done) {
    return done;
  }
  gather_.add_live(*engine_, nullptr);
  gather(nullptr);
  // Users may have been recorded before the first start.
  if (!engine_->rules().rules().empty() || !engine_->detectors().active().empty()) {
    return mark({}, {});
  }
  std::vector<std::pair<std::string_view, std::string_view>> first;
  for (const std::string& text : options_.rulebooks) {
    first.emplace_back(rulebook_config, text);
  }
  if (!options_.links_text.empty()) {
    first.emplace_back(links_config, options_.links_text);
  }
  if (!options_.policy_text.empty()) {
    first.emplace_back(policy_config, options_.policy_text);
  }
  for (const auto& [name, text] : first) {
    Step step;
    if (auto done = take_event(config_event(name, text, Time{}), step); !done) {
      return done;
    }
    if (step.outcome != Step::Outcome::accepted) {
      return std::unexpected("the " + std::string(name) + " given is refused");
    }
  }
  return mark({}, {});
}

Core::Done replay_shown(const std::string& data_dir, const EngineConfig& config,
                        std::uint64_t shown_seq, std::uint64_t seq_max,
                        const std::function<Core::Done(const StoreBatch&)>& show) {
  const Snapshots snapshots(data_dir);
  std::vector<std::string> notes;
  Engine engine(config);
  TakenKeys keys;
  Sources sources;
  CatchingUp catching_up(data_dir, engine, keys, sources);
  if (auto done = catching_up.begin(snapshots.newest(shown_seq, notes)); !done) {
    return done;
  }
  StoreGather gather;
  if (catching_up.seq() > shown_seq) {
    gather.add_state(engine);
  }
  const auto seen = [&](const Event& event, std::uint64_t seq) -> Core::Done {
    if (seq <= shown_seq) {
      return {};
    }
    gather.add_replayed(engine, event, seq);
    return seq % 4096 == 0 ? show(gather.take(engine, seq)) : Core::Done{};
  };
  if (auto done = catching_up.replay(seq_max, seen); !done) {
    return done;
  }
  return show(gather.take(engine, seq_max));
}

std::expected<EngineSnapshot, std::string> state_after(const std::string& data_dir,
                                                       const EngineConfig& config,
                                                       std::uint64_t seq_max) {
  const Snapshots snapshots(data_dir);
  std::vector<std::string> notes;
  Engine engine(config);
  TakenKeys keys;
  Sources sources;
  CatchingUp catching_up(data_dir, engine, keys, sources);
  auto done = catching_up.begin(snapshots.newest(seq_max, notes));
  done = done ? catching_up.replay(seq_max, {}) : done;
  if (!done) {
    return std::unexpected(done.error());
  }
  engine.go_live();
  check(engine.last_seq() == catching_up.seq(), "a batch's end leaves nothing to record");
  return state_of(catching_up.seq(), engine, keys, sources);
}

std::expected<std::uint64_t, std::string> write_snapshot(const std::string& data_dir,
                                                         const EngineConfig& config,
                                                         std::uint64_t seq_max) {
  const auto state = state_after(data_dir, config, seq_max);
  if (!state) {
    return std::unexpected(state.error());
  }
  const auto written = Snapshots(data_dir).write(*state);
  return written ? std::expected<std::uint64_t, std::string>(state->seq)
                 : std::unexpected(written.error());
}

}  // namespace marktwacht
