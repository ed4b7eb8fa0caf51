// Parts are started in the order in which they need each other, and stopped the other way round.
#include "service/serving.h"

#include <utility>

#include "service/api_parts.h"
#include "service/clocks.h"

namespace marktwacht {

Serving::Serving(const ServingOptions& options)
    : options_(options), alert_lines_(options.service.core.data_dir), files_(embedded_files()) {}

std::expected<std::unique_ptr<Serving>, std::string> Serving::start(const ServingOptions& options) {
  std::unique_ptr<Serving> made(new Serving(options));
  Serving& self = *made;
  const std::string& data_dir = options.service.core.data_dir;
  if (auto opened = self.open_edges(); !opened) {
    return std::unexpected(opened.error());
  }
  auto service = Service::start(options.service, [&self](const Published& published) {
    for (const std::string& rulebook : published.rulebooks) {
      static_cast<void>(self.alert_lines_.keep(rulebook));
    }
    self.send_commands(published);
    self.changed();
  });
  if (!service) {
    return std::unexpected(service.error());
  }
  self.service_ = *std::move(service);
  auto auth = Auth::open(data_dir);
  if (!auth) {
    return std::unexpected(auth.error());
  }
  self.auth_ = *std::move(auth);
  auto audit = AuditTrail::open(data_dir + "/audit.db");
  if (!audit) {
    return std::unexpected(audit.error());
  }
  self.audit_ = *std::move(audit);
  self.workers_.emplace(options.workers);
  self.backtests_.emplace(data_dir);
  self.api_.emplace(Api::Parts{
      *self.service_, *self.auth_, *self.audit_, *self.workers_, self.feed_, self.alert_lines_,
      *self.backtests_, self.rates_, wall_time(), self.privacy_.get(),
      [&self] { return self.http_counters(); },
      [&self] { return self.webhook_ ? std::optional(self.webhook_->counts()) : std::nullopt; }});
  answer_everything(*self.api_);
  self.api_->router().otherwise([&self](HttpRequest request, HttpAnswer answer) {
    answer.send(self.files_.answer(request));
  });
  HttpConfig http = options.http;
  http.body_bytes_max_for = [most = options.ingest_bytes_max,
                             otherwise = http.body_bytes_max](const HttpRequest& head) {
    return head.path == "/v1/events" ? most : otherwise;
  };
  auto server = HttpServer::start(http, self.api_->router());
  if (!server) {
    return std::unexpected(server.error());
  }
  self.server_ = *std::move(server);
  self.telling_ = std::thread([&self] { self.tell_listeners(); });
  return made;
}

// What personal data and commands pass on their way.
std::expected<void, std::string> Serving::open_edges() {
  if (!options_.webhook.url.empty()) {
    auto webhook = Webhook::start(options_.webhook);
    if (!webhook) {
      return std::unexpected(webhook.error());
    }
    webhook_ = *std::move(webhook);
  }
  if (!options_.service.deployment_key.empty()) {
    auto privacy =
        EdgePrivacy::open(options_.service.core.data_dir, options_.service.deployment_key);
    if (!privacy) {
      return std::unexpected(privacy.error());
    }
    privacy_ = *std::move(privacy);
  }
  return {};
}

Serving::~Serving() { static_cast<void>(stop()); }

std::expected<void, std::string> Serving::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  comes_.notify_all();
  if (telling_.joinable()) {
    telling_.join();
  }
  if (server_) {
    server_->stop();
  }
  if (backtests_) {
    backtests_->stop();
  }
  if (workers_) {
    workers_->stop();
  }
  if (webhook_) {
    webhook_->stop();
  }
  return service_ ? service_->stop() : std::expected<void, std::string>{};
}

std::optional<std::string> Serving::setup_token() {
  auto token = auth_->new_setup(wall_time());
  return token ? std::optional(*std::move(token)) : std::nullopt;
}

// What does not fit is sent anew by the engine, once it has waited for an answer in vain.
void Serving::send_commands(const Published& published) {
  if (!webhook_) {
    return;
  }
  for (const ExchangeCommand& command : published.commands) {
    std::string json;
    write_command(command, json);
    webhook_->send(command.command_id,
                   command.account_id.empty() ? command.instrument_id : command.account_id,
                   std::move(json));
  }
}

void Serving::changed() {
  {
    const std::lock_guard lock(mutex_);
    has_changed_ = true;
  }
  comes_.notify_one();
}

// Once a second.
void Serving::add_rates() {
  const ServiceStatus status = service_->status();
  std::uint64_t events = 0;
  for (const std::uint64_t of_type : status.counts.accepted) {
    events += of_type;
  }
  rates_.add(wall_time(), events, status.alerts);
  if (feed_.listeners() > 0) {
    feed_.push(event_bytes("", "counters", counters_json(*api_)));
  }
}

void Serving::tell_listeners() {
  std::string cursor;
  std::int64_t second_ns = 0;
  push_changes(*api_, cursor);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    comes_.wait_for(lock, std::chrono::seconds(1), [&] { return has_changed_ || stopping_; });
    const bool changed = std::exchange(has_changed_, false);
    lock.unlock();
    if (monotonic_ns() - second_ns >= 1'000'000'000) {
      second_ns = monotonic_ns();
      add_rates();
    }
    if (changed) {
      push_changes(*api_, cursor);
    }
    lock.lock();
  }
}

}  // namespace marktwacht
