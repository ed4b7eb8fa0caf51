// For tests: the demo's day, taken batch by batch.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <ranges>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "app/rulebook_options.h"
#include "service/admission.h"
#include "service/core.h"

namespace marktwacht {

inline std::string demo_file(const std::string& name) {
  std::ifstream in(MARKTWACHT_SOURCE_DIR "/demo/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The day and its decisions, a few lines a batch: each batch's key and its lines.
using KeyedLines = std::pair<std::string, std::string>;
inline std::vector<KeyedLines> demo_batches(std::size_t lines_each) {
  std::vector<KeyedLines> made;
  std::istringstream lines(demo_file("exchange.ndjson") + demo_file("decisions.ndjson"));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (count++ % lines_each == 0) {
      made.emplace_back("key-" + std::to_string(made.size()), "");
    }
    made.back().second += line + "\n";
  }
  return made;
}

inline IntakeBatch demo_batch(const KeyedLines& text) {
  IntakeBatch batch;
  batch.source = "feed";
  batch.idempotency_key = text.first;
  batch.events = decode_lines(text.second);
  admit({.source = "feed", .may = Permissions::everything(), .received = {INT64_MAX / 2}},
        batch.events);
  return batch;
}

// Small blocks and segments, so that a day has many.
inline CoreOptions demo_options(const std::string& folder) {
  CoreOptions options{.data_dir = folder};
  options.journal.block_bytes_max = 4'000;
  options.journal.segment_bytes_max = 20'000;
  options.rulebooks = {read_rulebook("default").value()};
  return options;
}

// What was published: each line but those of cases and measures, of which the newest.
struct Seen {
  std::vector<std::string> lines;
  std::map<std::uint64_t, std::string> cases, measures;
  void take(const Published& published) {
    const StoreBatch& shown = published.shown;
    const auto text_of = [](const StoreBatch::Line& line) {
      return std::to_string(line.seq) + " " + line.text;
    };
    for (const auto* list : {&shown.alerts, &shown.commands}) {
      std::ranges::transform(*list, std::back_inserter(lines), text_of);
    }
    for (const auto& [number, line] : shown.cases) {
      cases[number] = text_of(line);
    }
    for (const auto& [number, line] : shown.measures) {
      measures[number] = text_of(line);
    }
    for (const StoreBatch::Decision& decision : shown.decisions) {
      lines.push_back(decision.outcome.text);
    }
  }
  // Of what came in two orders it is the same.
  std::vector<std::string> sorted() const {
    std::vector<std::string> all = lines;
    for (const auto* newest : {&cases, &measures}) {
      std::ranges::copy(std::views::values(*newest), std::back_inserter(all));
    }
    std::ranges::sort(all);
    return all;
  }
};

inline std::unique_ptr<Core> opened(const CoreOptions& options, std::uint64_t shown_seq,
                                    Seen* seen) {
  auto core = Core::open(options, shown_seq, [seen](const Published& published) -> Core::Done {
    if (seen != nullptr) {
      seen->take(published);
    }
    return {};
  });
  EXPECT_TRUE(core) << core.error();
  return core ? *std::move(core) : nullptr;
}

inline std::vector<std::string> records_in(const std::string& folder) {
  std::vector<std::string> records;
  auto reader = JournalReader::open(folder);
  JournalRecord record;
  while (reader && *reader->next(record)) {
    records.emplace_back(record.payload);
  }
  return records;
}

// The whole day without a stop.
struct DemoDay {
  std::vector<std::string> records;
  Digest state{};
  Seen seen;
};
inline DemoDay demo_day(const std::string& folder, std::size_t lines_each) {
  DemoDay whole;
  auto core = opened(demo_options(folder), 0, &whole.seen);
  for (const auto& text : demo_batches(lines_each)) {
    EXPECT_TRUE(core->take(demo_batch(text)));
    whole.seen.take(*core->commit());
  }
  whole.state = core->engine().state_hash();
  core.reset();
  whole.records = records_in(folder);
  return whole;
}

}  // namespace marktwacht
