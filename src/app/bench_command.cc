// `marktwacht bench`: measures the program on this machine (docs/performance.md).
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/session.h"
#include "bench/benchmarks.h"

namespace marktwacht {
namespace {

struct Options {
  bench::BenchOptions bench;
  bool json = false;
};

Exit run(const Options& options) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  const auto report = bench::run_benchmarks(options.bench, [&](std::string_view text) {
    if (terminal) {
      std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(text.size()), text.data());
    }
  });
  if (terminal) {
    std::fputs("\r\033[K", stderr);
  }
  if (!report) {
    return complain("bench", Exit::fault, report.error());
  }
  const std::string text =
      options.json ? bench::report_json(*report) + "\n" : bench::report_table(*report);
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
    return complain("bench", Exit::fault, "cannot write to standard output");
  }
  return Exit::done;
}

}  // namespace

void add_bench(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "bench", "Measure books, engine, codecs and journal, beside the machine's own limits.");
  command->add_flag("--json", options->json, "print JSON instead of tables");
  command
      ->add_option("--events", options->bench.events,
                   "events of each stream; below 100000 the machine's limits are only tried")
      ->check(CLI::Range(1'000, 100'000'000))
      ->capture_default_str();
  command->add_option("--rounds", options->bench.rounds, "alternating rounds")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  command->add_option("--only", options->bench.only, "measure only this; may be repeated")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(bench::benchmark_names),
                                                     std::end(bench::benchmark_names))));
  command->add_option("--seed", options->bench.seed, "seed of the streams")->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace marktwacht
