// The service: one thread that owns the engine and commits in groups, and beside it what shows,
// sends and keeps what became durable. docs/service.md.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "edges/gate/gate_writer.h"
#include "edges/journal/head.h"
#include "service/core.h"
#include "service/latencies.h"

namespace marktwacht {

struct ServiceOptions {
  CoreOptions core;
  std::string deployment_key;                // of the gate and of tokens; may be empty
  Duration silence{100'000'000};             // then time passes by a tick; 0: only events move it
  std::uint64_t queue_bytes_max = 64 << 20;  // of batches that wait; beyond it senders are refused
  std::uint64_t group_events_max = 50'000;   // in one commit, unless one batch has more
  std::uint64_t free_bytes_min = 256 << 20;  // on the disk; below it nothing is taken
  // Of what waits for the store; beyond it the store reads the journal, once it can be written.
  std::uint64_t show_bytes_max = 64 << 20;
  Duration snapshot_every{600 * second.ns};  // where something was taken; 0: only at a stop
};

// As of the last commit.
struct ServiceStatus {
  std::string failed;     // why nothing is taken; empty: all is well
  std::string not_shown;  // why the store lags; empty: it does not
  std::uint64_t last_seq = 0, shown_seq = 0, snapshot_seq = 0;
  std::optional<Time> clock;  // the engine's
  Duration oldest_wait{0};    // of the batches that wait
  std::uint64_t queue_bytes = 0, queue_batches = 0, commits = 0, refused_batches = 0;
  std::uint64_t alerts = 0;  // revisions since the start
  // Of what waits for the store; how often it was too much, so that the store read the journal.
  std::uint64_t show_bytes = 0, show_overflows = 0;
  std::uint64_t keys_known = 0, keys_dropped = 0;  // Idempotency-Keys; dropped for want of room
  std::uint64_t sources_beyond = 0;                // events of sources beyond the limit
  SealedHead head;                                 // of the journal's chain
  IntakeCounts counts;
  Latencies commit_latency;       // of a batch: offered → on the disk
  Latencies gate_latency;         // of a change: on the disk → the gate says so
  std::deque<std::string> notes;  // the last ones
};

class Service {
 public:
  // Both in order. `durable`: on the engine's thread, once the journal and the gate have it, so
  // that nothing for the exchange waits for the store; must be short. `shown`: on the showing
  // thread, after the store has it; also where it had to read the journal for it.
  struct Listeners {
    std::function<void(const Published&)> durable;
    std::function<void()> shown;
  };

  // Catches up with the data directory (which may take minutes) and begins to take batches.
  static std::expected<std::unique_ptr<Service>, std::string> start(const ServiceOptions& options,
                                                                    Listeners listeners = {});
  ~Service();  // stops
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Any thread. False, and `done` is not called: there is no room now, or nothing is taken
  // (`status().failed`).
  bool offer(IntakeBatch batch);
  // Any thread. Runs on the engine's thread between two commits, after what was offered before;
  // must be short. nullptr: nothing is taken now, and nothing known.
  void ask(std::function<void(const Engine*)> question);
  // For such a question: the answer of the batch of that key that was taken before, if one was.
  std::optional<IntakeAnswer> repeated(const std::string& source, const std::string& key) {
    return core_->repeated(source, key);
  }
  ServiceStatus status() const;
  // As of the last commit.
  std::map<std::string, SourceFigures> sources() const;
  // Engine time now: its clock, and what passed since. What people decide has it.
  Time now() const;
  // Of a user who is not disabled.
  std::optional<UserRole> role(const std::string& user_id) const;
  std::map<std::string, UserRole> roles() const;
  // The journal's head as of the last commit, signed where there is a key.
  SignedHead signed_head() const;
  // From now on as these say: `silence`, `queue_bytes_max`, `free_bytes_min`, `snapshot_every`; all
  // else stays as it was at the start.
  void change(const ServiceOptions& wanted);
  // Something an operator should know. Any thread.
  void note(std::string text);
  // Takes nothing more, finishes what waits, writes a snapshot, closes the journal. Waits.
  std::expected<void, std::string> stop();

  const std::string& deployment_key() const { return options_.deployment_key; }
  const std::string& data_dir() const { return options_.core.data_dir; }
  std::string store_path() const { return data_dir() + "/store.db"; }

 private:
  struct Waiting {
    IntakeBatch batch;
    std::uint64_t bytes = 0;
    std::int64_t offered_ns = 0;
  };
  struct Answered {
    std::function<void(const IntakeAnswer&)> done;
    IntakeAnswer answer;
    std::int64_t offered_ns = 0;
  };
  using Done = Core::Done;
  using Question = std::function<void(const Engine*)>;

  Service(const ServiceOptions& options, Listeners listeners);
  Done open();
  Done open_core();
  Done apply_gate(const std::vector<SubjectRestrictions>& changes);

  // service_engine.cc: the engine's thread
  void run();
  bool wait_for_work(std::deque<Waiting>& work, std::deque<Question>& asked);
  static void answer(std::deque<Question>& asked, const Engine* engine);
  Done take_group(std::deque<Waiting>& work, std::vector<Answered>& answered);
  Done let_time_pass();
  Time now_at(std::int64_t at_ns) const;  // monotonic
  Done commit(std::vector<Answered>& answered);
  void fail(const std::string& why, std::deque<Waiting>& work, std::vector<Answered>& answered);
  void try_again();
  bool has_room() const;
  Done no_room() const;
  template <class T>
  T option(T ServiceOptions::* which) const {  // one that `change` may change
    const std::lock_guard lock(mutex_);
    return options_.*which;
  }
  void tell_status();

  // service_showing.cc: the showing thread and the snapshots'
  void show_all();
  void queue_to_show(StoreBatch batch);
  void forget_queue();
  void show_until_shown(const StoreBatch& batch);
  void show_journal_until_shown(std::uint64_t seq_max);
  void tell_durable(const Published& published) const;
  void tell_shown() const;
  bool wait_for_store(const Done& shown);
  Done show_journal(std::uint64_t seq_max);
  void keep_snapshots();

  ServiceOptions options_;
  Listeners listeners_;
  std::optional<Store> store_;  // of the showing thread, once started
  std::optional<GateWriter> gate_;
  std::unique_ptr<Core> core_;  // of the engine's thread, once started

  mutable std::mutex mutex_;  // over all below
  std::condition_variable work_comes_, shown_comes_, snapshot_due_;
  std::deque<Waiting> waiting_;
  std::deque<Question> asked_;
  StoreBatch to_show_;
  bool behind_ = false;           // the store is to read the journal, up to behind_seq_
  std::uint64_t behind_seq_ = 0;  // what is made behind it waits in to_show_
  ServiceStatus status_;
  std::map<std::string, UserRole> roles_;
  std::map<std::string, SourceFigures> sources_;
  std::int64_t clock_read_ns_ = 0;  // monotonic, when the engine's clock stood where it was told
  std::int64_t taken_ns_ = 0;       // monotonic, before the group that is taken; engine's thread
  bool stopping_ = false, engine_ended_ = false;
  bool showing_ = false;    // the showing thread has the store in hand
  bool reopening_ = false;  // the engine's has it

  Done ended_;
  std::thread engine_thread_, showing_thread_, snapshot_thread_;
};

}  // namespace marktwacht
