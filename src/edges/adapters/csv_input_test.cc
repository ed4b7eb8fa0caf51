// CSV files of trades: rows to events, faults to items, options to messages.
#include <gtest/gtest.h>

#include <random>

#include "edges/adapters/csv_trade.h"
#include "edges/adapters/inputs.h"
#include "edges/adapters/memory_source.h"
#include "edges/adapters/test_files.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

const std::string all_columns =
    "ts=t:ms,price=p,quantity=q,aggressor=side,buyer_id=b,seller_id=s,trade_id=id,instrument_id=i";

struct Given {
  std::string bytes;
  std::string columns = "ts=t,price=p,quantity=q";
  std::vector<std::string> instruments = {"A-B:0.01:1"};
  std::size_t piece = 1 << 20;
};

OpenedInput open(const Given& given) {
  std::vector<InstrumentOption> instruments;
  for (const std::string& text : given.instruments) {
    instruments.push_back(*parse_instrument_option(text));
  }
  return open_trades_csv(
      std::make_unique<MemorySource>(given.bytes, std::vector<std::size_t>{given.piece}),
      *parse_csv_columns(given.columns), instruments);
}

std::string describe(const Item& item) {
  std::string text = std::to_string(item.line) + "@" + std::to_string(item.offset) + " ";
  if (item.event != nullptr) {
    write_ndjson(*item.event, text);
  } else {
    text += std::string(word_of(item.fault.reason)) + " " + std::string(item.fault.field);
  }
  return text;
}

std::vector<std::string> read_all(Input& input) {
  std::vector<std::string> items;
  Batch batch;
  while (true) {
    const auto more = input.read(batch);
    if (!more) {
      items.push_back("error " + more.error());
      return items;
    }
    if (!*more) {
      return items;
    }
    for (const Item& item : batch.items) {
      items.push_back(describe(item));
    }
  }
}

std::vector<std::string> items_of(const Given& given) {
  const auto input = open(given);
  return input ? read_all(**input) : std::vector<std::string>{"not opened: " + input.error()};
}

std::string instrument_line(const std::string& where, const std::string& ts,
                            const std::string& id = "A-B", const std::string& base = "A",
                            const std::string& quote = "B", const std::string& tick = "0.01") {
  return where + " {\"type\":\"instrument\",\"ts\":" + ts + ",\"instrument_id\":\"" + id +
         "\",\"kind\":\"spot\",\"base\":\"" + base + "\",\"quote\":\"" + quote +
         "\",\"tick_size\":\"" + tick + "\",\"lot_size\":\"1\"}";
}

TEST(TradesCsv, InstrumentsThenTrades) {
  const Given given{"\xEF\xBB\xBFq,t,x,p\r\n\r\n5,100,\"y\",1.50\r\n6,200,,-2"};
  const std::vector<std::string> expected = {
      instrument_line("1@3", "100"),
      R"(3@14 {"type":"trade","ts":100,"trade_id":"1","instrument_id":"A-B","price":"1.5",)"
      R"("quantity":"5","aggressor":"buy"})",
      R"(4@30 {"type":"trade","ts":200,"trade_id":"2","instrument_id":"A-B","price":"-2",)"
      R"("quantity":"6","aggressor":"buy"})"};
  EXPECT_EQ(items_of(given), expected);
}

TEST(TradesCsv, EveryColumn) {
  const Given given{"t,p,q,side,b,s,id,i\n1500,1e2,3,Sell,bob,\"eve, \"\"e\"\"\",x-1,C/D\n",
                    all_columns,
                    {"A-B:0.01:1", "C/D:5:1"}};
  const std::vector<std::string> expected = {
      instrument_line("1@0", "1500000000"),
      instrument_line("1@0", "1500000000", "C/D", "C", "D", "5"),
      R"(2@20 {"type":"trade","ts":1500000000,"trade_id":"x-1","instrument_id":"C/D",)"
      R"("price":"100","quantity":"3","buyer_id":"bob","seller_id":"eve, \"e\"",)"
      R"("aggressor":"sell"})"};
  EXPECT_EQ(items_of(given), expected);
}

