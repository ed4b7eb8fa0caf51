// The program as a user meets it: options, exit codes, files, and one state by every way in.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/binary_twin.h"
#include "base/arena.h"
#include "edges/journal/journal.h"
#include "engine/stream_twin.h"
#include "events/record.h"

namespace marktwacht {
namespace {

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

constexpr const char* venue =
    R"({"type":"instrument","ts":1,"instrument_id":"BTC-USDT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"instrument","ts":1,"instrument_id":"ETH-USDT","kind":"spot","base":"ETH","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"order","ts":1700000000000000000,"order_id":"a","account_id":"ann","instrument_id":"BTC-USDT","side":"buy","price":100,"quantity":1}
{"type":"order","ts":1700000000000000001,"order_id":"b","account_id":"bob","instrument_id":"BTC-USDT","side":"sell","price":101,"quantity":1}
{"type":"order","ts":1700000000000000001,"order_id":"b2","account_id":"bob","instrument_id":"BTC-USDT","side":"sell","price":101,"quantity":1}
)";

TEST(RunTest, SaysWhatItSaw) {
  const BinaryRun run = run_binary({"run", "-"}, venue);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_TRUE(contains(run.err, "events: 5\n"));
  EXPECT_TRUE(contains(run.err, "rejected: 0\n"));
  EXPECT_TRUE(contains(run.err, "blind spots: 0\n"));
}

TEST(RunTest, WrongUsageIsExplainedWithExitCode2) {
  const TestFolder folder;
  const std::string events = folder.write("e.ndjson", venue);
  const struct {
    std::vector<std::string> arguments;
    std::string says;
  } cases[] = {
      {{}, "subcommand"},
      {{"rum", events},
       "unknown command rum; allowed: run, convert, verify, explain, backtest, rules, groups, "
       "measures, cases, "
       "score, wash-trades, simulate, gate, user, token, key, canary, export, vault, bench, serve, "
       "checkpoint, demo"},
      {{"run"}, "FILE"},
      {{"run", events, "--nonsense"}, "--nonsense"},
      {{"run", events, "--from", "csv"}, "hyperliquid"},
      {{"run", events, "--threads", "0"}, "1"},
      {{"run", events, "--config", folder.path("absent.toml")}, "absent.toml"},
      {{"run", folder.path("absent.ndjson")}, "absent.ndjson"},
      {{"run", events, "--rejected", folder.path("no/such/folder")}, "no/such/folder"},
      {{"run", events, "--from", "trades-csv"}, "--columns"},
      {{"run", events, "--from", "trades-csv", "--columns", "ts=t,price=p,quantity=q"},
       "--instrument"},
      {{"run", events, "--instrument", "BTC:x:1", "--from", "trades-csv"}, "BTC:x:1"},
      {{"convert", "--to", "csv", events, "-"}, "ndjson,journal,itch"},
      {{"verify", events}, "no journal"},
  };
  for (const auto& one : cases) {
    const BinaryRun run = run_binary(one.arguments);
    EXPECT_EQ(run.exit_code, 2) << one.says << "\n" << run.err;
    EXPECT_TRUE(contains(run.err, one.says)) << one.says << "\n" << run.err;
  }
}

TEST(RunTest, AConfigWithErrorsTellsAllOfThemAtOnce) {
  const TestFolder folder;
  const std::string events = folder.write("e.ndjson", venue);
  const std::string config = folder.write("marktwacht.toml",
                                          "trading_day_start = \"25:00\"\n"
                                          "nonsense = 1\n"
                                          "\n"
                                          "jump_max_days = 0\n");
  const BinaryRun run = run_binary({"run", events, "--config", config});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_TRUE(contains(run.err, "marktwacht.toml:1: trading_day_start must be")) << run.err;
  EXPECT_TRUE(contains(run.err, "marktwacht.toml:2: unknown key \"nonsense\"")) << run.err;
  EXPECT_TRUE(contains(run.err, "marktwacht.toml:4: jump_max_days must be")) << run.err;
  const std::string broken = folder.write("broken.toml", "a = = 1\n");
  EXPECT_TRUE(contains(run_binary({"run", events, "--config", broken}).err, "broken.toml:1: "));
}

TEST(RunTest, TheShippedConfigHoldsEveryDefault) {
  const TestFolder folder;
  const std::string events = folder.write("e.ndjson", text_of(random_stream(2, 500)));
  const BinaryRun plain = run_binary({"run", events, "--state-hash"});
  const BinaryRun with = run_binary(
      {"run", events, "--state-hash", "--config", MARKTWACHT_SOURCE_DIR "/config/marktwacht.toml"});
  EXPECT_EQ(with.exit_code, 0) << with.err;
  EXPECT_EQ(state_hash_of(plain), state_hash_of(with));
}

TEST(RunTest, StrictEndsWith3WhenSomethingWasRejected) {
  EXPECT_EQ(run_binary({"run", "-", "--strict"}, venue).exit_code, 0);
  EXPECT_EQ(run_binary({"run", "-", "--strict"}, std::string(venue) + "{\n").exit_code, 3);
  EXPECT_EQ(run_binary({"run", "-"}, std::string(venue) + "{\n").exit_code, 0);
}

TEST(RunTest, TheRejectedFileNamesLineOffsetReasonFieldAndHead) {
  const TestFolder folder;
  const std::string events = folder.write(
      "e.ndjson", "\xEF\xBB\xBF{\"type\":\"tick\",\"ts\":1}\r\n\n{\"type\":\"tick\"}\n{oops\n");
  run_binary({"run", events, "--rejected", folder.path("r")});
  EXPECT_EQ(
      folder.read("r"),
      R"({"line":3,"offset":28,"reason":"missing_field","field":"ts","head":"{\"type\":\"tick\"}"}
{"line":4,"offset":44,"reason":"json","head":"{oops"}
)");
}

// Every line of "Bad input": its reason, and the state as if it had not been there.
TEST(RunTest, EveryMalformedLineGivesItsReasonAndChangesNoState) {
  const std::string order_head =
      R"({"type":"order","ts":1700000000000000002,"order_id":"x","account_id":"new","instrument_id":)";
  const std::string trade_head =
      R"({"type":"trade","ts":1700000000000000002,"trade_id":"t","instrument_id":"BTC-USDT","price":101,"quantity":)";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{", "json"},
      {"\xFF\xFE", "json"},
      {R"({"type":"tick","ts":1,"ts":1})", "json"},
      {R"({"type":"tick"})", "missing_field"},
      {R"({"ts":1})", "missing_field"},
      {R"({"type":"tick","ts":"soon"})", "bad_value"},
      {order_head + R"("BTC-USDT","side":"up","price":1,"quantity":1})", "bad_value"},
      {order_head + R"("BTC-USDT","side":"buy","price":1,"quantity":0})", "bad_value"},
      {order_head + R"("BTC-USDT","side":"buy","price":0,"quantity":1})", "bad_value"},
      {R"({"type":"ordre","ts":1})", "unknown_type"},
      {order_head + R"("XXX","side":"buy","price":1,"quantity":1})", "unknown_instrument"},
      {R"({"type":"cancel","ts":1700000000000000002,"order_id":"x","reason":"user"})",
       "unknown_order"},
      {R"({"type":"order","ts":1700000000000000002,"order_id":"a","account_id":"new","instrument_id":"BTC-USDT","side":"buy","price":1,"quantity":1})",
       "duplicate_order"},
      {trade_head + R"(1,"maker_order_id":"b","taker_order_id":"b2"})", "mismatch"},
      {R"({"type":"cancel","ts":1700000000000000002,"order_id":"a","instrument_id":"ETH-USDT","reason":"user"})",
       "mismatch"},
      {trade_head + R"(2,"maker_order_id":"b","taker_order_id":"a"})", "overfill"},
      {order_head + R"("BTC-USDT","side":"buy","price":"1.25","quantity":1})", "off_tick"},
      {order_head + R"("BTC-USDT","side":"buy","price":1,"quantity":"0.0005"})", "off_lot"},
      {order_head + R"("BTC-USDT","side":"buy","price":"1.0000001","quantity":1})", "scale"},
      {R"({"type":"tick","ts":1,"x":")" + std::string(1 << 20, 'y') + "\"}", "too_large"},
      {R"({"type":"tick","ts":1,"x":)" + std::string(16, '[') + std::string(16, ']') + "}",
       "too_deep"},
      {R"({"type":"decision","ts":1700000000000000002,"user_id":"eve","kind":"approve"})",
       "forbidden_type"},
      {R"({"type":"command_result","ts":1700000000000000002,"command_id":"c","account_id":"a","result":"applied"})",
       "forbidden_type"},
      {R"({"type":"alert","ts":1700000000000000002,"alert_id":"a","revision":1,"state":"open"})",
       "forbidden_type"},
      {R"({"type":"tick","ts":1800000000000000000})", "skew"},
  };
  const std::string clean = state_hash_of(run_binary({"run", "-", "--state-hash"}, venue));
  ASSERT_EQ(clean.size(), 64u);
  const TestFolder folder;
  std::string all = venue;
  for (const auto& [line, reason] : cases) {
    all += line + "\n";
  }
  const std::string events = folder.write("e.ndjson", all);
  const BinaryRun run = run_binary({"run", events, "--state-hash", "--rejected", folder.path("r")});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(state_hash_of(run), clean);
  const auto records = split_lines(folder.read("r"));
  ASSERT_EQ(records.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_TRUE(contains(records[i], "\"reason\":\"" + cases[i].second + "\"")) << records[i];
    EXPECT_TRUE(contains(records[i], "{\"line\":" + std::to_string(6 + i) + ",")) << records[i];
  }
}

