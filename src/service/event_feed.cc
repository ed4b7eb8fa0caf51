// Streams that were closed are dropped when the next events find them so.
#include "service/event_feed.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace marktwacht {
namespace {

constexpr std::size_t piece_bytes = 256 * 1'024;  // far from what a listener may fall behind

}  // namespace

void EventFeed::add(EventStream stream) {
  const std::lock_guard lock(mutex_);
  streams_.push_back(std::move(stream));
}

void EventFeed::tell(std::string_view id, std::string_view event, std::string_view data) {
  const std::lock_guard lock(mutex_);
  append_event(told_, id, event, data);
  if (told_.size() >= piece_bytes) {
    send_told();
  }
}

void EventFeed::send() {
  const std::lock_guard lock(mutex_);
  if (!told_.empty()) {
    send_told();
  }
}

void EventFeed::send_told() {
  const auto piece = std::make_shared<const std::string>(std::exchange(told_, {}));
  std::erase_if(streams_, [&](const EventStream& stream) { return !stream.push(piece); });
}

std::size_t EventFeed::listeners() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(streams_, &EventStream::is_open));
}

}  // namespace marktwacht
