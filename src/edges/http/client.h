// An HTTP/1.1 client with a thread of its own: many calls at once, connections are kept and used
// again. docs/http.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "edges/http/message.h"

namespace marktwacht {

class HttpClientCore;

// Whether a call to it can be made at all.
bool is_http_url(std::string_view url);

struct HttpCall {
  std::string method = "GET";
  std::string url;  // http://host:port/path?query or https://…; host: a name, IPv4 or [IPv6]
  std::vector<NameValue> headers;
  std::string body;
  std::uint32_t timeout_ms = 10'000;  // for the whole call
};

struct HttpReply {
  int status = 0;
  std::vector<NameValue> headers;
  std::string body;

  std::string_view header(std::string_view name) const;  // in any case; empty = none
};

// An error says what happened to the connection; any status of the server is a reply.
using HttpResult = std::expected<HttpReply, std::string>;

struct HttpClientConfig {
  std::string authorities_file;           // PEM; empty = those of the system
  std::size_t connections_kept_max = 16;  // idle ones, over all hosts
  std::size_t reply_bytes_max = 64 << 20;
  std::uint32_t idle_timeout_ms = 15'000;  // then a kept connection is closed
};

// Never sends a call twice by itself, but where a kept connection turns out closed before a byte of
// the reply came; so calls should be idempotent or say an id. Follows no redirects.
class HttpClient {
 public:
  static std::expected<HttpClient, std::string> start(HttpClientConfig config = {});
  HttpClient(HttpClient&&) noexcept = default;
  HttpClient& operator=(HttpClient&&) noexcept = default;
  ~HttpClient();  // open calls end with an error

  // Any thread. `done` is called once, on the client's thread; it must not wait, and may send.
  void send(HttpCall call, std::function<void(HttpResult)> done);
  // Waits for the reply; not from a `done`.
  HttpResult call(HttpCall call);
  HttpResult get(std::string url);
  HttpResult post(std::string url, std::string body,
                  std::string_view content_type = "application/json");

 private:
  explicit HttpClient(std::shared_ptr<HttpClientCore> core) : core_(std::move(core)) {}
  std::shared_ptr<HttpClientCore> core_;
};

}  // namespace marktwacht
