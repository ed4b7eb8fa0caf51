// What-ifs over the service's own journal, one at a time, each as a program of its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace marktwacht {

struct BacktestRequest {
  std::vector<std::string> rulebooks;  // names of shipped ones, or texts of TOML
  std::vector<std::string> set;        // RULE.PARAM=V
  std::string vary;                    // RULE.PARAM=from:to:step
};

struct BacktestState {
  enum class Phase : std::uint8_t { running, done, failed } phase{};
  bool varies = false;
  std::string json = {};   // of one that is done
  std::string error = {};  // of one that failed
};

// Any thread.
class Backtests {
 public:
  static constexpr std::size_t kept_max = 50;    // results; the oldest goes first
  static constexpr std::size_t waiting_max = 8;  // not begun

  explicit Backtests(std::string data_dir);
  ~Backtests() { stop(); }
  Backtests(const Backtests&) = delete;
  Backtests& operator=(const Backtests&) = delete;

  // Its id; nothing when too many wait.
  std::optional<std::string> start(BacktestRequest request);
  std::optional<BacktestState> state(const std::string& backtest_id) const;
  void stop();

 private:
  void loop();
  BacktestState run(const BacktestRequest& request) const;

  std::string data_dir_;
  mutable std::mutex mutex_;
  std::condition_variable comes_;
  std::deque<std::pair<std::string, BacktestRequest>> waiting_;
  std::map<std::string, BacktestState> states_;
  std::deque<std::string> order_;
  std::uint64_t made_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace marktwacht
