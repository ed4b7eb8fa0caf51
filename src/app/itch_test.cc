// `convert --to itch` as a user meets it, read again by another reader.
#include <gtest/gtest.h>

#include "app/binary_twin.h"
#include "edges/itch/book_text_twin.h"
#include "engine/engine.h"
#include "market/lines_twin.h"

namespace marktwacht {
namespace {

std::string simulated(const std::string& seed) {
  const BinaryRun run = run_binary({"simulate", "--seed", seed, "--events", "20000", "--accounts",
                                    "500", "--instruments", "4", "--density", "20", "--out", "-"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return run.out;
}

BinaryRun to_itch(const std::string& events, const std::string& out = "-") {
  return run_binary({"convert", "--to", "itch", events, out});
}

TEST(ItchTest, TheBooksOfASimulatedStreamCanBeReadAgain) {
  const TestFolder folder;
  for (const char* seed : {"1", "2", "3"}) {
    const std::string stream = simulated(seed);
    for (const std::size_t lines : {3'000U, 10'000U, 20'000U}) {
      Engine engine;
      LineDecoder decoder;
      std::string head;
      const auto all = split_lines(stream);
      for (std::size_t i = 0; i < lines; ++i) {
        const Event* event = decoder.decode(all[i]);
        ASSERT_NE(event, nullptr) << all[i];
        ASSERT_EQ(engine.step(*event).outcome, Step::Outcome::accepted) << all[i];
        head += all[i] + "\n";
      }
      const BinaryRun run = to_itch(folder.write("head.ndjson", head));
      ASSERT_EQ(run.exit_code, 0) << run.err;
      ItchTwin twin;
      EXPECT_EQ(twin.read(run.out), "");
      EXPECT_EQ(difference(twin, engine.market()), "") << seed << " after " << lines;
      EXPECT_TRUE(contains(run.err, "A " + std::to_string(twin.count('A')) + ", ")) << run.err;
      EXPECT_GT(twin.count('E'), 0U);
    }
  }
}

TEST(ItchTest, AFileStandardOutputAndAJournalGiveTheSameBytes) {
  const TestFolder folder;
  const std::string events = folder.write("e.ndjson", simulated("4"));
  const BinaryRun run = to_itch(events);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  ASSERT_EQ(to_itch(events, folder.path("i.itch")).exit_code, 0);
  EXPECT_EQ(folder.read("i.itch"), run.out);
  const std::string journal = folder.path("e.mwj");
  ASSERT_EQ(run_binary({"convert", "--to", "journal", events, journal}).exit_code, 0);
  EXPECT_EQ(to_itch(journal).out, run.out);
}

TEST(ItchTest, WhatHasNoPlaceEndsTheConversionAndIsNamed) {
  const TestFolder folder;
  const std::string events = folder.write(
      "e.ndjson",
      R"({"type":"instrument","ts":1,"instrument_id":"BTC-USDT-PERP","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"1","lot_size":"0.01"}
{"type":"order","ts":2,"order_id":"o9","account_id":"a","instrument_id":"BTC-USDT-PERP","side":"buy","price":"5000000000","quantity":"1"}
)");
  const BinaryRun run = to_itch(events, folder.path("i.itch"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(contains(run.err, "o9: ITCH has no place for the price 5000000000")) << run.err;
}

TEST(ItchTest, AnIdThatIsNoSymbolIsNoted) {
  const TestFolder folder;
  const std::string events = folder.write(
      "e.ndjson",
      R"({"type":"instrument","ts":1,"instrument_id":"BTC-USDT-PERP","kind":"perpetual","base":"BTC","quote":"USDT","tick_size":"1","lot_size":"0.01"}
)");
  const BinaryRun run = to_itch(events);
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_TRUE(contains(run.err, "\nnote: ids that are no symbols of eight characters: 1; "))
      << run.err;
  ItchTwin twin;
  EXPECT_EQ(twin.read(run.out), "");
  EXPECT_EQ(twin.events(), "OC");
}

}  // namespace
}  // namespace marktwacht
