// The whole service on a data directory: engine, store, API, console, joined. docs/service.md.
#pragma once

#include <condition_variable>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "edges/http/server.h"
#include "edges/http/static_files.h"
#include "edges/webhook/webhook.h"
#include "service/api.h"
#include "service/rejected_lines.h"

namespace marktwacht {

struct ServingOptions {
  ServiceOptions service;
  HttpConfig http;
  SourceLimits sources = {};
  CanaryTimes canary = {};
  // Hears what an operator should read, a line each. Any thread.
  std::function<void(const std::string&)> log = {};
  std::uint64_t ingest_bytes_max = 16 << 20;    // of one POST /v1/events
  std::uint64_t stranger_bytes_max = 64 << 10;  // of a body from nobody who is known
  std::size_t workers = 2;
  WebhookConfig webhook = {};  // without urls and keys; those of the webhook are read from DIR/keys
  std::string webhook_url = {}, webhook_key_id = {};  // empty: commands are not sent; by its own id
  std::string heads_url = {};                         // empty: heads are not published
  Duration head_every{3'600 * second.ns};
  StorFiler filer = {};   // of reports
  VaultTerms vault = {};  // how long what is personal is kept
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
  // The configuration read anew: what can change while it runs does, and is recorded. The names of
  // what differs and needs a restart; after an error nothing has changed.
  std::expected<std::vector<std::string>, std::string> change(const ServingOptions& wanted);
  HttpCounters http_counters() const { return server_ ? server_->counters() : HttpCounters{}; }
  std::expected<void, std::string> stop();

 private:
  explicit Serving(const ServingOptions& options);
  std::expected<void, std::string> open_edges();
  void catch_up_edges();
  std::expected<void, std::string> open_webhook();
  void tell_listeners();
  void changed();
  void send_commands(const Published& published);
  void add_rates();
  std::expected<void, std::string> open_books(const std::string& data_dir);
  void start_watching(Time now);
  void tell_alarm(const Alarm& alarm);
  void tell_canary(const CanaryState& state);
  void publish_head();
  Duration head_every();
  void drop_old_values();
  void make_room(std::uint64_t free_bytes_min);

  ServingOptions options_;
  std::unique_ptr<Auth> auth_;
  std::optional<AuditTrail> audit_;
  AlertLines alert_lines_;
  EventFeed feed_;
  std::unique_ptr<EdgePrivacy> privacy_;
  std::optional<WebhookKeys> keys_;
  std::optional<Webhook> webhook_, heads_;
  std::int64_t head_published_ns_ = 0, values_dropped_ns_ = 0;  // 0: not yet
  std::uint64_t head_published_seq_ = 0;
  StaticFiles files_;
  std::unique_ptr<Service> service_;
  Rates rates_;
  std::unique_ptr<RejectedLines> rejected_;
  Alarms alarms_;
  std::optional<SourceWatch> watch_;
  std::optional<CanaryWatch> canary_;
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