TEST(RunTest, OneStateByEveryWayIn) {
  const TestFolder folder;
  const std::string text = text_of(random_stream(7, 4'000));
  const std::string events = folder.write("e.ndjson", text);
  const std::string hash = state_hash_of(run_binary({"run", events, "--state-hash"}));
  ASSERT_EQ(hash.size(), 64u);
  EXPECT_EQ(state_hash_of(run_binary({"run", "-", "--state-hash"}, text)), hash);
  for (const char* threads : {"1", "2", "4"}) {
    EXPECT_EQ(state_hash_of(run_binary({"run", events, "--state-hash", "--threads", threads})),
              hash);
  }
  const std::string journal = folder.path("j.mwj"), segments = folder.path("segments");
  for (const std::string& to : {journal, segments}) {
    ASSERT_EQ(run_binary({"convert", "--to", "journal", events, to}).exit_code, 0);
    const BinaryRun replay = run_binary({"run", to, "--state-hash", "--strict"});
    EXPECT_EQ(replay.exit_code, 0) << replay.err;
    EXPECT_EQ(state_hash_of(replay), hash);
    EXPECT_EQ(run_binary({"verify", to}).exit_code, 0);
  }
  const std::string canonical = folder.path("canonical.ndjson");
  ASSERT_EQ(run_binary({"convert", "--to", "ndjson", journal, canonical}).exit_code, 0);
  EXPECT_EQ(state_hash_of(run_binary({"run", canonical, "--state-hash"})), hash);
  ASSERT_EQ(std::system(("gzip -k " + events).c_str()), 0);
  EXPECT_EQ(state_hash_of(run_binary({"run", events + ".gz", "--state-hash"})), hash);
}

TEST(RunTest, SeveralFilesAreMergedByTime) {
  const TestFolder folder;
  std::vector<std::string> first, second, both;
  for (const std::string& line : split_lines(venue)) {
    both.push_back(line);
  }
  first = both;
  for (int i = 0; i < 200; ++i) {
    const std::string line =
        R"({"type":"order","ts":)" + std::to_string(1'700'000'000'000'000'100 + i) +
        R"(,"order_id":"n)" + std::to_string(i) +
        R"(","account_id":"ann","instrument_id":"BTC-USDT","side":"buy","price":100,"quantity":1})";
    both.push_back(line);
    (i % 3 == 0 ? second : first).push_back(line);
  }
  const std::string whole = folder.write("whole", text_of(both));
  const std::string a = folder.write("a", text_of(first)), b = folder.write("b", text_of(second));
  EXPECT_EQ(state_hash_of(run_binary({"run", a, b, "--state-hash"})),
            state_hash_of(run_binary({"run", whole, "--state-hash"})));
}

