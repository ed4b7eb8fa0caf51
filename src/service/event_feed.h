// Everybody who listens to GET /v1/stream. docs/api.md.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edges/http/server.h"

namespace marktwacht {

// Any thread. One event costs its bytes once, however many listen.
class EventFeed {
 public:
  void add(EventStream stream);
  void push(const SharedBytes& event);
  std::size_t listeners() const;

 private:
  mutable std::mutex mutex_;
  std::vector<EventStream> streams_;
};

}  // namespace marktwacht
