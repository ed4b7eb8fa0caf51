// `wash-trades` as a user meets it: forms of input, refusals, exit codes; and the trades with known
// labels, where they are at hand.
#include <gtest/gtest.h>

#include <sstream>

#include "app/binary_twin.h"
#include "app/gz_twin.h"

namespace marktwacht {
namespace {

constexpr const char* table = R"(trade_id,timestamp,token,buyer,seller,amount
t1,1599955200,TOK,ann,bob,7.5
t2,1599955201,TOK,bob,ann,7.50
t3,1599955202,TOK,ann,ann,1
t4,1599955203,TOK,ann,bob,3
t5,1599955204,TOK,ann,eve,3
)";
constexpr const char* table_labels = R"(trade_id,label
t1,wash
t2,wash
t3,self_trade
t4,checked_not_wash
t5,not_in_relevant_scc
)";

BinaryRun label(const std::string& input, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"wash-trades", "-", "--occurrence-min", "1"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_binary(arguments, input);
}

TEST(WashTradesCommandTest, LabelsEachTradeInTheOrderOfTheFile) {
  const BinaryRun run = label(table);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, table_labels);
  EXPECT_EQ(run.err,
            "5 trades: 1 not_in_relevant_scc, 1 checked_not_wash, 2 wash, 1 self_trade; "
            "0 rejected, 0 without buyer and seller\n");
}

TEST(WashTradesCommandTest, ASetMustOccurHundredTimesUnlessToldOtherwise) {
  const BinaryRun run = run_binary({"wash-trades", "-"}, table);
  EXPECT_FALSE(contains(run.out, "wash\n")) << run.out;
  EXPECT_TRUE(contains(run.out, "t1,not_in_relevant_scc\n"));
}

TEST(WashTradesCommandTest, MarginAndWindowsDecide) {
  const std::string trades =
      "trade_id,timestamp,token,buyer,seller,amount\n"
      "a,1599955200,T,x,y,100\nb,1599958900,T,y,x,99\nc,1599999999,T,x,z,1\n";
  EXPECT_TRUE(contains(label(trades).out, "a,checked_not_wash\nb,checked_not_wash\n"));
  EXPECT_TRUE(contains(label(trades, {"--margin", "0.0101"}).out, "a,wash\nb,wash\n"));
  EXPECT_TRUE(contains(label(trades, {"--margin", "0.0101", "--windows", "3600"}).out,
                       "a,checked_not_wash\nb,checked_not_wash\n"));
  EXPECT_TRUE(contains(label(trades, {"--margin", "0.0101", "--windows", "3600,7200"}).out,
                       "a,wash\nb,wash\n"));
}

TEST(WashTradesCommandTest, ColumnsStandInAnyOrderAndCellsMayBeQuoted) {
  const BinaryRun run = label(
      "amount,note,seller,buyer,token,timestamp,trade_id\r\n"
      "7e0,,\"b,ob\",ann,T,2020-09-13T00:00:00.9Z,\"q\"\"1\"\r\n"
      "\r\n"
      "7,\"x\",ann,\"b,ob\",T,1599955201.25,\"a,b\"\r\n");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "trade_id,label\n\"q\"\"1\",wash\n\"a,b\",wash\n");
}

TEST(WashTradesCommandTest, AmountsAreExact) {
  // In binary floating point 0.1 + 0.2 - 0.3 is not 0.
  const std::string trades =
      "trade_id,timestamp,token,buyer,seller,amount\n"
      "a,1,T,x,y,0.1\nb,2,T,x,y,0.2\nc,3,T,y,x,0.3\n";
  EXPECT_EQ(label(trades, {"--margin", "0"}).out, "trade_id,label\na,wash\nb,wash\nc,wash\n");
}

