// `marktwacht checkpoint`: the journal begins anew behind its oldest segments, with the state that
// they led to, signed; then they go. A service may run meanwhile: it writes only the last one.
#include "service/checkpoint_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/config.h"
#include "app/data_dir.h"
#include "app/session.h"
#include "edges/journal/append_file.h"
#include "edges/journal/checkpoint.h"
#include "service/clocks.h"
#include "service/core.h"

namespace marktwacht {
namespace {

constexpr int default_keep_days = 1'826;  // five years: privacy.md

struct CheckpointOptions {
  std::string data_dir, config_file, move_to;
  int keep_days = default_keep_days;
};

std::expected<std::optional<SigningKey>, std::string> signing_key(const Config& config,
                                                                  const std::string& data_dir) {
  const std::string path = config.journal_signing_key_file.empty()
                               ? key_path(data_dir, "signing")
                               : config.journal_signing_key_file;
  if (config.journal_signing_key_file.empty() && !std::filesystem::exists(path)) {
    return std::nullopt;
  }
  auto key = SigningKey::load(path);
  return key ? std::expected<std::optional<SigningKey>, std::string>(*std::move(key))
             : std::unexpected(key.error());
}

// What is dropped behind a new checkpoint, if anything is old enough.
std::expected<void, std::string> begin_behind_old(const CheckpointOptions& options,
                                                  const Config& config) {
  const std::string journal = options.data_dir + "/journal";
  const auto found = find_checkpoint(journal, wall_time() + Duration{-options.keep_days * day.ns});
  if (!found || !*found) {
    return found ? std::expected<void, std::string>() : std::unexpected(found.error());
  }
  const auto key = signing_key(config, options.data_dir);
  if (!key) {
    return std::unexpected(key.error());
  }
  const auto state =
      state_after(options.data_dir, {.trading_day_start = config.trading_day_start}, (*found)->seq);
  if (!state) {
    return std::unexpected(state.error());
  }
  const auto made = put_checkpoint(journal, **found, *state, *key);
  if (!made) {
    return std::unexpected(made.error());
  }
  std::printf("%s\n", made->json().c_str());
  return {};
}

Exit checkpoint(const CheckpointOptions& options) {
  const auto refused = [](const std::string& text) {
    return complain("checkpoint", Exit::fault, text);
  };
  const auto config = options.config_file.empty() ? std::expected<Config, std::string>(Config{})
                                                  : load_config(options.config_file);
  if (!config) {
    return complain("checkpoint", Exit::usage, config.error());
  }
  auto snapshots = SegmentFolder::open(options.data_dir + "/snapshots");
  const auto alone = snapshots ? snapshots->lock() : std::unexpected(snapshots.error());
  if (!alone) {
    return refused(alone.error() + ": no service has run here, or another checkpoint is made");
  }
  if (const auto begun = begin_behind_old(options, *config); !begun) {
    return refused(begun.error());
  }
  const auto dropped = drop_segments(options.data_dir + "/journal", options.move_to);
  if (!dropped) {
    return refused(dropped.error());
  }
  std::printf("%zu segments %s\n", *dropped, options.move_to.empty() ? "dropped" : "moved");
  return Exit::done;
}

}  // namespace

void add_checkpoint(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<CheckpointOptions>();
  CLI::App* command = app.add_subcommand(
      "checkpoint",
      "Drop journal segments older than so many days behind a signed checkpoint, from which "
      "`verify` and a restart begin.");
  command->add_option("--data", options->data_dir, "the service's data directory; it may run")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->add_option("--keep-days", options->keep_days, "what is younger stays; default 1826")
      ->check(CLI::Range(0, 36'500));
  command->add_option("--move-to", options->move_to, "a folder that gets them instead")
      ->check(CLI::ExistingDirectory);
  command->add_option("--config", options->config_file, "the service's marktwacht.toml")
      ->check(CLI::ExistingFile);
  command->callback([options, &chosen] { chosen = [options] { return checkpoint(*options); }; });
}

}  // namespace marktwacht
