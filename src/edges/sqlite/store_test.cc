// The store against its twin on random batches: every list with every filter in every order, page
// by page; what is applied twice, killed, damaged or built anew.
#include "edges/sqlite/store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <set>
#include <thread>

#include "edges/sqlite/database_folder.h"
#include "edges/sqlite/store_reader.h"
#include "edges/sqlite/store_twin.h"

namespace marktwacht {
namespace {

using Texts = std::vector<std::string>;

// All that the file holds, but for what differs from building to building.
// Without counts of nothing, which stay of states that an alert had between two batches.
std::string dump(const std::string& path, bool with_change_no = true) {
  auto database = Database::open(path, {.access = DatabaseOptions::Access::read});
  EXPECT_TRUE(database) << (database ? "" : database.error());
  std::string text;
  auto tables = database->prepare(
      "SELECT t.name, (SELECT group_concat('quote(' || c.name || ')', '||''|''||') FROM "
      "pragma_table_xinfo(t.name) c WHERE c.name <> 'build_id' AND (?1 OR c.name <> 'change_no')) "
      "FROM sqlite_schema t WHERE t.type = 'table' ORDER BY t.name");
  EXPECT_TRUE(tables) << (tables ? "" : tables.error());
  tables->query(with_change_no ? 1 : 0);
  while (tables->step().value_or(false)) {
    auto rows = database->prepare(
        "SELECT " + std::string(tables->text(1)) + " AS row FROM " + std::string(tables->text(0)) +
        (tables->text(0) == "alert_counts" ? " WHERE count > 0" : "") + " ORDER BY row");
    EXPECT_TRUE(rows) << (rows ? "" : rows.error());
    text += "# " + std::string(tables->text(0)) + "\n";
    while (rows->step().value_or(false)) {
      text += std::string(rows->text(0)) + "\n";
    }
  }
  return text;
}

class StoreTest : public DatabaseFolder {
 protected:
  std::string path() const { return file("store.db"); }
  Store opened(const std::string& name = "store.db") const {
    auto store = Store::open(file(name));
    EXPECT_TRUE(store) << (store ? "" : store.error());
    return std::move(*store);
  }
  StoreReader reader() const {
    auto reader = StoreReader::open(path());
    EXPECT_TRUE(reader) << (reader ? "" : reader.error());
    return std::move(*reader);
  }
};

const std::string& text_of(const std::string& line) { return line; }
const std::string& text_of(const AlertItem& item) { return item.line; }
const std::string& text_of(const StoreItem& item) { return item.line; }
std::string text_of(const DecisionItem& item) { return item.outcome + item.event; }

// All pages of a list.
template <class Query, class Ask>
Texts pages(Query query, Ask ask) {
  Texts found;
  std::optional<std::int64_t> total;
  for (;;) {
    const auto page = ask(query);
    if (!page) {
      ADD_FAILURE() << page.error().field << ": " << page.error().message;
      return found;
    }
    EXPECT_TRUE(!page->total || query.part.cursor.empty());
    total = page->total ? page->total : total;
    EXPECT_LE(page->items.size(), query.part.limit);
    for (const auto& item : page->items) {
      found.push_back(text_of(item));
    }
    if (page->next_cursor.empty()) {
      EXPECT_EQ(total.value_or(static_cast<std::int64_t>(found.size())),
                static_cast<std::int64_t>(found.size()));
      return found;
    }
    EXPECT_EQ(page->items.size(), query.part.limit);
    query.part.cursor = page->next_cursor;
  }
}

void compare_context(const AlertItem& item, const TwinAlert& of, const StoreTwin& twin) {
  const AlertContext context = twin.context(of, twin.now());
  EXPECT_EQ(item.line, of.line());
  EXPECT_EQ(item.alert_id, of.id());
  EXPECT_EQ(item.context.case_id, context.case_id);
  EXPECT_EQ(item.context.opened, context.opened);
  EXPECT_EQ(item.context.snoozed_until, context.snoozed_until);
  EXPECT_EQ(item.context.confirmed_before, context.confirmed_before);
  EXPECT_EQ(item.context.alerts_before, context.alerts_before);
}

void compare_contexts(StoreReader& reader, StoreTwin& twin) {
  const auto all =
      reader.alerts({.now = twin.now(), .part = {.sort = "opened_seq", .limit = 1000}});
  ASSERT_TRUE(all);
  ASSERT_EQ(all->items.size(), std::min<std::size_t>(twin.alerts().size(), 1000));
  auto of = twin.alerts().begin();
  for (const AlertItem& item : all->items) {
    compare_context(item, (of++)->second, twin);
  }
}

void compare_lists(StoreReader& reader, StoreTwin& twin) {
  for (int question = 0; question < 25; ++question) {
    const AlertsQuery alerts = twin.alerts_query();
    EXPECT_EQ(pages(alerts, [&](const auto& query) { return reader.alerts(query); }),
              twin.ask(alerts));
    const CasesQuery cases = twin.cases_query();
    EXPECT_EQ(pages(cases, [&](const auto& query) { return reader.cases(query); }),
              twin.ask(cases));
    const MeasuresQuery measures = twin.measures_query();
    EXPECT_EQ(pages(measures, [&](const auto& query) { return reader.measures(query); }),
              twin.ask(measures));
    const DecisionsQuery decisions = twin.decisions_query();
    EXPECT_EQ(pages(decisions, [&](const auto& query) { return reader.decisions(query); }),
              twin.ask(decisions));
    const CommandsQuery commands = twin.commands_query();
    EXPECT_EQ(pages(commands, [&](const auto& query) { return reader.commands(query); }),
              twin.ask(commands));
  }
  struct TimelineQuery {
    std::string account_id;
    ListPart part;
  };
  const TimelineQuery timeline{twin.account(), {.limit = 1 + twin.below(20)}};
  EXPECT_EQ(pages(timeline,
                  [&](const auto& query) { return reader.timeline(query.account_id, query.part); }),
            twin.timeline(timeline.account_id));
}

void compare_stories(StoreReader& reader, StoreTwin& twin) {
  for (const auto& [opened_seq, of] : twin.alerts()) {
    const auto story = reader.alert(of.id(), twin.now());
    ASSERT_TRUE(story && *story);
    compare_context((*story)->alert, of, twin);
    ASSERT_EQ((*story)->revisions.size(), of.revisions.size());
    for (std::size_t at = 0; at < of.revisions.size(); ++at) {
      EXPECT_EQ((*story)->revisions[at].state, of.revisions[at].state);
      EXPECT_EQ((*story)->revisions[at].score, of.revisions[at].score);
      EXPECT_EQ((*story)->revisions[at].seq, of.revisions[at].seq);
      EXPECT_EQ((*story)->revisions[at].at, of.revisions[at].at);
    }
  }
  for (const auto& [number, of] : twin.cases()) {
    const auto story = reader.case_of(of.id());
    ASSERT_TRUE(story && *story);
    EXPECT_EQ((*story)->line, of.line());
    Texts measures;
    for (const auto& [each, measure] : twin.measures()) {
      if (std::ranges::find(of.measure_ids, measure.id()) != of.measure_ids.end()) {
        measures.push_back(measure.line());
      }
    }
    EXPECT_EQ((*story)->measures, measures);
  }
  for (const auto& [number, of] : twin.measures()) {
    const auto story = reader.measure(of.id());
    ASSERT_TRUE(story && *story);
    EXPECT_EQ((*story)->line, of.line());
    DecisionsQuery about;
    about.target_kind = "measure_id";
    about.target = of.id();
    about.part.sort = "seq";
    Texts decisions;
    for (const DecisionItem& item : (*story)->decisions) {
      decisions.push_back(text_of(item));
    }
    EXPECT_EQ(decisions, twin.ask(about));
  }
  StoreTwin::Counts counts;
  const auto counted = reader.alert_counts();
  for (const AlertCount& each : *counted) {
    counts[{each.clause, each.detector, each.severity, each.state, each.shadow}] = each.count;
  }
  EXPECT_EQ(counts, twin.counts());
}

TEST_F(StoreTest, AnswersLikeItsTwin) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    ASSERT_TRUE(Store::remove(path()));
    StoreTwin twin(seed);
    std::optional<Store> store = opened();
    StoreReader asked = reader();
    for (int batch = 0; batch < 6; ++batch) {
      const StoreBatch next = twin.next(static_cast<int>(twin.below(60)));
      const auto done = store->apply(next);
      ASSERT_TRUE(done) << done.error();
      EXPECT_EQ(store->applied_seq(), next.applied_seq);
      EXPECT_EQ(asked.applied_seq(), next.applied_seq);
      compare_lists(asked, twin);
      compare_contexts(asked, twin);
      compare_stories(asked, twin);
      if (twin.below(3) == 0) {
        store.reset();
        store = opened();
        EXPECT_EQ(store->applied_seq(), next.applied_seq);
      }
      if (HasFailure()) {
        FAIL() << "seed " << seed << ", batch " << batch;
      }
    }
    EXPECT_TRUE(store->check());
  }
}

