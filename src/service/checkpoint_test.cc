// A data directory whose journal begins behind a checkpoint goes on as if nothing had been dropped.
#include "edges/journal/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "app/order_replay.h"
#include "edges/journal/journal_sample.h"
#include "edges/sqlite/store.h"
#include "edges/sqlite/store_reader.h"
#include "service/demo_day_twin.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

CoreOptions many_segments(const std::string& folder) {
  CoreOptions options = demo_options(folder);
  options.journal.segment_bytes_max = 4'000;
  return options;
}

// All alerts, cases and measures of a store that was made from what a core shows.
class ShownStore {
 public:
  explicit ShownStore(const std::string& path) : path_(path) {
    fs::remove(path_);
    store_.emplace(Store::open(path_).value());
  }
  Core::Done apply(const Published& published) { return store_->apply(published.shown); }

  std::vector<std::string> lines() const {
    auto reader = StoreReader::open(path_);
    EXPECT_TRUE(reader) << reader.error();
    std::vector<std::string> lines;
    const ListPart all{.limit = 1000};
    const auto alerts = reader->alerts({.lines_only = true, .part = all});
    for (const AlertItem& item : alerts->items) {
      lines.push_back(item.line);
    }
    for (const auto& list : {reader->cases({.part = all}), reader->measures({.part = all})}) {
      lines.insert(lines.end(), list->items.begin(), list->items.end());
    }
    EXPECT_GT(lines.size(), alerts->items.size() + 2);
    std::ranges::sort(lines);
    return lines;
  }
  std::uint64_t applied_seq() const { return store_->applied_seq(); }

 private:
  std::string path_;
  std::optional<Store> store_;
};

std::unique_ptr<Core> opened_into(const CoreOptions& options, ShownStore& store) {
  auto core = Core::open(options, store.applied_seq(),
                         [&](const Published& published) { return store.apply(published); });
  EXPECT_TRUE(core) << core.error();
  return core ? *std::move(core) : nullptr;
}

void take(Core& core, std::span<const KeyedLines> batches, ShownStore& store) {
  for (const KeyedLines& text : batches) {
    ASSERT_TRUE(core.take(demo_batch(text)));
    ASSERT_TRUE(store.apply(*core.commit()));
  }
}

// Of the records so far the older ones go.
std::uint64_t drop_older(const CoreOptions& options, Time before) {
  const std::string journal = options.data_dir + "/journal";
  const auto found = find_checkpoint(journal, before);
  EXPECT_TRUE(found && *found) << (found ? "nothing is old enough" : found.error());
  const auto state = state_after(options.data_dir, options.engine, (*found)->seq);
  EXPECT_TRUE(state) << state.error();
  const auto made = put_checkpoint(journal, **found, *state, {});
  EXPECT_TRUE(made) << made.error();
  const auto dropped = drop_segments(journal, "");
  EXPECT_TRUE(dropped && *dropped > 0);
  return made->seq;
}

class BehindCheckpoint : public testing::TestWithParam<int> {  // batches out of eight before it
 protected:
  void SetUp() override {
    batches = demo_batches(5);
    auto core = opened_into(demo_options(folder / "whole"), whole);
    take(*core, batches, whole);
    state = core->engine().state_hash();
  }

  const sample::Folder folder;
  std::vector<KeyedLines> batches;
  ShownStore whole{folder / "whole.db"};
  Digest state{};
};

INSTANTIATE_TEST_SUITE_P(AtAnyPlace, BehindCheckpoint, testing::Values(3, 5, 7));

TEST_P(BehindCheckpoint, AServiceGoesOnAndComesBack) {
  const CoreOptions options = many_segments(folder / "d");
  ShownStore store(folder / "d.db");
  auto core = opened_into(options, store);
  const std::size_t cut = batches.size() * static_cast<std::size_t>(GetParam()) / 8;
  take(*core, std::span(batches).first(cut), store);
  const Time clock = core->engine().clock().value();
  const std::uint64_t seq = drop_older(options, clock);  // while it runs
  take(*core, std::span(batches).subspan(cut), store);
  EXPECT_EQ(core->engine().state_hash(), state);
  EXPECT_EQ(store.lines(), whole.lines());
  core.reset();
  EXPECT_TRUE(verify_journal(options.data_dir).ok);

  core = opened(options, UINT64_MAX, nullptr);  // no snapshot but the checkpoint's state
  EXPECT_EQ(core->engine().state_hash(), state);
  for (const KeyedLines& text : batches) {
    EXPECT_FALSE(core->take(demo_batch(text))->is_first);  // the keys from before it are known
  }
  core.reset();

  ShownStore anew(folder / "anew.db");  // the store is lost, and what it was made of is gone
  core = opened_into(options, anew);
  EXPECT_EQ(core->engine().state_hash(), state);
  ASSERT_TRUE(anew.apply(*core->commit()));
  EXPECT_EQ(anew.lines(), whole.lines());
  EXPECT_LT(seq, core->last_seq());
}

TEST_P(BehindCheckpoint, ASnapshotOlderThanItDoesNotServe) {
  const CoreOptions options = many_segments(folder / "d");
  ShownStore store(folder / "d.db");
  auto core = opened_into(options, store);
  take(*core, std::span(batches).first(2), store);
  ASSERT_TRUE(core->keep_snapshot());
  take(*core, std::span(batches).subspan(2), store);
  drop_older(options, core->engine().clock().value());
  core.reset();
  core = opened(options, UINT64_MAX, nullptr);
  ASSERT_NE(core, nullptr);
  EXPECT_EQ(core->engine().state_hash(), state);
}

TEST_P(BehindCheckpoint, WhatWasDroppedIsNotReportedAsIfItHadNotBeen) {
  const CoreOptions options = many_segments(folder / "d");
  ShownStore store(folder / "d.db");
  auto core = opened_into(options, store);
  take(*core, std::span(batches).first(6), store);
  const Time clock = core->engine().clock().value();
  EXPECT_EQ(dropped_fault(options.data_dir, {}), std::nullopt);
  const std::uint64_t seq = drop_older(options, clock);
  EXPECT_NE(dropped_fault(options.data_dir, {}), std::nullopt) << "all there ever was";
  const Time last = begins_behind(options.data_dir)->at;
  EXPECT_NE(dropped_fault(options.data_dir, {.from = last}), std::nullopt);
  EXPECT_EQ(dropped_fault(options.data_dir, {.from = last + Duration{1}}), std::nullopt);
  const auto resting_on = [](std::uint64_t first) {
    return OrderQuery{.from = {0}, .to = {0}, .seqs = {first, first + 100}};
  };
  EXPECT_NE(dropped_fault(options.data_dir, resting_on(seq)), std::nullopt);
  EXPECT_EQ(dropped_fault(options.data_dir, resting_on(seq + 1)), std::nullopt);
}

TEST_P(BehindCheckpoint, WithoutItsStateNothingIsMadeUp) {
  const CoreOptions options = many_segments(folder / "d");
  ShownStore store(folder / "d.db");
  auto core = opened_into(options, store);
  take(*core, batches, store);
  drop_older(options, core->engine().clock().value());
  core.reset();
  for (const auto& entry : fs::directory_iterator(options.data_dir + "/journal")) {
    if (entry.path().extension() == ".mws") {
      fs::resize_file(entry.path(), entry.file_size() - 1);
    }
  }
  const auto failed = Core::open(options, 0, {});
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().contains("damaged")) << failed.error();
}

}  // namespace
}  // namespace marktwacht
