// What is taken is there after any stop: whole batches, once, with the same alerts and measures.
#include "service/core.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>

#include "edges/journal/journal_sample.h"
#include "service/demo_day_twin.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

TEST(Core, takes_a_day_and_answers_for_each_batch) {
  const sample::Folder folder;
  auto core = opened(demo_options(folder / "d"), 0, nullptr);
  std::uint64_t accepted = 0;
  std::vector<RefusedLine> refused;
  Seen seen;
  for (const auto& text : demo_batches(5)) {
    const auto answer = core->take(demo_batch(text));
    ASSERT_TRUE(answer) << answer.error();
    EXPECT_TRUE(answer->is_first);
    accepted += answer->accepted;
    refused.insert(refused.end(), answer->refused.begin(), answer->refused.end());
    const auto published = core->commit();
    ASSERT_TRUE(published) << published.error();
    EXPECT_EQ(published->shown.applied_seq, answer->last_seq);
    seen.take(*published);
  }
  EXPECT_GT(accepted, 80u);
  ASSERT_EQ(refused.size(), 1u);  // which the day has on purpose
  EXPECT_EQ(refused.front().fault.reason, RejectReason::off_tick) << refused.front().head;
  EXPECT_GT(seen.lines.size(), 10u);
  EXPECT_TRUE(verify_journal(folder / "d").ok);
}

TEST(Core, a_key_that_was_taken_gets_its_first_answer_also_after_a_restart) {
  const sample::Folder folder;
  const auto all = demo_batches(5);
  auto core = opened(demo_options(folder / "d"), 0, nullptr);
  std::vector<IntakeAnswer> first;
  for (const auto& text : all) {
    first.push_back(*core->take(demo_batch(text)));
  }
  ASSERT_TRUE(core->commit());
  const Digest state = core->engine().state_hash();
  for (const bool from_snapshot : {false, true}) {
    if (from_snapshot) {
      ASSERT_TRUE(core->keep_snapshot());
    }
    core.reset();
    core = opened(demo_options(folder / "d"), UINT64_MAX, nullptr);
    for (std::size_t at = 0; at < all.size(); ++at) {
      const auto again = core->take(demo_batch(all[at]));
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
  const DemoDay whole_day = demo_day(whole / "d", 5);
  std::mt19937 random(7);
  const auto all = demo_batches(5);
  for (int round = 0; round < 60; ++round) {
    const sample::Folder folder;
    const CoreOptions options = demo_options(folder / "d");
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
        ASSERT_TRUE(core->take(demo_batch(all[next])));
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
        ASSERT_TRUE(core->take(demo_batch(all[next + more])));  // never committed
      }
      core.reset();
      crash(folder / "d/journal", synced, random);
    }
    auto core = opened(options, shown_seq, &seen);
    for (; next < all.size(); ++next) {
      ASSERT_TRUE(core->take(demo_batch(all[next])));
    }
    seen.take(*core->commit());
    EXPECT_EQ(core->engine().state_hash(), whole_day.state) << round;
    core.reset();
    EXPECT_TRUE(records_in(folder / "d") == whole_day.records) << round;
    EXPECT_EQ(seen.sorted(), whole_day.seen.sorted()) << round;
    EXPECT_TRUE(verify_journal(folder / "d").ok) << round;
  }
}

// A measure about ten thousand accounts is revised by ten thousand answers: it is written once.
TEST(Core, ACommitHoldsTheNewestOfEachCaseAndMeasure) {
  const sample::Folder folder;
  const auto core = opened(demo_options(folder / "d"), 0, nullptr);
  for (const auto& text : demo_batches(5)) {
    ASSERT_TRUE(core->take(demo_batch(text)));
  }
  const StoreBatch shown = core->commit()->shown;
  const Enforcement& enforcement = core->engine().enforcement();
  std::size_t revisions = 0;
  for (const auto& [number, line] : shown.measures) {
    const Measure& measure = *enforcement.measures().find(number);
    revisions += measure.revision;
    std::string now;
    write_measure(measure, now);
    EXPECT_EQ(line.text, now);
  }
  EXPECT_EQ(shown.measures.size(), enforcement.measures().all().size());
  EXPECT_GT(revisions, 2 * shown.measures.size());
  EXPECT_EQ(shown.cases.size(), enforcement.cases().all().size());
  EXPECT_TRUE(core->commit()->shown.empty());
}

}  // namespace
}  // namespace marktwacht
