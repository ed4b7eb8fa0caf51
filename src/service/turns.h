// What may not go on at once takes turns, by name: the next begins when the one before it is over.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace marktwacht {

// Any thread. Must outlive all turns.
class Turns {
 public:
  static constexpr std::size_t waiting_max = 256;  // of one name

  // Over when the last copy is gone.
  using Turn = std::shared_ptr<void>;
  // Called when its turn comes, by whoever takes it or lets the one before go: must not wait.
  using Work = std::function<void(Turn)>;

  // False: too much waits; `work` is not called.
  bool take(const std::string& name, Work work);

 private:
  Turn begin(const std::string& name);
  void end(const std::string& name);

  std::mutex mutex_;
  std::map<std::string, std::deque<Work>> waiting_;  // of names whose turn somebody has
};

}  // namespace marktwacht
