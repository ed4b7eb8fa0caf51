// The figures of a source are right, and those that the journal tells are the same after a restart.
#include "service/sources.h"

#include <gtest/gtest.h>

#include "edges/journal/journal_sample.h"
#include "service/demo_day_twin.h"

namespace marktwacht {
namespace {

IntakeBatch batch_from(const std::string& source, const std::string& text, const char* key = "") {
  IntakeBatch batch;
  batch.source = source;
  batch.received = Time{1'000'000};
  batch.idempotency_key = key;
  batch.events = decode_lines(text);
  admit({.source = source, .may = Permissions::everything(), .received = {INT64_MAX / 2}},
        batch.events);
  return batch;
}

std::string tick(std::int64_t ts, std::uint64_t source_seq) {
  return R"({"type":"tick","ts":)" + std::to_string(ts) + R"(,"source_seq":)" +
         std::to_string(source_seq) + "}\n";
}

std::map<std::string, SourceFigures> figures_of(Core& core) {
  std::map<std::string, SourceFigures> all;
  core.sources().take_changed(
      [&](const std::string& source, const SourceFigures& figures) { all[source] = figures; });
  return all;
}

void send(Core& core, const IntakeBatch& batch) {
  ASSERT_TRUE(core.take(batch));
  ASSERT_TRUE(core.commit());
}

void send_some(Core& core) {
  send(core, batch_from("north", tick(10, 1) + tick(20, 2) + tick(5, 3), "k"));
  send(core, batch_from("north", "", "k"));                    // its key is known
  send(core, batch_from("north", tick(30, 3) + tick(40, 4)));  // 3 was taken
  send(core, batch_from("south", tick(50, 7) + "{}\n" + R"({"type":"tick"})" + "\n"));
  send(core, batch_from("north", tick(60, 7) + tick(70, 8) + tick(80, 11)));
  send(
      core,
      batch_from(
          "exchange",
          R"({"type":"command_result","ts":90,"command_id":"c","account_id":"a","result":"applied"})"));
}

void expect_journaled(const std::map<std::string, SourceFigures>& all) {
  ASSERT_EQ(all.size(), 3u);
  const SourceFigures& north = all.at("north");
  EXPECT_EQ(north.events, 7u);
  EXPECT_EQ(north.batches, 3u);
  EXPECT_EQ(north.gaps, 2u);
  EXPECT_EQ(north.missing, 4u);  // 5 and 6, 9 and 10
  EXPECT_EQ(north.gap_first, 9u);
  EXPECT_EQ(north.gap_last, 10u);
  EXPECT_EQ(north.last_gap_at, Time{80});
  EXPECT_EQ(north.last_ts, Time{80});
  EXPECT_EQ(north.next_source_seq, 12u);
  const SourceFigures& south = all.at("south");
  EXPECT_EQ(south.events, 1u);
  EXPECT_EQ(south.rejected, 2u);
  EXPECT_EQ(south.gaps, 0u);  // it began at 7
  EXPECT_EQ(all.at("exchange").events, 1u);
  EXPECT_EQ(all.at("exchange").results, 1u);
}

TEST(Sources, FiguresAreByTheSenderAndOutliveARestart) {
  const sample::Folder folder;
  const CoreOptions options = demo_options(folder / "d");
  auto core = opened(options, 0, nullptr);
  send_some(*core);
  auto all = figures_of(*core);
  expect_journaled(all);
  EXPECT_EQ(all.at("north").repeated, 1u);
  EXPECT_EQ(all.at("north").repeated_batches, 1u);
  EXPECT_EQ(all.at("north").received, Time{1'000'000});
  const auto& by = all.at("south").rejected_by;
  EXPECT_EQ(by[static_cast<std::size_t>(RejectReason::missing_field)], 2u);
  EXPECT_TRUE(figures_of(*core).empty());  // nothing has changed since

  core.reset();  // as after a kill: from the journal alone
  core = opened(options, UINT64_MAX, nullptr);
  all = figures_of(*core);
  expect_journaled(all);
  EXPECT_EQ(all.at("north").repeated, 0u);  // no part of the journal
  ASSERT_TRUE(core->keep_snapshot());

  core.reset();  // from a snapshot, and nothing behind it
  core = opened(options, UINT64_MAX, nullptr);
  expect_journaled(figures_of(*core));
  send(*core, batch_from("north", tick(100, 12)));

  core.reset();  // from a snapshot, and what came after it
  core = opened(options, UINT64_MAX, nullptr);
  EXPECT_EQ(figures_of(*core).at("north").events, 8u);
  ASSERT_TRUE(write_snapshot(folder / "d", options.engine, UINT64_MAX));
  core.reset();  // from the follower's
  core = opened(options, UINT64_MAX, nullptr);
  EXPECT_EQ(figures_of(*core).at("north").events, 8u);
  EXPECT_EQ(figures_of(*core).size(), 0u);
}

TEST(Sources, AreSoManyAndNoMore) {
  Sources sources;
  event::Tick tick;
  tick.type = EventType::tick;
  for (std::size_t at = 0; at < Sources::sources_max + 10; ++at) {
    const std::string source = "s" + std::to_string(at);
    tick.source = make_text(source);
    sources.take(tick, Time{1});
  }
  std::size_t known = 0;
  sources.take_changed([&](const std::string&, const SourceFigures&) { ++known; });
  EXPECT_EQ(known, Sources::sources_max);
  EXPECT_EQ(sources.beyond(), 10u);
  EXPECT_EQ(sources.of(console_source), nullptr);
  EXPECT_EQ(sources.of(""), nullptr);
}

}  // namespace
}  // namespace marktwacht
