// What a server's connections share: configuration, handler, counters.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "edges/http/server.h"

namespace marktwacht {

struct ServerCounts {
  using Count = std::atomic<std::uint64_t>;
  Count requests = 0;
  std::array<Count, 6> by_class{};
  Count bytes_in = 0, bytes_out = 0;
  Count connections = 0;
  Count streams_open = 0;
  Count bad_requests = 0;
  Count timeouts = 0;
  Count streams_too_slow = 0;
  Count answers_dropped = 0;
  Count headers_dropped = 0;
};

struct ServerShared {
  HttpConfig config;
  HttpHandler handler;
  ServerCounts counts;
};

}  // namespace marktwacht
