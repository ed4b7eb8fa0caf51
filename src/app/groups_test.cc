// Control groups as a user asks for them, and as rules use them.
#include <gtest/gtest.h>

#include <string>

#include "app/binary_twin.h"

namespace marktwacht {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// ann and bob on one phone, bob and cem by a transfer, dan and eve by a person; guy alone.
constexpr const char* evidence =
    R"({"type":"login","ts":1700000000000000000,"account_id":"ann","result":"ok","ip":"203.0.113.9","device_id":"phone"}
{"type":"login","ts":1700000000000000000,"account_id":"bob","result":"ok","ip":"203.0.113.10","device_id":"phone"}
{"type":"login","ts":1700000000000000000,"account_id":"guy","result":"failed","device_id":"phone"}
{"type":"transfer","ts":1700000000000000001,"from_account_id":"bob","to_account_id":"cem","asset":"USDT","amount":5}
{"type":"transfer","ts":1700000000000000001,"from_account_id":"cem","to_account_id":"bob","asset":"USDT","amount":4}
{"type":"account","ts":1700000000000000002,"account_id":"dan","person_id":"p7"}
{"type":"account","ts":1700000000000000002,"account_id":"eve","person_id":"p7"}
)";

TEST(GroupsTest, ListWhyPathAndExport) {
  const TestFolder folder;
  const std::string file = folder.write("e.ndjson", evidence);
  const BinaryRun list = run_binary({"groups", "list", file});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_EQ(list.out,
            "{\"group_id\":\"g-ann\",\"account_ids\":[\"ann\",\"bob\",\"cem\"],\"fragile\":false}\n"
            "{\"group_id\":\"g-dan\",\"account_ids\":[\"dan\",\"eve\"],\"fragile\":false}\n");

  const BinaryRun why = run_binary({"groups", "why", "bob", "ann", file});
  EXPECT_EQ(why.exit_code, 0) << why.err;
  EXPECT_EQ(why.out,
            "ann and bob: linked\n"
            "  prior                                                                 -20\n"
            "  device    device phone, shared by 2                                    26\n"
            "  network   subnet 203.0.113.0/24, shared by 2                            6\n"
            "  sum       99.9756 %                                                    12\n"
            "            linked from                                                   5\n"
            "            suspected from                                                0\n"
            "  ann is in g-ann\n"
            "  bob is in g-ann\n");

  const BinaryRun path = run_binary({"groups", "path", "cem", "ann", file});
  EXPECT_EQ(path.out,
            "cem\n"
            "  returned, shared by 2 (sum 6)\n"
            "bob\n"
            "  device phone, shared by 2 (sum 12)\n"
            "ann\n");
  EXPECT_EQ(run_binary({"groups", "path", "ann", "guy", file}).out,
            "ann and guy are in no common group\n");
  EXPECT_EQ(run_binary({"groups", "path", "eve", "dan", file}).out, "eve\n  person p7\ndan\n");

  const BinaryRun stp = run_binary({"groups", "export", file});
  EXPECT_TRUE(contains(stp.out, "{\"account_id\":\"cem\",\"group_id\":\"g-ann\"}\n"));
  EXPECT_FALSE(contains(stp.out, "guy"));
}

TEST(GroupsTest, WrongQuestionsAreUsage) {
  const TestFolder folder;
  const std::string file = folder.write("e.ndjson", evidence);
  const BinaryRun unknown = run_binary({"groups", "why", "ann", "zoe", file});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_TRUE(contains(unknown.err, "no event names the account \"zoe\"")) << unknown.err;
  EXPECT_EQ(run_binary({"groups", "path", "ann", "ann", file}).exit_code, 2);
  EXPECT_EQ(run_binary({"groups"}).exit_code, 2);
  EXPECT_EQ(run_binary({"groups", "list", folder.path("absent")}).exit_code, 2);
}

TEST(GroupsTest, FilesJournalsAndDataDirectoriesSayTheSame) {
  const TestFolder folder;
  const std::string file = folder.write("e.ndjson", evidence);
  ASSERT_EQ(run_binary({"run", file, "--data", folder.path("data")}).exit_code, 0);
  const std::string expected = run_binary({"groups", "list", file}).out;
  EXPECT_EQ(run_binary({"groups", "list", folder.path("data")}).out, expected);
  EXPECT_EQ(run_binary({"groups", "list", folder.path("data/journal")}).out, expected);
  ASSERT_EQ(run_binary({"run", file, "--groups", folder.path("groups")}).exit_code, 0);
  EXPECT_EQ(folder.read("groups"), expected);
}