TEST(TradesCsv, AggressorWords) {
  const Given given{"t,p,q,side\n1,1,1,buy\n1,1,1,SELL\n1,1,1,B\n1,1,1,s\n1,1,1,bid\n1,1,1,\n",
                    "ts=t,price=p,quantity=q,aggressor=side"};
  const std::vector<std::string> items = items_of(given);
  ASSERT_EQ(items.size(), 7u);
  const std::string words[] = {"buy", "sell", "buy", "sell"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NE(items[i + 1].find("\"aggressor\":\"" + words[i] + "\""), std::string::npos);
  }
  EXPECT_EQ(items[5].substr(items[5].find(' ')), " bad_value aggressor");
  EXPECT_EQ(items[6].substr(items[6].find(' ')), " missing_field aggressor");
}

TEST(TradesCsv, FaultyRowsBecomeItems) {
  const std::pair<std::string, std::string> rows[] = {
      {"", "missing_field"},
      {",1,1,buy,b,s,x,A", "missing_field ts"},
      {"1,,1,buy,b,s,x,A", "missing_field price"},
      {"1,1,,buy,b,s,x,A", "missing_field quantity"},
      {"1,1,1,buy,b,s,,A", "missing_field trade_id"},
      {"1,1,1,buy,b,s,x,", "missing_field instrument_id"},
      {"1,1,1,buy,b,s,x", "missing_field instrument_id"},
      {"1,1", "missing_field trade_id"},
      {"z,,1,buy,b,s,x,A", "missing_field price"},
      {"z,1,1,buy,b,s,x,A", "bad_value ts"},
      {"-1,1,1,buy,b,s,x,A", "bad_value ts"},
      {"1.0000001,1,1,buy,b,s,x,A", "bad_value ts"},
      {"99999999999999,1,1,buy,b,s,x,A", "bad_value ts"},
      {"1,one,1,buy,b,s,x,A", "bad_value price"},
      {"1, 1,1,buy,b,s,x,A", "bad_value price"},
      {"1,1,0,buy,b,s,x,A", "bad_value quantity"},
      {"1,1,-3,buy,b,s,x,A", "bad_value quantity"},
      {"1,1,1,up,b,s,x,A", "bad_value aggressor"},
      {"1,1,1,buyer,b,s,x,A", "bad_value aggressor"},
      {"1,1,1,buy," + std::string(129, 'b') + ",s,x,A", "bad_value buyer_id"},
      {"1,1,1,buy,b,\xC3(,x,A", "bad_value seller_id"},
      {"1,1,1,buy,b,s,x,A,more", "bad_value "},
      {"1,1,1,buy,b\"b,s,x,A", "bad_value "},
      {std::string(line_bytes_max + 1, '1'), "too_large "},
  };
  for (const auto& [row, fault] : rows) {
    if (row.empty()) {
      continue;
    }
    const std::vector<std::string> items =
        items_of({"t,p,q,side,b,s,id,i\n" + row + "\n7,1,1,buy,b,s,x,A\n", all_columns});
    ASSERT_EQ(items.size(), 3u) << row;
    EXPECT_EQ(items[0], "2@20 " + fault) << row;
    EXPECT_EQ(items[1], instrument_line("1@0", "7000000")) << "faults before the first good row";
  }
}

TEST(TradesCsv, RowNumbersCountFaultyRowsToo) {
  const auto items = items_of({"t,p,q\n1,1,1\nx,1,1\n\n3,1,1\n"});
  ASSERT_EQ(items.size(), 4u);
  EXPECT_NE(items[3].find("\"trade_id\":\"3\""), std::string::npos) << items[3];
}

TEST(TradesCsv, OneQuoteThatNeverClosesIsOneFault) {
  const auto items = items_of({"t,p,q,note\n1,1,1,\"5 inch\n2,1,1,\n3,1,1,\n"});
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(items[0], "2@11 bad_value ");
  EXPECT_TRUE(items[2].starts_with("3@")) << items[2];
}

