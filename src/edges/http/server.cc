// The server: loops, and a connection for each wire.
#include "edges/http/server.h"

#include <utility>

#include "edges/http/server_connection.h"

namespace marktwacht {

class HttpServerCore {
 public:
  std::shared_ptr<ServerShared> shared = std::make_shared<ServerShared>();
  std::unique_ptr<WireLoops> loops;
  std::uint16_t port = 0;
};

std::expected<HttpServer, std::string> HttpServer::start(HttpConfig config, HttpHandler handler) {
  auto core = std::make_shared<HttpServerCore>();
  core->shared->config = std::move(config);
  core->shared->handler = std::move(handler);
  const HttpConfig& settled = core->shared->config;
  auto loops = start_loops({.threads = settled.threads, .authorities_file = {}});
  if (!loops) {
    return std::unexpected(loops.error());
  }
  core->loops = std::move(*loops);
  const auto port = core->loops->listen({.address = settled.address,
                                         .port = settled.port,
                                         .certificate_file = settled.certificate_file,
                                         .key_file = settled.key_file,
                                         .connections_max = settled.connections_max,
                                         .handshake_timeout_ms = settled.header_timeout_ms,
                                         .make_peer = [shared = core->shared] {
                                           return std::make_shared<ServerConnection>(shared);
                                         }});
  if (!port) {
    return std::unexpected(port.error());
  }
  core->port = *port;
  return HttpServer(std::move(core));
}

HttpServer::~HttpServer() {
  if (core_) {
    stop();
  }
}

std::uint16_t HttpServer::port() const { return core_->port; }

void HttpServer::stop() { core_->loops->stop(core_->shared->config.drain_ms_max); }

HttpCounters HttpServer::counters() const {
  const ServerCounts& counts = core_->shared->counts;
  HttpCounters counters;
  counters.requests = counts.requests;
  for (std::size_t i = 0; i < counts.by_class.size(); ++i) {
    counters.by_class[i] = counts.by_class[i];
  }
  counters.bytes_in = counts.bytes_in;
  counters.bytes_out = counts.bytes_out;
  counters.connections = counts.connections;
  counters.connections_refused = core_->loops->wires_refused();
  counters.connections_open = core_->loops->wires_open();
  counters.streams_open = counts.streams_open;
  counters.bad_requests = counts.bad_requests;
  counters.timeouts = counts.timeouts;
  counters.streams_too_slow = counts.streams_too_slow;
  counters.answers_dropped = counts.answers_dropped;
  counters.headers_dropped = counts.headers_dropped;
  return counters;
}

}  // namespace marktwacht
