// One run at a time; what it finds silent is an alarm until a later run finds it well.
#include "service/canary_watch.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "app/commands.h"
#include "service/child.h"
#include "service/scratch.h"

namespace marktwacht {
namespace {

constexpr Duration try_again{600 * second.ns};
constexpr std::string_view unable = "the canary itself";

std::string name_of(const CanaryResult& result) {
  return result.rulebook.substr(0, result.rulebook.find('@')) + "/" + result.id;
}

}  // namespace

std::uint64_t CanaryState::count(CanaryOutcome outcome) const {
  return static_cast<std::uint64_t>(std::ranges::count(results, outcome, &CanaryResult::outcome));
}

bool CanaryState::well() const {
  return ran_ts && error.empty() && std::ranges::all_of(results, is_well, &CanaryResult::outcome);
}

Time next_canary(int hour, Time now) {
  Time due{now.ns - now.ns % day.ns + hour * 3'600 * second.ns};
  return due > now ? due : Time{due.ns + day.ns};
}

CanaryWatch::CanaryWatch(const CanaryTimes& times, Time started, Alarms& alarms, Parts parts)
    : times_(times),
      alarms_(alarms),
      parts_(std::move(parts)),
      due_{started.ns + times.after_start.ns} {
  thread_ = std::thread([this] { loop(); });
}

bool CanaryWatch::look(Time now) {
  if (times_.hour < 0) {
    return false;
  }
  {
    const std::lock_guard lock(mutex_);
    // A clock that was set back by more than a day must not put it off for ever.
    const bool is_due = now >= due_ || due_.ns - now.ns > 2 * day.ns;
    if (!is_due || asked_ || state_.running) {
      return false;
    }
    due_ = next_canary(times_.hour, now);
    asked_ = true;
  }
  comes_.notify_one();
  return true;
}

bool CanaryWatch::ask() {
  {
    const std::lock_guard lock(mutex_);
    if (asked_ || state_.running || stopping_) {
      return false;
    }
    asked_ = true;
  }
  comes_.notify_one();
  return true;
}

CanaryState CanaryWatch::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void CanaryWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  comes_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void CanaryWatch::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    comes_.wait(lock, [&] { return stopping_ || asked_; });
    if (stopping_) {
      return;
    }
    asked_ = false;
    state_.running = true;
    lock.unlock();
    CanaryState ended = run_once();
    raise(ended);
    lock.lock();
    if (!ended.error.empty()) {  // sooner than tomorrow
      due_ = std::min(due_, Time{ended.ran_ts->ns + try_again.ns});
    }
    state_ = ended;
    lock.unlock();
    if (parts_.listener) {
      parts_.listener(ended);
    }
    lock.lock();
  }
}

CanaryState CanaryWatch::run_once() {
  CanaryState state;
  const auto rulebooks = parts_.in_force();
  if (rulebooks && rulebooks->empty()) {
    state.results = run_canary({});  // all is off; a process would take the default
    state.ran_ts = parts_.clock();
    return state;
  }
  const auto output = rulebooks ? parts_.run(*rulebooks) : std::unexpected(rulebooks.error());
  state.ran_ts = parts_.clock();
  if (!output) {
    state.error = output.error();
    return state;
  }
  std::istringstream lines(*output);
  for (std::string line; std::getline(lines, line);) {
    if (auto result = read_canary_result(line)) {
      state.results.push_back(*std::move(result));
    } else {
      state.error = "it said something else: " + line.substr(0, 200);
    }
  }
  if (state.results.empty() && state.error.empty()) {
    state.error = "it said nothing";
  }
  return state;
}

void CanaryWatch::raise(const CanaryState& state) {
  const Time now = *state.ran_ts;
  std::vector<std::string> alarmed;
  const auto begin = [&](const std::string& about, const std::string& what) {
    alarmed.push_back(about);
    alarms_.begin(AlarmKind::canary_missed, about, what, now);
  };
  if (!state.error.empty()) {
    begin(std::string(unable), "could not run: " + state.error);
  }
  for (const CanaryResult& result : state.results) {
    if (result.outcome == CanaryOutcome::missed) {
      begin(name_of(result),
            "does not find its own scenario with the numbers in force, though it does with "
            "those it was shipped with");
    } else if (result.outcome == CanaryOutcome::broken) {
      begin(name_of(result), "does not find its own scenario, whatever the numbers");
    }
  }
  // Of a run that failed nothing is known of the others: what was missed stays missed.
  for (const std::string& about : alarmed_) {
    if (std::ranges::find(alarmed, about) == alarmed.end()) {
      if (state.error.empty()) {
        alarms_.end(AlarmKind::canary_missed, about, now);
      } else {
        alarmed.push_back(about);
      }
    }
  }
  alarmed_ = std::move(alarmed);
}

std::expected<std::string, std::string> run_canary_child(
    const std::vector<std::string>& rulebooks) {
  Scratch scratch;
  std::vector<std::string> arguments{"canary", "--json"};
  for (const std::string& text : rulebooks) {
    arguments.insert(arguments.end(), {"--rulebook", scratch.named(text)});
  }
  auto ended = run_child(arguments);
  if (!ended) {
    return std::unexpected(ended.error());
  }
  // 4: it ran, and something was missed.
  if (ended->exit_code != static_cast<int>(Exit::done) &&
      ended->exit_code != static_cast<int>(Exit::verification)) {
    return std::unexpected(ended->errors.empty() ? "its process ended" : ended->errors);
  }
  return std::move(ended->output);
}

}  // namespace marktwacht
