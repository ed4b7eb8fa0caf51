// The whole service on a data directory: engine, store, API, console, joined. docs/service.md.
#pragma once

#include <condition_variable>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "edges/http/server.h"
#include "edges/http/static_files.h"
#include "edges/webhook/webhook.h"
#include "service/api.h"

namespace marktwacht {

struct ServingOptions {
  ServiceOptions service;
  HttpConfig http;
  std::uint64_t ingest_bytes_max = 16 << 20;  // of one POST /v1/events
  std::size_t workers = 2;
  WebhookConfig webhook = {};  // url empty: commands are not sent
};

class Serving {
 public:
  static std::expected<std::unique_ptr<Serving>, std::string> start(const ServingOptions& options);
  ~Serving();  // stops
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::uint16_t port() const { return server_->port(); }
  // A token for the first user, good for 15 minutes; nothing where there are users already.
  std::optional<std::string> setup_token();
  Service& service() { return *service_; }
  Api& api() { return *api_; }
  HttpCounters http_counters() const { return server_ ? server_->counters() : HttpCounters{}; }
  std::expected<void, std::string> stop();

 private:
  explicit Serving(const ServingOptions& options);
  std::expected<void, std::string> open_edges();
  void tell_listeners();
  void changed();
  void send_commands(const Published& published);
  void add_rates();

  ServingOptions options_;
  std::unique_ptr<Auth> auth_;
  std::optional<AuditTrail> audit_;
  AlertLines alert_lines_;
  EventFeed feed_;
  std::unique_ptr<EdgePrivacy> privacy_;
  std::optional<Webhook> webhook_;
  StaticFiles files_;
  std::unique_ptr<Service> service_;
  Rates rates_;
  std::optional<Backtests> backtests_;
  std::optional<Workers> workers_;
  std::optional<Api> api_;
  std::optional<HttpServer> server_;

  std::mutex mutex_;
  std::condition_variable comes_;
  bool has_changed_ = false, stopping_ = false;
  std::thread telling_;
};

}  // namespace marktwacht
