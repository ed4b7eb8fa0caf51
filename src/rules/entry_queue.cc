// What happens to a queue of entries seldom.
#include "rules/entry_queue.h"

#include <algorithm>

namespace marktwacht {

void EntryQueue::grow() {
  decltype(ring_) larger(std::max<std::size_t>(1'024, 2 * room_));
  for (std::uint32_t place = first_; place != end_; place = after(place)) {
    larger[place & (larger.size() - 1)] = ring_[slot(place)];
  }
  ring_ = std::move(larger);
  room_ = ring_.size();
}

void EntryQueue::keep_values(std::uint32_t place, const CellValues& values) {
  values_[place] = values;
}

CellValues EntryQueue::take_values() {
  const auto found = values_.find(first_);
  CellValues values = std::move(found->second);
  values_.erase(found);
  ring_[slot(first_)].has_values = false;
  return values;
}

}  // namespace marktwacht
