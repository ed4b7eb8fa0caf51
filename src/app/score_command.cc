// `marktwacht score`: alerts against labels (docs/scoring.md).
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/config.h"
#include "app/score.h"
#include "app/session.h"

namespace marktwacht {
namespace {

struct ScoreOptions {
  std::string alerts_file;
  std::string labels_file;
  std::string config_file;
  bool json = false;
};

Exit complain_of(const LinesFault& fault) {
  return complain("score", fault.unreadable ? Exit::fault : Exit::usage, fault.text);
}

Exit score_files(const ScoreOptions& options) {
  if (options.alerts_file == "-" && options.labels_file == "-") {
    return complain("score", Exit::usage,
                    "only one of --alerts and --labels can be standard input");
  }
  Config config;
  if (!options.config_file.empty()) {
    const auto loaded = load_config(options.config_file);
    if (!loaded) {
      return complain("score", Exit::usage, loaded.error());
    }
    config = *loaded;
  }
  const auto labels = read_labels(options.labels_file);
  if (!labels) {
    return complain_of(labels.error());
  }
  const auto alerts = read_alert_lines(options.alerts_file);
  if (!alerts) {
    return complain_of(alerts.error());
  }
  for (const std::string& note : labels->notes) {
    std::fprintf(stderr, "note: %s\n", note.c_str());
  }
  const auto report = score(alerts->rows, labels->rows, config.trading_day_start);
  if (!report) {
    return complain("score", Exit::usage, options.alerts_file + ": " + report.error());
  }
  const std::string text = options.json ? score_json(*report) + "\n" : score_table(*report);
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
    return complain("score", Exit::fault, "cannot write to standard output");
  }
  return Exit::done;
}

}  // namespace

void add_score(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ScoreOptions>();
  CLI::App* command =
      app.add_subcommand("score", "Measure alerts against labels: precision, recall, F1, delay.");
  command
      ->add_option("--alerts", options->alerts_file,
                   "alert lines, as `run --alerts` writes them; - is standard input")
      ->required();
  command
      ->add_option("--labels", options->labels_file,
                   "what really happened, a JSON object a line: clause, detector, account_ids, "
                   "instrument_id, from_ts, to_ts")
      ->required();
  command->add_flag("--json", options->json, "print JSON instead of a table");
  command
      ->add_option("--config", options->config_file,
                   "the marktwacht.toml the alerts were made with (trading day)")
      ->check(CLI::ExistingFile);
  command->callback([options, &chosen] { chosen = [options] { return score_files(*options); }; });
}

}  // namespace marktwacht