TEST_F(StoreTest, NothingIsThereAtFirst) {
  opened();
  StoreReader asked = reader();
  EXPECT_EQ(asked.applied_seq(), 0U);
  EXPECT_TRUE(asked.alerts({})->items.empty());
  EXPECT_FALSE(asked.alert("a-1", {})->has_value());
  EXPECT_FALSE(asked.case_of("c-1")->has_value());
  EXPECT_FALSE(asked.measure("m-1")->has_value());
  EXPECT_TRUE(asked.changes_since("", 10)->empty());
}

// What has not changed since the first page comes exactly once, whatever arrives in between.
TEST_F(StoreTest, PagesStayGoodWhileRowsArrive) {
  Store store = opened();
  StoreTwin twin(7);
  ASSERT_TRUE(store.apply(twin.next(300)));
  StoreReader asked = reader();
  for (const char* sort : {"-score", "score", "-seq", "from_ts"}) {
    std::map<std::string, int> seen;
    const auto before = twin.alerts();
    AlertsQuery query;
    query.part.sort = sort;
    query.part.limit = 9;
    do {
      const auto page = asked.alerts(query);
      ASSERT_TRUE(page);
      for (const AlertItem& item : page->items) {
        ++seen[item.alert_id];
      }
      query.part.cursor = page->next_cursor;
      ASSERT_TRUE(store.apply(twin.next(3)));
    } while (!query.part.cursor.empty());
    int unchanged = 0;
    for (const auto& [opened_seq, of] : before) {
      if (twin.alerts().at(opened_seq).revision == of.revision) {
        ++unchanged;
        EXPECT_EQ(seen[of.id()], 1) << sort << " " << of.id();
      }
    }
    EXPECT_GT(unchanged, 20) << sort;
  }
}

