// Beside the engine: the store is written, listeners hear of it, snapshots are made.
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "service/service.h"

namespace marktwacht {
namespace {

constexpr std::size_t shown_at_once_max = 256;
constexpr std::size_t notes_max = 100;

}  // namespace

void Service::show_all() {
  std::vector<Published> published;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      showing_ = false;
      shown_comes_.wait(lock, [&] { return (!to_show_.empty() && !reopening_) || engine_ended_; });
      if (to_show_.empty()) {
        return;
      }
      showing_ = true;
      while (!to_show_.empty() && published.size() < shown_at_once_max) {
        published.push_back(std::move(to_show_.front()));
        to_show_.pop_front();
      }
    }
    show_until_shown(published);
    published.clear();
  }
}

// The store may be locked, or the disk full. Given up only where all comes again from the journal.
void Service::show_until_shown(const std::vector<Published>& published) {
  for (;;) {
    const Done shown = show(published);
    std::unique_lock lock(mutex_);
    status_.not_shown = shown ? "" : shown.error();
    if (shown) {
      status_.shown_seq = published.back().shown.applied_seq;
      break;
    }
    if (shown_comes_.wait_for(lock, std::chrono::seconds(1),
                              [&] { return reopening_ || engine_ended_; })) {
      return;
    }
  }
  if (listener_) {
    for (const Published& one : published) {
      listener_(one);
    }
  }
}

// One transaction for all.
Service::Done Service::show(const std::vector<Published>& published) {
  StoreBatch all;
  const auto add = [](const auto& from, auto& to) {
    to.insert(to.end(), from.begin(), from.end());
  };
  for (const Published& one : published) {
    add(one.shown.alerts, all.alerts);
    add(one.shown.cases, all.cases);
    add(one.shown.measures, all.measures);
    add(one.shown.decisions, all.decisions);
    add(one.shown.commands, all.commands);
    all.applied_seq = one.shown.applied_seq;
  }
  return store_->apply(all);
}

void Service::keep_snapshots() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto every = std::chrono::nanoseconds(
        options_.snapshot_every.ns > 0 ? options_.snapshot_every.ns : 3'600 * second.ns);
    snapshot_due_.wait_for(lock, every, [&] { return stopping_; });
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