TEST(WashTradesCommandTest, RefusesRowsForAReasonAndKeepsTheOthers) {
  const TestFolder folder;
  const std::string text = std::string(table) +
                           "t6,1599955205,TOK,ann,,3\n"
                           "t7,yesterday,TOK,ann,bob,3\n"
                           "t8,-1,TOK,ann,bob,3\n"
                           "t9,1599955205,TOK,ann,bob,0\n"
                           "t10,1599955205,TOK,ann,bob,1e400\n"
                           "t11,1599955205,TOK,ann,bob\n"
                           "t12,1599955205,TOK,ann,bob,3,4\n"
                           "t13,1599955205,TOK," +
                           std::string(129, 'a') +
                           ",bob,3\n"
                           "t14,1599955205,TO\"K,ann,bob,3\n";
  const BinaryRun run = label(text, {"--rejected", folder.path("r"), "--strict"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.out, table_labels);
  EXPECT_TRUE(contains(run.err, "9 rejected")) << run.err;
  const char* const expected[] = {
      R"({"line":7,"offset":190,"reason":"missing_field","field":"seller",)",
      R"("reason":"bad_value","field":"timestamp",)",
      R"("reason":"bad_value","field":"timestamp",)",
      R"("reason":"bad_value","field":"amount",)",
      R"("reason":"bad_value","field":"amount",)",
      R"("reason":"missing_field","field":"amount",)",
      R"("reason":"bad_value",)",
      R"("reason":"bad_value","field":"buyer",)",
      R"("reason":"bad_value",)"};
  std::istringstream lines(folder.read("r"));
  std::string line;
  for (const char* const part : expected) {
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_TRUE(contains(line, part)) << line << "\n" << part;
  }
  EXPECT_FALSE(std::getline(lines, line));
  EXPECT_EQ(label(text).exit_code, 0);
}

TEST(WashTradesCommandTest, WrongUsageIsExplainedWithExitCode2) {
  const TestFolder folder;
  const std::string file = folder.write("t.csv", table);
  const struct {
    std::vector<std::string> arguments;
    std::string says;
  } cases[] = {
      {{}, "FILE"},
      {{folder.path("absent.csv")}, "absent.csv"},
      {{file, file}, "FILE"},
      {{file, "--occurrence-min", "0"}, "occurrence-min"},
      {{file, "--margin", "-0.01"}, "--margin -0.01"},
      {{file, "--margin", "1 %"}, "--margin 1 %"},
      {{file, "--margin", "0.0000000001"}, "9 digits"},
      {{file, "--windows", "3600,0"}, "windows"},
      {{file, "--from", "csv"}, "trades-csv"},
      {{file, "--rejected", folder.path("no/such/folder")}, "no/such/folder"},
      {{folder.write("empty.csv", "")}, "header line"},
      {{folder.write("twice.csv", "trade_id,timestamp,token,buyer,seller,amount,token\n")},
       "more than one column 'token'"},
      {{folder.write("lacks.csv", "trade_id,timestamp,token,buyer,seller\n")},
       "no column 'amount'"},
      {{folder.write("wide.csv",
                     "trade_id,timestamp,token,buyer,seller,amount\n"
                     "a,1,TOK,x,y,1e30\nb,2,TOK,y,x,1e-30\n")},
       "amounts of TOK"},
  };
  for (auto one : cases) {
    one.arguments.insert(one.arguments.begin(), "wash-trades");
    const BinaryRun run = run_binary(one.arguments);
    EXPECT_EQ(run.exit_code, 2) << one.says << "\n" << run.err;
    EXPECT_TRUE(contains(run.err, one.says)) << one.says << "\n" << run.err;
    EXPECT_EQ(run.out, "");
  }
}

TEST(WashTradesCommandTest, ReadsEventsAndFindsThePartiesBehindOrders) {
  const std::string events =
      R"({"type":"instrument","ts":1,"instrument_id":"TOK","kind":"spot","base":"TOK","quote":"USD","tick_size":"1","lot_size":"0.5"}
{"type":"trade","ts":1599955200000000000,"trade_id":"t1","instrument_id":"TOK","price":"9","quantity":"7.5","buyer_id":"ann","seller_id":"bob","aggressor":"buy"}
{"type":"order","ts":1599955200000000001,"order_id":"o1","account_id":"ann","instrument_id":"TOK","side":"sell","price":"9","quantity":"7.5"}
{"type":"order","ts":1599955200000000002,"order_id":"o2","account_id":"bob","instrument_id":"TOK","side":"buy","price":"9","quantity":"7.5"}
{"type":"trade","ts":1599955201000000000,"trade_id":"t2","instrument_id":"TOK","price":"9","quantity":"7.5","maker_order_id":"o1","taker_order_id":"o2"}
{"type":"trade","ts":1599955201500000000,"trade_id":"nobody","instrument_id":"TOK","price":"9","quantity":"1","aggressor":"buy"}
{"type":"trade","ts":1599955202000000000,"trade_id":"t3","instrument_id":"TOK","price":"9","quantity":"1","buyer_id":"ann","seller_id":"ann","aggressor":"buy"}
{"type":"trade","ts":1599955203000000000,"trade_id":"t4","instrument_id":"TOK","price":"9","quantity":"3","buyer_id":"ann","seller_id":"bob","aggressor":"sell"}
{"type":"trade","ts":1599955204000000000,"trade_id":"t5","instrument_id":"TOK","price":"9","quantity":"3","buyer_id":"ann","seller_id":"eve","aggressor":"sell"}
{"type":"trade","ts":1599955204000000000,"trade_id":"t6","instrument_id":"no such","price":"9","quantity":"3","buyer_id":"ann","seller_id":"eve","aggressor":"sell"}
)";
  const TestFolder folder;
  const BinaryRun run = label(events, {"--strict", "--rejected", folder.path("r")});
  EXPECT_EQ(run.exit_code, 3) << run.err;
  EXPECT_EQ(run.out, table_labels);
  EXPECT_TRUE(contains(run.err, "1 rejected, 1 without buyer and seller")) << run.err;
  EXPECT_TRUE(contains(folder.read("r"), "unknown_instrument"));
}