TEST_F(StoreTest, WhatHasChangedIsTold) {
  Store store = opened();
  StoreTwin twin(11);
  StoreReader asked = reader();
  std::string cursor = *asked.last_change();
  const auto told = [&](std::string from, std::size_t limit) {
    std::multiset<std::string> lines;
    for (;;) {
      const auto part = asked.changes_since(from, limit);
      if (!part || part->empty()) {
        EXPECT_TRUE(part) << (part ? "" : part.error().message);
        return lines;
      }
      EXPECT_LE(part->size(), limit);
      for (const StoreItem& item : *part) {
        lines.insert(item.line);
      }
      from = part->back().cursor;
    }
  };
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t before = twin.next(0).applied_seq;
    ASSERT_TRUE(store.apply(twin.next(static_cast<int>(1 + twin.below(20)))));
    std::multiset<std::string> recent, all;
    const auto add = [&](std::uint64_t seq, const std::string& line) {
      all.insert(line);
      if (seq > before) {
        recent.insert(line);
      }
    };
    for (const auto& [number, of] : twin.alerts()) {
      add(of.seq, of.line());
    }
    for (const auto& [number, of] : twin.cases()) {
      add(of.seq, of.line());
    }
    for (const auto& [number, of] : twin.measures()) {
      add(of.seq, of.line());
    }
    for (const auto& [seq, of] : twin.decisions()) {
      add(seq, of.outcome());
    }
    EXPECT_EQ(told(cursor, 1 + twin.below(7)), recent);
    EXPECT_EQ(told("", 1 + twin.below(50)), all);
    cursor = *asked.last_change();
    EXPECT_TRUE(told(cursor, 3).empty());
  }
  ASSERT_TRUE(Store::remove(path()));
  opened();
  StoreReader anew = reader();
  EXPECT_EQ(anew.changes_since(cursor, 3).error().field, "cursor");
}

