// Beside the engine: the store is written, listeners hear of it, snapshots are made.
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "service/service.h"

namespace marktwacht {
namespace {

constexpr std::size_t notes_max = 100;

constexpr std::int64_t beside = 64;  // in memory, of a line, besides its text

std::int64_t bytes_of(const StoreBatch::Line& line) {
  return static_cast<std::int64_t>(line.text.size()) + beside;
}

// In memory, roughly; of `later`, what it adds to `shown`: a case's or measure's newest line
// replaces the one that is there.
std::int64_t bytes_added(const StoreBatch& shown, const StoreBatch& later) {
  std::int64_t bytes = beside;
  for (const auto* lines : {&later.alerts, &later.commands}) {
    for (const StoreBatch::Line& line : *lines) {
      bytes += bytes_of(line);
    }
  }
  for (const auto list : {&StoreBatch::cases, &StoreBatch::measures}) {
    for (const auto& [number, line] : later.*list) {
      const auto before = (shown.*list).find(number);
      bytes += bytes_of(line) - (before == (shown.*list).end() ? 0 : bytes_of(before->second));
    }
  }
  for (const StoreBatch::Decision& decision : later.decisions) {
    bytes += bytes_of(decision.outcome) + static_cast<std::int64_t>(decision.event.size()) + beside;
  }
  return bytes;
}

}  // namespace

// The mutex is held.
void Service::queue_to_show(StoreBatch batch) {
  const std::uint64_t bytes =
      status_.show_bytes + static_cast<std::uint64_t>(bytes_added(to_show_, batch));
  if (to_show_.empty() || bytes <= options_.show_bytes_max) {
    status_.show_bytes = bytes;
    to_show_.append(std::move(batch));
    return;
  }
  ++status_.show_overflows;
  behind_seq_ = batch.applied_seq;
  behind_ = true;
  to_show_ = {};
  status_.show_bytes = 0;
}

// The mutex is held.
void Service::forget_queue() {
  to_show_ = {};
  status_.show_bytes = 0;
  behind_ = false;
}

void Service::show_all() {
  for (;;) {
    std::uint64_t from_journal = 0;
    StoreBatch batch;
    {
      std::unique_lock lock(mutex_);
      showing_ = false;
      shown_comes_.wait(
          lock, [&] { return ((!to_show_.empty() || behind_) && !reopening_) || engine_ended_; });
      if (to_show_.empty() && !behind_) {
        return;
      }
      showing_ = true;
      if (behind_) {  // what is made from here on waits behind it
        behind_ = false;
        from_journal = behind_seq_;
      }
      if (from_journal == 0) {
        batch = std::exchange(to_show_, {});
        status_.show_bytes = 0;
      }
    }
    if (from_journal != 0) {
      show_journal_until_shown(from_journal);
    } else {
      show_until_shown(batch);
    }
  }
}

// Whether to try again: the store may be locked, or the disk full. Given up only where all comes
// again from the journal.
bool Service::wait_for_store(const Done& shown) {
  std::unique_lock lock(mutex_);
  status_.not_shown = shown ? "" : shown.error();
  if (shown) {
    status_.shown_seq = store_->applied_seq();
    return false;
  }
  return !shown_comes_.wait_for(lock, std::chrono::seconds(1),
                                [&] { return reopening_ || engine_ended_; });
}

void Service::show_until_shown(const StoreBatch& batch) {
  Done shown;
  do {
    shown = store_->apply(batch);
  } while (wait_for_store(shown));
  if (shown) {
    tell_shown();
  }
}

void Service::show_journal_until_shown(std::uint64_t seq_max) {
  Done shown;
  do {
    StoreBatch nothing;
    nothing.applied_seq = store_->applied_seq();
    shown = store_->apply(nothing);  // a replay is dear: not before it can be written
    shown = shown ? show_journal(seq_max) : shown;
  } while (wait_for_store(shown));
  if (shown) {
    tell_shown();
  }
}

Service::Done Service::show_journal(std::uint64_t seq_max) {
  const std::uint64_t shown_seq = store_->applied_seq();
  if (shown_seq >= seq_max) {
    return {};
  }
  return replay_shown(data_dir(), options_.core.engine, shown_seq, seq_max,
                      [this](const StoreBatch& batch) { return store_->apply(batch); });
}

void Service::keep_snapshots() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto every = std::chrono::nanoseconds(
        options_.snapshot_every.ns > 0 ? options_.snapshot_every.ns : 3'600 * second.ns);
    const Duration asked = options_.snapshot_every;
    snapshot_due_.wait_for(lock, every,
                           [&] { return stopping_ || options_.snapshot_every != asked; });
    if (options_.snapshot_every != asked) {
      continue;  // begins anew
    }
    const std::uint64_t seq = status_.last_seq;
    if (stopping_ || options_.snapshot_every.ns == 0 || seq == status_.snapshot_seq ||
        !status_.failed.empty()) {
      continue;
    }
    lock.unlock();
    const auto written = write_snapshot(data_dir(), options_.core.engine, seq);
    lock.lock();
    if (written) {
      status_.snapshot_seq = *written;
    } else {
      status_.notes.push_back("no snapshot: " + written.error());
      if (status_.notes.size() > notes_max) {
        status_.notes.pop_front();
      }
    }
  }
}

}  // namespace marktwacht
