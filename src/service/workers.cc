// First come, first served.
#include "service/workers.h"

#include <exception>
#include <utility>

namespace marktwacht {

Workers::Workers(std::size_t threads, std::size_t waiting_max,
                 std::function<void(const char*)> failed)
    : waiting_max_(waiting_max), failed_(std::move(failed)) {
  for (std::size_t count = 0; count < threads; ++count) {
    threads_.emplace_back([this] { loop(); });
  }
}

bool Workers::run(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= waiting_max_) {
      return false;
    }
    waiting_.push_back(std::move(work));
  }
  comes_.notify_one();
  return true;
}

std::size_t Workers::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void Workers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  comes_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) {
      thread.join();
    }
  }
}

void Workers::loop() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      comes_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) {
        return;
      }
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    try {
      work();
    } catch (const std::exception& fault) {
      if (failed_) {
        failed_(fault.what());
      }
    }
  }
}

}  // namespace marktwacht
