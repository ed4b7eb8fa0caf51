// One input for several readers: batches are read once and handed to each.
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "edges/adapters/inputs.h"

namespace marktwacht {
namespace {

constexpr std::size_t batches_ahead_max = 4;  // of the reader that is last

// Whoever needs the next batch first reads it, while the others wait for it or work.
class SharedBatches {
 public:
  SharedBatches(std::unique_ptr<Input> input, std::size_t readers)
      : input_(std::move(input)), next_(readers, 0), progress_(input_->progress()) {}

  // The reader's next batch in place of the one it held; nullptr at the end, see `end`.
  void next(std::size_t reader, std::shared_ptr<Batch>& held) {
    std::unique_lock lock(mutex_);
    held.reset();
    for (;;) {
      if (next_[reader] < first_ + window_.size()) {
        held = window_[next_[reader]++ - first_];
        drop_passed();
        return;
      }
      if (end_) {
        return;
      }
      if (!reading_ && window_.size() < batches_ahead_max) {
        read_one(lock);
      } else {
        changed_.wait(lock);
      }
    }
  }

  void leave(std::size_t reader, std::shared_ptr<Batch>& held) {
    const std::lock_guard lock(mutex_);
    held.reset();
    next_[reader] = UINT64_MAX;
    drop_passed();
  }

  std::expected<bool, std::string> end() const {
    const std::lock_guard lock(mutex_);
    return *end_;
  }
  Progress progress() const {
    const std::lock_guard lock(mutex_);
    return progress_;
  }
  std::vector<std::string> notes() const {
    const std::lock_guard lock(mutex_);
    return end_ ? input_->notes() : std::vector<std::string>{};
  }

 private:
  void read_one(std::unique_lock<std::mutex>& lock) {
    std::shared_ptr<Batch> batch = free_batch();
    reading_ = true;
    lock.unlock();
    const auto more = input_->read(*batch);
    lock.lock();
    reading_ = false;
    progress_ = input_->progress();
    if (more && *more) {
      window_.push_back(std::move(batch));
    } else {
      end_ = more;
    }
    changed_.notify_all();
  }

  // Readers let go of what they held under the lock, so that nobody looks at a free one.
  std::shared_ptr<Batch> free_batch() {
    const auto free = std::ranges::find_if(
        batches_, [](const std::shared_ptr<Batch>& batch) { return batch.use_count() == 1; });
    return free != batches_.end() ? *free : batches_.emplace_back(std::make_shared<Batch>());
  }

  // Batches that every reader has had.
  void drop_passed() {
    const std::uint64_t last = *std::ranges::min_element(next_);
    for (; !window_.empty() && first_ < last; ++first_) {
      window_.pop_front();
    }
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<Input> input_;  // whose turn it is to read
  std::deque<std::shared_ptr<Batch>> window_;
  std::uint64_t first_ = 0;          // the number of the window's first
  std::vector<std::uint64_t> next_;  // by reader
  std::vector<std::shared_ptr<Batch>> batches_;
  bool reading_ = false;
  std::optional<std::expected<bool, std::string>> end_;
  Progress progress_;
};

class SharedInput : public Input {
 public:
  SharedInput(std::shared_ptr<SharedBatches> batches, std::size_t reader)
      : batches_(std::move(batches)), reader_(reader) {}
  SharedInput(const SharedInput&) = delete;
  SharedInput& operator=(const SharedInput&) = delete;
  ~SharedInput() override { batches_->leave(reader_, held_); }

  std::expected<bool, std::string> read(Batch& batch) override {
    batch.reset();
    batches_->next(reader_, held_);
    if (held_ == nullptr) {
      return batches_->end();
    }
    batch.items = held_->items;
    batch.unknown_fields = held_->unknown_fields;
    batch.blank_lines = held_->blank_lines;
    return true;
  }
  Progress progress() const override { return batches_->progress(); }
  std::vector<std::string> notes() const override { return batches_->notes(); }

 private:
  std::shared_ptr<SharedBatches> batches_;
  std::size_t reader_;
  std::shared_ptr<Batch> held_;
};

}  // namespace

std::vector<std::unique_ptr<Input>> share_input(std::unique_ptr<Input> input, std::size_t readers) {
  const auto batches = std::make_shared<SharedBatches>(std::move(input), readers);
  std::vector<std::unique_ptr<Input>> inputs;
  for (std::size_t reader = 0; reader < readers; ++reader) {
    inputs.push_back(std::make_unique<SharedInput>(batches, reader));
  }
  return inputs;
}

}  // namespace marktwacht
