// Streams that were closed are dropped when the next event finds them so.
#include "service/event_feed.h"

#include <algorithm>
#include <utility>

namespace marktwacht {

void EventFeed::add(EventStream stream) {
  const std::lock_guard lock(mutex_);
  streams_.push_back(std::move(stream));
}

void EventFeed::push(const SharedBytes& event) {
  const std::lock_guard lock(mutex_);
  std::erase_if(streams_, [&](const EventStream& stream) { return !stream.push(event); });
}

std::size_t EventFeed::listeners() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(streams_, &EventStream::is_open));
}

}  // namespace marktwacht
