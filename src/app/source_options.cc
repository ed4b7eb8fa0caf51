// What to read.
#include "app/source_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "edges/journal/checkpoint.h"
#include "edges/journal/journal.h"

namespace marktwacht {

void SourceOptions::add_to(CLI::App& command) {
  command
      .add_option("--from", from,
                  "form of the input: auto (a journal, else ndjson), ndjson, journal, "
                  "trades-csv, hyperliquid")
      ->check(CLI::IsMember({"auto", "ndjson", "journal", "trades-csv", "hyperliquid"}))
      ->capture_default_str();
  command.add_option("--instrument", instruments,
                     "ID:tick:lot of an instrument, for forms that do not say (repeatable)");
  command.add_option("--columns", columns,
                     "trades-csv: ts=COL[:s|ms|us|ns],price=COL,quantity=COL and, as far as there "
                     "are, aggressor, buyer_id, seller_id, trade_id, instrument_id");
  command.add_option("--config", config_file, "marktwacht.toml; every key has a default")
      ->check(CLI::ExistingFile);
  command.add_option("--rejected", rejected_file,
                     "write every refused line here, with its reason (NDJSON)");
  command.add_option("--threads", threads, "2 or more: decoding runs beside the engine")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command.add_flag("--trust", trust,
                   "take decisions, command results and engine records from any file");
  command.add_flag("--strict", strict, "exit code 3 if anything was rejected");
}

std::expected<std::unique_ptr<Input>, std::string> SourceOptions::open() const {
  InputOptions options;
  options.from = from;
  options.paths = files;
  options.threads = threads;
  for (const std::string& text : instruments) {
    const auto instrument = parse_instrument_option(text);
    if (!instrument) {
      return std::unexpected(instrument.error());
    }
    options.instruments.push_back(*instrument);
  }
  if (!columns.empty()) {
    const auto parsed = parse_csv_columns(columns);
    if (!parsed) {
      return std::unexpected(parsed.error());
    }
    options.columns = *parsed;
  }
  return open_input(options);
}

std::expected<Config, std::string> SourceOptions::load() const {
  return config_file.empty() ? Config{} : load_config(config_file);
}

std::expected<std::optional<EngineSnapshot>, std::string> SourceOptions::first_state() const {
  std::optional<EngineSnapshot> found;
  for (const std::string& path : files) {
    if ((from != "auto" && from != "journal") || path == "-" || !is_journal(path)) {
      continue;
    }
    auto state = marktwacht::first_state(path);
    if (!state) {
      return state;
    }
    if (*state && files.size() > 1) {
      return std::unexpected(path + ": begins behind a checkpoint, and is read by itself only");
    }
    found = *std::move(state);
  }
  return found;
}

bool SourceOptions::journals_verify() const {
  return std::ranges::all_of(
      files, [](const std::string& path) { return !is_journal(path) || verify_journal(path).ok; });
}

}  // namespace marktwacht
