// `marktwacht.toml`: every key has a default and a unit in its name (config/marktwacht.toml shows
// them all).
#pragma once

#include <expected>
#include <string>

#include "base/time.h"

namespace marktwacht {

struct Config {
  Duration trading_day_start{0};         // trading_day_start = "HH:MM", UTC
  Duration jump_max{7 * day.ns};         // jump_max_days
  std::string journal_signing_key_file;  // empty: journals are not signed
  std::string links_text;   // of links_file, sound; empty: the weights of evidence are not said
  std::string policy_text;  // of policy_file, sound; empty: the policy is not said

  // Of `serve` only.
  std::string listen = "127.0.0.1:8080";           // ADDRESS:PORT
  std::string tls_certificate_file, tls_key_file;  // both or none
  Duration silence{100'000'000};                   // silence_ms; 0: only events move the time
  Duration snapshot_every{600 * second.ns};        // snapshot_every_s; 0: only at a stop
  std::int64_t queue_mib_max = 64;                 // of batches that wait
  std::int64_t free_mib_min = 256;                 // on the disk; below it nothing is taken
  std::string webhook_url;                         // empty: commands are not sent
  std::string webhook_key_id = "1";                // names DIR/keys/webhook.key to the exchange
};

// All errors at once, one a line, each with file, line and what is allowed.
std::expected<Config, std::string> load_config(const std::string& path);

}  // namespace marktwacht