struct Oracle {
  std::string folder, labels;
};

// With the header line of our output.
Oracle oracle() {
  Oracle it{development_data() + "/wash-oracle/", "trade_id,label\n"};
  const auto lines = read_gz_lines(it.folder + "expected.csv.gz");
  for (std::size_t row = 1; row < lines.size(); ++row) {
    it.labels += lines[row] + "\n";
  }
  return it;
}

TEST(WashTradesCommandTest, GivesTheKnownLabelsInEveryRow) {
  if (development_data().empty()) {
    GTEST_SKIP() << "skipped: no development data";
  }
  const Oracle known = oracle();
  EXPECT_GT(known.labels.size(), 100'000u);
  const BinaryRun run = run_binary(
      {"wash-trades", known.folder + "trades.csv.gz", "--occurrence-min", "20", "--strict"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(run.out == known.labels) << run.err;
}

// s000000,1599955383,TOK02,BUYER,SELLER,14.7903,1.0
std::string trade_event(const std::string& row) {
  std::vector<std::string> cells;
  std::istringstream in(row);
  for (std::string cell; std::getline(in, cell, ',');) {
    cells.push_back(cell);
  }
  return R"({"type":"trade","trade_id":")" + cells[0] + R"(","ts":)" + cells[1] +
         R"(000000000,"instrument_id":")" + cells[2] + R"(","buyer_id":")" + cells[3] +
         R"(","seller_id":")" + cells[4] + R"(","quantity":")" + cells[5] + R"(","price":")" +
         cells[6] + R"(","aggressor":"buy"})" + "\n";
}

TEST(WashTradesCommandTest, EventsAndJournalsGiveTheSameLabelsAsTheTable) {
  if (development_data().empty()) {
    GTEST_SKIP() << "skipped: no development data";
  }
  const Oracle known = oracle();
  std::string events;
  for (const char* token : {"TOK00", "TOK01", "TOK02", "TOK03"}) {
    events += std::string(R"({"type":"instrument","ts":1,"kind":"spot","instrument_id":")") +
              token + R"(","base":")" + token +
              R"(","quote":"ETH","tick_size":"0.000001","lot_size":"0.0001"})" + "\n";
  }
  const auto rows = read_gz_lines(known.folder + "trades.csv.gz");
  for (std::size_t row = 1; row < rows.size(); ++row) {
    events += trade_event(rows[row]);
  }
  const TestFolder folder;
  const std::string text = folder.write("e.ndjson", events);
  const std::string journal = folder.path("e.mwj");
  ASSERT_EQ(run_binary({"convert", "--to", "journal", text, journal}).exit_code, 0);
  for (const std::string& file : {text, journal}) {
    const BinaryRun run = run_binary({"wash-trades", file, "--occurrence-min", "20", "--strict"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_TRUE(run.out == known.labels) << run.err;
  }
}

}  // namespace
}  // namespace marktwacht
