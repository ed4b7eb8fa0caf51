// The configuration read anew while the service runs.
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "events/config_names.h"
#include "events/json_object.h"
#include "service/api_parts.h"
#include "service/serving.h"

namespace marktwacht {
namespace {

constexpr std::pair<const char*, std::string StorFiler::*> report_keys[] = {
    {"venue_name", &StorFiler::venue_name},
    {"venue_legal_form", &StorFiler::venue_legal_form},
    {"venue_lei", &StorFiler::venue_lei},
    {"venue_mic", &StorFiler::venue_mic},
    {"venue_address", &StorFiler::venue_address},
    {"venue_country", &StorFiler::venue_country},
    {"stor_submitter_name", &StorFiler::submitter_name},
    {"stor_submitter_position", &StorFiler::submitter_position},
    {"stor_acting_capacity", &StorFiler::acting_capacity},
    {"stor_trading_activity", &StorFiler::trading_activity},
    {"stor_contact_name", &StorFiler::contact_name},
    {"stor_contact_position", &StorFiler::contact_position},
    {"stor_contact_email", &StorFiler::contact_email},
    {"stor_contact_phone", &StorFiler::contact_phone},
    {"stor_authority", &StorFiler::authority}};

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
  ask("canary_hour", now.canary.hour == wanted.canary.hour);
  ask("source_silence_s_max", now.sources.silence_max == wanted.sources.silence_max);
  ask("source_silence_s_max_of", now.sources.silence_max_of == wanted.sources.silence_max_of);
  ask("gap_alarm_s", now.sources.gap_alarm == wanted.sources.gap_alarm);
  for (const auto& [name, which] : report_keys) {
    ask(name, now.filer.*which == wanted.filer.*which);
  }
  ask("crypto_asset", now.filer.crypto_assets == wanted.filer.crypto_assets);
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

// On a disk that is too full even the record of it finds no room otherwise. The journal is opened
// anew meanwhile.
void Serving::make_room(std::uint64_t free_bytes_min) {
  ServiceOptions less = options_.service;
  less.free_bytes_min = free_bytes_min;
  service_->change(less);
  std::error_code unknown;
  const bool has_room =
      std::filesystem::space(service_->data_dir(), unknown).available >= free_bytes_min;
  for (int tries = 0; has_room && tries < 600 && !service_->status().failed.empty(); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

std::expected<std::vector<std::string>, std::string> Serving::change(const ServingOptions& wanted) {
  if (keys_) {  // a file may have been replaced by hand; first, for it may be unfit
    if (auto read = keys_->read_anew(); !read) {
      return std::unexpected(read.error());
    }
  }
  const std::string text = changes_text(options_, wanted);
  if (text != "{}") {
    if (wanted.service.free_bytes_min < options_.service.free_bytes_min) {
      make_room(wanted.service.free_bytes_min);
    }
    const IntakeAnswer answer = record_config(*api_, service_config, text);
    if (!answer.error.empty() || answer.rejected > 0) {
      service_->change(options_.service);
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
