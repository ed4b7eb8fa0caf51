// Reading ahead: a thread fills batches that go round in a small ring.
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "edges/adapters/inputs.h"

namespace marktwacht {
namespace {

class ThreadedInput : public Input {
 public:
  explicit ThreadedInput(std::unique_ptr<Input> input)
      : input_(std::move(input)), progress_(input_->progress()) {
    for (Batch& batch : batches_) {
      make_movable(batch);
      free_.push_back(&batch);
    }
    thread_ = std::thread([this] { run(); });
  }
  ThreadedInput(const ThreadedInput&) = delete;
  ThreadedInput& operator=(const ThreadedInput&) = delete;
  // Waits for the read that is under way.
  ~ThreadedInput() override {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  std::expected<bool, std::string> read(Batch& batch) override {
    batch.reset();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !full_.empty() || end_; });
    if (full_.empty()) {
      return *end_;
    }
    Batch* next = full_.front();
    full_.pop_front();
    lock.unlock();
    std::swap(batch, *next);
    make_movable(*next);
    lock.lock();
    free_.push_back(next);
    lock.unlock();
    changed_.notify_all();
    return true;
  }

  Progress progress() const override {
    const std::lock_guard lock(mutex_);
    return progress_;
  }

  std::vector<std::string> notes() const override {
    const std::lock_guard lock(mutex_);
    return end_ ? input_->notes() : std::vector<std::string>{};
  }

 private:
  static constexpr std::size_t batches = 4;

  void run() {
    while (Batch* batch = wait_for_free()) {
      const auto more = input_->read(*batch);
      const bool over = !more || !*more;
      {
        const std::lock_guard lock(mutex_);
        progress_ = input_->progress();
        if (over) {
          end_ = more;
        } else {
          full_.push_back(batch);
        }
      }
      changed_.notify_all();
      if (over) {
        return;
      }
    }
  }

  Batch* wait_for_free() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !free_.empty() || stopped_; });
    if (stopped_) {
      return nullptr;
    }
    Batch* batch = free_.front();
    free_.pop_front();
    return batch;
  }

  std::unique_ptr<Input> input_;  // the thread's, until `end_`
  std::array<Batch, batches> batches_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch*> free_, full_;
  std::optional<std::expected<bool, std::string>> end_;  // what the last read said
  Progress progress_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Input> read_on_thread(std::unique_ptr<Input> input) {
  return std::make_unique<ThreadedInput>(std::move(input));
}

}  // namespace marktwacht
