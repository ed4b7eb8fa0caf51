// `marktwacht key`: the keys of a service that is stopped. docs/privacy.md.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/commands.h"
#include "app/data_dir.h"
#include "app/session.h"
#include "edges/journal/journal.h"
#include "edges/secrets/key_file.h"
#include "edges/secrets/random.h"
#include "events/config_names.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

struct KeyOptions {
  std::string kind, data;
};

constexpr const char* command_name = "key";
constexpr std::string_view deployment = "deployment", signing = "signing";
constexpr std::size_t key_id_digits = 16;

// Of the signing key at `path`, in hexadecimal.
std::expected<std::string, std::string> public_key(const std::string& path) {
  const auto loaded = SigningKey::load(path);
  if (!loaded) {
    return std::unexpected(loaded.error());
  }
  const auto bytes = loaded->public_key();
  return hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// By which a key is known without being told.
std::expected<std::string, std::string> key_id(std::string_view kind, const std::string& path,
                                               const std::string& key) {
  if (kind != signing) {
    return hex(sha256(key)).substr(0, key_id_digits);
  }
  const auto shown = public_key(path);
  return shown ? hex(sha256(*shown)).substr(0, key_id_digits) : shown;
}

// The new one is written beside, recorded under the old one, then takes its place.
std::expected<std::string, std::string> make(const KeyOptions& options) {
  if (auto made = make_data_dir(options.data); !made) {
    return std::unexpected(made.error());
  }
  if (auto stopped = is_stopped(options.data,
                                "Then an administrator changes the webhook's key by POST /v1/keys; "
                                "the others are made while it is stopped");
      !stopped) {
    return std::unexpected(stopped.error());
  }
  const std::string path = key_path(options.data, options.kind);
  const std::string fresh = key_path(options.data, options.kind + ".new");
  const std::string previous = key_path(options.data, options.kind + ".previous");
  std::error_code error;
  const bool replaces = std::filesystem::exists(path, error);
  std::filesystem::remove(fresh, error);  // of a run that was stopped in between
  auto key = make_key_file(fresh);
  if (!key) {
    return std::unexpected(key.error());
  }
  auto id = key_id(options.kind, fresh, *key);
  wipe(*key);
  if (!id) {
    return id;
  }
  std::string text;
  ObjectWriter object(text);
  object.text("kind", options.kind);
  object.text("key_id", *id);
  object.end();
  auto done = record_config(options.data, key_config, text);
  if (done && options.kind == signing) {
    done = end_segment(options.data);
  }
  if (!done) {
    std::filesystem::remove(fresh, error);
    return std::unexpected(done.error());
  }
  if (replaces) {
    std::filesystem::rename(path, previous, error);
  }
  if (!error) {
    std::filesystem::rename(fresh, path, error);
  }
  return error ? std::unexpected(path + ": " + error.message()) : id;
}

Exit run(const KeyOptions& options) {
  const std::string path = key_path(options.data, options.kind);
  std::error_code error;
  if (options.kind == deployment && std::filesystem::exists(path, error)) {
    return complain(command_name, Exit::usage,
                    path +
                        " is there, and a deployment key is never replaced: all tokens would "
                        "stand for nothing");
  }
  const auto id = make(options);
  if (!id) {
    return complain(command_name, Exit::fault, id.error());
  }
  const auto shown = options.kind == signing ? public_key(path) : "";
  if (!shown) {
    return complain(command_name, Exit::fault, shown.error());
  }
  return std::printf("%s %s%s%s\n", id->c_str(), path.c_str(), shown->empty() ? "" : " ",
                     shown->c_str()) < 0
             ? complain(command_name, Exit::fault, "cannot write to standard output")
             : Exit::done;
}

}  // namespace

void add_key(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<KeyOptions>();
  CLI::App* key = app.add_subcommand("key", "Keys of a service that is stopped.");
  key->require_subcommand(1);
  CLI::App* part = key->add_subcommand(
      "new",
      "Make a key in DIR/keys, for nobody else to read; prints its key_id, its file, and of "
      "a signing key the public one.");
  part->add_option("KIND", options->kind, "deployment, signing or webhook")
      ->required()
      ->check(CLI::IsMember({"deployment", "signing", "webhook"}));
  add_data_option(*part, options->data, true);
  part->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace marktwacht
