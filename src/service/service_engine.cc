// The engine's thread: takes what waits, commits it as one, hands it out.
#include <sys/statvfs.h>

#include <utility>

#include "service/clocks.h"
#include "service/service.h"

namespace marktwacht {
namespace {

constexpr std::chrono::milliseconds heartbeat{100};
constexpr std::int64_t try_again_ns = 2'000'000'000;

}  // namespace

void Service::run() {
  std::deque<Waiting> work;
  std::deque<Question> asked;
  std::vector<Answered> answered;
  std::int64_t failed_ns = 0;
  while (wait_for_work(work, asked)) {
    if (core_ == nullptr) {
      fail(status().failed, work, answered);
      answer(asked, nullptr);
      if (monotonic_ns() - failed_ns > try_again_ns) {
        failed_ns = monotonic_ns();
        try_again();
      }
      gate_->beat(wall_time());  // what is known keeps holding
      continue;
    }
    taken_ns_ = monotonic_ns();
    Done done = work.empty() ? let_time_pass() : take_group(work, answered);
    if (done && (core_->has_uncommitted() || !answered.empty())) {  // a question needs no disk
      done = commit(answered);
    }
    gate_->beat(wall_time());  // readers compare it with their own clock
    if (!done) {
      failed_ns = monotonic_ns();
      fail(done.error(), work, answered);
      answer(asked, nullptr);
      continue;
    }
    answer(asked, &core_->engine());
  }
  if (core_ != nullptr) {
    ended_ = core_->keep_snapshot();
    const Done closed = core_->close();
    ended_ = closed ? ended_ : closed;
  }
  const std::lock_guard lock(mutex_);
  engine_ended_ = true;
  shown_comes_.notify_all();
}

void Service::answer(std::deque<Question>& asked, const Engine* engine) {
  for (const Question& question : asked) {
    question(engine);
  }
  asked.clear();
}

// False: the service stops, and nothing waits.
bool Service::wait_for_work(std::deque<Waiting>& work, std::deque<Question>& asked) {
  std::unique_lock lock(mutex_);
  work_comes_.wait_for(lock, heartbeat,
                       [&] { return stopping_ || !waiting_.empty() || !asked_.empty(); });
  work.swap(waiting_);
  asked.swap(asked_);
  status_.queue_bytes = status_.queue_batches = 0;
  return !stopping_ || !work.empty();
}

// Takes from the front as much as one commit should have.
Service::Done Service::take_group(std::deque<Waiting>& work, std::vector<Answered>& answered) {
  if (!has_room()) {
    return no_room();
  }
  std::uint64_t events = 0;
  while (!work.empty() && (events == 0 || events < options_.group_events_max)) {
    Waiting one = std::move(work.front());
    work.pop_front();
    events += one.batch.events.items.size();
    auto answer = core_->take(one.batch);
    if (!answer) {
      work.push_front(std::move(one));
      return std::unexpected(answer.error());
    }
    answered.push_back({std::move(one.batch.done), *std::move(answer), one.offered_ns});
  }
  if (!work.empty()) {  // the rest goes on waiting, before what came meanwhile
    const std::lock_guard lock(mutex_);
    while (!work.empty()) {
      status_.queue_bytes += work.back().bytes;
      ++status_.queue_batches;
      waiting_.push_front(std::move(work.back()));
      work.pop_back();
    }
  }
  return {};
}

Service::Done Service::let_time_pass() {
  if (!has_room()) {
    return no_room();
  }
  const Duration silence = option(&ServiceOptions::silence);
  if (silence.ns == 0 || !core_->engine().clock()) {
    return {};
  }
  event::Tick tick;
  tick.type = EventType::tick;
  tick.ts = now_at(taken_ns_);
  if (tick.ts.ns - core_->engine().clock()->ns < silence.ns) {
    return {};
  }
  auto taken = core_->take(tick);
  return taken ? Done{} : std::unexpected(taken.error());
}

Service::Done Service::commit(std::vector<Answered>& answered) {
  auto published = core_->commit();
  if (!published) {
    return std::unexpected(published.error());
  }
  const std::int64_t durable_ns = monotonic_ns();
  if (auto done = apply_gate(published->gate); !done) {
    return done;
  }
  const std::int64_t told_ns = monotonic_ns();
  tell_durable(*published);
  {
    const std::lock_guard lock(mutex_);
    if (!published->gate.empty()) {
      status_.gate_latency.add(told_ns - durable_ns);
    }
    for (const Answered& one : answered) {
      status_.commit_latency.add(durable_ns - one.offered_ns);
    }
    ++status_.commits;
    status_.alerts += published->shown.alerts.size();
    if (!published->shown.empty()) {
      queue_to_show(std::move(published->shown));
    } else if (to_show_.empty() && !behind_ && !showing_) {
      status_.shown_seq = published->shown.applied_seq;
    }
  }
  shown_comes_.notify_one();
  tell_status();
  for (Answered& one : answered) {
    if (one.done) {
      one.done(one.answer);
    }
  }
  answered.clear();
  return {};
}

Service::Done Service::apply_gate(const std::vector<SubjectRestrictions>& changes) {
  for (const SubjectRestrictions& change : changes) {
    if (auto done = gate_->apply(change); !done) {
      return std::unexpected("the gate: " + done.error());
    }
  }
  return {};
}

// What was not committed is taken back; who sent it is told so. The state goes with it.
void Service::fail(const std::string& why, std::deque<Waiting>& work,
                   std::vector<Answered>& answered) {
  IntakeAnswer failed{.error = why};
  bool was_committed = false;
  if (core_ != nullptr) {
    was_committed = !core_->has_uncommitted();  // and then the gate failed
    if (const Done back = core_->take_back(); !back) {
      failed.is_unknown = true;
      failed.error += "; " + back.error();
    }
    core_.reset();
  }
  {
    const std::lock_guard lock(mutex_);
    status_.failed = failed.error;
  }
  IntakeAnswer begun = failed;
  begun.is_unknown = failed.is_unknown || was_committed;
  for (Answered& one : answered) {
    if (one.done) {
      one.done(begun);
    }
  }
  for (Waiting& one : work) {
    if (one.batch.done) {
      one.batch.done(failed);
    }
  }
  answered.clear();
  work.clear();
}

void Service::try_again() {
  if (!has_room()) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    reopening_ = true;  // what was not shown comes again from the journal
    forget_queue();
    if (showing_) {
      return shown_comes_.notify_one();
    }
  }
  const Done opened = open_core();
  if (!opened) {
    core_.reset();  // or nobody would try again
  }
  const std::lock_guard lock(mutex_);
  reopening_ = false;
  status_.failed = opened ? "" : opened.error();
}

