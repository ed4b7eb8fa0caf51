// `marktwacht export`: reports for the authority and the public, out of a data directory whose
// service may be running: nothing is written there (docs/reports.md).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>

#include "app/case_report.h"
#include "app/journal_alerts.h"
#include "app/output.h"
#include "app/session.h"
#include "app/wall_clock.h"
#include "edges/journal/journal.h"
#include "edges/reports/enforcement_report.h"

namespace marktwacht {
namespace {

struct ExportOptions {
  std::string data, config_file, out = "-", format, language = "en";
  std::string case_id, month;
  OrderQuery orders;
  std::string from, to;

  ReportLanguage in() const { return language == "de" ? ReportLanguage::de : ReportLanguage::en; }
};

// Nothing where the journal can be reported from. What a running service is about to write is no
// fault.
std::optional<Exit> unfit(const ExportOptions& options, const char* command) {
  if (!is_journal(options.data)) {
    return complain(command, Exit::usage, options.data + " is no journal");
  }
  for (const std::string& fault : verify_journal(options.data).faults) {
    if (!fault.contains("torn tail")) {
      return complain(command, Exit::verification,
                      "the journal does not verify, and nothing is reported from it: " + fault);
    }
  }
  return std::nullopt;
}

Exit write(const ExportOptions& options, const char* command, const std::string& text) {
  auto output = Output::open(options.out);
  auto written = output ? output->text(text) : std::unexpected(output.error());
  written = written ? output->finish() : written;
  return written ? Exit::done : complain(command, Exit::fault, written.error());
}

// Replays the journal, then `answer(engine, config)` gives the exit code.
template <class Answer>
Exit replay_then(const ExportOptions& options, const char* command, Answer&& answer) {
  if (const auto exit = unfit(options, command)) {
    return *exit;
  }
  SourceOptions source;
  source.files = {options.data};
  source.config_file = options.config_file;
  source.trust = true;
  auto session = Session::open(source);
  if (!session) {
    return complain(command, Exit::usage, session.error());
  }
  (*session)->use_configured();
  if (auto read = (*session)->read({}); !read) {
    return complain(command, Exit::fault, read.error());
  }
  return answer((*session)->engine(), (*session)->config());
}

const Case* find_case(const Engine& engine, const std::string& id) {
  return engine.enforcement().cases().find(case_number(id));
}

Exit no_case(const ExportOptions& options, const char* command) {
  return complain(
      command, Exit::usage,
      "no case " + options.case_id + "; `marktwacht cases list " + options.data + "` has all");
}

Exit export_stor(const ExportOptions& options) {
  const char* const command = "export stor";
  return replay_then(options, command, [&](const Engine& engine, const Config& config) {
    const Case* of = find_case(engine, options.case_id);
    if (of == nullptr) {
      return no_case(options, command);
    }
    StorCase gathered = stor_case(engine, *of);
    if (const auto dropped = dropped_fault(options.data, evidence_of(gathered))) {
      return complain(command, Exit::usage, *dropped);
    }
    const auto alerts = JournalAlerts::read(options.data);
    if (!alerts) {
      return complain(command, Exit::fault, alerts.error());
    }
    add_sentences(gathered, [&](const Alert& alert) {
      const auto recorded = alerts->has(alert.alert_id)
                                ? alerts->alert(alert.alert_id)
                                : std::unexpected(std::string("raised by hand"));
      return recorded ? recorded->alert : alert;
    });
    if (auto added = add_records(options.data, gathered); !added) {
      return complain(command, Exit::fault, added.error());
    }
    gathered.made = wall_clock();
    const StorReport report = stor_report(config.filer, gathered);
    return write(
        options, command,
        options.format == "html" ? stor_html(report, options.in()) : stor_json(report) + "\n");
  });
}

Exit export_enforcement(const ExportOptions& options) {
  const char* const command = "export enforcement";
  return replay_then(options, command, [&](const Engine& engine, const Config&) {
    std::vector<std::string> cases, measures;
    for (const auto& [number, one] : engine.enforcement().cases().all()) {
      write_case(one, cases.emplace_back());
    }
    for (const auto& [number, one] : engine.enforcement().measures().all()) {
      write_measure(one, measures.emplace_back());
    }
    const auto report = enforcement_report(options.month, cases, measures);
    if (!report) {
      return complain(command, Exit::usage, "--month: " + report.error());
    }
    return write(options, command,
                 options.format == "html"  ? enforcement_html(*report, options.in())
                 : options.format == "csv" ? enforcement_csv(*report)
                                           : enforcement_json(*report) + "\n");
  });
}

Exit write_orders(const ExportOptions& options, const OrderQuery& query) {
  const char* const command = "export orders";
  if (const auto dropped = dropped_fault(options.data, query)) {
    return complain(command, Exit::usage, *dropped);
  }
  auto output = Output::open(options.out);
  if (!output) {
    return complain(command, Exit::fault, output.error());
  }
  const bool csv = options.format == "csv";
  std::expected<void, std::string> written =
      csv ? output->text(order_csv_head()) : std::expected<void, std::string>();
  std::string line;
  const auto read = visit_orders(options.data, query, [&](const OrderRecord& record) {
    line.clear();
    csv ? write_order_csv(record, line) : write_order_line(record, line);
    written = written ? (csv ? output->text(line) : output->line(line)) : written;
    return written.has_value();
  });
  written = written ? output->finish() : written;
  if (!read || !written) {
    return complain(command, Exit::fault, read ? written.error() : read.error());
  }
  return Exit::done;
}

// The case's accounts; and where no span is given, that of its alerts.
void ask_about(const Engine& engine, const Case& of, const ExportOptions& options,
               OrderQuery& query) {
  query.account_ids.insert(query.account_ids.end(), of.account_ids.begin(), of.account_ids.end());
  if (options.from.empty() && options.to.empty()) {
    const OrderQuery known = orders_of(engine, of);
    query.from = known.from;
    query.to = known.to;
    query.applied = known.applied;
  }
}

Exit export_orders(const ExportOptions& options) {
  const char* const command = "export orders";
  OrderQuery query = options.orders;
  if (options.case_id.empty()) {
    const auto exit = unfit(options, command);
    return exit ? *exit : write_orders(options, query);
  }
  return replay_then(options, command, [&](const Engine& engine, const Config&) {
    const Case* of = find_case(engine, options.case_id);
    if (of == nullptr) {
      return no_case(options, command);
    }
    if (of->account_ids.empty()) {
      return complain(command, Exit::usage,
                      options.case_id + " names no account; say --instrument and a span");
    }
    ask_about(engine, *of, options, query);
    return write_orders(options, query);
  });
}

// A time as people write it; nothing for anything else.
std::string time_fault(const std::string& text, Time& to) {
  const auto time = parse_moment(text);
  if (!time) {
    return "a time is 2026-03-02, 2026-03-02T08:00:00Z or nanoseconds since 1970, not " + text;
  }
  to = *time;
  return {};
}

CLI::App* add_part(CLI::App& of, const char* name, const char* what,
                   const std::vector<std::string>& formats,
                   const std::shared_ptr<ExportOptions>& options) {
  CLI::App* part = of.add_subcommand(name, what);
  options->format = formats.front();
  part->add_option("--data", options->data, "a data directory; its service may be running")
      ->required();
  part->add_option("--config", options->config_file, "marktwacht.toml: who reports, and of what")
      ->check(CLI::ExistingFile);
  part->add_option("--format", options->format, "form of the report")
      ->check(CLI::IsMember(formats))
      ->capture_default_str();
  part->add_option("--out", options->out, "the file to write; - is standard output")
      ->capture_default_str();
  return part;
}

void add_language(CLI::App& part, ExportOptions& options) {
  part.add_option("--lang", options.language, "language of the page: en or de")
      ->check(CLI::IsMember({"en", "de"}))
      ->capture_default_str();
}

void add_stor(CLI::App& of, Command& chosen) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App* part = add_part(of, "stor",
                            "A suspicious transaction and order report of one case: every field "
                            "of the EU's template, NA with a reason where there is nothing.",
                            {"json", "html"}, options);
  part->add_option("CASE", options->case_id, "as in its line: c-53")->required();
  add_language(*part, *options);
  part->callback([options, &chosen] { chosen = [options] { return export_stor(*options); }; });
}

void add_enforcement(CLI::App& of, Command& chosen) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App* part =
      add_part(of, "enforcement", "Cases and measures of a month by clause and kind: counts only.",
               {"json", "csv", "html"}, options);
  part->add_option("--month", options->month, "YYYY-MM, UTC")->required();
  add_language(*part, *options);
  part->callback(
      [options, &chosen] { chosen = [options] { return export_enforcement(*options); }; });
}

