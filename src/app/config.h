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
};

// All errors at once, one a line, each with file, line and what is allowed.
std::expected<Config, std::string> load_config(const std::string& path);

}  // namespace marktwacht