TEST(ConvertTest, GoesBothWaysWithoutLoss) {
  const TestFolder folder;
  const std::string events = folder.write("e.ndjson", text_of(random_stream(9, 2'000)));
  const auto convert = [&](const char* to, const std::string& in, const std::string& name) {
    const BinaryRun run = run_binary({"convert", "--to", to, in, folder.path(name)});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return folder.path(name);
  };
  const std::string journal = convert("journal", events, "1.mwj");
  const std::string lines = convert("ndjson", journal, "2.ndjson");
  const std::string again = convert("journal", lines, "3.mwj");
  convert("ndjson", again, "4.ndjson");
  EXPECT_EQ(folder.read("1.mwj"), folder.read("3.mwj"));
  EXPECT_EQ(folder.read("2.ndjson"), folder.read("4.ndjson"));
  EXPECT_GT(split_lines(folder.read("2.ndjson")).size(), 1'000u);
}

TEST(ConvertTest, DecisionsNeedTrustOrAJournalThatVerifies) {
  const TestFolder folder;
  const std::string decision =
      R"({"type":"decision","ts":1700000000000000002,"user_id":"eva","kind":"note","case_id":"c","reason":"seen","text":"called"})";
  const std::string events = folder.write("e.ndjson", venue + decision + "\n");
  EXPECT_EQ(run_binary({"convert", "--strict", "--to", "journal", events, folder.path("no.mwj")})
                .exit_code,
            3);
  ASSERT_EQ(run_binary(
                {"convert", "--trust", "--strict", "--to", "journal", events, folder.path("j.mwj")})
                .exit_code,
            0);
  EXPECT_EQ(run_binary({"run", "--strict", folder.path("j.mwj")}).exit_code, 0);
  // One byte of an order's account, with its CRC left as it was, would be found at once; so change
  // the chain's last seal instead: the records still read, but the journal does not verify.
  std::string bytes = folder.read("j.mwj");
  bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] ^ 1);
  folder.write("bad.mwj", bytes);
  EXPECT_EQ(run_binary({"verify", folder.path("bad.mwj")}).exit_code, 4);
  EXPECT_NE(run_binary({"run", "--strict", folder.path("bad.mwj")}).exit_code, 0);
}

TEST(VerifyTest, FindsAFlippedByteWithExitCode4) {
  const TestFolder folder;
  const std::string events = folder.write("e.ndjson", text_of(random_stream(4, 300)));
  const BinaryRun kept = run_binary({"run", events, "--data", folder.path("data")});
  ASSERT_EQ(kept.exit_code, 0) << kept.err;
  const BinaryRun good = run_binary({"verify", folder.path("data")});
  EXPECT_EQ(good.exit_code, 0) << good.out << good.err;
  EXPECT_TRUE(contains(good.out, "as recorded")) << good.out;
  const std::string segment = "data/journal/00000000000000000001.mwj";
  const std::string bytes = folder.read(segment);
  ASSERT_FALSE(bytes.empty());
  for (std::size_t at = 0; at < bytes.size(); at += bytes.size() / 23) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    folder.write(segment, changed);
    EXPECT_EQ(run_binary({"verify", folder.path("data")}).exit_code, 4) << "byte " << at;
  }
  // A second run must not write over what is there.
  EXPECT_EQ(run_binary({"run", events, "--data", folder.path("data")}).exit_code, 2);
}

constexpr const char* every_second_order = R"toml([rulebook]
id = "own"
[[rule]]
id = "busy"
clause = "1.1"
on = ["order"]
by = ["account"]
window = "day"
let = { n = "count()" }
when = "n >= 2"
)toml";

