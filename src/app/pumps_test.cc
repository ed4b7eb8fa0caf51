// Three announced pumps of 2018, real trades around them: the published rule's own alarms, and what
// the detector finds through the whole program.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "app/binary_twin.h"
#include "app/gz_twin.h"
#include "base/time.h"
#include "detectors/rush_orders.h"

namespace marktwacht {
namespace {

std::string pumps_folder() { return development_data() + "/binance-pumps-2018/"; }

// Without the header.
std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    auto& row = rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) {
      row.push_back(cell);
    }
  }
  EXPECT_FALSE(rows.empty());
  if (!rows.empty()) {
    rows.erase(rows.begin());
  }
  return rows;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

struct KnownPump {
  std::string path, coin;
  std::int64_t announced_ms = 0;
};

std::vector<KnownPump> known_pumps() {
  std::vector<KnownPump> pumps;
  for (const auto& row : rows_of(text_of(pumps_folder() + "expected_pumps.csv"))) {
    pumps.push_back(
        {pumps_folder() + row[0], row[0].substr(0, row[0].find('_')), std::stoll(row[3])});
  }
  EXPECT_EQ(pumps.size(), 3u);
  return pumps;
}

std::vector<std::int64_t> buys_of(const std::string& path) {
  std::vector<std::int64_t> buys;
  for (const std::string& line : read_gz_lines(path)) {
    const std::size_t comma = line.find(',');
    if (line.substr(comma + 1, 4) == "buy,") {
      buys.push_back(std::stoll(line));
    }
  }
  return buys;
}

// "coin chunk change", the change in hundredths as published.
using Alarms = std::multimap<std::string, std::pair<std::int64_t, std::int64_t>>;

TEST(PumpsTest, ThePublishedRuleAlarmsAsPublished) {
  if (development_data().empty()) {
    GTEST_SKIP() << "skipped: no development data";
  }
  Alarms expected, found;
  for (const auto& row :
       rows_of(text_of(pumps_folder() + "expected_lamorgia_stdrush_alarms_25s.csv"))) {
    ASSERT_EQ(row[3].substr(0, 2), "0.");
    expected.insert({row[1], {std::stoll(row[2]), std::stoll(row[3].substr(2))}});
  }
  EXPECT_EQ(expected.size(), 4u);
  for (const KnownPump& pump : known_pumps()) {
    for (const RushAlarm& alarm : rush_alarms(buys_of(pump.path), param_of("0.3032"))) {
      found.insert({pump.coin, {alarm.chunk_ms, (alarm.change + 50) / 100}});
    }
  }
  EXPECT_EQ(found, expected);
}

TEST(PumpsTest, EachIsFoundWithinAMinuteAndHardlyAnythingElse) {
  if (development_data().empty()) {
    GTEST_SKIP() << "skipped: no development data";
  }
  for (const KnownPump& pump : known_pumps()) {
    SCOPED_TRACE(pump.coin);
    const BinaryRun run = run_binary(
        {"run", pump.path, "--rulebook", "pump_and_dump", "--from", "trades-csv", "--columns",
         "ts=ts_ms:ms,price=price_btc,quantity=amount_coin,aggressor=taker_side", "--instrument",
         pump.coin + ":0.00000001:0.00000001", "--strict"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    int hits = 0, others = 0;
    std::istringstream alerts(run.out);
    for (std::string line; std::getline(alerts, line);) {
      if (line.find(R"("revision":1,)") == line.npos) {
        continue;
      }
      EXPECT_NE(line.find(R"("account_ids":[])"), line.npos) << line;
      const std::string to = R"("to_ts":)";
      const std::int64_t seen_ms =
          std::stoll(line.substr(line.find(to) + to.size())) / millisecond.ns;
      const bool hit = seen_ms >= pump.announced_ms && seen_ms <= pump.announced_ms + 60'000;
      hits += hit ? 1 : 0;
      others += hit ? 0 : 1;
    }
    EXPECT_EQ(hits, 1) << run.out;
    EXPECT_LE(others, 1) << run.out;  // in 19 days; allowed is one a fortnight
  }
}

}  // namespace
}  // namespace marktwacht
