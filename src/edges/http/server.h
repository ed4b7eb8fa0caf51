// The HTTP/1.1 server: requests in, answers out whenever they are ready, event streams.
// docs/http.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "edges/http/message.h"

namespace marktwacht {

class HttpExchange;    // one request and what becomes of it
class HttpServerCore;  // the server behind HttpServer
class StreamState;     // one stream behind EventStream

// A stream of server-sent events to one reader. Handles may be copied; all methods from any thread,
// none waits. The stream ends by close(), by the reader, when the reader is too slow for what is
// pushed (counted), or with the server.
class EventStream {
 public:
  EventStream() = default;  // closed
  explicit EventStream(std::shared_ptr<StreamState> state) : state_(std::move(state)) {}

  // The same bytes may go to any number of streams, which keep them until they are sent; see
  // event_bytes(). False: the stream is closed.
  bool push(SharedBytes event) const;
  bool push(std::string_view id, std::string_view event, std::string_view data) const;
  void close() const;
  bool is_open() const;

 private:
  std::shared_ptr<StreamState> state_;
};

// One event in the form of the wire. An empty id or event name is left out. Line ends in id and
// name are dropped, those in data make several data lines.
SharedBytes event_bytes(std::string_view id, std::string_view event, std::string_view data);
// The same, behind what is there: several events that go out together.
void append_event(std::string& bytes, std::string_view id, std::string_view event,
                  std::string_view data);

// The right to answer one request, once, from any thread, now or later, also after the server is
// gone. Dropped without an answer it answers 500.
class HttpAnswer {
 public:
  explicit HttpAnswer(std::shared_ptr<HttpExchange> exchange) : exchange_(std::move(exchange)) {}
  HttpAnswer(HttpAnswer&&) noexcept = default;
  HttpAnswer& operator=(HttpAnswer&& other) noexcept;
  HttpAnswer(const HttpAnswer&) = delete;
  HttpAnswer& operator=(const HttpAnswer&) = delete;
  ~HttpAnswer();

  void send(HttpResponse response);
  // Answers 200 with an event stream. `closed` is called once, on a thread of the server, when the
  // stream is over; it must not wait.
  EventStream stream(std::function<void()> closed = {});

 private:
  std::shared_ptr<HttpExchange> exchange_;
};

// Called on a thread of the server, so it must not wait; what takes long is answered later.
using HttpHandler = std::function<void(HttpRequest, HttpAnswer)>;

struct HttpConfig {
  std::string address = "127.0.0.1";  // IPv4 or IPv6; "0.0.0.0" and "::" listen everywhere
  std::uint16_t port = 8080;          // 0 = any that is free
  unsigned threads = 1;
  std::string certificate_file;  // PEM chain; with the key: TLS 1.2 or newer only
  std::string key_file;

  std::size_t connections_max = 1'024;  // more are closed at once
  std::size_t header_bytes_max = 16 * 1'024;
  std::size_t body_bytes_max = 1 << 20;
  // In place of body_bytes_max where set: how large a body the request with this head may have.
  std::function<std::size_t(const HttpRequest& head)> body_bytes_max_for;
  // Waiting for one reader; beyond it is closed. Readers of the same events share their bytes.
  std::size_t stream_bytes_max = 4 << 20;

  std::uint32_t header_timeout_ms = 10'000;  // from the first byte (or connecting) to the last
  std::uint32_t idle_timeout_ms = 60'000;    // between requests
  // Bodies and answers: in each such time bytes_per_second_min must have moved, or it is over.
  std::uint32_t body_timeout_ms = 30'000;
  std::size_t bytes_per_second_min = 16 * 1'024;
  std::uint32_t answer_timeout_ms = 120'000;     // for the handler; then 503
  std::uint32_t keep_alive_comment_ms = 15'000;  // on streams where nothing happens
  std::uint32_t drain_ms_max = 5'000;            // how long stop() lets answers finish

  std::string content_security_policy =
      "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
};

// Since the start, but for what is open now.
struct HttpCounters {
  std::uint64_t requests = 0;      // that were answered
  std::uint64_t by_class[6] = {};  // [4] = answers 400–499
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::uint64_t connections = 0, connections_refused = 0;
  std::uint64_t connections_open = 0, streams_open = 0;
  std::uint64_t bad_requests = 0;  // that never got to the handler
  std::uint64_t timeouts = 0;      // connections closed for being slow
  std::uint64_t streams_too_slow = 0;
  std::uint64_t answers_dropped = 0;  // by handlers: answered 500
  std::uint64_t headers_dropped = 0;  // of answers, for control characters
};

class HttpServer {
 public:
  // An error says what is wrong with the address, the port, the certificate or the key.
  static std::expected<HttpServer, std::string> start(HttpConfig config, HttpHandler handler);
  HttpServer(HttpServer&&) noexcept = default;
  HttpServer& operator=(HttpServer&&) noexcept = default;
  ~HttpServer();  // stops

  std::uint16_t port() const;
  HttpCounters counters() const;
  // Takes no more connections and requests, lets answers under way finish (drain_ms_max), closes
  // streams, ends the threads. Waits; not from a handler.
  void stop();

 private:
  explicit HttpServer(std::shared_ptr<HttpServerCore> core) : core_(std::move(core)) {}
  std::shared_ptr<HttpServerCore> core_;
};

}  // namespace marktwacht
