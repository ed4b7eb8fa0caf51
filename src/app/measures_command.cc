// `marktwacht measures` and `marktwacht cases`: what enforcement has made of a journal's records.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "app/measure_text.h"
#include "app/session.h"
#include "engine/refused_before.h"
#include "measures/preview.h"

namespace marktwacht {
namespace {

struct MeasuresOptions {
  SourceOptions source;
  std::string id;
  bool json = false;
};

Exit print(const std::string& text) {
  return std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0
             ? complain("measures", Exit::fault, "cannot write to standard output")
             : Exit::done;
}

// Reads to the end, then `answer(engine)` gives the exit code.
template <class Answer>
Exit read_then(const MeasuresOptions& options, const char* command, Answer&& answer) {
  auto session = Session::open(options.source);
  if (!session) {
    return complain(command, Exit::usage, session.error());
  }
  (*session)->use_configured();
  if (auto read = (*session)->read({}); !read) {
    return complain(command, Exit::fault, read.error());
  }
  const Exit exit = answer((*session)->engine());
  return exit == Exit::done ? (*session)->exit() : exit;
}

Exit print_measure(const MeasuresOptions& options, const Engine& engine, const Measure& measure,
                   const Preview& preview) {
  if (!options.json) {
    return print(measure_text(measure, preview, engine.last_seq()));
  }
  std::string text = "{\"measure\":";
  write_measure(measure, text);
  text += ",\"preview_seq\":" + std::to_string(engine.last_seq()) + ",\"preview\":";
  write_preview(preview, text);
  return print(text + "}\n");
}

Exit no_measure(const char* command, const MeasuresOptions& options) {
  return complain(command, Exit::usage, "no measure " + options.id + "; `measures list` has all");
}

Exit show_measure(const MeasuresOptions& options, const Engine& engine) {
  const Measure* measure = engine.enforcement().measures().find(measure_number(options.id));
  if (measure == nullptr) {
    return no_measure("measures show", options);
  }
  return print_measure(options, engine, *measure,
                       preview_of(engine.market(), engine.enforcement(), *measure));
}

// The same, and what the gate would have refused: for that everything is read once more, since only
// then is it known who held what when they ordered.
Exit preview_measure(const MeasuresOptions& options, const Engine& engine) {
  const char* const command = "measures preview";
  const Measures& measures = engine.enforcement().measures();
  const Measure* measure = measures.find(measure_number(options.id));
  if (measure == nullptr) {
    return no_measure(command, options);
  }
  if (std::ranges::find(options.source.files, "-") != options.source.files.end()) {
    return complain(command, Exit::usage, "the input is read twice: name files, not -");
  }
  auto again = Session::open(options.source);
  if (!again) {
    return complain(command, Exit::usage, again.error());
  }
  const Engine& then = (*again)->engine();
  RefusalCount count(then.market(), measures.proposed(*measure), engine.clock().value_or(Time{}));
  (*again)->use_configured();
  const auto read =
      (*again)->read([&](const Event& event, const Step& step) -> std::expected<void, std::string> {
        count.take(event, {step.now, step.seq, then.day()});
        return {};
      });
  if (!read) {
    return complain(command, Exit::fault, read.error());
  }
  Preview preview = preview_of(engine.market(), engine.enforcement(), *measure);
  preview.refused_before = count.counted();
  return print_measure(options, engine, *measure, preview);
}

Exit show_case(const MeasuresOptions& options, const Engine& engine) {
  const Case* of = engine.enforcement().cases().find(case_number(options.id));
  if (of == nullptr) {
    return complain("cases show", Exit::usage, "no case " + options.id + "; `cases list` has all");
  }
  std::string line;
  write_case(*of, line);
  return print(options.json ? line + "\n" : case_text(*of, engine.enforcement()));
}

using Show = Exit (*)(const MeasuresOptions&, const Engine&);

Exit list_measures(const MeasuresOptions&, const Engine& engine) {
  return print(measures_table(engine.enforcement()));
}

Exit list_cases(const MeasuresOptions&, const Engine& engine) {
  return print(cases_table(engine.enforcement()));
}

Exit list_stuck(const MeasuresOptions&, const Engine& engine) {
  return print(stuck_table(engine.enforcement(), engine.clock().value_or(Time{})));
}

struct Part {
  const char* name;
  const char* full_name;
  const char* what;
  Show show;
  bool one;  // names a measure or case
};

void add_part(CLI::App& of, const Part& part, Command& chosen) {
  const auto options = std::make_shared<MeasuresOptions>();
  CLI::App* command = of.add_subcommand(part.name, part.what);
  if (part.one) {
    command->add_option("ID", options->id, "as in its line: m-54, c-53")->required();
    command->add_flag("--json", options->json, "print JSON instead of text");
  }
  command
      ->add_option("FILE", options->source.files,
                   "a data directory, a journal, NDJSON, or what --from says")
      ->required();
  options->source.add_to(*command);
  command->callback([options, part, &chosen] {
    chosen = [options, part] {
      return read_then(*options, part.full_name,
                       [&](const Engine& engine) { return part.show(*options, engine); });
    };
  });
}

}  // namespace

void add_measures(CLI::App& app, Command& chosen) {
  CLI::App* measures = app.add_subcommand("measures", "What is done about whom, and by whom.");
  measures->require_subcommand(1);
  add_part(*measures, {"list", "measures list", "All measures.", list_measures, false}, chosen);
  add_part(*measures,
           {"show", "measures show",
            "One measure: every step, and what it would do now, as `approve` needs it.",
            show_measure, true},
           chosen);
  add_part(
      *measures,
      {"preview", "measures preview",
       "The same, and what the gate would have refused in the last 7 days.", preview_measure, true},
      chosen);
  add_part(*measures,
           {"stuck", "measures stuck",
            "Whoever is restricted by what is overdue, failed, unanswered or without an exit.",
            list_stuck, false},
           chosen);
  CLI::App* cases = app.add_subcommand("cases", "Which alerts belong together.");
  cases->require_subcommand(1);
  add_part(*cases, {"list", "cases list", "All cases.", list_cases, false}, chosen);
  add_part(*cases, {"show", "cases show", "One case with all that is in it.", show_case, true},
           chosen);
}

}  // namespace marktwacht
