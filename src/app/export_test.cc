// `export` as a user meets it: reports of the demo's day and of a scenario's, out of a data
// directory.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "app/binary_twin.h"
#include "app/json_twin.h"
#include "edges/reports/stor_template.h"
#include "events/schema_twin.h"

namespace marktwacht {
namespace {

const std::string source = MARKTWACHT_SOURCE_DIR;

class ExportTest : public testing::Test {
 protected:
  ExportTest() {
    const BinaryRun made =
        run_binary({"run", source + "/demo/exchange.ndjson", source + "/demo/decisions.ndjson",
                    "--trust", "--alerts", folder_.path("alerts"), "--data", data()});
    EXPECT_EQ(made.exit_code, 0) << made.err;
  }
  std::string data() const { return folder_.path("day"); }
  std::string out(std::vector<std::string> arguments, int exit_code = 0) const {
    arguments.insert(arguments.begin(), "export");
    arguments.insert(arguments.end(), {"--data", data()});
    const BinaryRun run = run_binary(arguments);
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    return exit_code == 0 ? run.out : run.err;
  }

  const TestFolder folder_;
  simdjson::dom::parser parser_;
};

// The fields of a report, the first of each name.
std::map<std::string, std::string> fields_of(JsonElement report) {
  std::map<std::string, std::string> fields;
  for (const JsonElement section : elements_of(report, "sections")) {
    for (const JsonElement part : elements_of(section, "parts")) {
      for (const JsonElement field : elements_of(part, "fields")) {
        const std::string value = text_of(member_of(field, "value"), "en");
        fields.try_emplace(
            text_of(field, "name"),
            value == "NA" ? "NA: " + text_of(member_of(field, "na_reason"), "en") : value);
      }
    }
  }
  return fields;
}

TEST_F(ExportTest, TheReportOfACaseSaysWhatTheDayHeld) {
  const std::string config =
      folder_.write("m.toml",
                    "venue_name = \"Beispielbörse\"\nvenue_mic = \"XBSP\"\nvenue_country = \"DE\"\n"
                    "[[crypto_asset]]\nasset = \"BTC\"\nname = \"Bitcoin\"\ndti = \"4H95J0R2X\"\n"
                    "kind = \"other\"\nledger = \"Bitcoin\"\n"
                    "[[crypto_asset]]\nasset = \"USDT\"\nname = \"Tether\"\nkind = \"emt\"\n"
                    "reference = \"USD\"\nledger = \"Ethereum\"\n");
  const std::string text = out({"stor", "c-60", "--config", config});
  const Schema schema(source + "/src/edges/reports/stor_schema.json");
  EXPECT_EQ(schema.violation(text.substr(0, text.size() - 1)), "");
  const JsonElement report = parser_.parse(text).value();
  const auto fields = fields_of(report);
  EXPECT_EQ(fields.size(), stor_fields().size());
  EXPECT_EQ(fields.at("entity_name"), "Beispielbörse");
  EXPECT_EQ(fields.at("country_of_execution"), "Germany (DE)");
  EXPECT_EQ(fields.at("crypto_asset_references"), "USDT: USD");
  EXPECT_TRUE(contains(fields.at("crypto_assets"), "BTC: Bitcoin, DTI 4H95J0R2X"));
  EXPECT_TRUE(contains(fields.at("country_of_order"), "maria: Austria (AT)"));
  EXPECT_TRUE(contains(fields.at("nature_of_suspicion"), "daily_open_limit, clause 2.10"));
  EXPECT_TRUE(contains(fields.at("reasons_activity"), "a-60: maria and maria-bot opened 7"));
  EXPECT_TRUE(contains(fields.at("measures_taken"), "m-61 close_only (3.5): applied"));
  EXPECT_TRUE(contains(fields.at("linked_accounts"), "maria, maria-bot: one person"));
  EXPECT_TRUE(contains(fields.at("client_identifier"), "person person-7"));
  EXPECT_TRUE(fields.at("person_name").starts_with("NA: Marktwacht holds no such data"));
  // Two trades, and the orders that they filled.
  EXPECT_EQ(elements_of(report, "evidence").size(), 4U);
  EXPECT_TRUE(contains(fields.at("references"), "orders: m2, m3"));
  EXPECT_TRUE(contains(fields.at("order_types"), "buy ")) << fields.at("order_types");
  // The evidence is in the orders, too.
  std::set<std::uint64_t> orders;
  simdjson::dom::parser lines;
  for (const std::string& line : split_lines(out({"orders", "--case", "c-60"}))) {
    orders.insert(number_of(lines.parse(line).value(), "seq"));
  }
  for (const JsonElement record : elements_of(report, "evidence")) {
    EXPECT_TRUE(orders.contains(number_of(record, "seq"))) << number_of(record, "seq");
  }
}

// Alerts have the times at which things were taken. The trade that made c-60 came half a day late,
// and an order from before it came when all was over.
TEST_F(ExportTest, WhatCameLateIsInTheSpanOfACaseInWhichItCame) {
  std::ifstream file(source + "/demo/exchange.ndjson");
  std::string day(std::istreambuf_iterator<char>(file), {});
  const std::string trade = R"("ts":"2026-03-02T10:15:21Z","trade_id":"10")";
  ASSERT_NE(day.find(trade), day.npos);
  day.replace(day.find(trade), trade.size(), R"("ts":"2026-03-01T22:15:21Z","trade_id":"10")");
  day += R"({"type":"tick","ts":"2026-03-03T00:00:01Z"})"
         "\n"
         R"({"type":"order","ts":"2026-03-02T10:00:00Z","order_id":"late","account_id":"maria",)"
         R"("instrument_id":"BTC-USDT-PERP","side":"buy","price":"60000","quantity":"1"})"
         "\n";
  const std::string late = folder_.path("late");
  EXPECT_EQ(run_binary({"run", folder_.write("late.ndjson", day), "--alerts",
                        folder_.path("late.alerts"), "--data", late})
                .exit_code,
            0);
  const BinaryRun orders = run_binary({"export", "orders", "--case", "c-60", "--data", late});
  EXPECT_TRUE(contains(orders.out, "\"trade_id\":\"10\"")) << orders.err << orders.out;
  EXPECT_FALSE(contains(orders.out, "\"late\"")) << orders.out;
  const BinaryRun said = run_binary({"export", "orders", "--case", "c-60", "--data", late, "--from",
                                     "2026-03-02T10:00:00Z", "--to", "2026-03-02T11:00:00Z"});
  EXPECT_FALSE(contains(said.out, "\"trade_id\":\"10\"")) << said.out;
  EXPECT_TRUE(contains(said.out, "\"late\"")) << said.out;
}

TEST_F(ExportTest, TheReportAsAPageInBothLanguages) {
  const std::string en = out({"stor", "c-60", "--format", "html"});
  const std::string de = out({"stor", "c-60", "--format", "html", "--lang", "de"});
  EXPECT_TRUE(contains(en, "<html lang=\"en\">") && contains(en, "Section 6"));
  EXPECT_TRUE(contains(de, "<html lang=\"de\">") && contains(de, "Abschnitt 6"));
  EXPECT_FALSE(contains(en, "<script"));
}

TEST_F(ExportTest, TheMonthOfEnforcement) {
  const JsonElement report = parser_.parse(out({"enforcement", "--month", "2026-03"})).value();
  const auto cases = elements_of(report, "cases");
  EXPECT_GE(number_of(cases.front(), "opened"), 1U);
  const auto measures = elements_of(report, "measures");
  EXPECT_GE(number_of(measures.front(), "in_force"), 1U);
  const std::string csv = out({"enforcement", "--month", "2026-03", "--format", "csv"});
  EXPECT_TRUE(contains(csv, "2026-03,measures,close_only,in_force,1\r\n")) << csv;
  EXPECT_TRUE(contains(out({"enforcement", "--month", "2026-04", "--format", "html"}), "2026-04"));
  EXPECT_TRUE(contains(out({"enforcement", "--month", "2026-13"}, 2), "month is YYYY-MM"));
}

// A cancel or trade names its orders only: against a plain reading of the lines.
TEST_F(ExportTest, OrdersOfAnAccountAreAllThatTheLinesSay) {
  std::map<std::string, std::string> owners;  // by order
  std::set<std::string> wanted;               // "type id" of maria's
  simdjson::dom::parser parser;
  std::ifstream file(source + "/demo/exchange.ndjson");
  for (std::string line; std::getline(file, line);) {
    const auto event = parser.parse(line);
    if (event.error() != simdjson::SUCCESS) {
      continue;
    }
    const auto get = [&](const char* name) {
      std::string_view value;
      return event.at_key(name).get(value) == simdjson::SUCCESS ? std::string(value) : "";
    };
    const std::string type = get("type"), order = get("order_id");
    if (type == "order" || type == "book_order") {
      owners[order] = get("account_id");
    }
    if (order.empty() ? false : owners[order] == "maria") {
      wanted.insert(type + " " + order);
    }
    for (const std::string& side : {get("maker_order_id"), get("taker_order_id")}) {
      if (type == "trade" && owners[side] == "maria") {
        wanted.insert("trade " + get("trade_id"));
      }
    }
  }
  std::set<std::string> told;
  for (const std::string& line : split_lines(out({"orders", "--account", "maria"}))) {
    const JsonElement record = parser.parse(line).value();
    const std::string type = text_of(record, "type");
    told.insert(type + " " + text_of(record, type == "trade" ? "trade_id" : "order_id"));
    if (type != "trade") {
      EXPECT_EQ(text_of(record, "account_id"), "maria") << line;
    }
  }
  EXPECT_FALSE(wanted.empty());
  EXPECT_EQ(told, wanted);
}

TEST_F(ExportTest, OrdersByTimeInstrumentAndForm) {
  const auto count = [&](std::vector<std::string> more) {
    more.insert(more.begin(), "orders");
    return split_lines(out(more)).size();
  };
  const std::size_t all = count({});
  const std::size_t morning = count({"--to", "2026-03-02T09:00:00Z"});
  const std::size_t later = count({"--from", "2026-03-02T09:00:00Z"});
  EXPECT_GT(morning, 0U);
  EXPECT_EQ(morning + later, all);
  EXPECT_EQ(count({"--instrument", "BTC-USDT"}) + count({"--instrument", "BTC-USDT-PERP"}), all);
  EXPECT_EQ(count({"--format", "csv"}), all + 1);
  EXPECT_EQ(count({"--from", "2026-03-03"}), 0U);
  EXPECT_TRUE(contains(out({"orders", "--from", "yesterday"}, 2), "2026-03-02T08:00:00Z"));
}

TEST_F(ExportTest, WhatIsNotThereIsSaid) {
  EXPECT_TRUE(contains(out({"stor", "c-1"}, 2), "no case c-1"));
  EXPECT_TRUE(contains(out({"orders", "--case", "c-1"}, 2), "no case c-1"));
  const BinaryRun none = run_binary({"export", "stor", "c-60", "--data", folder_.path("none")});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_TRUE(contains(none.err, "is no journal")) << none.err;
}

// A service may be writing: what it has not finished is no reason to report nothing. Anything else
// is.
TEST_F(ExportTest, ATornTailIsPassedOverAndAFaultIsNot) {
  const std::string whole = out({"orders"});
  std::filesystem::path last;
  for (const auto& entry : std::filesystem::directory_iterator(data() + "/journal")) {
    last = std::max(last, entry.path());
  }
  std::filesystem::resize_file(last, std::filesystem::file_size(last) - 3);
  EXPECT_FALSE(out({"orders"}).empty());
  std::fstream file(last, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(400);
  file.put('\x7f');
  file.close();
  EXPECT_TRUE(contains(out({"orders"}, 4), "does not verify"));
}

}  // namespace
}  // namespace marktwacht
