// Work is called without the lock: it may take or end turns itself.
#include "service/turns.h"

#include <utility>

namespace marktwacht {

bool Turns::take(const std::string& name, Work work) {
  {
    const std::lock_guard lock(mutex_);
    const auto [found, is_free] = waiting_.try_emplace(name);
    if (!is_free) {
      const bool has_room = found->second.size() < waiting_max;
      if (has_room) {
        found->second.push_back(std::move(work));
      }
      return has_room;
    }
  }
  work(begin(name));
  return true;
}

Turns::Turn Turns::begin(const std::string& name) {
  return {this, [name](Turns* turns) { turns->end(name); }};
}

void Turns::end(const std::string& name) {
  Work next;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(name);
    if (found->second.empty()) {
      waiting_.erase(found);
      return;
    }
    next = std::move(found->second.front());
    found->second.pop_front();
  }
  next(begin(name));
}

}  // namespace marktwacht
