// Small rounds of everything: the report is whole, and its JSON is JSON.
#include "bench/benchmarks.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <set>

namespace marktwacht::bench {
namespace {

Report run(const BenchOptions& options) {
  auto report = run_benchmarks(options, {});
  EXPECT_TRUE(report.has_value()) << report.error();
  return *std::move(report);
}

TEST(Results, MedianLeastAndMost) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
  Results results;
  results.add("a", "ns", 3, Goal{Goal::Kind::at_most, 2});
  results.add("b", "ns", 7);
  results.add("a", "ns", 1);
  results.add("a", "ns", 2);
  ASSERT_EQ(results.all().size(), 2u);
  const Result& first = results.all().front();
  EXPECT_EQ(first.name, "a");
  EXPECT_EQ(first.least(), 1);
  EXPECT_EQ(first.most(), 3);
  EXPECT_TRUE(first.reached());
  results.add("a", "ns", 9);
  EXPECT_FALSE(results.all().front().reached());
  EXPECT_EQ(results.last("a"), 9);
  EXPECT_EQ(results.last("c"), std::nullopt);
}

TEST(Benchmarks, ReportEveryFigureAsJson) {
  const Report report = run({.events = 5'000, .rounds = 2, .seed = 1, .only = {}});
  simdjson::dom::parser parser;
  const std::string text = report_json(report);
  simdjson::dom::element json;
  ASSERT_EQ(parser.parse(text).get(json), simdjson::SUCCESS) << text;
  EXPECT_GT(json["machine"]["cores"].get_uint64().value(), 0u);
  EXPECT_GT(json["machine"]["dependent_read"].at(0)["ns"].get_double().value(), 0);
  for (const char* shape : {"tight", "deep"}) {
    EXPECT_EQ(json["streams"][shape]["events"].get_uint64().value(), 5'000u);
    EXPECT_GT(json["streams"][shape]["levels"].get_uint64().value(), 0u);
  }
  std::set<std::string> names;
  for (const auto result : json["results"].get_array()) {
    const std::string name(result["name"].get_string().value());
    names.insert(name);
    EXPECT_EQ(result["rounds"].get_uint64().value(), 2u);
    if (!name.starts_with("one_more_rule")) {  // a difference: of few events it may be anything
      EXPECT_GT(result["min"].get_double().value(), 0);
    }
    EXPECT_LE(result["min"].get_double().value(), result["median"].get_double().value());
    EXPECT_LE(result["median"].get_double().value(), result["max"].get_double().value());
  }
  const std::set<std::string> expected = {"alert_out_p50",
                                          "alert_out_p999",
                                          "alerts_out",
                                          "books_tight",
                                          "books_deep",
                                          "books_tight_prefetched",
                                          "books_deep_prefetched",
                                          "books_deep_over_tight",
                                          "books_tight_over_reference",
                                          "engine_tight",
                                          "engine_deep",
                                          "engine_over_books_tight",
                                          "engine_over_books_deep",
                                          "engine_deep_over_tight",
                                          "everything_tight",
                                          "everything_deep",
                                          "everything_more_tight",
                                          "everything_more_deep",
                                          "books_only_tight",
                                          "books_only_deep",
                                          "everything_over_books_only_tight",
                                          "everything_over_books_only_deep",
                                          "everything_over_books_tight",
                                          "everything_over_books_deep",
                                          "one_more_rule_tight",
                                          "one_more_rule_deep",
                                          "ndjson_read",
                                          "ndjson_read_bytes",
                                          "simdjson_lines",
                                          "simdjson_lines_bytes",
                                          "simdjson_many",
                                          "simdjson_many_bytes",
                                          "ndjson_over_simdjson",
                                          "ndjson_over_simdjson_lines",
                                          "record_read",
                                          "journal_write",
                                          "journal_read",
                                          "links_evidence",
                                          "links_memory_over_allowed",
                                          "memory_miss",
                                          "gate_check",
                                          "gate_check_over_miss",
                                          "gate_check_batched",
                                          "gate_change_seen_p99"};
  EXPECT_EQ(names, expected);
}

TEST(Benchmarks, MeasureOnlyWhatIsAskedFor) {
  const Report report = run({.events = 2'000, .rounds = 1, .seed = 1, .only = {"record"}});
  EXPECT_TRUE(report.machine.chases.empty());
  ASSERT_EQ(report.streams.size(), 1u);
  ASSERT_EQ(report.results.all().size(), 1u);
  EXPECT_EQ(report.results.all().front().name, "record_read");
}

TEST(Benchmarks, TheTableHasALineForEachFigure) {
  const Report report = run({.events = 2'000, .rounds = 1, .seed = 1, .only = {"books"}});
  const std::string table = report_table(report);
  for (const Result& result : report.results.all()) {
    EXPECT_NE(table.find("\n" + result.name + " "), std::string::npos) << table;
  }
}

}  // namespace
}  // namespace marktwacht::bench
