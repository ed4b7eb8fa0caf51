// Real order flow with account ids, 2026-04-30: forty blocks of a BTC perpetual through the whole
// program, against the book that the node's own diffs imply.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "app/binary_twin.h"
#include "app/gz_twin.h"
#include "app/reading.h"
#include "edges/adapters/input.h"

namespace marktwacht {
namespace {

// What rests, by order id: "owner side price quantity".
using Resting = std::map<std::string, std::string>;

std::string decimal_text(std::string_view text) { return format_decimal(*parse_decimal(text)); }

Resting implied_by_diffs(const std::string& path) {
  Resting resting;
  std::map<std::string, std::string> head;
  simdjson::dom::parser parser;
  for (const std::string& line : read_gz_lines(path)) {
    for (const simdjson::dom::element row : parser.parse(line)["events"].get_array()) {
      const std::string id = std::to_string(std::uint64_t(row["oid"]));
      const simdjson::dom::element diff = row["raw_book_diff"];
      if (diff.is_string()) {
        resting.erase(id);
        continue;
      }
      const bool is_new = diff["new"].error() == simdjson::SUCCESS;
      if (is_new) {
        head[id] = std::string(std::string_view(row["user"])) +
                   (std::string_view(row["side"]) == "B" ? " buy " : " sell ") +
                   decimal_text(std::string_view(row["px"])) + " ";
      }
      if (head.contains(id)) {
        const std::string_view size = is_new ? diff["new"]["sz"] : diff["update"]["newSz"];
        resting[id] = head[id] + decimal_text(size);
      }
    }
  }
  return resting;
}

Resting resting_in(const Market& market) {
  Resting resting;
  const InstrumentIndex index = market.directory().find_instrument(make_text("BTC"));
  const Terms& terms = market.directory().instrument(index).terms;
  for (const Side side : {Side::buy, Side::sell}) {
    market.books().visit_levels(index, side, [&](const LevelView& level) {
      market.books().visit_queue(index, side, level.price, [&](OrderSlot slot) {
        const Order& order = market.books().order(slot);
        resting[std::string(market.books().order_id(slot))] =
            market.directory().account_id(order.account) + " " + std::string(word_of(side)) + " " +
            format_scaled(order.price.units, terms.price_scale) + " " +
            format_scaled(order.remaining.units, terms.quantity_scale);
        return true;
      });
      return true;
    });
  }
  return resting;
}

TEST(HyperliquidTest, TheBookAtTheEndIsTheOneTheDiffsImply) {
  if (development_data().empty()) {
    GTEST_SKIP() << "skipped: no development data";
  }
  const std::string folder = development_data() + "/hyperliquid-20260430";
  InputOptions options;
  options.from = "hyperliquid";
  options.paths = {folder};
  options.instruments = {*parse_instrument_option("BTC:1:0.00001")};
  auto input = open_input(options);
  ASSERT_TRUE(input.has_value()) << input.error();
  Engine engine;
  Reading reading(engine, {}, {});
  ASSERT_TRUE(reading.read_all(**input).has_value());
  EXPECT_EQ(reading.counts().rejected_total(), 0u);
  EXPECT_EQ(reading.counts().accepted[static_cast<std::size_t>(EventType::trade)], 2u);
  const Resting implied = implied_by_diffs(folder + "/node_raw_book_diffs_by_block.jsonl.gz");
  EXPECT_GT(implied.size(), 20u);
  EXPECT_EQ(resting_in(engine.market()), implied);
}

TEST(HyperliquidTest, OneStateThroughNdjsonAndThroughAJournal) {
  if (development_data().empty()) {
    GTEST_SKIP() << "skipped: no development data";
  }
  const std::string data = development_data() + "/hyperliquid-20260430";
  const TestFolder folder;
  const std::vector<std::string> from = {"--from", "hyperliquid", "--instrument", "BTC:1:0.00001"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), from.begin(), from.end());
    return run_binary(arguments);
  };
  const BinaryRun direct = with({"run", data, "--strict", "--state-hash"});
  EXPECT_EQ(direct.exit_code, 0) << direct.err;
  const std::string lines = folder.path("lines.ndjson"), journal = folder.path("journal.mwj");
  EXPECT_EQ(with({"convert", "--to", "ndjson", data, lines}).exit_code, 0);
  EXPECT_EQ(with({"convert", "--to", "journal", data, journal}).exit_code, 0);
  for (const std::string& path : {lines, journal}) {
    const BinaryRun run = run_binary({"run", path, "--strict", "--state-hash"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(state_hash_of(run), state_hash_of(direct));
    EXPECT_EQ(run.out, direct.out);  // the alerts, byte for byte
  }
  EXPECT_EQ(run_binary({"verify", journal}).exit_code, 0);
  // Alerts are records of a data directory's journal, and come out of it the same.
  const BinaryRun kept = run_binary({"run", lines, "--data", folder.path("data")});
  EXPECT_EQ(kept.out, direct.out);
  EXPECT_EQ(run_binary({"run", folder.path("data")}).out, direct.out);
  const BinaryRun verified = run_binary({"verify", folder.path("data")});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  EXPECT_NE(verified.out.find("as this version makes them, 0 not"), std::string::npos);
}

// What a line says of a field, without its quotes.
std::string field_of(const std::string& line, const std::string& name) {
  const std::size_t at = line.find("\"" + name + "\":");
  if (at == line.npos) {
    return "";
  }
  std::size_t from = at + name.size() + 3;
  from += line[from] == '"' || line[from] == '[' ? 1 : 0;
  from += line[from] == '"' ? 1 : 0;
  return line.substr(from, line.find_first_of("\",}", from) - from);
}

// Accounts with so many orders and refusals within so many seconds, at least half of them refused.
std::set<std::string> flooders_in(std::istream&& lines, std::size_t least, std::int64_t seconds) {
  std::map<std::string, std::deque<std::pair<std::int64_t, bool>>> recent;
  std::map<std::string, std::string> owners;
  std::set<std::string> flooders;
  for (std::string line; std::getline(lines, line);) {
    const std::string type = field_of(line, "type");
    std::string account = field_of(line, "account_id");
    if (type == "order") {
      owners[field_of(line, "order_id")] = account;
    } else if (type == "cancel" && field_of(line, "reason") == "user") {
      account = owners[field_of(line, "order_id")];
    } else if (type != "reject") {
      continue;
    }
    auto& messages = recent[account];
    const std::int64_t ts = std::stoll(field_of(line, "ts"));
    messages.emplace_back(ts, type == "reject");
    while (ts - messages.front().first >= seconds * 1'000'000'000) {
      messages.pop_front();
    }
    const auto refused = std::ranges::count(messages, true, &std::pair<std::int64_t, bool>::second);
    if (messages.size() >= least && 2 * static_cast<std::size_t>(refused) >= messages.size()) {
      flooders.insert(account);
    }
  }
  return flooders;
}

TEST(HyperliquidTest, WhoFloodsWithRefusedOrdersIsAlertedAndNobodyElse) {
  if (development_data().empty()) {
    GTEST_SKIP() << "skipped: no development data";
  }
  const TestFolder folder;
  const std::string lines = folder.path("lines.ndjson");
  EXPECT_EQ(run_binary({"convert", "--from", "hyperliquid", "--instrument", "BTC:1:0.00001", "--to",
                        "ndjson", development_data() + "/hyperliquid-20260430", lines})
                .exit_code,
            0);
  const std::set<std::string> flooders = flooders_in(std::ifstream(lines), 200, 1);
  const std::set<std::string> stuffers = flooders_in(std::ifstream(lines), 100, 2);
  EXPECT_GE(flooders.size(), 3u);
  std::set<std::string> alerted;
  std::istringstream alerts(run_binary({"run", lines}).out);
  for (std::string line; std::getline(alerts, line);) {
    const std::string account = field_of(line, "account_ids");
    if (field_of(line, "detector") == "message_burst") {
      alerted.insert(account);
    } else {
      EXPECT_EQ(field_of(line, "detector"), "quote_stuffing");
      EXPECT_TRUE(stuffers.contains(account)) << account;
    }
  }
  EXPECT_EQ(alerted, flooders);
}

}  // namespace
}  // namespace marktwacht