TEST(GroupsTest, PeopleConfirmAndRefuseAndTimePasses) {
  const TestFolder folder;
  const std::string decisions = folder.write(
      "d.ndjson",
      std::string(evidence).append(
          R"({"type":"decision","ts":1700000000000000003,"user_id":"u","kind":"link_refuse","reason":"sisters","account_ids":["ann","bob"]}
{"type":"decision","ts":1700000000000000004,"user_id":"u","kind":"link_confirm","reason":"said so","account_ids":["bob","cem"]}
{"type":"decision","ts":1700000000000000005,"user_id":"u","kind":"link_refuse","account_ids":["bob","cem"]}
{"type":"decision","ts":1700000000000000005,"user_id":"u","kind":"link_refuse","reason":"x","account_ids":["bob"]}
{"type":"tick","ts":1800000000000000000}
)"));
  const BinaryRun list =
      run_binary({"groups", "list", decisions, "--trust", "--rejected", folder.path("r"),
                  "--config", folder.write("c.toml", "jump_max_days = 10000\n")});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  // The name stays with the group, though ann has left it.
  EXPECT_EQ(list.out,
            "{\"group_id\":\"g-ann\",\"account_ids\":[\"bob\",\"cem\"],\"fragile\":false}\n"
            "{\"group_id\":\"g-dan\",\"account_ids\":[\"dan\",\"eve\"],\"fragile\":false}\n");
  const std::string rejected = folder.read("r");
  EXPECT_TRUE(contains(rejected, R"("missing_field","field":"reason")")) << rejected;
  EXPECT_TRUE(contains(rejected, R"("bad_value","field":"account_ids")")) << rejected;
}

TEST(GroupsTest, WeightsAreConfiguredAndPartOfTheJournal) {
  const TestFolder folder;
  const std::string file = folder.write("e.ndjson", evidence);
  const std::string links = folder.write("links.toml", "[device]\ndegree_cut = 0\n");
  const std::string config = folder.write("c.toml", "links_file = \"" + links + "\"\n");
  const std::string without_devices =
      "{\"group_id\":\"g-bob\",\"account_ids\":[\"bob\",\"cem\"],\"fragile\":false}\n"
      "{\"group_id\":\"g-dan\",\"account_ids\":[\"dan\",\"eve\"],\"fragile\":false}\n";
  EXPECT_EQ(run_binary({"groups", "list", file, "--config", config}).out, without_devices);

  // Whoever reads the journal later needs no configuration, or has his own.
  ASSERT_EQ(run_binary({"run", file, "--config", config, "--data", folder.path("data")}).exit_code,
            0);
  EXPECT_EQ(run_binary({"groups", "list", folder.path("data")}).out, without_devices);
  EXPECT_EQ(run_binary({"verify", folder.path("data")}).exit_code, 0);
  const std::string usual = folder.write("usual.toml", "prior = -20000\n");
  const std::string other = folder.write("o.toml", "links_file = \"" + usual + "\"\n");
  EXPECT_EQ(run_binary({"groups", "list", folder.path("data"), "--config", other}).out,
            run_binary({"groups", "list", file}).out);

  folder.write("links.toml", "[device]\ncut = 0\n");
  const BinaryRun wrong = run_binary({"groups", "list", file, "--config", config});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_TRUE(contains(wrong.err, "links.toml:2: device: unknown key \"cut\"")) << wrong.err;
}

TEST(GroupsTest, RulesByGroupSeeInferredLinks) {
  const TestFolder folder;
  const std::string rulebook = folder.write("r.toml", R"toml([rulebook]
id = "r"
[[rule]]
id = "self_trade"
clause = "2.7"
on = ["fill"]
where = "maker and same_group"
by = ["group"]
window = "day"
let = { trades = "count()" }
when = "trades >= 2"
)toml");
  const std::string events = folder.write(
      "e.ndjson",
      R"({"type":"instrument","ts":1,"instrument_id":"BTC-USDT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
)" + std::string(evidence) +
          R"({"type":"trade","ts":1700000000000000010,"trade_id":"1","instrument_id":"BTC-USDT","price":100,"quantity":1,"buyer_id":"ann","seller_id":"bob","aggressor":"buy"}
{"type":"trade","ts":1700000000000000011,"trade_id":"2","instrument_id":"BTC-USDT","price":100,"quantity":1,"buyer_id":"cem","seller_id":"ann","aggressor":"buy"}
{"type":"trade","ts":1700000000000000012,"trade_id":"3","instrument_id":"BTC-USDT","price":100,"quantity":1,"buyer_id":"guy","seller_id":"ann","aggressor":"buy"}
)");
  const BinaryRun run = run_binary({"run", events, "--rulebook", rulebook});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(contains(run.out, R"("account_ids":["ann","bob","cem"],"group_id":"g-ann")"))
      << run.out << run.err;
}

}  // namespace
}  // namespace marktwacht
