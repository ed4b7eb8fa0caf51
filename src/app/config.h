// `marktwacht.toml`: every key has a default and a unit in its name (config/marktwacht.toml shows
// them all).
#pragma once

#include <expected>
#include <map>
#include <string>

#include "base/time.h"
#include "edges/reports/stor.h"

namespace marktwacht {

struct Config {
  Duration trading_day_start{0};         // trading_day_start = "HH:MM", UTC
  Duration jump_max{7 * day.ns};         // jump_max_days
  std::string journal_signing_key_file;  // empty: journals are not signed
  std::string links_text;   // of links_file, sound; empty: the weights of evidence are not said
  std::string policy_text;  // of policy_file, sound; empty: the policy is not said
  StorFiler filer;          // venue_…, stor_… and [[crypto_asset]]: who reports, and of what

  // Of `serve` only.
  std::string listen = "127.0.0.1:8080";           // ADDRESS:PORT
  std::string tls_certificate_file, tls_key_file;  // both or none
  Duration silence{100'000'000};                   // silence_ms; 0: only events move the time
  Duration snapshot_every{600 * second.ns};        // snapshot_every_s; 0: only at a stop
  std::int64_t queue_mib_max = 64;                 // of batches that wait
  std::int64_t free_mib_min = 256;                 // on the disk; below it nothing is taken
  // After it a source's silence is an alarm: source_silence_s_max, 0: none is; of single sources,
  // in its place, source_silence_s_max_of.
  Duration source_silence_max{300 * second.ns};
  std::map<std::string, Duration> source_silence_max_of;
  Duration gap_alarm{3'600 * second.ns};   // gap_alarm_s: for so long a gap is an alarm
  std::int64_t canary_hour = 4;            // UTC; -1: only when asked for
  std::string webhook_url;                 // empty: commands are not sent
  std::string webhook_key_id;              // names the webhook's key; empty: its own id does
  std::string heads_url;                   // empty: heads of the journal are not sent
  Duration head_every{3'600 * second.ns};  // head_every_s
};

// All errors at once, one a line, each with file, line and what is allowed.
std::expected<Config, std::string> load_config(const std::string& path);

}  // namespace marktwacht
