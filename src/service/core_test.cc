// What is taken is there after any stop: whole batches, once, with the same alerts and measures.
#include "service/core.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "app/rulebook_options.h"
#include "edges/journal/journal_sample.h"
#include "events/record.h"
#include "service/admission.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

std::string demo(const std::string& name) {
  std::ifstream in(std::string(MARKTWACHT_SOURCE_DIR) + "/demo/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The demo's day and its decisions, a few lines a batch, each with a key.
std::vector<std::pair<std::string, std::string>> batches(std::size_t lines_each) {
  std::vector<std::pair<std::string, std::string>> made;
  std::istringstream lines(demo("exchange.ndjson") + demo("decisions.ndjson"));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (count++ % lines_each == 0) {
      made.emplace_back("key-" + std::to_string(made.size()), "");
    }
    made.back().second += line + "\n";
  }
  return made;
}

IntakeBatch batch_of(const std::pair<std::string, std::string>& text) {
  IntakeBatch batch;
  batch.source = "feed";
  batch.idempotency_key = text.first;
  batch.events = decode_lines(text.second);
  admit({.source = "feed", .may = Permissions::everything(), .received = {INT64_MAX / 2}},
        batch.events);
  return batch;
}

CoreOptions options_in(const std::string& folder) {
  CoreOptions options{.data_dir = folder};
  options.journal.block_bytes_max = 4'000;
  options.journal.segment_bytes_max = 20'000;
  options.rulebooks = {read_rulebook("default").value()};
  return options;
}

// What was published, in order.
struct Seen {
  std::vector<std::string> lines;
  void take(const Published& published) {
    const StoreBatch& shown = published.shown;
    for (const auto* list : {&shown.alerts, &shown.cases, &shown.measures, &shown.commands}) {
      for (const StoreBatch::Line& line : *list) {
        lines.push_back(std::to_string(line.seq) + " " + line.text);
      }
    }
    for (const StoreBatch::Decision& decision : shown.decisions) {
      lines.push_back(decision.outcome.text);
    }
  }
};

std::unique_ptr<Core> opened(const CoreOptions& options, std::uint64_t shown_seq, Seen* seen) {
  auto core = Core::open(options, shown_seq, [&](const Published& published) -> Core::Done {
    if (seen != nullptr) {
      seen->take(published);
    }
    return {};
  });
  EXPECT_TRUE(core) << core.error();
  return core ? *std::move(core) : nullptr;
}

std::vector<std::string> records_in(const std::string& folder) {
  std::vector<std::string> records;
  auto reader = JournalReader::open(folder);
  JournalRecord record;
  while (reader && *reader->next(record)) {
    records.emplace_back(record.payload);
  }
  return records;
}

// The whole day without a stop.
struct Day {
  std::vector<std::string> records;
  Digest state{};
  Seen seen;
};
Day whole_day(const std::string& folder) {
  Day day;
  auto core = opened(options_in(folder), 0, &day.seen);
  for (const auto& text : batches(5)) {
    EXPECT_TRUE(core->take(batch_of(text)));
    day.seen.take(*core->commit());
  }
  day.state = core->engine().state_hash();
  core.reset();
  day.records = records_in(folder);
  return day;
}

TEST(Core, takes_a_day_and_answers_for_each_batch) {
  const sample::Folder folder;
  auto core = opened(options_in(folder / "d"), 0, nullptr);
  std::uint64_t accepted = 0;
  Seen seen;
  for (const auto& text : batches(5)) {
    const auto answer = core->take(batch_of(text));
    ASSERT_TRUE(answer) << answer.error();
    EXPECT_TRUE(answer->is_first);
    EXPECT_EQ(answer->rejected, 0u) << answer->refused.front();
    accepted += answer->accepted;
    const auto published = core->commit();
    ASSERT_TRUE(published) << published.error();
    EXPECT_EQ(published->shown.applied_seq, answer->last_seq);
    seen.take(*published);
  }
  EXPECT_GT(accepted, 30u);
  EXPECT_GT(seen.lines.size(), 10u);
  EXPECT_TRUE(verify_journal(folder / "d").ok);
}

TEST(Core, a_key_that_was_taken_gets_its_first_answer_also_after_a_restart) {
  const sample::Folder folder;
  const auto all = batches(5);
  auto core = opened(options_in(folder / "d"), 0, nullptr);
  std::vector<IntakeAnswer> first;
  for (const auto& text : all) {
    first.push_back(*core->take(batch_of(text)));
  }
  ASSERT_TRUE(core->commit());
  const Digest state = core->engine().state_hash();
  for (const bool from_snapshot : {false, true}) {
    if (from_snapshot) {
      ASSERT_TRUE(core->keep_snapshot());
    }
    core.reset();
    core = opened(options_in(folder / "d"), UINT64_MAX, nullptr);
    for (std::size_t at = 0; at < all.size(); ++at) {
      const auto again = core->take(batch_of(all[at]));
      EXPECT_FALSE(again->is_first);
      EXPECT_EQ(again->accepted, first[at].accepted);
      EXPECT_EQ(again->last_seq, first[at].last_seq);
    }
    ASSERT_TRUE(core->commit());
    EXPECT_EQ(core->engine().state_hash(), state);
  }
}

using Sizes = std::map<std::string, std::uintmax_t>;

Sizes sizes(const std::string& journal) {
  Sizes sizes;
  for (const auto& file : fs::directory_iterator(journal)) {
    sizes[file.path().string()] = file.file_size();
  }
  return sizes;
}

// Of the last segment some of what was not synced is gone.
void crash(const std::string& journal, const Sizes& synced, std::mt19937& random) {
  const auto [last, size] = *sizes(journal).rbegin();
  const auto kept = synced.find(last);
  const std::uintmax_t least = kept == synced.end() ? 0 : kept->second;
  fs::resize_file(last, least + random() % (size - least + 1));
}

// A crash leaves some prefix of the bytes of the last segment; what was synced is among them.
TEST(Core, after_a_crash_at_any_byte_all_goes_on_as_if_there_had_been_none) {
  const sample::Folder whole;
  const Day day = whole_day(whole / "d");
  std::mt19937 random(7);
  const auto all = batches(5);
  std::vector<std::string> lines = day.seen.lines;
  std::ranges::sort(lines);
  for (int round = 0; round < 60; ++round) {
    const sample::Folder folder;
    const CoreOptions options = options_in(folder / "d");
    Seen seen;
    std::uint64_t shown_seq = 0;
    std::size_t next = 0;
    while (next < all.size()) {
      auto core = opened(options, shown_seq, &seen);
      ASSERT_NE(core, nullptr);
      seen.take(*core->commit());
      shown_seq = core->last_seq();
      bool shows = true;
      for (std::size_t left = random() % 5; left > 0 && next < all.size(); --left, ++next) {
        ASSERT_TRUE(core->take(batch_of(all[next])));
        const auto published = core->commit();
        shows = shows && random() % 3 != 0;  // the store lags, and then the process stops
        if (shows) {
          seen.take(*published);
          shown_seq = published->shown.applied_seq;
        }
        if (random() % 3 == 0) {
          ASSERT_TRUE(core->keep_snapshot());
        }
      }
      const auto synced = sizes(folder / "d/journal");
      for (std::size_t more = 0, most = random() % 4; more < most && next + more < all.size();
           ++more) {
        ASSERT_TRUE(core->take(batch_of(all[next + more])));  // never committed
      }
      core.reset();
      crash(folder / "d/journal", synced, random);
    }
    auto core = opened(options, shown_seq, &seen);
    for (; next < all.size(); ++next) {
      ASSERT_TRUE(core->take(batch_of(all[next])));
    }
    seen.take(*core->commit());
    EXPECT_EQ(core->engine().state_hash(), day.state) << round;
    core.reset();
    EXPECT_TRUE(records_in(folder / "d") == day.records) << round;
    std::ranges::sort(seen.lines);
    EXPECT_EQ(seen.lines, lines) << round;
    EXPECT_TRUE(verify_journal(folder / "d").ok) << round;
  }
}

}  // namespace
}  // namespace marktwacht