TEST_F(StoreTest, TheSameTwiceChangesNothing) {
  Store store = opened();
  StoreTwin twin(3);
  std::vector<StoreBatch> batches;
  for (int batch = 0; batch < 5; ++batch) {
    batches.push_back(twin.next(50));
    ASSERT_TRUE(store.apply(batches.back()));
  }
  const std::string before = dump(path());
  for (const StoreBatch& batch : batches) {
    ASSERT_TRUE(store.apply(batch));
  }
  EXPECT_TRUE(dump(path()) == before);
  EXPECT_EQ(store.applied_seq(), batches.back().applied_seq);
}

TEST_F(StoreTest, BuiltAnewItIsTheSame) {
  Store store = opened(), anew = opened("anew.db");
  StoreTwin twin(5), again(5);
  for (int batch = 0; batch < 20; ++batch) {
    ASSERT_TRUE(store.apply(twin.next(10)));
  }
  ASSERT_TRUE(anew.apply(again.next(200)));
  EXPECT_TRUE(dump(path(), false) == dump(file("anew.db"), false));
}

TEST_F(StoreTest, WhatWaitsTogetherIsTheSame) {
  Store store = opened(), together = opened("together.db");
  StoreTwin twin(6), again(6);
  StoreBatch waiting;
  for (int batch = 0; batch < 20; ++batch) {
    ASSERT_TRUE(store.apply(twin.next(10)));
    waiting.append(again.next(10));
  }
  ASSERT_TRUE(together.apply(waiting));
  EXPECT_TRUE(dump(path(), false) == dump(file("together.db"), false));
}

TEST_F(StoreTest, ABatchThatFailsLeavesNothing) {
  Store store = opened();
  StoreTwin twin(9);
  ASSERT_TRUE(store.apply(twin.next(50)));
  const std::string before = dump(path());
  const std::uint64_t applied_seq = store.applied_seq();
  const StoreBatch good = twin.next(50);
  for (const char* bad : {"", "{", "{}", "[]", R"({"alert_id":"a-1"})",
                          R"({"alert_id":"a-9999","revision":1,"state":"open"})"}) {
    StoreBatch batch = good;
    batch.alerts.push_back({9999, Time{1}, bad});
    const auto done = store.apply(batch);
    EXPECT_FALSE(done) << bad;
    EXPECT_TRUE(dump(path()) == before);
    EXPECT_EQ(store.applied_seq(), applied_seq);
  }
  const StoreBatch::Line bad_line{9999, Time{1}, R"({"case_id":"x","measure_id":"y"})"};
  for (auto StoreBatch::* list : {&StoreBatch::cases, &StoreBatch::measures}) {
    StoreBatch batch = good;
    (batch.*list)[9999] = bad_line;
    EXPECT_FALSE(store.apply(batch));
  }
  StoreBatch batch = good;
  batch.commands.push_back(bad_line);
  EXPECT_FALSE(store.apply(batch));
  EXPECT_TRUE(dump(path()) == before);
  ASSERT_TRUE(store.apply(good));
  StoreReader asked = reader();
  compare_lists(asked, twin);
}

TEST_F(StoreTest, KilledAtAnyTimeItHoldsWholeBatches) {
  std::vector<StoreBatch> batches;
  StoreTwin twin(13);
  for (int batch = 0; batch < 400; ++batch) {
    batches.push_back(twin.next(5));
  }
  std::size_t next = 0;
  for (int kill_after_ms = 3; next < batches.size() && kill_after_ms < 60; kill_after_ms += 4) {
    const pid_t child = fork();
    if (child == 0) {
      auto store = Store::open(path());
      for (std::size_t at = next; store && at < batches.size(); ++at) {
        if (!store->apply(batches[at])) {
          break;
        }
      }
      _exit(0);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(kill_after_ms));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const std::uint64_t applied_seq = opened().applied_seq();
    next = static_cast<std::size_t>(std::ranges::count_if(
        batches, [&](const StoreBatch& batch) { return batch.applied_seq <= applied_seq; }));
    ASSERT_TRUE(next == 0 ? applied_seq == 0 : batches[next - 1].applied_seq == applied_seq);
    ASSERT_TRUE(Store::remove(file("anew.db")));
    Store anew = opened("anew.db");
    for (std::size_t at = 0; at < next; ++at) {
      ASSERT_TRUE(anew.apply(batches[at]));
    }
    ASSERT_TRUE(dump(path()) == dump(file("anew.db")));
  }
  EXPECT_GT(next, 0U);
}

