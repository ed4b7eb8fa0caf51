// docs/metrics.md is the complete list; labels are escaped and bounded.
#include "service/metrics.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace marktwacht {
namespace {

MetricsOf example() {
  MetricsOf of;
  of.sources.push_back({.source = "north \"1\"\n", .is_silent = true});
  of.sources.back().figures.events = 7;
  of.sources.push_back({.source = "user:otto"});
  of.alarms.push_back({.kind = AlarmKind::source_silent});
  of.webhook.emplace();
  of.canary.results.push_back({.id = "x", .outcome = CanaryOutcome::missed});
  return of;
}

TEST(Metrics, EveryFamilyIsInTheDocumentAndEveryNameThereIsAFamily) {
  std::istringstream lines(metrics_text(example()));
  std::ifstream file(MARKTWACHT_SOURCE_DIR "/docs/metrics.md");
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> families;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE marktwacht_")) {
      const std::size_t begin = std::string("# TYPE marktwacht_").size();
      families.insert(line.substr(begin, line.find(' ', begin) - begin));
    }
  }
  EXPECT_GT(families.size(), 30u);
  for (const std::string& family : families) {
    EXPECT_TRUE(document.contains("`" + family + "`") || document.contains("`" + family + "{"))
        << family;
  }
  // A row's first cell names them, with " · " between.
  std::istringstream rows(document);
  for (std::string row; std::getline(rows, row);) {
    if (!row.starts_with("| `")) {
      continue;
    }
    std::istringstream cell(row.substr(0, row.find('|', 1)));
    for (std::string word; cell >> word;) {
      if (word.starts_with('`')) {
        EXPECT_TRUE(families.contains(word.substr(1, word.find_first_of("`{", 1) - 1))) << word;
      }
    }
  }
}

TEST(Metrics, LabelsAreEscapedAndPeopleAreNotNamed) {
  const std::string text = metrics_text(example());
  EXPECT_TRUE(text.contains("marktwacht_source_events_total{source=\"north \\\"1\\\"\\n\"} 7\n"))
      << text;
  EXPECT_TRUE(text.contains("marktwacht_source_silent{source=\"north \\\"1\\\"\\n\"} 1\n"));
  EXPECT_TRUE(text.contains("marktwacht_alarms{kind=\"source_silent\"} 1\n"));
  EXPECT_TRUE(text.contains("marktwacht_canary_results{outcome=\"missed\"} 1\n"));
  EXPECT_FALSE(text.contains("otto"));
}

}  // namespace
}  // namespace marktwacht