void add_orders(CLI::App& of, Command& chosen) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App* part = add_part(of, "orders",
                            "Orders, what became of them, and trades: of accounts, an instrument "
                            "or a case, in a span of time.",
                            {"ndjson", "csv"}, options);
  part->add_option("--case", options->case_id,
                   "the accounts of this case, and the span of its alerts unless one is said");
  part->add_option("--account", options->orders.account_ids, "of this account (repeatable)")
      ->allow_extra_args(false);
  part->add_option("--instrument", options->orders.instrument_id, "of this instrument");
  part->add_option("--from", options->from,
                   "from this time on: 2026-03-02, 2026-03-02T08:00:00Z or nanoseconds")
      ->check(
          [options](const std::string& text) { return time_fault(text, options->orders.from); });
  part->add_option("--to", options->to, "before this time, likewise")
      ->check([options](const std::string& text) { return time_fault(text, options->orders.to); });
  part->callback([options, &chosen] { chosen = [options] { return export_orders(*options); }; });
}

}  // namespace

void add_export(CLI::App& app, Command& chosen) {
  CLI::App* command =
      app.add_subcommand("export", "Reports for the authority, out of a data directory.");
  command->require_subcommand(1);
  add_stor(*command, chosen);
  add_enforcement(*command, chosen);
  add_orders(*command, chosen);
}

}  // namespace marktwacht
