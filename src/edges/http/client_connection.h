// One connection of the client: one call at a time, then the next or rest. Knows no sockets.
#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edges/http/client.h"
#include "edges/http/parser.h"
#include "edges/http/wire.h"

namespace marktwacht {

struct HttpUrl {
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;
  std::string target;
  std::string authority;  // "host:port", as in the Host header; what connections are kept by

  static std::expected<HttpUrl, std::string> parse(std::string_view url);
};

// A call on its way.
struct OpenCall {
  HttpUrl url;
  SharedBytes head, body;
  bool is_head = false;
  std::int64_t deadline_ms = 0;
  std::function<void(HttpResult)> done;
};

// The head to send, or what cannot be sent.
std::expected<std::string, std::string> request_head(const HttpCall& call, const HttpUrl& url);

class ClientConnection;

// Behind HttpClient. All but `stopping` belongs to the loop.
class HttpClientCore : public std::enable_shared_from_this<HttpClientCore> {
 public:
  HttpClientConfig config;
  std::unique_ptr<WireLoops> loops;
  std::atomic<bool> stopping = false;

  void begin(OpenCall call, bool may_use_kept);
  void keep(const std::shared_ptr<ClientConnection>& connection);
  void forget(const ClientConnection* connection);

 private:
  std::vector<std::shared_ptr<ClientConnection>> kept_;  // at rest, the oldest first
};

class ClientConnection final : public WirePeer,
                               public std::enable_shared_from_this<ClientConnection> {
 public:
  ClientConnection(std::shared_ptr<HttpClientCore> core, OpenCall call);

  void on_open(std::shared_ptr<Wire> wire) override;
  void on_bytes(std::string_view bytes) override;
  void on_written() override {}
  void on_deadline() override;
  void on_drain() override {}
  void on_closed(std::string_view why) override;

  void run(OpenCall call);  // at rest only
  void close(std::string_view why) { wire_->close(why); }
  bool goes_to(const HttpUrl& url) const { return authority_ == url.authority && tls_ == url.tls; }

 private:
  void send_call();
  void got_reply();
  void fail(std::string_view why);

  std::shared_ptr<HttpClientCore> core_;
  std::string authority_;
  bool tls_;
  std::shared_ptr<Wire> wire_;
  std::optional<OpenCall> call_;
  std::optional<ReplyParser> parser_;
  std::string unread_;
  std::string failure_;
  bool used_before_ = false;
};

}  // namespace marktwacht
