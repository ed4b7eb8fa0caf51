// Parts are started in the order in which they need each other, and stopped the other way round.
#include "service/serving.h"

#include <chrono>
#include <utility>

#include "events/config_names.h"
#include "service/api_parts.h"
#include "service/clocks.h"
#include "service/people_changes.h"
#include "service/personal_acts.h"

namespace marktwacht {
namespace {

// From one telling of changes to the next: what changes often meanwhile is told once, and each
// listener is written to once, however fast events come. No eye waits for less; many listeners wait
// longer, so that telling them takes little from what they are told of.
std::chrono::milliseconds telling_pause(std::size_t listeners) {
  return std::chrono::milliseconds(200 + listeners);
}

}  // namespace

Serving::Serving(const ServingOptions& options)
    : options_(options),
      alert_lines_(options.service.core.data_dir),
      files_(embedded_files()),
      alarms_([this](const Alarm& alarm) { tell_alarm(alarm); }) {}

std::expected<std::unique_ptr<Serving>, std::string> Serving::start(const ServingOptions& options) {
  std::unique_ptr<Serving> made(new Serving(options));
  Serving& self = *made;
  const std::string& data_dir = options.service.core.data_dir;
  if (auto opened = self.open_edges(); !opened) {
    return std::unexpected(opened.error());
  }
  const auto leave = [&self](const Published& published) {
    for (const std::string& rulebook : published.rulebooks) {
      static_cast<void>(self.alert_lines_.keep(rulebook));
    }
    self.send_commands(published);
  };
  auto service = Service::start(options.service, {leave, [&self] { self.changed(); }});
  if (!service) {
    return std::unexpected(service.error());
  }
  self.service_ = *std::move(service);
  if (auto opened = self.open_books(data_dir); !opened) {
    return std::unexpected(opened.error());
  }
  self.catch_up_edges();
  self.workers_.emplace(options.workers, Workers::waiting_max_usual, [&self](const char* fault) {
    self.service_->note(std::string("work failed: ") + fault);
  });
  self.backtests_.emplace(data_dir);
  const Time started = wall_time();
  self.start_watching(started);
  self.api_.emplace(Api::Parts{
      *self.service_, *self.auth_, *self.audit_, *self.workers_, self.feed_, self.alert_lines_,
      *self.backtests_, self.rates_, *self.rejected_, self.alarms_, *self.watch_, *self.canary_,
      started, self.privacy_.get(), self.options_.filer, [&self] { return self.http_counters(); },
      [&self] { return self.webhook_ ? std::optional(self.webhook_->counts()) : std::nullopt; },
      self.keys_ ? &*self.keys_ : nullptr});
  self.watch_->look(self.service_->sources(), started);
  answer_everything(*self.api_);
  self.api_->router().otherwise([&self](HttpRequest request, HttpAnswer answer) {
    answer.send(self.files_.answer(request));
  });
  HttpConfig http = options.http;
  // Before a body is kept in memory, for whoever has opened a thousand connections.
  http.body_bytes_max_for = [&self, most = options.ingest_bytes_max,
                             strangers = options.stranger_bytes_max,
                             otherwise = http.body_bytes_max](const HttpRequest& head) {
    return !self.api_->knows(head) ? strangers : head.path == "/v1/events" ? most : otherwise;
  };
  auto server = HttpServer::start(http, self.api_->router());
  if (!server) {
    return std::unexpected(server.error());
  }
  self.server_ = *std::move(server);
  self.telling_ = std::thread([&self] { self.tell_listeners(); });
  return made;
}

// Who may, what was done, and what was refused: none of it in the journal.
std::expected<void, std::string> Serving::open_books(const std::string& data_dir) {
  auto auth = Auth::open(data_dir);
  if (!auth) {
    return std::unexpected(auth.error());
  }
  auth_ = *std::move(auth);
  auto audit = AuditTrail::open(data_dir + "/audit.db");
  if (!audit) {
    return std::unexpected(audit.error());
  }
  audit_ = *std::move(audit);
  auto rejected = RejectedLines::open(data_dir);
  if (!rejected) {
    return std::unexpected(rejected.error());
  }
  rejected_ = *std::move(rejected);
  return {};
}

// What looks after the service itself. Nothing of it begins before `look`.
void Serving::start_watching(Time now) {
  watch_.emplace(options_.sources, now, alarms_);
  canary_.emplace(
      options_.canary, now, alarms_,
      CanaryWatch::Parts{.in_force = [this] { return rulebooks_in_force(*api_); },
                         .run = run_canary_child,
                         .clock = wall_time,
                         .listener = [this](const CanaryState& state) { tell_canary(state); }});
}

void Serving::tell_alarm(const Alarm& alarm) {
  std::string json;
  write_alarm(alarm, json);
  feed_.tell("", "alarm", json);
  feed_.send();
  const std::string about = std::string(word_of(alarm.kind)) + " " + alarm.about;
  api_->audit({.at = alarm.end_ts.value_or(alarm.begin_ts),
               .user_id = std::string(service_source),
               .source = std::string(service_source),
               .act = alarm.end_ts ? "alarm_end" : "alarm",
               .target = about,
               .outcome = "accepted",
               .detail = alarm.what});
  if (options_.log) {
    options_.log((alarm.end_ts ? "alarm over: " : "alarm: ") + about + ": " + alarm.what);
  }
}

void Serving::tell_canary(const CanaryState& state) {
  std::string counts = state.error;
  for (std::size_t at = 0; state.error.empty() && at < Words<CanaryOutcome>::list.size(); ++at) {
    const auto outcome = static_cast<CanaryOutcome>(at);
    counts += (counts.empty() ? "" : ", ") + std::string(word_of(outcome)) + " " +
              std::to_string(state.count(outcome));
  }
  api_->audit({.at = *state.ran_ts,
               .user_id = std::string(service_source),
               .source = std::string(service_source),
               .act = "canary",
               .outcome = state.well() ? "accepted" : "missed",
               .detail = counts});
}

// What personal data and commands pass on their way.
std::expected<void, std::string> Serving::open_edges() {
  if (auto opened = open_webhook(); !opened) {
    return opened;
  }
  if (!options_.service.deployment_key.empty()) {
    auto privacy = EdgePrivacy::open(options_.service.core.data_dir,
                                     options_.service.deployment_key, options_.vault);
    if (!privacy) {
      return std::unexpected(privacy.error());
    }
    privacy_ = *std::move(privacy);
  }
  return {};
}

// Two of them, so that commands do not wait for a receiver of heads that is down.
std::expected<void, std::string> Serving::open_webhook() {
  if (options_.webhook_url.empty() && options_.heads_url.empty()) {
    return {};
  }
  keys_.emplace(options_.service.core.data_dir, options_.webhook_key_id);
  const auto keys = keys_->load();
  if (!keys) {
    return std::unexpected(keys.error());
  }
  const auto start = [&](const std::string& url, const std::string& heads_url,
                         std::optional<Webhook>& to) -> std::expected<void, std::string> {
    WebhookConfig config = options_.webhook;
    config.url = url;
    config.heads_url = heads_url;
    config.keys = *keys;
    config.clock = wall_time;
    auto webhook = url.empty() && heads_url.empty()
                       ? std::expected<Webhook, std::string>(std::unexpected(""))
                       : Webhook::start(std::move(config));
    if (!webhook) {
      return webhook.error().empty() ? std::expected<void, std::string>{}
                                     : std::unexpected(webhook.error());
    }
    to = *std::move(webhook);
    return {};
  };
  auto started = start(options_.webhook_url, "", webhook_);
  started = started ? start("", options_.heads_url, heads_) : started;
  keys_->on_change([this](const std::vector<WebhookKey>& changed) {
    for (std::optional<Webhook>* each : {&webhook_, &heads_}) {
      if (*each) {
        (*each)->set_keys(changed);
      }
    }
  });
  return started;
}

// Where it has moved since it was published last.
void Serving::publish_head() {
  if (!heads_ || service_->status().head.seq == head_published_seq_ ||
      (head_published_ns_ != 0 && monotonic_ns() - head_published_ns_ < head_every().ns)) {
    return;
  }
  const SignedHead head = service_->signed_head();
  if (head.at.seq > 0 && heads_->publish(head.json())) {
    head_published_ns_ = monotonic_ns();
    head_published_seq_ = head.at.seq;
  }
}

// What was decided and not done, because the process stopped in between or a file comes from a
// backup.
void Serving::catch_up_edges() {
  auto store = StoreReader::open(service_->store_path());
  auto done = store ? catch_up(*auth_, *service_, keys_ ? &*keys_ : nullptr, *store, wall_time())
                    : std::expected<void, std::string>(std::unexpected(store.error()));
  if (done && privacy_) {
    done = catch_up(privacy_->vault(), *store);
  }
  if (!done) {
    service_->note("what was decided about users or personal data is not carried out: " +
                   done.error());
  }
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
  if (canary_) {
    canary_->stop();
  }
  if (workers_) {
    workers_->stop();
  }
  for (std::optional<Webhook>* each : {&webhook_, &heads_}) {
    if (*each) {
      (*each)->stop();
    }
  }
  auto ended = service_ ? service_->stop() : std::expected<void, std::string>{};
  if (rejected_) {
    rejected_->stop();
  }
  return ended;
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

// Once a day, and at a start; on record where there was any.
void Serving::drop_old_values() {
  if (!privacy_ || (values_dropped_ns_ != 0 && monotonic_ns() - values_dropped_ns_ < day.ns)) {
    return;
  }
  values_dropped_ns_ = monotonic_ns();
  static_cast<void>(workers_->run([this] {
    const auto dropped = privacy_->vault().drop_old(wall_time());
    if (!dropped) {
      return service_->note("old values of the vault are not dropped: " + dropped.error());
    }
    if (*dropped > 0) {
      const IntakeAnswer answer = record_config(
          *api_, vault_config, R"({"act":"drop_old","values":)" + std::to_string(*dropped) + "}");
      if (!answer.error.empty()) {
        service_->note("that old values were dropped is not recorded: " + answer.error);
      }
    }
  }));
}

Duration Serving::head_every() {
  const std::lock_guard lock(mutex_);
  return options_.head_every;
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
  const Time now = wall_time();
  rates_.add(now, events, status.alerts);
  watch_->look(service_->sources(), now);
  canary_->look(now);
  if (feed_.listeners() > 0) {
    feed_.tell("", "counters", counters_json(*api_));
  }
}

void Serving::tell_listeners() {
  std::string cursor;
  std::int64_t second_ns = 0;
  tell_changes(*api_, cursor);
  auto told = std::chrono::steady_clock::now() - telling_pause(0);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    comes_.wait_for(lock, std::chrono::seconds(1), [&] { return has_changed_ || stopping_; });
    if (has_changed_) {
      comes_.wait_until(lock, told + telling_pause(feed_.listeners()), [&] { return stopping_; });
    }
    const bool changed = std::exchange(has_changed_, false);
    lock.unlock();
    if (monotonic_ns() - second_ns >= 1'000'000'000) {
      second_ns = monotonic_ns();
      add_rates();
      publish_head();
      drop_old_values();
    }
    if (changed) {
      told = std::chrono::steady_clock::now();
      tell_changes(*api_, cursor);
    }
    feed_.send();
    lock.lock();
  }
}

}  // namespace marktwacht
