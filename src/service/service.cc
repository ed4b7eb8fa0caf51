// Starting, stopping, and what any thread may call.
#include "service/service.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "service/clocks.h"

namespace marktwacht {

Service::Service(const ServiceOptions& options, Listeners listeners)
    : options_(options), listeners_(std::move(listeners)) {}

std::expected<std::unique_ptr<Service>, std::string> Service::start(const ServiceOptions& options,
                                                                    Listeners listeners) {
  std::unique_ptr<Service> service(new Service(options, std::move(listeners)));
  if (auto opened = service->open(); !opened) {
    return std::unexpected(opened.error());
  }
  Service* const self = service.get();
  service->showing_thread_ = std::thread([self] { self->show_all(); });
  service->engine_thread_ = std::thread([self] { self->run(); });
  service->snapshot_thread_ = std::thread([self] { self->keep_snapshots(); });
  return service;
}

Service::Done Service::open() {
  const GateOptions gate_options;
  std::error_code error;
  std::filesystem::create_directories(options_.core.data_dir, error);
  auto gate =
      GateWriter::open(options_.core.data_dir + "/gate", options_.deployment_key, gate_options);
  if (!gate) {
    return std::unexpected(gate.error());
  }
  gate_ = *std::move(gate);
  auto store = Store::open(store_path());
  if (!store) {  // a projection: it is built anew
    status_.notes.push_back("the store is built anew: " + store.error());
    if (auto removed = Store::remove(store_path()); !removed) {
      return removed;
    }
    store = Store::open(store_path());
  }
  if (!store) {
    return std::unexpected(store.error());
  }
  store_ = *std::move(store);
  return open_core();
}

Service::Done Service::open_core() {
  auto core = Core::open(options_.core, store_->applied_seq(), [this](Published published) {
    Done applied = store_->apply(published.shown);
    if (applied) {
      tell_durable(published);
      tell_shown();
    }
    return applied;
  });
  if (!core) {
    return std::unexpected(core.error());
  }
  core_ = *std::move(core);
  auto published = core_->commit();
  if (!published) {
    return std::unexpected(published.error());
  }
  if (auto applied = store_->apply(published->shown); !applied) {
    return applied;
  }
  tell_durable(*published);
  tell_shown();
  const auto restrictions = core_->engine().enforcement().restrictions();
  if (auto done = gate_->publish(restrictions, wall_time()); !done) {
    return done;
  }
  status_.shown_seq = published->shown.applied_seq;
  for (const std::string& note : core_->notes()) {
    status_.notes.push_back(note);
  }
  taken_ns_ = monotonic_ns();  // the clock goes on from where it stood
  tell_status();
  return {};
}

void Service::tell_durable(const Published& published) const {
  if (listeners_.durable) {
    listeners_.durable(published);
  }
}

void Service::tell_shown() const {
  if (listeners_.shown) {
    listeners_.shown();
  }
}

Service::~Service() { static_cast<void>(stop()); }

std::expected<void, std::string> Service::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_comes_.notify_all();
  snapshot_due_.notify_all();
  for (std::thread* thread : {&engine_thread_, &showing_thread_, &snapshot_thread_}) {
    if (thread->joinable()) {
      thread->join();
    }
  }
  return ended_;
}

bool Service::offer(IntakeBatch batch) {
  const std::uint64_t bytes = batch.events.bytes.size() + 1024;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || !status_.failed.empty() ||
        (status_.queue_bytes > 0 && status_.queue_bytes + bytes > options_.queue_bytes_max)) {
      ++status_.refused_batches;
      return false;
    }
    status_.queue_bytes += bytes;
    ++status_.queue_batches;
    waiting_.push_back({std::move(batch), bytes, monotonic_ns()});
  }
  work_comes_.notify_one();
  return true;
}

void Service::ask(Question question) {
  {
    const std::lock_guard lock(mutex_);
    asked_.push_back(std::move(question));
  }
  work_comes_.notify_one();
}

ServiceStatus Service::status() const {
  const std::lock_guard lock(mutex_);
  ServiceStatus now = status_;
  if (!waiting_.empty()) {
    now.oldest_wait.ns = monotonic_ns() - waiting_.front().offered_ns;
  }
  return now;
}

std::map<std::string, SourceFigures> Service::sources() const {
  const std::lock_guard lock(mutex_);
  return sources_;
}

std::optional<UserRole> Service::role(const std::string& user_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = roles_.find(user_id);
  return found == roles_.end() ? std::nullopt : std::optional(found->second);
}

std::map<std::string, UserRole> Service::roles() const {
  const std::lock_guard lock(mutex_);
  return roles_;
}

SignedHead Service::signed_head() const {
  SealedHead head;
  {
    const std::lock_guard lock(mutex_);
    head = status_.head;
  }
  return sign_head(head, options_.core.journal.key);
}

void Service::change(const ServiceOptions& wanted) {
  {
    const std::lock_guard lock(mutex_);
    options_.silence = wanted.silence;
    options_.queue_bytes_max = wanted.queue_bytes_max;
    options_.free_bytes_min = wanted.free_bytes_min;
    options_.snapshot_every = wanted.snapshot_every;
  }
  snapshot_due_.notify_all();
}

void Service::note(std::string text) {
  constexpr std::size_t notes_max = 100;
  const std::lock_guard lock(mutex_);
  status_.notes.push_back(std::move(text));
  if (status_.notes.size() > notes_max) {
    status_.notes.pop_front();
  }
}

Time Service::now() const { return now_at(monotonic_ns()); }

Time Service::now_at(std::int64_t at_ns) const {
  const std::lock_guard lock(mutex_);
  return status_.clock ? Time{status_.clock->ns + at_ns - clock_read_ns_} : wall_time();
}

}  // namespace marktwacht
