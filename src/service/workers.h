// A few threads for what must not wait on an event loop: reading the store, hashing passwords,
// telling stories.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace marktwacht {

class Workers {
 public:
  static constexpr std::size_t waiting_max_usual = 4'096;
  // `failed` is told what work said that threw: its asker is answered by the connection (500), and
  // the others' work goes on.
  explicit Workers(std::size_t threads, std::size_t waiting_max = waiting_max_usual,
                   std::function<void(const char*)> failed = {});
  ~Workers() { stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Any thread. False: too much waits, or they stop; `work` is not run.
  bool run(std::function<void()> work);
  std::size_t waiting() const;
  // Finishes what waits. Waits for it.
  void stop();

 private:
  void loop();

  mutable std::mutex mutex_;
  std::condition_variable comes_;
  std::deque<std::function<void()>> waiting_;
  std::size_t waiting_max_;
  std::function<void(const char*)> failed_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace marktwacht
