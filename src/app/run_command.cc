// `marktwacht run`: reads events into the engine and says what it saw.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "app/journal_output.h"
#include "app/session.h"
#include "app/show.h"
#include "app/summary.h"

namespace marktwacht {
namespace {

struct RunOptions {
  SourceOptions source;
  std::string data_dir;
  std::string groups_file;
  bool state_hash = false;
  bool show = false;
  bool no_close = false;
};

// The journal of `--data DIR`, if asked for.
std::expected<std::optional<JournalWriter>, std::string> open_data(const RunOptions& options,
                                                                   const Config& config) {
  if (options.data_dir.empty()) {
    return std::nullopt;
  }
  std::error_code error;
  std::filesystem::create_directories(options.data_dir, error);
  if (error) {
    return std::unexpected("cannot make " + options.data_dir + ": " + error.message());
  }
  auto writer = open_journal_output(options.data_dir + "/journal", config);
  if (!writer) {
    return std::unexpected(writer.error());
  }
  return std::optional<JournalWriter>(std::move(*writer));
}

// What is written once all is read.
std::expected<void, std::string> finish(const RunOptions& options, const Engine& engine,
                                        std::optional<JournalWriter>& journal) {
  if (journal) {
    if (auto closed = close_journal_output(*journal, engine); !closed) {
      return closed;
    }
  }
  if (!options.groups_file.empty()) {
    auto output = Output::open(options.groups_file);
    if (!output) {
      return std::unexpected(output.error());
    }
    if (auto written = write_groups(engine.market(), *output); !written) {
      return written;
    }
  }
  if (options.show) {
    show_market(engine.market());
  }
  return {};
}

Exit run(const RunOptions& options) {
  auto session = Session::open(options.source);
  if (!session) {
    return complain("run", Exit::usage, session.error());
  }
  auto journal = open_data(options, (*session)->config());
  if (!journal) {
    return complain("run", Exit::usage, journal.error());
  }
  Session::Accepted accepted;
  if (*journal) {
    accepted = [&](const Event& event, const Step&) { return (*journal)->append(event); };
  }
  const auto read = (*session)->read(std::move(accepted));
  const Engine& engine = (*session)->engine();
  const auto finished = finish(options, engine, *journal);
  print_summary((*session)->counts(), engine, (*session)->seconds());
  if (options.state_hash) {
    std::fprintf(stderr, "state_hash %s\n", hex(engine.state_hash()).c_str());
  }
  for (const auto& result : {read, finished}) {
    if (!result) {
      return complain("run", Exit::fault, result.error());
    }
  }
  return (*session)->exit();
}

}  // namespace

void add_run(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      app.add_subcommand("run", "Read events, keep the whole state, say what was seen.");
  command
      ->add_option("FILE", options->source.files,
                   "NDJSON, a journal, or what --from says; - is standard input; .gz and .zst are "
                   "unpacked; several are merged by ts, ties in the order given")
      ->required();
  options->source.add_to(*command);
  command->add_option("--data", options->data_dir,
                      "keep what was accepted in DIR/journal, for verify and replay");
  command->add_option("--groups", options->groups_file,
                      "write the control groups here at the end (NDJSON)");
  command->add_flag("--show", options->show,
                    "print books, positions, balances and groups at the end");
  command->add_flag("--state-hash", options->state_hash,
                    "print the hash of the final state on standard error");
  command->add_flag("--no-close", options->no_close,
                    "leave windows and cycles open at the end of the input");
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace marktwacht