TEST_F(StoreTest, NoFilterOrSortReachesTheSql) {
  Store store = opened();
  StoreTwin twin(17);
  ASSERT_TRUE(store.apply(twin.next(200)));
  const std::string before = dump(path());
  StoreReader asked = reader();
  for (const std::string attempt :
       {"' OR 1=1 --", "'; DROP TABLE alerts; --", "\" OR \"\"=\"", "1) OR (1=1",
        "x' UNION SELECT "
        "line FROM alerts --",
        "?", "%", "\\' OR 1=1", "alert_id) OR (1"}) {
    for (auto AlertsQuery::* field :
         {&AlertsQuery::state, &AlertsQuery::detector, &AlertsQuery::clause, &AlertsQuery::severity,
          &AlertsQuery::account_id, &AlertsQuery::group_id, &AlertsQuery::instrument_id,
          &AlertsQuery::case_id}) {
      AlertsQuery query;
      query.*field = attempt;
      EXPECT_TRUE(asked.alerts(query).value().items.empty()) << attempt;
    }
    for (auto CasesQuery::* field :
         {&CasesQuery::state, &CasesQuery::assignee_id, &CasesQuery::group_id,
          &CasesQuery::account_id, &CasesQuery::severity}) {
      CasesQuery query;
      query.*field = attempt;
      EXPECT_TRUE(asked.cases(query).value().items.empty()) << attempt;
    }
    for (auto MeasuresQuery::* field : {&MeasuresQuery::state, &MeasuresQuery::case_id,
                                        &MeasuresQuery::account_id, &MeasuresQuery::kind}) {
      MeasuresQuery query;
      query.*field = attempt;
      EXPECT_TRUE(asked.measures(query).value().items.empty()) << attempt;
    }
    for (auto DecisionsQuery::* field : {&DecisionsQuery::user_id, &DecisionsQuery::kind,
                                         &DecisionsQuery::result, &DecisionsQuery::target}) {
      DecisionsQuery query;
      query.target_kind = attempt;
      query.*field = attempt;
      EXPECT_TRUE(asked.decisions(query).value().items.empty()) << attempt;
    }
    EXPECT_TRUE(asked.commands({attempt, "", {}}).value().items.empty());
    EXPECT_TRUE(asked.timeline(attempt, {}).value().items.empty());
    EXPECT_FALSE(asked.alert(attempt, {}).value().has_value());
    EXPECT_FALSE(asked.case_of(attempt).value().has_value());
    EXPECT_FALSE(asked.measure(attempt).value().has_value());
    for (const std::string& sort : Texts{attempt, "-" + attempt, "score " + attempt}) {
      const ListPart part{sort, "", 10};
      AlertsQuery alerts;
      alerts.part = part;
      EXPECT_EQ(asked.alerts(alerts).error().field, "sort");
      CasesQuery cases;
      cases.part = part;
      EXPECT_EQ(asked.cases(cases).error().field, "sort");
      MeasuresQuery measures;
      measures.part = part;
      EXPECT_EQ(asked.measures(measures).error().field, "sort");
      DecisionsQuery decisions;
      decisions.part = part;
      EXPECT_EQ(asked.decisions(decisions).error().field, "sort");
      EXPECT_EQ(asked.commands({"", "", part}).error().field, "sort");
    }
    for (const std::string& cursor :
         Texts{attempt, "-score.60." + attempt, "-score." + attempt + ".1", "-score.60", "-score..",
               "-score.60.1 ", "seq.60.1", "-score.99999999999999999999.1"}) {
      AlertsQuery query;
      query.part.cursor = cursor;
      EXPECT_EQ(asked.alerts(query).error().field, "cursor") << cursor;
      EXPECT_EQ(asked.changes_since(cursor, 10).error().field, "cursor") << cursor;
    }
    EXPECT_EQ(asked.timeline("ann", {"", attempt, 10}).error().field, "cursor");
  }
  for (const std::size_t limit : {std::size_t{0}, ListPart::limit_max + 1}) {
    AlertsQuery query;
    query.part.limit = limit;
    EXPECT_EQ(asked.alerts(query).error().field, "limit");
    EXPECT_EQ(asked.timeline("ann", query.part).error().field, "limit");
    EXPECT_EQ(asked.changes_since("", limit).error().field, "limit");
  }
  EXPECT_TRUE(dump(path()) == before);
}

