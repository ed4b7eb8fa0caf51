// Reading the configuration with toml++.
#include "app/config.h"

#include <toml++/toml.h>

#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "measures/policy_reader.h"
#include "rules/link_table_reader.h"

namespace marktwacht {
namespace {

// One key: takes its value, or says what is allowed.
using Setter = std::function<std::expected<void, std::string>(const toml::node&)>;

std::expected<void, std::string> set_day_start(const toml::node& node, Duration& to) {
  const auto text = node.value_exact<std::string>().value_or("");
  int hour = -1, minute = -1;
  if (text.size() == 5 && text[2] == ':' && text.find_first_not_of("0123456789:") == text.npos) {
    hour = std::stoi(text.substr(0, 2));
    minute = std::stoi(text.substr(3));
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
    return std::unexpected("must be a time of day as \"HH:MM\", 00:00 to 23:59 UTC");
  }
  to = Duration{(hour * 60 + minute) * 60 * second.ns};
  return {};
}

std::expected<void, std::string> set_days(const toml::node& node, Duration& to) {
  const auto days = node.value_exact<std::int64_t>();
  if (!days || *days < 1 || *days > 36'500) {
    return std::unexpected("must be a whole number of days, 1 to 36500");
  }
  to = Duration{*days * day.ns};
  return {};
}

// A whole number from `least` to `most`.
std::expected<void, std::string> set_number(const toml::node& node, std::int64_t least,
                                            std::int64_t most, std::int64_t& to) {
  const auto number = node.value_exact<std::int64_t>();
  if (!number || *number < least || *number > most) {
    return std::unexpected("must be a whole number, " + std::to_string(least) + " to " +
                           std::to_string(most));
  }
  to = *number;
  return {};
}

// The same in units of `unit_ns`.
std::expected<void, std::string> set_duration(const toml::node& node, std::int64_t most,
                                              std::int64_t unit_ns, Duration& to) {
  std::int64_t number = 0;
  auto set = set_number(node, 0, most, number);
  to = set ? Duration{number * unit_ns} : to;
  return set;
}

std::expected<void, std::string> set_text(const toml::node& node, std::string& to) {
  const auto text = node.value_exact<std::string>();
  if (!text) {
    return std::unexpected("must be a text in quotes");
  }
  to = *text;
  return {};
}

// The text of a file that `read` finds sound, line by line. An empty name: nothing is said.
template <class Read>
std::expected<void, std::string> set_file(const toml::node& node, Read read, std::string& to) {
  std::string path;
  if (auto named = set_text(node, path); !named || path.empty()) {
    return named;
  }
  std::ostringstream text;
  if (!(text << std::ifstream(path, std::ios::binary).rdbuf())) {
    return std::unexpected("cannot be read: " + path);
  }
  to = text.str();
  std::string errors;
  if (const auto sound = read(to); !sound) {
    for (const auto& error : sound.error()) {
      errors += "\n" + path + ":" + std::to_string(error.line) + ": " + error.what;
    }
  }
  return errors.empty() ? std::expected<void, std::string>{}
                        : std::unexpected("names a file with errors:" + errors);
}

void add_service_keys(Config& config, std::map<std::string, Setter, std::less<>>& keys) {
  for (const auto& [name, to] : {std::pair("listen", &config.listen),
                                 {"tls_certificate_file", &config.tls_certificate_file},
                                 {"tls_key_file", &config.tls_key_file},
                                 {"webhook_url", &config.webhook_url},
                                 {"webhook_key_id", &config.webhook_key_id}}) {
    keys[name] = [to](const toml::node& node) { return set_text(node, *to); };
  }
  keys["silence_ms"] = [&](const toml::node& node) {
    return set_duration(node, 60'000, 1'000'000, config.silence);
  };
  keys["snapshot_every_s"] = [&](const toml::node& node) {
    return set_duration(node, 86'400, second.ns, config.snapshot_every);
  };
  keys["queue_mib_max"] = [&](const toml::node& node) {
    return set_number(node, 1, 65'536, config.queue_mib_max);
  };
  keys["free_mib_min"] = [&](const toml::node& node) {
    return set_number(node, 0, 1'000'000, config.free_mib_min);
  };
}

std::map<std::string, Setter, std::less<>> setters(Config& config) {
  std::map<std::string, Setter, std::less<>> keys = {
      {"trading_day_start",
       [&](const toml::node& node) { return set_day_start(node, config.trading_day_start); }},
      {"jump_max_days", [&](const toml::node& node) { return set_days(node, config.jump_max); }},
      {"journal_signing_key_file",
       [&](const toml::node& node) { return set_text(node, config.journal_signing_key_file); }},
      {"links_file",
       [&](const toml::node& node) { return set_file(node, read_link_table, config.links_text); }},
      {"policy_file",
       [&](const toml::node& node) {
         const auto read = [](std::string_view text) { return read_policy(text); };
         return set_file(node, read, config.policy_text);
       }},
  };
  add_service_keys(config, keys);
  return keys;
}

std::string known_keys(const std::map<std::string, Setter, std::less<>>& keys) {
  std::string text;
  for (const auto& [name, setter] : keys) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

}  // namespace

std::expected<Config, std::string> load_config(const std::string& path) {
  Config config;
  const auto keys = setters(config);
  std::string errors;
  const auto fail = [&](const toml::source_region& where, const std::string& what) {
    errors +=
        (errors.empty() ? "" : "\n") + path + ":" + std::to_string(where.begin.line) + ": " + what;
  };
  try {
    const toml::table table = toml::parse_file(path);
    for (const auto& [name, node] : table) {
      const auto setter = keys.find(name.str());
      if (setter == keys.end()) {
        fail(node.source(),
             "unknown key \"" + std::string(name.str()) + "\"; allowed: " + known_keys(keys));
      } else if (const auto set = setter->second(node); !set) {
        fail(node.source(), std::string(name.str()) + " " + set.error());
      }
    }
  } catch (const toml::parse_error& error) {
    fail(error.source(), std::string(error.description()));
  }
  if (!errors.empty()) {
    return std::unexpected(errors);
  }
  return config;
}

}  // namespace marktwacht