// The journal at `from` once more, as `engine` would have written it, its last alert changed.
void forge(const std::string& from, const std::string& to, std::uint32_t engine) {
  const JournalReport report = verify_journal(from);
  auto reader = JournalReader::open(from);
  auto writer = JournalWriter::open(to, {.engine = engine});
  ASSERT_TRUE(reader && writer);
  Arena arena;
  JournalRecord record;
  while (reader->next(record).value()) {
    const Event* event = read_record(record.payload, arena);
    ASSERT_NE(event, nullptr);
    if (event->type != EventType::alert || record.seq != report.last_seq) {
      ASSERT_TRUE(writer->append(*event));
      continue;
    }
    event::Alert changed = as<event::Alert>(*event);
    std::string body(changed.body.view());
    body.replace(body.find("\"n\",\"value\":\"2\""), 15, "\"n\",\"value\":\"3\"");
    changed.body = make_text(body);
    ASSERT_TRUE(writer->append(changed));
  }
  ASSERT_TRUE(writer->record_state_hash(report.state_hashes.back().hash));
  ASSERT_TRUE(writer->close());
}

TEST(VerifyTest, AlertsThatThisEngineDoesNotMakeAreAFaultUnlessAnotherOneMadeThem) {
  const TestFolder folder;
  const std::string events = folder.write("e.ndjson", venue);
  const std::string book = folder.write("own.toml", every_second_order);
  const std::string data = folder.path("data");
  ASSERT_EQ(run_binary({"run", events, "--rulebook", book, "--data", data}).exit_code, 0);
  const BinaryRun good = run_binary({"verify", data});
  EXPECT_EQ(good.exit_code, 0) << good.out;
  EXPECT_TRUE(contains(good.out, "alert records: 2 as this version makes them, 0 not")) << good.out;
  EXPECT_FALSE(contains(good.out, "engine version")) << good.out;

  forge(data, folder.path("same.mwj"), engine_version);
  const BinaryRun same = run_binary({"verify", folder.path("same.mwj")});
  EXPECT_EQ(same.exit_code, 4) << same.out;
  EXPECT_TRUE(contains(same.out, "alert records: 1 as this version makes them, 1 not")) << same.out;
  // Enforcement reads the records: with a forged one the state is another.
  EXPECT_TRUE(contains(same.out, "DIFFERS")) << same.out;
  EXPECT_TRUE(contains(same.out, "the first that differs: alert ")) << same.out;

  forge(data, folder.path("other.mwj"), engine_version + 1);
  const BinaryRun other = run_binary({"verify", folder.path("other.mwj")});
  EXPECT_EQ(other.exit_code, 0) << other.out;
  EXPECT_TRUE(contains(other.out, "alert records: 1 as this version makes them, 1 not"));
  EXPECT_TRUE(contains(other.out, "written by engine version " +
                                      std::to_string(engine_version + 1) +
                                      ", replayed by version " + std::to_string(engine_version)))
      << other.out;
  // Converted, they are still that engine's.
  const std::string again = folder.path("again.mwj");
  EXPECT_EQ(run_binary({"convert", "--to", "journal", folder.path("other.mwj"), again}).exit_code,
            0);
  EXPECT_EQ(verify_journal(again).engines, std::vector{engine_version + 1});
}

