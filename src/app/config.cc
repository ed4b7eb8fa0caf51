// Reading the configuration with toml++.
#include "app/config.h"

#include <toml++/toml.h>

#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "edges/reports/countries.h"
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

// A table of whole seconds, by name.
std::expected<void, std::string> set_durations(const toml::node& node, std::int64_t most,
                                               std::map<std::string, Duration>& to) {
  const toml::table* const table = node.as_table();
  if (table == nullptr) {
    return std::unexpected("must be a table: { \"SOURCE\" = SECONDS, … }");
  }
  for (const auto& [name, value] : *table) {
    if (auto set = set_duration(value, most, second.ns, to[std::string(name.str())]); !set) {
      return std::unexpected("of \"" + std::string(name.str()) + "\" " + set.error());
    }
  }
  return {};
}

void add_watch_keys(Config& config, std::map<std::string, Setter, std::less<>>& keys) {
  constexpr std::int64_t year_s = 366 * 86'400;
  keys["source_silence_s_max"] = [&](const toml::node& node) {
    return set_duration(node, year_s, second.ns, config.source_silence_max);
  };
  keys["source_silence_s_max_of"] = [&](const toml::node& node) {
    return set_durations(node, year_s, config.source_silence_max_of);
  };
  keys["gap_alarm_s"] = [&](const toml::node& node) {
    return set_duration(node, year_s, second.ns, config.gap_alarm);
  };
  keys["canary_hour"] = [&](const toml::node& node) {
    return set_number(node, -1, 23, config.canary_hour);
  };
}

void add_service_keys(Config& config, std::map<std::string, Setter, std::less<>>& keys) {
  for (const auto& [name, to] : {std::pair("listen", &config.listen),
                                 {"tls_certificate_file", &config.tls_certificate_file},
                                 {"tls_key_file", &config.tls_key_file},
                                 {"webhook_url", &config.webhook_url},
                                 {"webhook_key_id", &config.webhook_key_id},
                                 {"heads_url", &config.heads_url}}) {
    keys[name] = [to](const toml::node& node) { return set_text(node, *to); };
  }
  keys["silence_ms"] = [&](const toml::node& node) {
    return set_duration(node, 60'000, 1'000'000, config.silence);
  };
  keys["snapshot_every_s"] = [&](const toml::node& node) {
    return set_duration(node, 86'400, second.ns, config.snapshot_every);
  };
  keys["head_every_s"] = [&](const toml::node& node) {
    std::int64_t seconds = 0;
    auto set = set_number(node, 1, 86'400, seconds);
    config.head_every = set ? Duration{seconds * second.ns} : config.head_every;
    return set;
  };
  keys["queue_mib_max"] = [&](const toml::node& node) {
    return set_number(node, 1, 65'536, config.queue_mib_max);
  };
  keys["free_mib_min"] = [&](const toml::node& node) {
    return set_number(node, 0, 1'000'000, config.free_mib_min);
  };
}

// A text that is empty or as `is_right` wants it.
template <class IsRight>
std::expected<void, std::string> set_code(const toml::node& node, IsRight is_right,
                                          const char* allowed, std::string& to) {
  auto set = set_text(node, to);
  return !set || to.empty() || is_right(to)
             ? set
             : std::unexpected("must be empty or " + std::string(allowed));
}

bool is_code(std::string_view text, std::size_t size) {
  return text.size() == size &&
         text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == text.npos;
}

// ISO 17442: 18 characters and two check digits, by ISO 7064 (modulo 97-10).
bool is_lei(std::string_view text) {
  int rest = 0;
  for (const char c : text) {
    rest = c <= '9' ? rest * 10 + (c - '0') : rest * 100 + (c - 'A' + 10);
    rest %= 97;
  }
  return is_code(text, 20) && rest == 1;
}

// One [[crypto_asset]].
std::expected<StorFiler::CryptoAsset, std::string> crypto_asset(const toml::table& table) {
  StorFiler::CryptoAsset one;
  const std::map<std::string_view, std::string*> members = {
      {"asset", &one.asset}, {"name", &one.name},           {"dti", &one.dti},
      {"kind", &one.kind},   {"reference", &one.reference}, {"ledger", &one.ledger}};
  const auto at_line = [](const toml::node& node) {
    return "line " + std::to_string(node.source().begin.line) + ": ";
  };
  for (const auto& [name, node] : table) {
    const auto member = members.find(name.str());
    if (member == members.end()) {
      return std::unexpected(at_line(node) + "unknown key \"" + std::string(name.str()) +
                             "\"; allowed: asset, dti, kind, ledger, name, reference");
    }
    if (auto set = set_text(node, *member->second); !set) {
      return std::unexpected(at_line(node) + std::string(name.str()) + " " + set.error());
    }
  }
  if (one.asset.empty() || one.name.empty()) {
    return std::unexpected(at_line(table) + "asset and name are needed");
  }
  if (one.kind != "art" && one.kind != "emt" && one.kind != "other" && one.kind != "currency") {
    return std::unexpected(at_line(table) + "kind must be art, emt, other or currency");
  }
  if (!one.dti.empty() && !is_code(one.dti, 9)) {
    return std::unexpected(at_line(table) + "dti must be empty or 9 capital letters and digits");
  }
  return one;
}

std::expected<void, std::string> set_crypto_assets(const toml::node& node,
                                                   std::vector<StorFiler::CryptoAsset>& to) {
  const toml::array* tables = node.as_array();
  if (tables == nullptr || !tables->is_homogeneous(toml::node_type::table)) {
    return std::unexpected("must be written as tables: [[crypto_asset]]");
  }
  for (const toml::node& table : *tables) {
    auto one = crypto_asset(*table.as_table());
    if (!one) {
      return std::unexpected(one.error());
    }
    to.push_back(*std::move(one));
  }
  return {};
}

void add_report_keys(StorFiler& filer, std::map<std::string, Setter, std::less<>>& keys) {
  for (const auto& [name, to] : {std::pair("venue_name", &filer.venue_name),
                                 {"venue_legal_form", &filer.venue_legal_form},
                                 {"venue_address", &filer.venue_address},
                                 {"stor_submitter_name", &filer.submitter_name},
                                 {"stor_submitter_position", &filer.submitter_position},
                                 {"stor_acting_capacity", &filer.acting_capacity},
                                 {"stor_trading_activity", &filer.trading_activity},
                                 {"stor_contact_name", &filer.contact_name},
                                 {"stor_contact_position", &filer.contact_position},
                                 {"stor_contact_email", &filer.contact_email},
                                 {"stor_contact_phone", &filer.contact_phone},
                                 {"stor_authority", &filer.authority}}) {
    keys[name] = [to](const toml::node& node) { return set_text(node, *to); };
  }
  keys["venue_lei"] = [&](const toml::node& node) {
    return set_code(node, is_lei, "an LEI: 20 characters, with its check digits right",
                    filer.venue_lei);
  };
  keys["venue_mic"] = [&](const toml::node& node) {
    const auto is_mic = [](std::string_view text) { return is_code(text, 4); };
    return set_code(node, is_mic, "a MIC: 4 capital letters and digits", filer.venue_mic);
  };
  keys["venue_country"] = [&](const toml::node& node) {
    return set_code(node, is_country, "a country of ISO 3166-1, as \"AT\"", filer.venue_country);
  };
  keys["crypto_asset"] = [&](const toml::node& node) {
    return set_crypto_assets(node, filer.crypto_assets);
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
  add_report_keys(config.filer, keys);
  add_service_keys(config, keys);
  add_watch_keys(config, keys);
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