TEST_F(StoreTest, WhatIsOverIsForgotten) {
  Store store = opened();
  StoreTwin twin(19);
  ASSERT_TRUE(store.apply(twin.next(400)));
  const Time time{twin.now().ns / 2};
  std::int64_t gone = 0, now = 0;
  do {
    const auto rows = store.forget(time, 7);
    ASSERT_TRUE(rows) << rows.error();
    now = *rows;
    gone += now;
  } while (now > 0);
  EXPECT_GT(gone, 50);
  StoreReader asked = reader();
  std::set<std::string> in_cases;
  std::set<std::string> cases;
  for (const auto& [number, of] : twin.cases()) {
    const bool over = of.state == "closed_confirmed" || of.state == "merged";
    const bool stays = !over || of.at >= time;
    EXPECT_EQ(asked.case_of(of.id())->has_value(), stays);
    if (stays) {
      cases.insert(of.id());
      in_cases.insert(of.alert_ids.begin(), of.alert_ids.end());
    }
  }
  for (const auto& [opened_seq, of] : twin.alerts()) {
    const bool stays = of.state == "open" || of.at >= time || in_cases.contains(of.id());
    EXPECT_EQ(asked.alert(of.id(), twin.now())->has_value(), stays) << of.id();
  }
  for (const auto& [number, of] : twin.measures()) {
    const bool over = of.state == "released" || of.state == "refused";
    EXPECT_EQ(asked.measure(of.id())->has_value(),
              !over || of.at >= time || cases.contains(of.case_id));
  }
  DecisionsQuery all;
  all.part.limit = 1000;
  const auto left_decisions = asked.decisions(all);
  for (const DecisionItem& item : left_decisions->items) {
    EXPECT_GE(twin.decisions().at(item.seq).at, time);
  }
  auto database = Database::open(path(), {.access = DatabaseOptions::Access::read});
  auto left = database->prepare(
      "SELECT (SELECT count(*) FROM alert_accounts WHERE opened_seq NOT IN (SELECT opened_seq FROM "
      "alerts)) + (SELECT count(*) FROM alert_revisions WHERE opened_seq NOT IN (SELECT opened_seq "
      "FROM alerts)) + (SELECT count(*) FROM case_alerts WHERE number NOT IN (SELECT number FROM "
      "cases)) + (SELECT count(*) FROM decision_targets WHERE seq NOT IN (SELECT seq FROM "
      "decisions))");
  ASSERT_TRUE(left && left->step().value_or(false));
  EXPECT_EQ(left->integer(0), 0);
}

TEST_F(StoreTest, DamagedAndOtherFilesAreRefused) {
  std::ofstream(path()) << "no database at all, whatever its name says";
  EXPECT_NE(Store::open(path()).error().find("no database"), std::string::npos);
  EXPECT_FALSE(StoreReader::open(path()));
  EXPECT_FALSE(StoreReader::open(file("absent.db")));
  ASSERT_TRUE(Store::remove(path()));
  {
    Store store = opened();
    StoreTwin twin(23);
    ASSERT_TRUE(store.apply(twin.next(2000)));
    ASSERT_TRUE(store.checkpoint());
  }
  const auto size = std::filesystem::file_size(path());
  std::fstream bytes(path(), std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(static_cast<std::streamoff>(size / 4));
  bytes << std::string(size / 2, '\xee');
  bytes.close();
  auto store = Store::open(path());
  const auto found = store ? store->check() : DatabaseDone(std::unexpected(store.error()));
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().find("store.db: this database is damaged"), std::string::npos);
}