TEST(TradesCsv, RowsMayHoldLineBreaks) {
  const auto items = items_of({"t,p,q,note\n1,1,1,\"a\nb\"\n2,1,1,\n"});
  ASSERT_EQ(items.size(), 3u);
  EXPECT_TRUE(items[1].starts_with("2@11 {")) << items[1];
  EXPECT_TRUE(items[2].starts_with("4@")) << items[2];
}

TEST(TradesCsv, FilesWithoutAGoodRowStillNameTheirInstruments) {
  EXPECT_EQ(items_of({"t,p,q\n"}), std::vector<std::string>{instrument_line("1@0", "0")});
  const std::vector<std::string> expected = {"2@6 bad_value ts", instrument_line("1@0", "0")};
  EXPECT_EQ(items_of({"t,p,q\nx,1,1\n"}), expected);
}

TEST(TradesCsv, BaseAndQuoteComeFromTheId) {
  const std::pair<std::string, std::pair<std::string, std::string>> ids[] = {
      {"BTC-USDT", {"BTC", "USDT"}}, {"BTC/USD", {"BTC", "USD"}}, {"AST_BTC", {"AST", "BTC"}},
      {"TOK00", {"TOK00", "quote"}}, {"-X", {"-X", "quote"}},     {"A-B-C", {"A", "B-C"}},
      {"X-", {"X-", "quote"}}};
  for (const auto& [id, pair] : ids) {
    const auto items = items_of({"t,p,q\n", "ts=t,price=p,quantity=q", {id + ":0.01:1"}});
    EXPECT_EQ(items,
              std::vector<std::string>{instrument_line("1@0", "0", id, pair.first, pair.second)});
  }
}

