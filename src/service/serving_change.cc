// The configuration read anew while the service runs.
#include <utility>

#include "events/config_names.h"
#include "events/json_object.h"
#include "service/api_parts.h"
#include "service/serving.h"

namespace marktwacht {
namespace {

// What needs a restart, by its key in marktwacht.toml.
std::vector<std::string> unchangeable(const ServingOptions& now, const ServingOptions& wanted) {
  std::vector<std::string> names;
  const auto ask = [&](const char* name, bool same) {
    if (!same) {
      names.emplace_back(name);
    }
  };
  ask("listen", now.http.address == wanted.http.address && now.http.port == wanted.http.port);
  ask("tls_certificate_file", now.http.certificate_file == wanted.http.certificate_file);
  ask("tls_key_file", now.http.key_file == wanted.http.key_file);
  ask("trading_day_start",
      now.service.core.engine.trading_day_start == wanted.service.core.engine.trading_day_start);
  ask("webhook_url", now.webhook_url == wanted.webhook_url);
  ask("webhook_key_id", now.webhook_key_id == wanted.webhook_key_id);
  ask("heads_url", now.heads_url == wanted.heads_url);
  return names;
}

// Of what changes, the new values.
std::string changes_text(const ServingOptions& now, const ServingOptions& wanted) {
  std::string text;
  ObjectWriter object(text);
  const auto write = [&](const char* name, auto before, auto after) {
    if (before != after) {
      object.number(name, after);
    }
  };
  const ServiceOptions &had = now.service, &has = wanted.service;
  write("silence_ms", had.silence.ns / 1'000'000, has.silence.ns / 1'000'000);
  write("snapshot_every_s", had.snapshot_every.ns / second.ns, has.snapshot_every.ns / second.ns);
  write("queue_mib_max", had.queue_bytes_max >> 20, has.queue_bytes_max >> 20);
  write("free_mib_min", had.free_bytes_min >> 20, has.free_bytes_min >> 20);
  write("head_every_s", now.head_every.ns / second.ns, wanted.head_every.ns / second.ns);
  object.end();
  return text;
}

}  // namespace

std::expected<std::vector<std::string>, std::string> Serving::change(const ServingOptions& wanted) {
  if (keys_) {  // a file may have been replaced by hand; first, for it may be unfit
    if (auto read = keys_->read_anew(); !read) {
      return std::unexpected(read.error());
    }
  }
  const std::string text = changes_text(options_, wanted);
  if (text != "{}") {
    const IntakeAnswer answer = record_config(*api_, service_config, text);
    if (!answer.error.empty() || answer.rejected > 0) {
      return std::unexpected(answer.error.empty() ? "the record is refused" : answer.error);
    }
    service_->change(wanted.service);
    const std::lock_guard lock(mutex_);
    options_.service.silence = wanted.service.silence;
    options_.service.snapshot_every = wanted.service.snapshot_every;
    options_.service.queue_bytes_max = wanted.service.queue_bytes_max;
    options_.service.free_bytes_min = wanted.service.free_bytes_min;
    options_.head_every = wanted.head_every;
  }
  return unchangeable(options_, wanted);
}

}  // namespace marktwacht
