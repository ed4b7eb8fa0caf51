// The store fed by a real engine: the demo's day live, and again from the journal that it leaves.
#include "edges/sqlite/store_gather.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>

#include "edges/sqlite/database_folder.h"
#include "edges/sqlite/store_reader.h"
#include "engine/records.h"
#include "events/config_names.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

// Lines with what their events point into.
class Lines {
 public:
  const Event* read(const std::string& line) {
    batches_.push_back(std::make_unique<Batch>());
    Batch& batch = *batches_.back();
    batch.bytes = line + std::string(NdjsonReader::padding, ' ');
    Item item;
    reader_.read(std::string_view(batch.bytes).substr(0, line.size()), batch, item);
    EXPECT_NE(item.event, nullptr) << line;
    return item.event;
  }

 private:
  NdjsonReader reader_;
  std::vector<std::unique_ptr<Batch>> batches_;
};

std::string text_of_file(const std::string& name) {
  std::ifstream file(std::string(MARKTWACHT_SOURCE_DIR) + "/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

class StoreGatherTest : public DatabaseFolder {
 protected:
  // The demo's events, the rulebook first, all by time.
  std::vector<std::string> demo() {
    std::vector<std::string> lines;
    for (const char* name : {"demo/exchange.ndjson", "demo/decisions.ndjson"}) {
      std::istringstream file(text_of_file(name));
      for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
      }
    }
    std::ranges::stable_sort(lines, {},
                             [&](const std::string& line) { return lines_.read(line)->ts; });
    const std::string rulebook = text_of_file("rulebooks/default.toml");
    std::string config;
    write_ndjson(config_event("rulebook", rulebook, lines_.read(lines.front())->ts), config);
    lines.insert(lines.begin(), config);
    return lines;
  }
  void keep(const Event& event, std::uint64_t seq) { write_ndjson(event, journal_[seq]); }
  void keep_made(const Engine& engine) {
    for (const Alert& alert : engine.alerts()) {
      keep(alert_record(alert, recorded_form(alert)), alert.seq);
    }
    for (const BaselinesMade& baselines : engine.baselines()) {
      keep(baselines_record(baselines), baselines.seq);
    }
    for (const ProposalMade& proposal : engine.proposals()) {
      keep(proposal_record(proposal, measure_id(proposal.seq)), proposal.seq);
    }
  }
  Store opened(const std::string& name) {
    auto store = Store::open(file(name));
    EXPECT_TRUE(store) << (store ? "" : store.error());
    return std::move(*store);
  }

  Lines lines_;
  std::map<std::uint64_t, std::string> journal_;
};

std::vector<std::string> all_lines(const std::string& path) {
  auto reader = StoreReader::open(path);
  EXPECT_TRUE(reader);
  const auto items = reader->changes_since("", 1000);
  std::vector<std::string> lines;
  for (const StoreItem& item : *items) {
    lines.push_back(item.what + " " + item.id + " " + item.line + " " + item.event);
  }
  const auto commands = reader->commands({"", "", {.limit = 1000}});
  lines.insert(lines.end(), commands->items.begin(), commands->items.end());
  std::ranges::sort(lines);
  return lines;
}

TEST_F(StoreGatherTest, TheJournalBuildsTheSameStore) {
  {
    Store store = opened("live.db");
    Engine engine;
    StoreGather gather;
    int steps = 0;
    for (const std::string& line : demo()) {
      const Event* event = lines_.read(line);
      const Step step = engine.step(*event);
      if (step.outcome == Step::Outcome::accepted) {
        keep(*event, step.seq);
      }
      keep_made(engine);
      gather.add_live(engine, event);
      if (++steps % 7 == 0) {
        ASSERT_TRUE(store.apply(gather.take(engine, engine.last_seq())));
      }
    }
    engine.close();
    keep_made(engine);
    gather.add_live(engine, nullptr);
    const auto done = store.apply(gather.take(engine, engine.last_seq()));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(store.applied_seq(), engine.last_seq());
    EXPECT_EQ(journal_.rbegin()->first, engine.last_seq());
  }
  Store store = opened("anew.db");
  Engine engine;
  engine.expect_records();
  engine.replay();
  for (const auto& [seq, line] : journal_) {
    const Event* event = lines_.read(line);
    engine.step(*event, seq);
    StoreGather gather;
    gather.add_replayed(engine, *event, seq);
    const auto done = store.apply(gather.take(engine, seq));
    ASSERT_TRUE(done) << done.error();
  }
  EXPECT_EQ(store.applied_seq(), journal_.rbegin()->first);
  const auto live = all_lines(file("live.db")), anew = all_lines(file("anew.db"));
  EXPECT_GT(live.size(), 15U);
  EXPECT_EQ(live, anew);
}

// The way from the alert to its measure and those who decided, as the console asks for it.
TEST_F(StoreGatherTest, TheDemoCanBeAskedAbout) {
  Store store = opened("live.db");
  Engine engine;
  StoreGather gather;
  for (const std::string& line : demo()) {
    const Event* event = lines_.read(line);
    engine.step(*event);
    gather.add_live(engine, event);
  }
  ASSERT_TRUE(store.apply(gather.take(engine, engine.last_seq())));
  auto reader = StoreReader::open(file("live.db"));
  ASSERT_TRUE(reader);
  AlertsQuery alerts;
  alerts.account_id = "maria-bot";
  const auto found = reader->alerts(alerts);
  ASSERT_TRUE(found && !found->items.empty());
  const AlertItem& alert = found->items.front();
  ASSERT_FALSE(alert.context.case_id.empty());
  const auto of = reader->case_of(alert.context.case_id);
  ASSERT_TRUE(of && *of);
  ASSERT_EQ((*of)->measures.size(), 1U);
  MeasuresQuery measures;
  measures.account_id = "maria-bot";
  const auto held = reader->measures(measures);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->items, (*of)->measures);
  DecisionsQuery decisions;
  decisions.kind = "approve";
  decisions.part.sort = "seq";
  const auto approvals = reader->decisions(decisions);
  ASSERT_TRUE(approvals);
  ASSERT_EQ(approvals->items.size(), 2U);
  EXPECT_NE(approvals->items[0].outcome.find(R"("reason":"own_proposal")"), std::string::npos);
  EXPECT_NE(approvals->items[1].event.find(R"("user_id":"ben")"), std::string::npos);
  EXPECT_FALSE(reader->commands({"maria", "", {}})->items.empty());
  const auto timeline = reader->timeline("maria-bot", {});
  ASSERT_TRUE(timeline);
  std::map<std::string, int> kinds;
  for (const StoreItem& item : timeline->items) {
    ++kinds[item.what];
  }
  EXPECT_EQ(kinds["alert"], 1);
  EXPECT_EQ(kinds["case"], 1);
  EXPECT_EQ(kinds["measure"], 1);
  EXPECT_EQ(kinds["decision"], 3);
}

}  // namespace
}  // namespace marktwacht
