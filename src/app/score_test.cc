// Every clause of the matching rules by hand, the figures, a slow twin, and the command.
#include "app/score.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <random>
#include <set>

#include "app/binary_twin.h"

namespace marktwacht {
namespace {

constexpr std::int64_t noon = 1'761'566'400'000'000'000;  // 2025-10-27 12:00:00
constexpr std::int64_t midnight = noon - day.ns / 2;

struct Seconds {
  std::int64_t from, to;  // after noon
};

Time at(std::int64_t seconds) { return Time{noon + seconds * second.ns}; }

AlertLine alert(const std::string& id, Seconds when, std::vector<std::string> accounts = {"a"}) {
  AlertLine line;
  line.alert_id = id;
  line.revision = 1;
  line.detector = "spoofing";
  line.clause = "2.8";
  line.account_ids = std::move(accounts);
  line.instrument_id = "BTC";
  line.from = at(when.from);
  line.to = at(when.to);
  return line;
}

Label label(Seconds when, std::vector<std::string> accounts = {"a"}) {
  Label one;
  one.clause = "2.8";
  one.detector = "spoofing";
  one.account_ids = std::move(accounts);
  one.instrument_id = "BTC";
  one.from = at(when.from);
  one.to = at(when.to);
  return one;
}

ScoreReport report_of(const std::vector<AlertLine>& lines, const std::vector<Label>& labels,
                      Duration trading_day_start = {}) {
  const auto report = score(lines, labels, trading_day_start);
  EXPECT_TRUE(report) << report.error();
  return *report;
}

bool matched(const AlertLine& line, const Label& one, Duration trading_day_start = {}) {
  return report_of({line}, {one}, trading_day_start).total.labels_matched == 1;
}

TEST(ScoreTest, TheDetectorIsTheSame) {
  AlertLine line = alert("x", {0, 100});
  EXPECT_TRUE(matched(line, label({0, 100})));
  line.clause = "2.9";
  EXPECT_TRUE(matched(line, label({0, 100}))) << "the clause is no condition";
  line.detector = "layering";
  EXPECT_FALSE(matched(line, label({0, 100})));
}

TEST(ScoreTest, AccountsOverlapByHalf) {
  const Label two = label({0, 100}, {"a", "b"});
  EXPECT_TRUE(matched(alert("x", {0, 100}, {"a", "b"}), two));
  EXPECT_TRUE(matched(alert("x", {0, 100}, {"a"}), two)) << "1/2";
  EXPECT_TRUE(matched(alert("x", {0, 100}, {"a", "b", "c", "d"}), two)) << "2/4";
  EXPECT_FALSE(matched(alert("x", {0, 100}, {"a", "b", "c", "d", "e"}), two)) << "2/5";
  EXPECT_FALSE(matched(alert("x", {0, 100}, {"b", "c"}), two)) << "1/3";
  EXPECT_FALSE(matched(alert("x", {0, 100}, {"c"}), two));
  EXPECT_FALSE(matched(alert("x", {0, 100}, {}), two));
  EXPECT_TRUE(matched(alert("x", {0, 100}, {"z"}), label({0, 100}, {}))) << "none are asked for";
}

TEST(ScoreTest, TheInstrumentIsTheSameWhereTheLabelHasOne) {
  AlertLine other = alert("x", {0, 100});
  other.instrument_id = "ETH";
  AlertLine none = other;
  none.instrument_id.clear();
  Label any = label({0, 100});
  any.instrument_id.clear();
  EXPECT_FALSE(matched(other, label({0, 100})));
  EXPECT_FALSE(matched(none, label({0, 100})));
  EXPECT_TRUE(matched(other, any));
  EXPECT_TRUE(matched(none, any));
}

TEST(ScoreTest, TheyMeetWithinAMinute) {
  const Label one = label({0, 100});
  EXPECT_TRUE(matched(alert("x", {160, 200}), one));
  EXPECT_FALSE(matched(alert("x", {161, 200}), one));
  EXPECT_TRUE(matched(alert("x", {-100, -60}), one));
  EXPECT_FALSE(matched(alert("x", {-100, -61}), one));
  AlertLine near = alert("x", {160, 200});
  near.from.ns += 1;
  EXPECT_FALSE(matched(near, one)) << "to the nanosecond";
}

TEST(ScoreTest, AnAlertLastsAtMostFourTimesAsLong) {
  AlertLine line = alert("x", {-300, 100});
  EXPECT_TRUE(matched(line, label({0, 100})));
  line.to.ns += 1;
  EXPECT_FALSE(matched(line, label({0, 100})));
  EXPECT_TRUE(matched(alert("x", {0, 0}), label({0, 0})));
  EXPECT_FALSE(matched(alert("x", {0, 1}), label({0, 0})));
}

// Of a rule by day: from midnight, opened during the day.
std::vector<AlertLine> day_alert(std::int64_t opened, std::int64_t ended) {
  AlertLine open = alert("d", {0, opened});
  open.from = Time{midnight};
  open.detector = "frequent_cancel";
  open.rulebook = "cn-futures@3f2a";
  open.state = AlertState::open;
  AlertLine end = open;
  end.revision = 2;
  end.state = AlertState::ended;
  end.to = at(ended);
  return {open, end};
}

TEST(ScoreTest, ADayWindowMatchesByTheDay) {
  constexpr std::int64_t half_day = 43'200;
  const auto found = [](const std::vector<AlertLine>& lines, Label one,
                        Duration trading_day_start = {}) {
    one.detector = "frequent_cancel";
    return report_of(lines, {one}, trading_day_start).total.labels_matched == 1;
  };
  for (const std::int64_t ended : {half_day, std::int64_t{3'600}}) {  // of the day, of the input
    const auto lines = day_alert(100, ended);
    EXPECT_TRUE(found(lines, label({0, 100})));
    EXPECT_TRUE(found(lines, label({40'000, 40'001}))) << "wherever in the day";
    EXPECT_TRUE(found(lines, label({-half_day - 10, -half_day})));
    EXPECT_FALSE(found(lines, label({-half_day - 10, -half_day - 1}))) << "the day before";
    EXPECT_TRUE(found(lines, label({half_day - 1, half_day + 10})));
    EXPECT_FALSE(found(lines, label({half_day, half_day + 10}))) << "the day after";
    EXPECT_TRUE(found(lines, label({-200'000, 200'000}))) << "all around";
  }
}

TEST(ScoreTest, WhatMakesADayWindow) {
  Label short_one = label({1'000, 1'010});
  const auto found = [&](const std::vector<AlertLine>& lines, Duration trading_day_start = {}) {
    short_one.detector = lines.back().detector;
    return report_of(lines, {short_one}, trading_day_start).total.labels_matched == 1;
  };
  ASSERT_TRUE(found(day_alert(100, 3'600)));
  auto lines = day_alert(100, 3'600);
  lines[0].state = AlertState::ended;
  EXPECT_FALSE(found(lines)) << "a cycle is opened and ended at once";
  lines = day_alert(100, 43'200);
  lines[0].state = AlertState::ended;
  EXPECT_TRUE(found(lines)) << "a whole day is a day";
  lines = day_alert(100, 43'201);
  EXPECT_FALSE(found(lines)) << "longer than a day";
  lines = day_alert(100, 3'600);
  lines[0].rulebook.clear();
  lines[1].rulebook.clear();
  EXPECT_FALSE(found(lines)) << "only a rule's alert starts where its window does";
  lines = day_alert(100, 3'600);
  lines[0].detector = lines[1].detector = "spoofing";
  EXPECT_FALSE(found(lines)) << "a detector's is not a rule's, though it has a rulebook too";
  lines = day_alert(100, 3'600);
  lines[1].from.ns += 1;
  EXPECT_FALSE(found(lines)) << "starts within the day";
  lines = day_alert(100, 3'600);
  EXPECT_FALSE(found({lines[1]})) << "nobody knows how it began";
  constexpr Duration four{4 * 3'600 * second.ns};
  lines = day_alert(100, 3'600);
  EXPECT_FALSE(found(lines, four));
  lines[0].from.ns += four.ns;
  lines[1].from.ns += four.ns;
  EXPECT_FALSE(found(lines));
  EXPECT_TRUE(found(lines, four)) << "days start where the configuration says";
}

TEST(ScoreTest, TheLastRevisionMatchesAndTheFirstGivesTheDelay) {
  AlertLine first = alert("x", {0, 20}, {"z"});
  AlertLine second_line = alert("x", {10, 90});
  second_line.revision = 2;
  AlertLine third = alert("x", {10, 100});
  third.revision = 3;
  const ScoreRow total = report_of({third, first, second_line}, {label({5, 100})}).total;
  EXPECT_EQ(total.alerts, 1u);
  EXPECT_EQ(total.labels_matched, 1u);
  EXPECT_EQ(total.delay_median_ns(), 15 * second.ns);
  std::swap(first.account_ids, third.account_ids);
  EXPECT_EQ(report_of({third, first, second_line}, {label({5, 100})}).total.labels_matched, 0u);
  third.account_ids = {"a"};
  const ScoreRow late = report_of({third}, {label({5, 100})}).total;
  EXPECT_EQ(late.labels_matched, 1u);
  EXPECT_EQ(late.delay_median_ns(), std::nullopt) << "revision 1 is not there";
}

TEST(ScoreTest, ARevisionStandsOnce) {
  AlertLine line = alert("x", {0, 100});
  line.line = 7;
  const auto report = score(std::vector{line, line}, std::vector<Label>{});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error(),
            "alert x has its revision 1 twice (line 7); allowed: each revision of an alert once");
}

TEST(ScoreTest, FurtherAlertsOfAMatchedLabelAreNeutral) {
  const ScoreRow total =
      report_of({alert("x", {0, 50}), alert("y", {50, 100}), alert("z", {5'000, 5'100})},
                {label({0, 100})})
          .total;
  EXPECT_EQ(total.alerts, 3u);
  EXPECT_EQ(total.alerts_matched, 1u);
  EXPECT_EQ(total.alerts_neutral, 1u);
  EXPECT_EQ(total.alerts_false(), 1u);
  EXPECT_EQ(total.precision(), 5'000);
  EXPECT_EQ(total.recall(), 10'000);
  EXPECT_EQ(total.f1(), 6'667);
  EXPECT_EQ(total.delay_median_ns(), 50 * second.ns) << "of the earlier one";
}

TEST(ScoreTest, OneAlertSatisfiesOneLabelOfADetector) {
  const ScoreRow total =
      report_of({alert("x", {0, 100})}, {label({0, 100}), label({20, 120})}).total;
  EXPECT_EQ(total.labels, 2u);
  EXPECT_EQ(total.labels_matched, 1u);
  EXPECT_EQ(total.recall(), 5'000);
  Label layered = label({0, 100});
  layered.detector = "layering";
  AlertLine other = alert("y", {0, 100});
  other.detector = "layering";
  EXPECT_EQ(
      report_of({alert("x", {0, 100}), other}, {label({0, 100}), layered}).total.labels_matched,
      2u);
}

TEST(ScoreTest, AsManyAreMatchedAsCanBe) {
  // The early alert fits both labels, the late one only what the early one would take first.
  const ScoreRow total =
      report_of({alert("early", {50, 150}), alert("late", {10, 160}, {"a", "b"})},
                {label({0, 100}), label({100, 200}, {"a", "c"})})
          .total;
  EXPECT_EQ(total.labels_matched, 2u);
  EXPECT_EQ(total.alerts_matched, 2u);
}

TEST(ScoreTest, SupersededAlertsAreNoAlerts) {
  AlertLine merged = alert("x", {0, 100});
  merged.state = AlertState::superseded;
  const ScoreRow total = report_of({merged}, {label({0, 100})}).total;
  EXPECT_EQ(total.alerts, 0u);
  EXPECT_EQ(total.labels_matched, 0u);
  for (const AlertState state :
       {AlertState::open, AlertState::ended, AlertState::dismissed, AlertState::confirmed}) {
    merged.state = state;
    EXPECT_TRUE(matched(merged, label({0, 100})));
  }
}

TEST(ScoreTest, RowsByDetectorAndByClause) {
  AlertLine large = alert("y", {1'000, 1'100});
  large.clause = "2.10";
  AlertLine layered = alert("z", {0, 100});
  layered.detector = "layering";
  Label missed = label({9'000, 9'100});
  missed.clause = "2.9";
  missed.detector = "wash_trade";
  const ScoreReport report =
      report_of({alert("x", {0, 100}), large, layered}, {label({0, 100}), missed});
  ASSERT_EQ(report.detectors.size(), 3u);
  EXPECT_EQ(report.detectors[0].name, "layering");
  EXPECT_EQ(report.detectors[0].precision(), 0);
  EXPECT_EQ(report.detectors[0].recall(), std::nullopt);
  EXPECT_EQ(report.detectors[0].f1(), 0);
  EXPECT_EQ(report.detectors[1].name, "spoofing");
  EXPECT_EQ(report.detectors[1].precision(), 5'000);
  EXPECT_EQ(report.detectors[2].name, "wash_trade");
  EXPECT_EQ(report.detectors[2].precision(), std::nullopt);
  EXPECT_EQ(report.detectors[2].recall(), 0);
  ASSERT_EQ(report.clauses.size(), 3u);
  EXPECT_EQ(report.clauses[0].name, "2.8");
  EXPECT_EQ(report.clauses[0].alerts, 2u);
  EXPECT_EQ(report.clauses[0].f1(), 6'667);
  EXPECT_EQ(report.clauses[1].name, "2.9");
  EXPECT_EQ(report.clauses[2].name, "2.10") << "numbers by their value";
  EXPECT_EQ(report.clauses[2].alerts_false(), 1u);
}

TEST(ScoreTest, FiguresAreExact) {
  ScoreRow row;
  EXPECT_EQ(row.precision(), std::nullopt);
  EXPECT_EQ(row.recall(), std::nullopt);
  EXPECT_EQ(row.f1(), std::nullopt);
  EXPECT_EQ(row.delay_median_ns(), std::nullopt);
  EXPECT_EQ(row.delay_p99_ns(), std::nullopt);
  row.alerts = 3;
  row.alerts_matched = 2;
  row.labels = 8;
  row.labels_matched = 2;
  EXPECT_EQ(row.precision(), 6'667);
  EXPECT_EQ(row.recall(), 2'500);
  EXPECT_EQ(row.f1(), 3'636);  // 4/11
  row.delays_ns = {-5, 2};
  EXPECT_EQ(row.delay_median_ns(), -2) << "-1.5, half to even";
  EXPECT_EQ(row.delay_p99_ns(), 2);
  row.delays_ns.clear();
  for (int i = 1; i <= 200; ++i) {
    row.delays_ns.push_back(i);
  }
  EXPECT_EQ(row.delay_p99_ns(), 198);
  row.delays_ns.push_back(201);
  EXPECT_EQ(row.delay_p99_ns(), 199);
  EXPECT_EQ(row.delay_median_ns(), 101);
}

// --- the slow twin: everything anew, with sets, and every way of pairing tried.

double jaccard(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const std::set<std::string> left(a.begin(), a.end());
  std::set<std::string> all(b.begin(), b.end());
  double common = 0;
  for (const std::string& id : left) {
    common += all.contains(id) ? 1 : 0;
  }
  all.insert(left.begin(), left.end());
  return all.empty() ? 0 : common / static_cast<double>(all.size());
}

bool matches_twin(const std::vector<AlertLine>& revisions, const Label& one) {
  const AlertLine& last = revisions.back();
  if (last.detector != one.detector ||
      (!one.instrument_id.empty() && one.instrument_id != last.instrument_id) ||
      (!one.account_ids.empty() && jaccard(one.account_ids, last.account_ids) < 0.5)) {
    return false;
  }
  const std::int64_t span = last.to.ns - last.from.ns, minute = 60 * second.ns;
  const bool midnight_start = last.from.ns / day.ns * day.ns == last.from.ns;
  const bool whole = span == day.ns;
  const bool part = span < day.ns && !last.rulebook.empty() && last.detector == "frequent_cancel" &&
                    revisions.front().revision == 1 && revisions.front().state == AlertState::open;
  if (midnight_start && (whole || part)) {
    const std::int64_t of_alert = last.from.ns / day.ns;
    return one.from.ns / day.ns <= of_alert && of_alert <= one.to.ns / day.ns;
  }
  const bool apart = last.from.ns - minute > one.to.ns || last.to.ns + minute < one.from.ns;
  return !apart && static_cast<double>(span) <= 4.0 * static_cast<double>(one.to.ns - one.from.ns);
}

struct TwinCounts {
  std::uint64_t matched = 0, neutral = 0, wrong = 0;
};

std::uint64_t most_pairs(const std::vector<std::vector<bool>>& fits, std::size_t alert_at,
                         std::uint64_t taken) {
  if (alert_at == fits.size()) {
    return 0;
  }
  std::uint64_t best = most_pairs(fits, alert_at + 1, taken);
  for (std::size_t i = 0; i < fits[alert_at].size(); ++i) {
    if (fits[alert_at][i] && (taken >> i & 1) == 0) {
      best = std::max(best, 1 + most_pairs(fits, alert_at + 1, taken | std::uint64_t{1} << i));
    }
  }
  return best;
}

TwinCounts count_twin(const std::vector<std::vector<AlertLine>>& alerts,
                      const std::vector<Label>& labels) {
  std::vector<std::vector<bool>> fits;
  TwinCounts counts;
  for (const auto& revisions : alerts) {
    if (revisions.back().state == AlertState::superseded) {
      continue;
    }
    auto& own = fits.emplace_back();
    for (const Label& one : labels) {
      own.push_back(matches_twin(revisions, one));
    }
    (std::ranges::count(own, true) > 0 ? counts.neutral : counts.wrong) += 1;
  }
  counts.matched = most_pairs(fits, 0, 0);
  counts.neutral -= counts.matched;
  return counts;
}

class RandomCase {
 public:
  explicit RandomCase(std::uint64_t seed) : random_(seed) {
    for (std::uint64_t i = below(6); i > 0; --i) {
      Label one = label({0, 0}, below(3) == 0 ? std::vector<std::string>{} : accounts());
      one.detector = below(2) == 0 ? "frequent_cancel" : "spoofing";
      one.instrument_id = below(3) == 0 ? "" : below(3) == 0 ? "ETH" : "BTC";
      one.from = Time{moment()};
      one.to = Time{one.from.ns + length()};
      labels.push_back(one);
    }
    for (std::uint64_t i = below(7); i > 0; --i) {
      alerts.push_back(revisions("x" + std::to_string(i)));
    }
  }

  std::vector<AlertLine> shuffled_lines() {
    std::vector<AlertLine> lines;
    for (const auto& each : alerts) {
      lines.insert(lines.end(), each.begin(), each.end());
    }
    std::ranges::shuffle(lines, random_);
    return lines;
  }
  std::vector<Label> shuffled_labels() {
    std::vector<Label> all = labels;
    std::ranges::shuffle(all, random_);
    return all;
  }

  std::vector<std::vector<AlertLine>> alerts;
  std::vector<Label> labels;

 private:
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  std::vector<std::string> accounts() {
    std::vector<std::string> ids;
    for (const char* id : {"a", "b", "c", "d"}) {
      if (below(2) == 0) {
        ids.emplace_back(id);
      }
    }
    return ids;
  }
  std::int64_t moment() {
    const std::int64_t starts[] = {midnight, noon, midnight + day.ns - 40 * second.ns};
    return starts[below(3)] + static_cast<std::int64_t>(below(5)) * 30 * second.ns;
  }
  std::int64_t length() {
    const std::int64_t lengths[] = {0, 30, 60, 120, 240, 3'600, 86'400, 100'000};
    return lengths[below(8)] * second.ns;
  }

  std::vector<AlertLine> revisions(const std::string& id) {
    AlertLine line = alert(id, {0, 0});
    line.detector = below(2) == 0 ? "frequent_cancel" : "spoofing";
    line.rulebook = below(2) == 0 ? "" : "r@1";
    line.revision = 1 + (below(5) == 0 ? 1 : 0);
    std::vector<AlertLine> all;
    for (std::uint64_t i = 1 + below(3); i > 0; --i) {
      line.state = static_cast<AlertState>(below(Words<AlertState>::list.size()));
      line.account_ids = accounts();
      line.instrument_id = below(3) == 0 ? "ETH" : "BTC";
      line.from = Time{moment()};
      line.to = Time{line.from.ns + length()};
      all.push_back(line);
      line.revision += 1 + below(2);
    }
    return all;
  }

  std::mt19937_64 random_;
};

TEST(ScoreTest, AsTheSlowTwinWhateverTheOrder) {
  std::uint64_t matched_total = 0, neutral_total = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    RandomCase one(seed);
    const ScoreReport report = report_of(one.shuffled_lines(), one.shuffled_labels());
    const TwinCounts twin = count_twin(one.alerts, one.labels);
    ASSERT_EQ(report.total.labels_matched, twin.matched) << seed;
    ASSERT_EQ(report.total.alerts_matched, twin.matched) << seed;
    ASSERT_EQ(report.total.alerts_neutral, twin.neutral) << seed;
    ASSERT_EQ(report.total.alerts_false(), twin.wrong) << seed;
    ASSERT_EQ(score_json(report),
              score_json(report_of(one.shuffled_lines(), one.shuffled_labels())))
        << seed;
    matched_total += twin.matched;
    neutral_total += twin.neutral;
  }
  EXPECT_GT(matched_total, 5'000u) << "the cases are worth something";
  EXPECT_GT(neutral_total, 1'000u);
}

TEST(ScoreTest, ManyAlertsAndLabelsTakeLittleTime) {
  std::vector<AlertLine> lines;
  std::vector<Label> labels;
  for (int i = 0; i < 20'000; ++i) {
    lines.push_back(alert("x" + std::to_string(i), {100 * i, 100 * i + 50}));
    labels.push_back(label({100 * i, 100 * i + 50}));
  }
  const ScoreRow total = report_of(lines, labels).total;
  EXPECT_EQ(total.labels_matched, 20'000u);
}

TEST(ScoreTest, TheTableAndTheJson) {
  AlertLine layered = alert("z", {0, 100});
  layered.detector = "layering";
  layered.clause = "2.10";
  const ScoreReport report =
      report_of({alert("x", {0, 1}), alert("y", {0, 100}), layered}, {label({0, 100})});
  EXPECT_EQ(
      score_table(report),
      "detector  labels  matched  alerts  matched  neutral  false  precision  recall      f1  "
      "delay median  delay p99\n"
      "layering       0        0       1        0        0      1     0.0000       -  0.0000  "
      "           -          -\n"
      "spoofing       1        1       2        1        1      0     1.0000  1.0000  1.0000  "
      "     1.000 s    1.000 s\n"
      "total          1        1       3        1        1      1     0.5000  1.0000  0.6667  "
      "     1.000 s    1.000 s\n"
      "\n"
      "clause    labels  matched  alerts  matched  neutral  false  precision  recall      f1  "
      "delay median  delay p99\n"
      "2.8            1        1       2        1        1      0     1.0000  1.0000  1.0000  "
      "     1.000 s    1.000 s\n"
      "2.10           0        0       1        0        0      1     0.0000       -  0.0000  "
      "           -          -\n");
  EXPECT_EQ(
      score_json(report),
      R"({"detectors":[{"detector":"layering","labels":0,"labels_matched":0,"alerts":1,)"
      R"("alerts_matched":0,"alerts_neutral":0,"alerts_false":1,"precision":0.0000,)"
      R"("recall":null,"f1":0.0000,"delay_median_ns":null,"delay_p99_ns":null},)"
      R"({"detector":"spoofing","labels":1,"labels_matched":1,"alerts":2,"alerts_matched":1,)"
      R"("alerts_neutral":1,"alerts_false":0,"precision":1.0000,"recall":1.0000,"f1":1.0000,)"
      R"("delay_median_ns":1000000000,"delay_p99_ns":1000000000}],"clauses":[{"clause":"2.8",)"
      R"("labels":1,"labels_matched":1,"alerts":2,"alerts_matched":1,"alerts_neutral":1,)"
      R"("alerts_false":0,"precision":1.0000,"recall":1.0000,"f1":1.0000,)"
      R"("delay_median_ns":1000000000,"delay_p99_ns":1000000000},{"clause":"2.10","labels":0,)"
      R"("labels_matched":0,"alerts":1,"alerts_matched":0,"alerts_neutral":0,"alerts_false":1,)"
      R"("precision":0.0000,"recall":null,"f1":0.0000,"delay_median_ns":null,)"
      R"("delay_p99_ns":null}],"total":{"labels":1,"labels_matched":1,"alerts":3,)"
      R"("alerts_matched":1,"alerts_neutral":1,"alerts_false":1,"precision":0.5000,)"
      R"("recall":1.0000,"f1":0.6667,"delay_median_ns":1000000000,"delay_p99_ns":1000000000}})");
}

// --- the command

const char* const alert_lines =
    R"({"alert_id":"x","revision":1,"state":"open","detector":"spoofing","clause":"2.8","severity":"medium","score":60,"account_ids":["a"],"instrument_id":"BTC","from_ts":1761566400000000000,"to_ts":1761566402500000000,"facts":[]}
{"alert_id":"x","revision":2,"state":"ended","detector":"spoofing","clause":"2.8","severity":"medium","score":60,"account_ids":["a"],"instrument_id":"BTC","from_ts":1761566400000000000,"to_ts":1761566410000000000,"facts":[]}
)";
const char* const label_lines =
    R"({"clause":"2.8","detector":"spoofing","account_ids":["a"],"from_ts":"2025-10-27T12:00:00Z","to_ts":1761566410000000000}
)";

TEST(ScoreCommandTest, PrintsATableOrJson) {
  const TestFolder folder;
  const std::string alerts = folder.write("alerts.ndjson", alert_lines);
  const std::string labels = folder.write("labels.ndjson", label_lines);
  const BinaryRun table = run_binary({"score", "--alerts", alerts, "--labels", labels});
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_TRUE(table.out.contains("spoofing       1        1       1        1        0      0"))
      << table.out;
  EXPECT_EQ(table.err, "");
  const BinaryRun json =
      run_binary({"score", "--json", "--labels", labels, "--alerts", "-"}, alert_lines);
  EXPECT_EQ(json.exit_code, 0) << json.err;
  simdjson::dom::parser parser;
  const simdjson::dom::element total = parser.parse(json.out)["total"];
  EXPECT_EQ(total["labels_matched"].get_int64().value(), 1);
  EXPECT_EQ(total["delay_median_ns"].get_int64().value(), 2'500'000'000);
  EXPECT_EQ(total["f1"].get_double().value(), 1.0);
}

TEST(ScoreCommandTest, TheConfigSaysWhenTheDayStarts) {
  const TestFolder folder;
  const std::string start = std::to_string(midnight + 4 * 3'600 * second.ns);
  const std::string head = R"({"alert_id":"x","detector":"frequent_cancel","rulebook":"r@1",)"
                           R"("clause":"2.8","account_ids":["a"],"from_ts":)" +
                           start + ",";
  const std::string alerts = folder.write(
      "a", head + R"("revision":1,"state":"open","to_ts":1761566400000000000})" + "\n" + head +
               R"("revision":2,"state":"ended","to_ts":1761566410000000000})");
  const std::string labels = folder.write("l", R"({"clause":"2.8","detector":"frequent_cancel",)"
                                               R"("from_ts":1761570000000000000,)"
                                               R"("to_ts":1761570001000000000})");
  const std::string config = folder.write("c.toml", "trading_day_start = \"04:00\"\n");
  const std::vector<std::string> plain = {"score", "--json",   "--alerts",
                                          alerts,  "--labels", labels};
  std::vector<std::string> with = plain;
  with.insert(with.end(), {"--config", config});
  EXPECT_TRUE(run_binary(plain).out.contains("\"labels_matched\":0"));
  EXPECT_TRUE(run_binary(with).out.contains("\"labels_matched\":1"));
}

TEST(ScoreCommandTest, WrongUseIsToldWithFileAndLine) {
  const TestFolder folder;
  const std::string alerts = folder.write("alerts", alert_lines);
  const std::string labels = folder.write("labels", label_lines);
  const std::string twice = folder.write("twice", std::string(alert_lines) + alert_lines);
  const std::string bad =
      folder.write("bad", std::string(label_lines) + "\n{\"clause\":\"2.8\"}\n");
  struct Case {
    std::vector<std::string> arguments;
    int exit_code;
    std::string says;
  };
  for (const Case& one : {
           Case{{"--alerts", alerts}, 2, "--labels is required"},
           Case{{"--labels", labels}, 2, "--alerts is required"},
           Case{{"--alerts", "-", "--labels", "-"}, 2, "only one of --alerts and --labels"},
           Case{{"--alerts", folder.path("none"), "--labels", labels}, 2, "cannot be opened"},
           Case{{"--alerts", alerts, "--labels", bad},
                2,
                "bad:3: \"detector\" is missing; a label has clause, detector, from_ts"},
           Case{{"--alerts", labels, "--labels", labels},
                2,
                "labels:1: \"alert_id\" is missing; an alert line has"},
           Case{{"--alerts", twice, "--labels", labels},
                2,
                "twice: alert x has its revision 1 twice (line 3)"},
           Case{{"--alerts", folder.path("."), "--labels", labels}, 2, "is a folder"},
           Case{{"--alerts", folder.write("x.gz", "\x1f\x8b\b broken"), "--labels", labels},
                1,
                "x.gz: "},
       }) {
    std::vector<std::string> arguments = one.arguments;
    arguments.insert(arguments.begin(), "score");
    const BinaryRun run = run_binary(arguments);
    EXPECT_EQ(run.exit_code, one.exit_code) << run.err;
    EXPECT_TRUE(run.err.contains(one.says)) << run.err;
    EXPECT_EQ(run.out, "");
  }
}

TEST(ScoreCommandTest, UnknownFieldsOfLabelsAreSkippedWithANote) {
  const TestFolder folder;
  const std::string alerts = folder.write("alerts", alert_lines);
  std::string line = label_lines;
  line.insert(1, R"("acount_ids":["b"],)");
  const BinaryRun run =
      run_binary({"score", "--alerts", alerts, "--labels", folder.write("labels", line)});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_TRUE(run.err.contains("labels:1: unknown field \"acount_ids\" skipped, on 1 line"))
      << run.err;
}

}  // namespace
}  // namespace marktwacht
