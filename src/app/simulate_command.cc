// `marktwacht simulate`: a market with honest and abusive agents, as events and labels (sim/).
#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "app/analysts.h"
#include "app/commands.h"
#include "app/journal_output.h"
#include "app/output.h"
#include "app/session.h"
#include "events/ndjson.h"
#include "sim/catalogue.h"
#include "sim/simulation.h"

namespace marktwacht {
namespace {

using Done = std::expected<void, std::string>;

constexpr const char* all_abuse = "all";

struct SimulateOptions {
  sim::SimulationOptions simulation;
  std::string abuse = all_abuse;
  double severity = 0.5, density = 1;
  bool analysts = false;
  std::string out, labels, groups;
};

// Hands on the first `limit` events; the act that the limit falls into is cut there.
class LimitedSink : public sim::Sink {
 public:
  explicit LimitedSink(std::uint64_t limit) : left_(limit) {}
  void take(const Event& event) final {
    if (left_ > 0 && done_) {
      --left_;
      done_ = write(event);
    }
  }
  const Done& done() const { return done_; }

 private:
  virtual Done write(const Event& event) = 0;
  std::uint64_t left_;
  Done done_;
};

class JournalSink : public LimitedSink {
 public:
  JournalSink(std::uint64_t limit, JournalWriter& writer) : LimitedSink(limit), writer_(writer) {}

 private:
  Done write(const Event& event) override { return writer_.append(event); }
  JournalWriter& writer_;
};

class NdjsonSink : public LimitedSink {
 public:
  NdjsonSink(std::uint64_t limit, Output& output) : LimitedSink(limit), output_(output) {}

 private:
  Done write(const Event& event) override {
    line_.clear();
    write_ndjson(event, line_);
    return output_.line(line_);
  }
  Output& output_;
  std::string line_;
};

// What is told beside the stream.
struct Truth {
  std::string labels, groups;
};

Done run_into(LimitedSink& sink, const SimulateOptions& options, Truth& truth) {
  std::optional<Analysts> analysts;
  if (options.analysts) {
    analysts.emplace(options.simulation.seed, sink);
  }
  sim::Simulation simulation(options.simulation,
                             analysts ? static_cast<sim::Sink&>(*analysts) : sink);
  simulation.run();
  truth = {simulation.labels(), simulation.hands()};
  return sink.done();
}

Done write_stream(const SimulateOptions& options, Truth& truth) {
  if (options.out.ends_with(".mwj")) {
    auto writer = open_journal_output(options.out, Config{});
    if (!writer) {
      return std::unexpected(writer.error());
    }
    JournalSink sink(options.simulation.events, *writer);
    const Done done = run_into(sink, options, truth);
    return done ? writer->close() : done;
  }
  auto output = Output::open(options.out);
  if (!output) {
    return std::unexpected(output.error());
  }
  NdjsonSink sink(options.simulation.events, *output);
  const Done done = run_into(sink, options, truth);
  return done ? output->finish() : done;
}

// The names of the catalogue, comma-separated; an error names what is allowed.
std::expected<std::vector<std::string_view>, std::string> abuse_of(const std::string& list) {
  std::vector<std::string_view> all;
  std::string allowed;
  for (const sim::Behaviour& abuse : sim::abuse_catalogue) {
    all.push_back(abuse.name);
    allowed += (allowed.empty() ? "" : ", ") + std::string(abuse.name);
  }
  if (list == all_abuse) {
    return all;
  }
  std::vector<std::string_view> chosen;
  for (std::size_t at = 0; list != "none" && at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    const std::string name = list.substr(at, end - at);
    const auto found = std::ranges::find(all, name);
    if (found == all.end()) {
      return std::unexpected("unknown abuse " + name + "; allowed: none, all, or of " + allowed);
    }
    chosen.push_back(*found);
    at = end + 1;
  }
  return chosen;
}

Done write_file(const std::string& path, const std::string& text) {
  if (path.empty()) {
    return {};
  }
  auto output = Output::open(path);
  if (!output) {
    return std::unexpected(output.error());
  }
  const Done written = output->text(text);
  const Done finished = output->finish();
  return written ? finished : written;
}

Exit simulate(SimulateOptions& options) {
  auto abuse = abuse_of(options.abuse);
  if (!abuse) {
    return complain("simulate", Exit::usage, abuse.error());
  }
  options.simulation.abuse = std::move(*abuse);
  options.simulation.severity_per_mille = static_cast<std::int64_t>(options.severity * 1000 + 0.5);
  options.simulation.density_per_mille = static_cast<std::int64_t>(options.density * 1000 + 0.5);
  Truth truth;
  Done done = write_stream(options, truth);
  done = done ? write_file(options.labels, truth.labels) : done;
  done = done ? write_file(options.groups, truth.groups) : done;
  return done ? Exit::done : complain("simulate", Exit::fault, done.error());
}

}  // namespace

void add_simulate(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<SimulateOptions>();
  CLI::App* command = app.add_subcommand(
      "simulate", "Write the events of a simulated market, and labels of the abuse in it.");
  sim::SimulationOptions& simulation = options->simulation;
  command->add_option("--seed", simulation.seed, "same seed, same bytes")->capture_default_str();
  command->add_option("--events", simulation.events, "how many events")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000'000'000}))
      ->capture_default_str();
  command->add_option("--accounts", simulation.accounts, "how many accounts")
      ->check(CLI::Range(200U, 100'000'000U))
      ->capture_default_str();
  command->add_option("--instruments", simulation.instruments, "how many instruments")
      ->check(CLI::Range(1U, 65'535U))
      ->capture_default_str();
  command->add_option("--abuse", options->abuse, "names, comma-separated; all; none")
      ->capture_default_str();
  command->add_option("--severity", options->severity, "how blatant the abuse is")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--density", options->density, "activity, as a multiple")
      ->check(CLI::Range(0.01, 1'000.0))
      ->capture_default_str();
  command->add_flag("--analysts", options->analysts,
                    "people work on the alerts of the default rulebook: their decisions, appeals, "
                    "and what the exchange answers are in the stream; read it by `run --trust`");
  command->add_option("--out", options->out, "*.mwj: a journal; else NDJSON; - is standard output")
      ->required();
  command->add_option("--labels", options->labels, "where labels go");
  command->add_option("--groups", options->groups, "where it goes who is one hand (docs/links.md)");
  command->callback([options, &chosen] { chosen = [options] { return simulate(*options); }; });
}

}  // namespace marktwacht
