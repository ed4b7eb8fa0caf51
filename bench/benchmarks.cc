// The rounds: see benchmarks.h.
#include "bench/benchmarks.h"

#include <algorithm>
#include <optional>

#include "bench/measure.h"

namespace marktwacht::bench {
namespace {

constexpr std::size_t slice_events = 1'000'000;
// Below this a run is a trial of the program, not of the machine.
constexpr std::uint32_t trial_events = 100'000;
constexpr std::uint64_t trial_bytes = std::uint64_t{4} << 20, table_bytes = std::uint64_t{1} << 30;

// Far beyond all caches.
constexpr std::uint64_t gate_miss_bytes = std::uint64_t{256} << 20;

constexpr Goal at_most(double limit) { return {Goal::Kind::at_most, limit}; }
constexpr Goal at_least(double limit) { return {Goal::Kind::at_least, limit}; }

class Rounds {
 public:
  Rounds(const BenchOptions& options, const std::function<void(std::string_view)>& progress)
      : options_(options), progress_(progress) {}

  std::expected<Report, std::string> run() {
    measure_machine();
    report_.json_parser = json_parser();
    make_streams();
    for (std::uint32_t round = 1; round <= options_.rounds; ++round) {
      round_text_ = std::to_string(round) + "/" + std::to_string(options_.rounds) + " ";
      if (lanes_wanted()) {
        tell("books, engine, rules");
        measure_lanes(streams_, {wanted("books"), wanted("engine"), wanted("rules")},
                      report_.results);
      }
      if (wanted("alerts")) {
        tell("alerts");
        measure_alerts(options_.events, options_.seed, report_.results);
      }
      if (wanted("links")) {
        tell("links");
        measure_links(options_.events, options_.seed, report_.results);
      }
      if (wanted("gate")) {
        tell("gate");
        const std::uint64_t bytes = options_.events < trial_events ? trial_bytes : gate_miss_bytes;
        if (auto done = measure_gate(options_.events, options_.seed, bytes, report_.results);
            !done) {
          return std::unexpected(done.error());
        }
      }
      if (auto done = measure_slice(); !done) {
        return std::unexpected(done.error());
      }
      add_ratios();
    }
    report_.load_average_after = describe_machine().load_average;
    return std::move(report_);
  }

 private:
  bool wanted(std::string_view name) const {
    return options_.only.empty() || std::ranges::find(options_.only, name) != options_.only.end();
  }
  bool lanes_wanted() const { return wanted("books") || wanted("engine") || wanted("rules"); }
  void tell(std::string_view text) const {
    if (progress_) {
      progress_(round_text_ + std::string(text));
    }
  }

  void measure_machine() {
    if (!wanted("machine")) {
      report_.machine = describe_machine();
      return;
    }
    tell("the machine's limits");
    report_.machine =
        bench::measure_machine(options_.events < trial_events ? trial_bytes : table_bytes);
  }

  void make_streams() {
    const bool slice_wanted = wanted("ndjson") || wanted("record") || wanted("journal");
    const bool streams_wanted = lanes_wanted();
    for (const Shape shape : {Shape::tight, Shape::deep}) {
      if (!streams_wanted && !(slice_wanted && shape == Shape::tight)) {
        continue;
      }
      tell("making the stream " + std::string(name_of(shape)));
      streams_.push_back(make_stream(shape, {.events = options_.events, .seed = options_.seed}));
      const Stream& stream = streams_.back();
      report_.streams.push_back(
          {std::string(name_of(shape)), stream.options.events, stream.warm_up, stream.facts});
    }
    if (slice_wanted) {
      tell("writing a part of it as NDJSON and as records");
      slice_ = encode_slice(streams_.front(), slice_events);
    }
  }

  std::expected<void, std::string> measure_slice() {
    if (wanted("ndjson")) {
      tell("ndjson");
      measure_ndjson(slice_, report_.results);
    }
    if (wanted("record")) {
      tell("record");
      measure_records(slice_, report_.results);
    }
    if (wanted("journal")) {
      tell("journal");
      return measure_journal(slice_, report_.results);
    }
    return {};
  }

  void add_ratio(std::string_view name, std::string_view over, std::string_view under,
                 std::optional<Goal> goal) {
    const auto upper = report_.results.last(over), lower = report_.results.last(under);
    if (upper && lower) {
      report_.results.add(name, ratio, *upper / *lower, goal);
    }
  }

  void add_ratios() {
    add_ratio("books_deep_over_tight", "books_deep", "books_tight", at_most(1.1));
    if (const auto tight = report_.results.last("books_tight")) {
      report_.results.add("books_tight_over_reference", ratio, *tight / reference_book_ns,
                          at_most(1.5));
    }
    add_ratio("engine_over_books_tight", "engine_tight", "books_tight", std::nullopt);
    add_ratio("engine_over_books_deep", "engine_deep", "books_deep", std::nullopt);
    add_ratio("everything_over_books_only_tight", "everything_tight", "books_only_tight",
              at_most(2.0));
    add_ratio("everything_over_books_only_deep", "everything_deep", "books_only_deep",
              at_most(2.0));
    add_ratio("everything_over_books_tight", "everything_tight", "books_tight", std::nullopt);
    add_ratio("everything_over_books_deep", "everything_deep", "books_deep", std::nullopt);
    for (const Shape shape : {Shape::tight, Shape::deep}) {
      const std::string tail(name_of(shape));
      const auto more = report_.results.last("everything_more_" + tail);
      if (const auto all = report_.results.last("everything_" + tail); more && all) {
        report_.results.add("one_more_rule_" + tail, ns_per_event, (*more - *all) / rules_more,
                            at_most(5));
      }
    }
    add_ratio("engine_deep_over_tight", "engine_deep", "engine_tight", std::nullopt);
    add_ratio("ndjson_over_simdjson_lines", "ndjson_read", "simdjson_lines", std::nullopt);
    add_ratio("ndjson_over_simdjson", "ndjson_read", "simdjson_many", at_least(0.6));
  }

  const BenchOptions& options_;
  const std::function<void(std::string_view)>& progress_;
  std::string round_text_;
  std::vector<Stream> streams_;
  EncodedSlice slice_;
  Report report_;
};

}  // namespace

std::expected<Report, std::string> run_benchmarks(
    const BenchOptions& options, const std::function<void(std::string_view)>& progress) {
  return Rounds(options, progress).run();
}

}  // namespace marktwacht::bench
