// `marktwacht serve`: the service until it is told to stop.
#include "service/serve_command.h"

#include <signal.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/commands.h"
#include "app/config.h"
#include "app/data_dir.h"
#include "app/rulebook_options.h"
#include "app/session.h"
#include "edges/secrets/key_file.h"
#include "service/clocks.h"
#include "service/serving.h"

namespace marktwacht {
namespace {

struct ServeOptions {
  std::string data_dir, listen, config_file;
  RulebookOptions rules;
};

// "ADDRESS:PORT", "PORT", "[::1]:PORT".
std::expected<void, std::string> set_listen(const std::string& text, HttpConfig& http) {
  const std::size_t colon = text.rfind(':');
  const std::string port = colon == text.npos ? text : text.substr(colon + 1);
  const auto [end, bad] = std::from_chars(port.data(), port.data() + port.size(), http.port);
  if (bad != std::errc{} || end != port.data() + port.size()) {
    return std::unexpected("--listen is ADDRESS:PORT, as 127.0.0.1:8080 or [::1]:8080");
  }
  if (colon != text.npos) {
    http.address = text.substr(0, colon);
    if (http.address.starts_with('[') && http.address.ends_with(']')) {
      http.address = http.address.substr(1, http.address.size() - 2);
    }
  }
  return {};
}

// Keys that `marktwacht key new` has made lie in the data directory.
std::expected<void, std::string> load_keys(const Config& config, ServingOptions& options) {
  const std::string& data_dir = options.service.core.data_dir;
  const auto has = [&](const char* kind) {
    return std::filesystem::exists(key_path(data_dir, kind));
  };
  const std::string signing = config.journal_signing_key_file.empty() && has("signing")
                                  ? key_path(data_dir, "signing")
                                  : config.journal_signing_key_file;
  if (!signing.empty()) {
    auto key = SigningKey::load(signing);
    if (!key) {
      return std::unexpected(key.error());
    }
    options.service.core.journal.key = *std::move(key);
  }
  auto key = deployment_key_of(data_dir);
  if (!key) {
    return std::unexpected(key.error());
  }
  options.service.deployment_key = *std::move(key);
  return {};
}

std::expected<ServingOptions, std::string> options_of(const ServeOptions& given) {
  auto config = given.config_file.empty() ? std::expected<Config, std::string>(Config{})
                                          : load_config(given.config_file);
  if (!config) {
    return std::unexpected(config.error());
  }
  const auto rulebooks = given.rules.load();
  if (!rulebooks) {
    return std::unexpected(rulebooks.error());
  }
  ServingOptions options;
  CoreOptions& core = options.service.core;
  core.data_dir = given.data_dir;
  core.engine.trading_day_start = config->trading_day_start;
  core.rulebooks = rulebooks->texts;
  core.links_text = config->links_text;
  core.policy_text = config->policy_text;
  if (auto loaded = load_keys(*config, options); !loaded) {
    return std::unexpected(loaded.error());
  }
  options.filer = config->filer;
  options.webhook_url = config->webhook_url;
  options.webhook_key_id = config->webhook_key_id;
  options.heads_url = config->heads_url;
  options.head_every = config->head_every;
  options.service.silence = config->silence;
  options.service.snapshot_every = config->snapshot_every;
  options.service.queue_bytes_max = static_cast<std::uint64_t>(config->queue_mib_max) << 20;
  options.service.free_bytes_min = static_cast<std::uint64_t>(config->free_mib_min) << 20;
  options.sources = {.silence_max = config->source_silence_max,
                     .silence_max_of = config->source_silence_max_of,
                     .gap_alarm = config->gap_alarm};
  options.canary.hour = static_cast<int>(config->canary_hour);
  options.log = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  options.http.certificate_file = config->tls_certificate_file;
  options.http.key_file = config->tls_key_file;
  if (auto set = set_listen(config->listen, options.http); !set) {
    return std::unexpected(set.error());
  }
  if (!given.listen.empty()) {
    if (auto set = set_listen(given.listen, options.http); !set) {
      return std::unexpected(set.error());
    }
  }
  return options;
}

// Which signals end it or make it read its configuration anew; blocked in all threads, so that one
// waits for them.
sigset_t awaited_signals(bool reads_anew) {
  sigset_t signals;
  sigemptyset(&signals);
  if (reads_anew) {
    sigaddset(&signals, SIGHUP);
  }
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

// What it does at once, or why it does nothing, goes to whoever reads the log.
void read_anew(Serving& serving, const ReadAnew& read) {
  const auto wanted = read();
  const auto changed = wanted ? serving.change(*wanted) : std::unexpected(wanted.error());
  if (!changed) {
    std::fprintf(stderr, "configuration not read, nothing is changed: %s\n",
                 changed.error().c_str());
    return;
  }
  std::string later;
  for (const std::string& name : *changed) {
    later += (later.empty() ? "; needs a restart: " : ", ") + name;
  }
  std::fprintf(stderr, "configuration read%s\n", later.c_str());
}

}  // namespace

std::expected<ServingOptions, std::string> serving_options(const std::string& data_dir,
                                                           const std::string& listen) {
  ServeOptions given;
  given.data_dir = data_dir;
  given.listen = listen;
  return options_of(given);
}

Exit serve(const ServingOptions& options, const std::function<void(Serving&)>& started,
           const ReadAnew& read) {
  const sigset_t signals = awaited_signals(static_cast<bool>(read));
  auto serving = Serving::start(options);
  if (!serving) {
    return complain("serve", Exit::usage, serving.error());
  }
  for (const std::string& note : (*serving)->service().status().notes) {
    std::fprintf(stderr, "note: %s\n", note.c_str());
  }
  const bool tls = !options.http.certificate_file.empty();
  const std::string address =
      options.http.address.contains(':') ? "[" + options.http.address + "]" : options.http.address;
  const std::string url = std::string(tls ? "https://" : "http://") + address + ":" +
                          std::to_string((*serving)->port()) + "/";
  std::printf("%s\n", url.c_str());
  if (const auto token = (*serving)->setup_token()) {
    std::printf("No user yet. For the next 15 minutes the first one is made here:\n%s#setup=%s\n",
                url.c_str(), token->c_str());
  }
  std::fflush(stdout);
  if (started) {
    started(**serving);
  }
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
    read_anew(**serving, read);
  }
  const auto stopped = (*serving)->stop();
  return stopped ? Exit::done : complain("serve", Exit::fault, stopped.error());
}

void add_serve(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand(
      "serve", "The service: takes events over HTTP, raises alerts, answers the gate, shows all.");
  command->add_option("--data", options->data_dir, "where everything is kept; made if absent")
      ->required();
  command->add_option("--listen", options->listen,
                      "ADDRESS:PORT; default 127.0.0.1:8080, which only this machine can reach");
  command->add_option("--config", options->config_file, "a file like config/marktwacht.toml");
  options->rules.add_to(*command);
  command->callback([options, &chosen] {
    chosen = [options] {
      const auto serving = options_of(*options);
      return serving ? serve(*serving, {}, [options] { return options_of(*options); })
                     : complain("serve", Exit::usage, serving.error());
    };
  });
}

}  // namespace marktwacht
