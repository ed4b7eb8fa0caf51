// `marktwacht run`: reads events into the engine and says what it saw.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "app/alert_output.h"
#include "app/enforcement_output.h"
#include "app/journal_output.h"
#include "app/rulebook_options.h"
#include "app/score.h"
#include "app/session.h"
#include "app/show.h"
#include "app/summary.h"
#include "edges/gate/gate_writer.h"
#include "engine/records.h"

namespace marktwacht {
namespace {

struct RunOptions {
  SourceOptions source;
  RulebookOptions rules;
  std::string data_dir;
  std::string alerts_file = "-";
  std::string labels_file;
  std::string groups_file;
  EnforcementFiles enforcement;
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
  if (!options.data_dir.empty()) {
    const auto restrictions = engine.enforcement().restrictions();
    if (auto published = publish_gate(options.data_dir, restrictions); !published) {
      return published;
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

// The event and what the engine made on its way go out in the order of their seqs.
class Writing {
  using Done = std::expected<void, std::string>;

 public:
  Writing(const Engine& engine, std::optional<JournalWriter>& journal, AlertOutput& alerts,
          EnforcementFilesOutput& enforcement)
      : engine_(engine), journal_(journal), alerts_(alerts), enforcement_(enforcement) {}

  Done operator()(const Event& event, const Step& step) {
    if (auto written = made(0, step.seq); !written) {
      return written;
    }
    if (journal_) {
      if (auto written = journal_->append(event); !written) {
        return written;
      }
    }
    if (auto written = made(step.seq, UINT64_MAX); !written) {
      return written;
    }
    return enforcement_.write(engine_.enforced());
  }
  Done operator()(const Alert& alert) { return alerts_.write(alert); }
  Done operator()(const BaselinesMade& day) { return journal_ ? record(day, *journal_) : Done{}; }
  Done operator()(const ProposalMade& proposal) {
    return journal_ ? record(proposal, *journal_) : Done{};
  }
  // A record that came in lets time pass and has its own effects.
  Done recorded() { return closed(); }
  // What windows that close at the end make.
  Done closed() {
    auto written = made(0, UINT64_MAX);
    return written ? enforcement_.write(engine_.enforced()) : written;
  }

 private:
  Done made(std::uint64_t first, std::uint64_t end) {
    return visit_made(engine_, first, end, *this);
  }

  const Engine& engine_;
  std::optional<JournalWriter>& journal_;
  AlertOutput& alerts_;
  EnforcementFilesOutput& enforcement_;
};

// Reads to the end and, unless windows are to stay open, closes them.
std::expected<void, std::string> read_all(const RunOptions& options, Session& session,
                                          Writing& writing) {
  auto read = session.read(std::ref(writing), [&](const Event&) { return writing.recorded(); });
  if (read && !options.no_close) {
    session.engine().close();
    read = writing.closed();
  }
  return read;
}

Exit run(const RunOptions& options) {
  auto session = Session::open(options.source);
  if (!session) {
    return complain("run", Exit::usage, session.error());
  }
  auto rulebooks = options.rules.load();
  if (!rulebooks) {
    return complain("run", Exit::usage, rulebooks.error());
  }
  (*session)->use(*std::move(rulebooks));
  (*session)->use_configured();
  auto journal = open_data(options, (*session)->config());
  if (!journal) {
    return complain("run", Exit::usage, journal.error());
  }
  auto alerts = AlertOutput::open(options.alerts_file, *journal ? &**journal : nullptr);
  if (!alerts) {
    return complain("run", Exit::usage, alerts.error());
  }
  const auto labels = options.labels_file.empty() ? std::expected<LinesRead<Label>, LinesFault>{}
                                                  : read_labels(options.labels_file);
  if (!labels) {
    return complain("run", labels.error().unreadable ? Exit::fault : Exit::usage,
                    labels.error().text);
  }
  if (!options.labels_file.empty()) {
    alerts->keep_for_scoring();
  }
  auto enforcement = EnforcementFilesOutput::open(options.enforcement);
  if (!enforcement) {
    return complain("run", Exit::usage, enforcement.error());
  }
  Engine& engine = (*session)->engine();
  engine.write_revisions(options.enforcement.want_revisions());
  Writing writing(engine, *journal, *alerts, *enforcement);
  auto read = read_all(options, **session, writing);
  if (auto flushed = enforcement->finish(); read && !flushed) {
    read = flushed;
  }
  if (auto flushed = alerts->finish(); read && !flushed) {
    read = flushed;
  }
  const auto finished = finish(options, engine, *journal);
  print_summary((*session)->counts(), engine, alerts->opened(), (*session)->seconds());
  if (options.state_hash) {
    std::fprintf(stderr, "state_hash %s\n", hex(engine.state_hash()).c_str());
  }
  if (!options.labels_file.empty()) {
    if (const auto report =
            score(alerts->kept(), labels->rows, (*session)->config().trading_day_start)) {
      std::fputs(score_table(*report).c_str(), stderr);
    }
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
  CLI::App* command = app.add_subcommand("run", "Read events, raise alerts, say what was seen.");
  command
      ->add_option("FILE", options->source.files,
                   "NDJSON, a journal, or what --from says; - is standard input; .gz and .zst are "
                   "unpacked; several are merged by ts, ties in the order given")
      ->required();
  options->source.add_to(*command);
  options->rules.add_to(*command);
  command->add_option("--alerts", options->alerts_file,
                      "write alerts here, one line a revision (NDJSON); default: standard output");
  command->add_option("--labels", options->labels_file,
                      "what should have been found (NDJSON): scores the alerts at the end, on "
                      "standard error");
  command->add_option("--data", options->data_dir,
                      "keep what was accepted in DIR/journal, for verify and replay, and what "
                      "holds at the end in DIR/gate, for `marktwacht gate`");
  command->add_option("--groups", options->groups_file,
                      "write the control groups here at the end (NDJSON)");
  command->add_option("--cases", options->enforcement.cases,
                      "write cases here, one line a revision (NDJSON)");
  command->add_option("--measures", options->enforcement.measures,
                      "write measures here, one line a revision (NDJSON)");
  command->add_option("--decisions", options->enforcement.decisions,
                      "write here what became of each decision (NDJSON)");
  command->add_option("--outbox", options->enforcement.outbox,
                      "write the commands for the exchange here (NDJSON)");
  command->add_flag("--show", options->show,
                    "print books, positions, balances and groups at the end");
  command->add_flag("--state-hash", options->state_hash,
                    "print the hash of the final state on standard error");
  command->add_flag("--no-close", options->no_close,
                    "leave windows and cycles open at the end of the input");
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace marktwacht
