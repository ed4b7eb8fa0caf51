// From options to one input: every file its own, merged, and read ahead.
#include <algorithm>
#include <utility>

#include "edges/adapters/hyperliquid.h"
#include "edges/adapters/inputs.h"
#include "edges/journal/journal.h"

namespace marktwacht {
namespace {

OpenedInput open_text(const std::string& path, const InputOptions& options) {
  auto bytes = open_bytes(path);
  if (!bytes) {
    return std::unexpected(bytes.error());
  }
  if (options.from == "trades-csv") {
    return open_trades_csv(std::move(*bytes), options.columns, options.instruments);
  }
  return read_ndjson(std::move(*bytes));
}

OpenedInput open_one(const std::string& path, const InputOptions& options) {
  if (options.from == "hyperliquid") {
    return open_hyperliquid(path, options.instruments);
  }
  if (options.from == "journal" && path == "-") {
    return std::unexpected(
        "--from journal: a journal is not read from standard input; name its file or folder");
  }
  const bool journal =
      options.from == "journal" || (options.from == "auto" && path != "-" && is_journal(path));
  return journal ? open_journal(path) : open_text(path, options);
}

std::expected<void, std::string> check_options(const InputOptions& options) {
  static constexpr std::string_view adapters[] = {"auto", "ndjson", "journal", "trades-csv",
                                                  "hyperliquid"};
  if (std::ranges::find(adapters, options.from) == std::end(adapters)) {
    return std::unexpected("--from '" + options.from +
                           "': there is no such adapter; allowed are ndjson, journal, trades-csv, "
                           "hyperliquid and auto (journal or ndjson, by what the file holds)");
  }
  if (options.paths.empty()) {
    return std::unexpected("no input: name one or more files, or - for standard input");
  }
  if (std::ranges::count(options.paths, "-") > 1) {
    return std::unexpected("- stands for standard input, which can be given only once");
  }
  return {};
}

}  // namespace

std::expected<std::unique_ptr<Input>, std::string> open_input(const InputOptions& options) {
  if (const auto fit = check_options(options); !fit) {
    return std::unexpected(fit.error());
  }
  std::vector<std::unique_ptr<Input>> inputs;
  for (const std::string& path : options.paths) {
    auto input = open_one(path, options);
    if (!input) {
      return std::unexpected(input.error());
    }
    inputs.push_back(std::move(*input));
  }
  auto input = inputs.size() == 1 ? std::move(inputs.front()) : merge_inputs(std::move(inputs));
  return options.threads >= 2 ? read_on_thread(std::move(input)) : std::move(input);
}

}  // namespace marktwacht