// Prints how quick it is, and asserts nothing about it: MARKTWACHT_FIGURES=100000 for the figures
// of docs/formats/store.md.
TEST_F(StoreTest, FiguresAreTold) {
  const char* wanted = std::getenv("MARKTWACHT_FIGURES");
  const std::int64_t alerts = wanted == nullptr ? 2'000 : std::atoll(wanted);
  using Clock = std::chrono::steady_clock;
  const auto ms_since = [](Clock::time_point from) {
    return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
  };
  const auto cpu_ms = [] {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
  };
  std::mt19937_64 random(1);
  Store store = opened();
  std::uint64_t seq = 0;
  double applying_ms = 0, applying_cpu_ms = 0;
  for (std::int64_t done = 0; done < alerts;) {
    StoreBatch batch;
    for (int each = 0; each < 1000 && done < alerts; ++each, ++done) {
      TwinAlert alert;
      alert.opened_seq = alert.seq = ++seq;
      alert.revision = 1;
      alert.score = static_cast<std::int64_t>(random() % 101);
      alert.opened = alert.at = alert.from = Time{static_cast<std::int64_t>(seq) * second.ns};
      alert.state = random() % 4 == 0 ? "open" : "ended";
      alert.detector = "detector_" + std::to_string(random() % 30);
      alert.clause = "2." + std::to_string(random() % 12);
      alert.severity = "medium";
      alert.instrument_id = "BTC-USDT";
      alert.account_ids = {"account-" + std::to_string(random() % 5000)};
      std::string line = alert.line();
      line.pop_back();
      line += R"(,"text":")" + std::string(600, 'x') + "\"}";
      batch.alerts.push_back({seq, alert.at, std::move(line)});
    }
    batch.applied_seq = seq;
    const auto start = Clock::now();
    const double used = cpu_ms();
    ASSERT_TRUE(store.apply(batch));
    applying_cpu_ms += cpu_ms() - used;
    applying_ms += ms_since(start);
  }
  std::printf(
      "%lld alert lines in batches of 1000, 3 rows each: %.0f lines/s, %.1f us of CPU each\n",
      static_cast<long long>(alerts), static_cast<double>(alerts) * 1000 / applying_ms,
      applying_cpu_ms * 1000 / static_cast<double>(alerts));

  StoreReader asked = reader();
  const auto time = [&](const char* what, auto ask) {
    double best = 1e9;
    std::size_t items = 0;
    for (int round = 0; round < 5; ++round) {
      const double used = cpu_ms();
      items = ask();
      best = std::min(best, cpu_ms() - used);
    }
    std::printf("%-44s %7.2f ms of CPU, %zu items\n", what, best, items);
  };
  const auto list = [&](const char* what, AlertsQuery query) {
    query.now = Time{1};
    time(what, [&] { return asked.alerts(query)->items.size(); });
  };
  AlertsQuery query;
  list("by score", query);
  query.state = "open";
  list("open, by score", query);
  query.snoozed = false;
  list("open and not snoozed, by score", query);
  query = {};
  query.detector = "detector_7";
  list("of one detector, by score", query);
  query = {};
  query.clause = "2.7";
  list("of one clause, by score", query);
  query = {};
  query.account_id = "account-77";
  list("of one account, by score", query);
  query = {};
  query.severity = "critical";
  list("a severity that none has", query);
  query = {};
  query.part.cursor = "-score.3.50";
  list("a deep cursor", query);
  query.part = {"-seq", "-seq." + std::to_string(seq / 10) + "." + std::to_string(seq / 10), 100};
  list("a deep cursor by seq", query);
  query.part = {"", "", 1000};
  list("1000 by score", query);
  time("timeline of an account", [&] { return asked.timeline("account-77", {})->items.size(); });
  time("changes since the start, 1000", [&] { return asked.changes_since("", 1000)->size(); });
  time("counts", [&] { return asked.alert_counts()->size(); });
}

}  // namespace
}  // namespace marktwacht
