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

std::map<std::string, Setter, std::less<>> setters(Config& config) {
  return {
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
