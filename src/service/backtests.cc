// Texts are handed over as files; the child is `marktwacht backtest`.
#include "service/backtests.h"

#include <utility>

#include "service/child.h"
#include "service/scratch.h"

namespace marktwacht {

Backtests::Backtests(std::string data_dir) : data_dir_(std::move(data_dir)) {
  thread_ = std::thread([this] { loop(); });
}

std::optional<std::string> Backtests::start(BacktestRequest request) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= waiting_max) {
    return std::nullopt;
  }
  const std::string id = "b-" + std::to_string(++made_);
  states_[id].varies = !request.vary.empty();
  order_.push_back(id);
  waiting_.emplace_back(id, std::move(request));
  if (order_.size() > kept_max) {
    states_.erase(order_.front());
    order_.pop_front();
  }
  comes_.notify_one();
  return id;
}

std::optional<BacktestState> Backtests::state(const std::string& backtest_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = states_.find(backtest_id);
  return found == states_.end() ? std::nullopt : std::optional(found->second);
}

void Backtests::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  comes_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Backtests::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    comes_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (stopping_) {
      return;
    }
    const auto [id, request] = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    BacktestState ended = run(request);
    lock.lock();
    if (const auto found = states_.find(id); found != states_.end()) {
      found->second = std::move(ended);
    }
  }
}

BacktestState Backtests::run(const BacktestRequest& request) const {
  Scratch scratch;
  std::vector<std::string> arguments{"backtest", data_dir_, "--json", "--trust"};
  for (const std::string& rulebook : request.rulebooks) {
    arguments.insert(arguments.end(), {"--rulebook", scratch.named(rulebook)});
  }
  for (const std::string& set : request.set) {
    arguments.insert(arguments.end(), {"--set", set});
  }
  if (!request.vary.empty()) {
    arguments.insert(arguments.end(), {"--vary", request.vary});
  }
  BacktestState state{.varies = !request.vary.empty()};
  auto ended = run_child(arguments);
  if (!ended || ended->exit_code != 0) {
    state.phase = BacktestState::Phase::failed;
    state.error = ended ? ended->errors : ended.error();
    return state;
  }
  state.phase = BacktestState::Phase::done;
  state.json = std::move(ended->output);
  while (state.json.ends_with('\n')) {
    state.json.pop_back();
  }
  return state;
}

}  // namespace marktwacht