Service::Done Service::no_room() const {
  return std::unexpected("the disk is full: less than " +
                         std::to_string(option(&ServiceOptions::free_bytes_min) >> 20) +
                         " MiB are free");
}

bool Service::has_room() const {
  struct statvfs disk{};
  return statvfs(data_dir().c_str(), &disk) != 0 ||
         std::uint64_t{disk.f_bavail} * disk.f_frsize >= option(&ServiceOptions::free_bytes_min);
}

void Service::tell_status() {
  const std::lock_guard lock(mutex_);
  status_.last_seq = core_->last_seq();
  status_.head = core_->head();
  const auto roles_may_change = [](const IntakeCounts& counts) {
    return counts.accepted[static_cast<std::size_t>(EventType::config)] +
           counts.accepted[static_cast<std::size_t>(EventType::decision)];
  };
  if (roles_may_change(status_.counts) != roles_may_change(core_->counts()) || roles_.empty()) {
    roles_ = core_->engine().enforcement().users().roles();
  }
  status_.counts = core_->counts();
  status_.keys_known = core_->taken_keys().size();
  status_.keys_dropped = core_->taken_keys().dropped();
  status_.sources_beyond = core_->sources().beyond();
  core_->sources().take_changed([this](const std::string& source, const SourceFigures& figures) {
    sources_[source] = figures;
  });
  if (status_.clock != core_->engine().clock()) {
    status_.clock = core_->engine().clock();
    clock_read_ns_ = taken_ns_;  // else each tick loses the time of its commit
  }
}

}  // namespace marktwacht
