// Everybody who listens to GET /v1/stream. docs/api.md.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edges/http/server.h"

namespace marktwacht {

// Any thread. What is told costs its bytes once, however many listen.
class EventFeed {
 public:
  void add(EventStream stream);
  // Goes out with what else is told until send(), for a listener costs as much to write to whether
  // it is one event or a hundred.
  void tell(std::string_view id, std::string_view event, std::string_view data);
  void send();
  std::size_t listeners() const;

 private:
  void send_told();

  mutable std::mutex mutex_;
  std::vector<EventStream> streams_;
  std::string told_;  // since the last send()
};

}  // namespace marktwacht
