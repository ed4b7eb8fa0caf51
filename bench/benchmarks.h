// All benchmarks in alternating rounds, and their report.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/machine.h"
#include "bench/results.h"
#include "bench/streams.h"

namespace marktwacht::bench {

// What `--only` may name.
inline constexpr std::string_view benchmark_names[] = {"machine", "books",  "engine", "rules",
                                                       "alerts",  "ndjson", "record", "journal",
                                                       "links",   "gate"};

struct BenchOptions {
  std::uint32_t events = 10'000'000;
  std::uint32_t rounds = 5;
  std::uint64_t seed = 1;
  std::vector<std::string> only;  // empty = all
};

struct StreamReport {
  std::string name;
  std::uint32_t events = 0;
  std::uint32_t warm_up = 0;
  StreamFacts facts;
};

struct Report {
  MachineLimits machine;
  std::string json_parser;  // what simdjson was built for
  std::string load_average_after;
  std::vector<StreamReport> streams;
  Results results;
};

// `progress` is told what comes next.
std::expected<Report, std::string> run_benchmarks(
    const BenchOptions& options, const std::function<void(std::string_view)>& progress);

// One JSON object: machine, streams, results.
std::string report_json(const Report& report);
// The same as text for people.
std::string report_table(const Report& report);

}  // namespace marktwacht::bench
