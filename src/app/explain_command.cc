// `marktwacht explain`: an alert as a story, rebuilt from the journal (docs/explain.md).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "app/session.h"
#include "app/story_output.h"
#include "app/table.h"
#include "edges/journal/journal.h"

namespace marktwacht {
namespace {

struct ExplainOptions {
  std::string alert_id;
  std::string data;
  std::string language = "en";
  std::size_t events_max = 20;
  StoryOptions story;
  bool json = false;
  bool list = false;
};

constexpr std::size_t near_told = 5;

Exit print(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
    return complain("explain", Exit::fault, "cannot write to standard output");
  }
  return Exit::done;
}

// Every alert of the journal, one a line.
Exit list(const JournalAlerts& alerts) {
  std::vector<std::vector<std::string>> lines = {
      {"alert", "clause", "detector", "severity", "score", "state", "instrument", "from", "who"}};
  for (const std::string& id : alerts.ids()) {
    const auto recorded = alerts.alert(id);
    if (!recorded) {
      return complain("explain", Exit::verification, recorded.error());
    }
    const Alert& alert = recorded->alert;
    const std::string who = !alert.group_id.empty()     ? alert.group_id
                            : alert.account_ids.empty() ? "-"
                            : alert.account_ids.size() == 1
                                ? alert.account_ids.front()
                                : alert.account_ids.front() + " and " +
                                      std::to_string(alert.account_ids.size() - 1) + " more";
    lines.push_back({id, alert.source->clause, alert.source->detector,
                     std::string(word_of(alert.source->severity)), std::to_string(alert.score),
                     std::string(word_of(alert.state)),
                     alert.instrument_id.empty() ? "-" : alert.instrument_id,
                     format_rfc3339(alert.from), who});
  }
  return print(aligned(lines, "llllrl"));
}

Exit unknown(const ExplainOptions& options, const JournalAlerts& alerts) {
  std::string text = "no alert " + options.alert_id + " in " + options.data;
  if (alerts.size() == 0) {
    return complain("explain", Exit::usage, text + ": its journal records no alerts");
  }
  text += ", which has " + std::to_string(alerts.size()) + "; near it:";
  for (const std::string& id : alerts.near(options.alert_id, near_told)) {
    text += " " + id;
  }
  return complain("explain", Exit::usage,
                  text + "; `marktwacht explain --list --data " + options.data + "` has all");
}

// A seq before the first record's or behind the last one's has no book.
std::string seq_fault(const ExplainOptions& options, const JournalReport& report) {
  for (const std::uint64_t seq : options.story.seqs) {
    if (seq < report.first_seq || seq > report.last_seq) {
      return "--seq " + std::to_string(seq) + ": the journal has the seqs " +
             std::to_string(report.first_seq) + " to " + std::to_string(report.last_seq);
    }
  }
  return {};
}

Exit tell(const ExplainOptions& options, const JournalAlerts& alerts) {
  auto recorded = alerts.alert(options.alert_id);
  if (!recorded) {
    return complain("explain", Exit::verification, recorded.error());
  }
  const auto story = tell_story(options.data, *std::move(recorded), options.story);
  if (!story) {
    return complain("explain", Exit::verification, options.data + ": " + story.error());
  }
  const auto language = options.language == "de" ? StoryLanguage::de : StoryLanguage::en;
  return print(options.json ? story_json(*story, options.events_max) + "\n"
                            : story_text(*story, language, options.events_max));
}

Exit explain(const ExplainOptions& options) {
  if (options.alert_id.empty() != options.list) {
    return complain("explain", Exit::usage, "name an alert, or say --list");
  }
  if (!is_journal(options.data)) {
    return complain("explain", Exit::usage, options.data + " is no journal");
  }
  const JournalReport report = verify_journal(options.data);
  if (!report.ok) {
    for (const std::string& fault : report.faults) {
      std::fprintf(stderr, "FAULT: %s\n", fault.c_str());
    }
    return complain("explain", Exit::verification,
                    "the journal does not verify; nothing is told from it");
  }
  if (const std::string fault = seq_fault(options, report); !fault.empty()) {
    return complain("explain", Exit::usage, fault);
  }
  const auto alerts = JournalAlerts::read(options.data);
  if (!alerts) {
    return complain("explain", Exit::verification, options.data + ": " + alerts.error());
  }
  if (options.list) {
    return list(*alerts);
  }
  return alerts->has(options.alert_id) ? tell(options, *alerts) : unknown(options, *alerts);
}

}  // namespace

void add_explain(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ExplainOptions>();
  CLI::App* command = app.add_subcommand(
      "explain",
      "Tell an alert as a story: facts against limits, events, the book before, during and after.");
  command->add_option("ALERT_ID", options->alert_id, "as in the alert's line, a-59");
  command
      ->add_option("--data", options->data,
                   "the data directory of `run --data`, a journal's folder, or its file")
      ->required();
  command->add_flag("--list", options->list, "list the alerts of the journal instead");
  command->add_option("--lang", options->language, "language of the story: en or de")
      ->check(CLI::IsMember({"en", "de"}))
      ->capture_default_str();
  command
      ->add_option("--events", options->events_max,
                   "how many events of the evidence are told: the first and the last of them")
      ->check(CLI::Range(1, 128))
      ->capture_default_str();
  command->add_option("--depth", options->story.depth, "levels a side of each book")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command
      ->add_option("--seq", options->story.seqs,
                   "show the book also as it stood once this record was taken (repeatable)")
      ->allow_extra_args(false);
  command->add_flag("--json", options->json, "print one JSON object instead of text");
  command->callback([options, &chosen] {
    std::ranges::sort(options->story.seqs);
    chosen = [options] { return explain(*options); };
  });
}

}  // namespace marktwacht