TEST(TradesCsv, TimesAreExact) {
  const auto ns = [](std::string_view text, std::int64_t unit) {
    const auto time = parse_csv_time(text, unit);
    return time ? time->ns : -1;
  };
  constexpr std::int64_t s = 1'000'000'000, ms = 1'000'000, us = 1000;
  EXPECT_EQ(ns("1599955383", s), 1599955383 * s);
  EXPECT_EQ(ns("1599955383.5", s), 1599955383'500'000'000);
  EXPECT_EQ(ns("1599955383.123456789", s), 1599955383'123'456'789);
  EXPECT_EQ(ns("1599955383.1234567890", s), 1599955383'123'456'789);
  EXPECT_EQ(ns("1599955383.1234567891", s), -1);
  EXPECT_EQ(ns("1535297434173", ms), 1535297434173 * ms);
  EXPECT_EQ(ns("0.001", us), 1);
  EXPECT_EQ(ns("0.5", 1), -1);
  EXPECT_EQ(ns("1.6e9", s), 1'600'000'000 * s);
  EXPECT_EQ(ns("9223372036854775807", 1), 9223372036854775807);
  EXPECT_EQ(ns("9223372036854775808", 1), -1);
  EXPECT_EQ(ns("9223372037", s), -1);
  EXPECT_EQ(ns("1e127", s), -1);
  EXPECT_EQ(ns("2018-08-26T15:30:34.173Z", s), 1535297434'173'000'000);
  EXPECT_EQ(ns("2018-08-26T17:30:34+02:00", 1), 1535297434 * s);
  for (const std::string_view text : {"", "-1", "+1", "1 ", "now", "0x10", "1,5", "1970"}) {
    EXPECT_EQ(ns(text, s), text == "1970" ? 1970 * s : -1) << text;
  }
}

TEST(TradesCsv, SaysWhatIsMissing) {
  const auto error = [](const Given& given) { return items_of(given).front(); };
  EXPECT_NE(error({"t,p,q\n", "ts=t,price=p,quantity=q", {}}).find("--instrument ID:tick:lot"),
            std::string::npos);
  EXPECT_NE(error({"t,p,q\n", "ts=t,price=p,quantity=q", {"A:1:1", "B:1:1"}})
                .find("--columns instrument_id=COL"),
            std::string::npos);
  EXPECT_NE(error({"t,px,q\n"})
                .find("memory: --columns price=p: there is no such column; the "
                      "header line has 't', 'px', 'q'"),
            std::string::npos);
  EXPECT_NE(error({"t,p,q,p\n"}).find("2 times"), std::string::npos);
  EXPECT_NE(error({""}).find("is empty; trades-csv needs a header line"), std::string::npos);
  EXPECT_NE(error({"\n\n"}).find("is empty"), std::string::npos);
  EXPECT_NE(error({"t,\"p,q\n"}).find("header line is not one row"), std::string::npos);
  EXPECT_NE(open_trades_csv(std::make_unique<MemorySource>("t\n"), {}, {}).error().find("ts=COL"),
            std::string::npos);
}

TEST(TradesCsv, BlankLinesAreCounted) {
  const auto input = open({"\n\nt,p,q\n\n1,1,1\n\n", "ts=t,price=p,quantity=q", {"A:1:1"}, 1});
  ASSERT_TRUE(input) << input.error();
  std::uint64_t blank_lines = 0;
  Batch batch;
  while (*(*input)->read(batch)) {
    blank_lines += batch.blank_lines;
  }
  EXPECT_EQ(blank_lines, 4u);
}

TEST(TradesCsv, PiecesMakeNoDifference) {
  std::mt19937 random(11);
  std::string bytes = "t,p,q,side,b,s,id,i\n";
  const std::string letters = "0123456789,,,\"\n\r .buy";
  for (int i = 0; i < 3000; ++i) {
    if (random() % 3 == 0) {
      for (auto left = random() % 40; left > 0; --left) {
        bytes.push_back(letters[random() % letters.size()]);
      }
      bytes += '\n';
    } else {
      bytes += std::to_string(i) + ",1.5,2,buy,a" + std::to_string(random() % 9) + ",s,x,A-B\n";
    }
  }
  const auto whole = items_of({bytes, all_columns});
  EXPECT_GT(whole.size(), 2000u);
  for (const std::size_t piece : {1, 2, 13, 1000, 4096}) {
    EXPECT_TRUE(items_of({bytes, all_columns, {"A-B:0.01:1"}, piece}) == whole) << piece;
  }
}

// Reads a file of the development data; the number of trades, none of them at fault.
std::size_t count_trades(const std::string& path, const std::string& columns,
                         const std::vector<std::string>& instruments) {
  InputOptions options;
  options.from = "trades-csv";
  options.paths = {path};
  options.columns = *parse_csv_columns(columns);
  for (const std::string& text : instruments) {
    options.instruments.push_back(*parse_instrument_option(text));
  }
  const auto input = open_input(options);
  EXPECT_TRUE(input) << input.error();
  std::size_t trades = 0;
  Batch batch;
  while (input) {
    const auto more = (*input)->read(batch);
    EXPECT_TRUE(more) << more.error();
    if (!more || !*more) {
      break;
    }
    for (const Item& item : batch.items) {
      EXPECT_NE(item.event, nullptr) << describe(item);
      trades += item.event != nullptr && item.event->type == EventType::trade ? 1 : 0;
    }
  }
  return trades;
}

TEST(TradesCsv, ReadsTheDevelopmentDataWithoutAFault) {
  const auto data = development_data();
  if (!data) {
    GTEST_SKIP() << "skipped: no development data";
  }
  std::size_t trades = 0;
  for (const auto& file : std::filesystem::directory_iterator(*data / "binance-pumps-2018")) {
    const std::string path = file.path().string();
    if (path.ends_with(".csv.gz")) {
      trades += count_trades(
          path, "ts=ts_ms:ms,price=price_btc,quantity=amount_coin,aggressor=taker_side",
          {file.path().filename().string().substr(0, 7) + ":0.00000001:0.001"});
    }
  }
  EXPECT_GT(trades, 47'665u);
  EXPECT_EQ(count_trades((*data / "wash-oracle" / "trades.csv.gz").string(),
                         "ts=timestamp:s,price=price,quantity=amount,buyer_id=buyer,"
                         "seller_id=seller,trade_id=trade_id,instrument_id=token",
                         {"TOK00:1:1", "TOK01:1:1", "TOK02:1:1", "TOK03:1:1"}),
            7467u);
}

}  // namespace
}  // namespace marktwacht