// Orders of two days, above what one account had on a day before.
TEST(VerifyTest, BaselinesAreRecordsOfTheJournal) {
  const TestFolder folder;
  std::string lines = std::string(venue).substr(0, std::string(venue).find("{\"type\":\"order\""));
  int number = 0;
  const auto orders = [&](std::int64_t at, const char* account, int times) {
    for (int i = 0; i < times; ++i, ++number) {
      lines +=
          R"({"type":"order","ts":)" + std::to_string(at + number) +
          R"(,"instrument_id":"BTC-USDT","side":"buy","price":90,"quantity":1,"account_id":")" +
          account + R"(","order_id":")" + std::to_string(number) + "\"}\n";
    }
  };
  const std::int64_t midnight = 1'700'006'400'000'000'000;
  orders(midnight, "ann", 4);
  orders(midnight + day.ns, "bob", 5);
  const std::string events = folder.write("e.ndjson", lines);
  std::string text = every_second_order;
  text.replace(text.find("[\"account\"]"), 11, "[\"account\", \"instrument\"]");
  text.replace(text.find("n >= 2"), 6, "n >= 2 and n > baseline('n')");
  const std::string book = folder.write("own.toml", text);
  const std::string data = folder.path("data");
  const BinaryRun run =
      run_binary({"run", events, "--rulebook", book, "--data", data, "--state-hash"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(contains(run.out, R"("account_ids":["bob"])")) << run.out;
  EXPECT_TRUE(contains(run.out, R"({"name":"n","value":"5","limit":"4"})")) << run.out;
  const BinaryRun verified = run_binary({"verify", data});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  EXPECT_TRUE(contains(verified.out, "baselines: 1 numbers as this version learns them, 0 not"));
  const BinaryRun replay = run_binary({"run", data, "--state-hash", "--strict"});
  EXPECT_EQ(replay.out, run.out);
  EXPECT_EQ(state_hash_of(replay), state_hash_of(run));

  const std::string again = folder.path("again.ndjson");
  ASSERT_EQ(run_binary({"convert", "--to", "ndjson", data, again}).exit_code, 0);
  const std::string told = folder.read("again.ndjson");
  const std::size_t at = told.find(R"("name":"baselines")");
  ASSERT_NE(at, told.npos);
  EXPECT_TRUE(contains(told.substr(at, 120), "n\\n4 BTC-USDT\\n")) << told.substr(at, 120);
  // A feed may not say them.
  EXPECT_TRUE(contains(run_binary({"run", again}).err, "forbidden_type"));
  EXPECT_EQ(run_binary({"run", again, "--trust", "--strict"}).exit_code, 0);
}

TEST(VerifyTest, SignedJournalsNeedTheirKey) {
  const TestFolder folder;
  const std::string events = folder.write("e.ndjson", venue);
  const std::string key = folder.write("key", std::string(63, '1') + "2\n");
  ASSERT_EQ(std::system(("chmod 600 " + key).c_str()), 0);
  const std::string config = folder.write("c.toml", "journal_signing_key_file = \"" + key + "\"\n");
  ASSERT_EQ(
      run_binary({"convert", "--to", "journal", "--config", config, events, folder.path("s.mwj")})
          .exit_code,
      0);
  EXPECT_EQ(run_binary({"verify", folder.path("s.mwj")}).exit_code, 0);
  EXPECT_EQ(
      run_binary({"verify", folder.path("s.mwj"), "--public-key", std::string(64, 'a')}).exit_code,
      4);
  EXPECT_EQ(run_binary({"verify", folder.path("s.mwj"), "--public-key", "abc"}).exit_code, 2);
  ASSERT_EQ(std::system(("chmod 644 " + key).c_str()), 0);
  EXPECT_EQ(
      run_binary({"convert", "--to", "journal", "--config", config, events, folder.path("t.mwj")})
          .exit_code,
      1);
}

TEST(RunTest, RandomBytesAreCountedNotFatal) {
  const TestFolder folder;
  std::string noise;
  std::uint64_t state = 88172645463325252ull;
  for (int i = 0; i < (1 << 21); ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    noise.push_back(static_cast<char>(state >> 32));
  }
  const BinaryRun run = run_binary({"run", folder.write("noise", noise)});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(contains(run.err, "events: 0\n")) << run.err;
}

TEST(RunTest, ShowsTheMarketOfTheDemoStream) {
  const BinaryRun run =
      run_binary({"run", MARKTWACHT_SOURCE_DIR "/demo/exchange.ndjson", "--show"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  for (const char* part : {"BTC-USDT  spot", "BTC-USDT-PERP  perpetual", "59985.5", "tomek",
                           "quotes-inc", "g-maria: maria maria-bot", "g-tomek: tomek tomek-2"}) {
    EXPECT_TRUE(contains(run.out, part)) << part << "\n" << run.out;
  }
  EXPECT_TRUE(contains(run.err, "off_tick               1")) << run.err;
  EXPECT_TRUE(contains(run.err, "source gateway lacks source_seq 3 to 4")) << run.err;
}

}  // namespace
}  // namespace marktwacht
