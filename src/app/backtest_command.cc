// `marktwacht backtest`: what another rulebook, or another limit, finds in the same events
// (docs/backtest.md).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <span>
#include <thread>

#include "app/rulebook_options.h"
#include "app/session.h"
#include "app/show.h"
#include "app/what_if_output.h"
#include "rules/rule.h"

namespace marktwacht {
namespace {

using Printed = unsigned long long;

struct BacktestOptions {
  SourceOptions source;
  std::vector<std::string> rulebooks;
  std::vector<std::string> set;
  std::string vary;
  std::string groups_file;
  WhatIfLimits limits;
  bool json = false;
};

// One set of rules to try.
struct Trial {
  std::string name;
  Rulebooks rulebooks;

  std::string cited() const {
    const auto book = load_rulebook(rulebooks.texts.front());
    return book ? book->cited() : "";
  }
};

std::expected<Trial, std::string> make_trial(const std::string& rulebook,
                                             const std::vector<std::string>& set) {
  auto loaded = RulebookOptions{{rulebook}, set}.load();
  if (!loaded) {
    return std::unexpected(loaded.error());
  }
  std::string name = rulebook;
  for (const std::string& each : set) {
    name += (&each == &set.front() ? " with " : ", ") + each;
  }
  return Trial{name, *std::move(loaded)};
}

// What was found, and how the reading went.
struct Tried {
  std::vector<std::vector<FoundAlert>> found;  // by trial
  ReadingCounts counts;
  Exit exit = Exit::done;
};

struct Failure {
  Exit exit;
  std::string text;
};

std::expected<void, std::string> try_one(Session& session, FoundAlerts& found) {
  const Engine& engine = session.engine();
  const auto take_made = [&] {
    for (const Alert& alert : engine.alerts()) {
      found.take(alert);
    }
    return std::expected<void, std::string>{};
  };
  auto read = session.read([&](const Event&, const Step&) { return take_made(); });
  session.engine().close();
  take_made();
  return read;
}

std::expected<void, std::string> write_groups_to(const std::string& path, const Market& market) {
  auto output = Output::open(path);
  return output ? write_groups(market, *output) : std::unexpected(output.error());
}

// All trials over one reading of the input, each with an engine and a thread of its own.
std::expected<Tried, Failure> try_all(const BacktestOptions& options,
                                      std::span<const Trial> trials) {
  auto sessions = Session::open_several(options.source, trials.size());
  if (!sessions) {
    return std::unexpected(Failure{Exit::usage, sessions.error()});
  }
  std::vector<FoundAlerts> found(trials.size());
  std::vector<std::expected<void, std::string>> read(trials.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    (*sessions)[i]->use(trials[i].rulebooks);
    (*sessions)[i]->use_configured();
    (*sessions)[i]->ask_what_if();
    threads.emplace_back([&, i] { read[i] = try_one(*(*sessions)[i], found[i]); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const Session& first = *sessions->front();
  if (!options.groups_file.empty()) {
    read.push_back(write_groups_to(options.groups_file, sessions->front()->engine().market()));
  }
  for (const auto& result : read) {
    if (!result) {
      return std::unexpected(Failure{Exit::fault, result.error()});
    }
  }
  Tried tried{{}, first.counts(), first.exit()};
  for (const FoundAlerts& each : found) {
    tried.found.push_back(each.found());
  }
  return tried;
}

Exit finish(const std::string& text, const Tried& tried, double seconds) {
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
    return complain("backtest", Exit::fault, "cannot write to standard output");
  }
  std::fprintf(stderr, "events: %llu\nrejected: %llu\ntime: %.2f s\n",
               static_cast<Printed>(tried.counts.accepted_total()),
               static_cast<Printed>(tried.counts.rejected_total()), seconds);
  return tried.exit;
}

Exit compare_two(const BacktestOptions& options, const std::vector<Trial>& trials) {
  const ProgressLine clock;
  auto tried = try_all(options, trials);
  if (!tried) {
    return complain("backtest", tried.error().exit, tried.error().text);
  }
  WhatIfReport report;
  report.a = {trials[0].name, trials[0].cited()};
  report.b = {trials[1].name, trials[1].cited()};
  report.found = compare(std::move(tried->found[0]), std::move(tried->found[1]));
  report.events = tried->counts.accepted_total();
  return finish(options.json ? what_if_json(report, options.limits) + "\n"
                             : what_if_text(report, options.limits),
                *tried, clock.seconds());
}

// As many values at a time as there are threads, each round with a reading of its own.
Exit vary(const BacktestOptions& options, const std::string& rulebook) {
  const ProgressLine clock;
  const auto variation = parse_variation(options.vary);
  if (!variation) {
    return complain("backtest", Exit::usage, variation.error());
  }
  std::vector<Trial> trials;
  for (const std::string& value : variation->values) {
    auto set = options.set;
    set.push_back(variation->rule + "." + variation->param + "=" + value);
    auto trial = make_trial(rulebook, set);
    if (!trial) {
      return complain("backtest", Exit::usage, trial.error());
    }
    trials.push_back(*std::move(trial));
  }
  const auto at_once = static_cast<std::size_t>(options.source.threads);
  if (trials.size() > at_once && std::ranges::count(options.source.files, "-") > 0) {
    return complain("backtest", Exit::usage,
                    "standard input is read once: name a file, or say --threads " +
                        std::to_string(trials.size()) + " for all values at once");
  }
  VariedReport report{rulebook, variation->rule, variation->param, {}, 0};
  Tried last;
  for (std::size_t at = 0; at < trials.size(); at += at_once) {
    const std::size_t count = std::min(at_once, trials.size() - at);
    auto tried = try_all(options, std::span(trials).subspan(at, count));
    if (!tried) {
      return complain("backtest", tried.error().exit, tried.error().text);
    }
    for (std::size_t i = 0; i < count; ++i) {
      report.rows.push_back(
          varied_row(variation->values[at + i], variation->rule, tried->found[i]));
    }
    last = *std::move(tried);
  }
  report.events = last.counts.accepted_total();
  return finish(options.json ? varied_json(report) + "\n" : varied_text(report), last,
                clock.seconds());
}

// A is the first rulebook as it stands, B the last with what --set says.
Exit backtest(const BacktestOptions& options) {
  const auto& named = options.rulebooks;
  const std::string first = named.empty() ? "default" : named.front();
  if (!options.vary.empty()) {
    return named.size() > 1
               ? complain("backtest", Exit::usage, "--vary takes one --rulebook, not several")
               : vary(options, first);
  }
  if (named.size() > 2 || (named.size() < 2 && options.set.empty())) {
    return complain("backtest", Exit::usage,
                    "name two rulebooks to compare, or one with --set RULE.PARAM=V, or one with "
                    "--vary RULE.PARAM=from:to:step");
  }
  std::vector<Trial> trials;
  std::string errors;
  for (const auto& [rulebook, set] :
       {std::pair{first, std::vector<std::string>{}},
        std::pair{named.empty() ? first : named.back(), options.set}}) {
    auto trial = make_trial(rulebook, set);
    if (trial) {
      trials.push_back(*std::move(trial));
    } else {
      errors += (errors.empty() ? "" : "\n") + trial.error();
    }
  }
  return errors.empty() ? compare_two(options, trials) : complain("backtest", Exit::usage, errors);
}

}  // namespace

void add_backtest(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<BacktestOptions>();
  CLI::App* command = app.add_subcommand(
      "backtest", "What-if: which alerts appear and disappear under other rules or limits.");
  command
      ->add_option("FILE", options->source.files,
                   "events, as `run` reads them; rulebooks in a journal are passed over")
      ->required();
  command
      ->add_option("--rulebook", options->rulebooks,
                   "a rulebook's file, or the name of a shipped one or of a detector: given "
                   "twice, A and B are compared; default: default")
      ->allow_extra_args(false);
  command
      ->add_option("--set", options->set,
                   "RULE.PARAM=V: another value, in B only; with one rulebook, A is that one as "
                   "it stands (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--vary", options->vary,
                      "RULE.PARAM=from:to:step: what each of these values finds");
  options->source.add_to(*command);
  command->add_option("--groups", options->groups_file,
                      "write the control groups here at the end (NDJSON)");
  command->add_option("--rows", options->limits.rows_max, "how many accounts are told")
      ->capture_default_str();
  command
      ->add_option("--examples", options->limits.examples_max,
                   "how many alerts that one side alone has are told of each rule")
      ->capture_default_str();
  command->add_flag("--json", options->json, "print one JSON object instead of tables");
  command->callback([options, &chosen] { chosen = [options] { return backtest(*options); }; });
}

}  // namespace marktwacht
