// What `explain` says of the links that an alert rests on.
#include <gtest/gtest.h>

#include <string>

#include "app/binary_twin.h"
#include "app/json_twin.h"

namespace marktwacht {
namespace {

constexpr const char* rulebook = R"toml([rulebook]
id = "r"
[[rule]]
id = "self_trade"
clause = "2.7"
on = ["fill"]
where = "maker and same_group"
by = ["group"]
window = "day"
let = { trades = "count()" }
when = "trades >= 1"
)toml";

// ann and bob on one phone behind one network, bob and cem by a transfer and a tablet, ann and cem
// by a wallet: any two of these three hold the group together. The trade is the alert's evidence.
constexpr const char* events =
    R"({"type":"asset","ts":1700000000000000000,"asset":"USDT","decimals":6}
{"type":"instrument","ts":1700000000000000000,"instrument_id":"BTC-USDT","kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.5","lot_size":"0.001"}
{"type":"login","ts":1700000000000000000,"account_id":"ann","result":"ok","ip":"203.0.113.9","device_id":"phone"}
{"type":"login","ts":1700000000000000000,"account_id":"bob","result":"ok","ip":"203.0.113.9","device_id":"phone"}
{"type":"login","ts":1700000000000000000,"account_id":"bob","result":"ok","device_id":"tablet"}
{"type":"login","ts":1700000000000000000,"account_id":"cem","result":"ok","device_id":"tablet"}
{"type":"transfer","ts":1700000000000000001,"from_account_id":"bob","to_account_id":"cem","asset":"USDT","amount":5}
{"type":"withdrawal","ts":1700000000000000001,"account_id":"ann","withdrawal_id":"w1","asset":"USDT","amount":5,"destination":"0xabc","status":"completed"}
{"type":"withdrawal","ts":1700000000000000001,"account_id":"cem","withdrawal_id":"w2","asset":"USDT","amount":5,"destination":"0xabc","status":"completed"}
{"type":"trade","ts":1700000000000000010,"trade_id":"1","instrument_id":"BTC-USDT","price":100,"quantity":1,"buyer_id":"ann","seller_id":"cem","aggressor":"buy"}
)";

class ExplainLinksTest : public testing::Test {
 protected:
  ExplainLinksTest() {
    const BinaryRun run =
        run_binary({"run", folder_.write("e.ndjson", events), "--rulebook",
                    folder_.write("r.toml", rulebook), "--data", folder_.path("data")});
    EXPECT_EQ(run.exit_code, 0) << run.err;
  }

  std::string explain(const char* form, const char* value = nullptr) const {
    std::vector<std::string> arguments = {"explain", "a-12", "--data", folder_.path("data"), form};
    if (value != nullptr) {
      arguments.emplace_back(value);
    }
    const BinaryRun run = run_binary(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.out;
  }

  const TestFolder folder_;
};

void expect_part(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), text.npos) << text;
}

TEST_F(ExplainLinksTest, TheSumOfEachLinkThatHoldsTheGroupIsToldPartByPart) {
  const std::string told = explain("--lang", "en");
  expect_part(told, R"(  one hand, because of
    bob and cem, by evidence weighed in bits, each of which doubles the odds:
      any two accounts                                      -20
      both used the device tablet (2 accounts in all)        26
      one made a transfer to the other (2 accounts in all)   22
      sum: 99.9999 % likely                                  28
      a link needs                                            5
    ann and bob, by evidence weighed in bits, each of which doubles the odds:
      any two accounts                                                    -20
      both used the device phone (2 accounts in all)                       26
      both logged in from the IP address 203.0.113.9 (2 accounts in all)   12
      both logged in from the network 203.0.113.0/24 (2 accounts in all)  (6)
      sum: 99.9996 % likely                                                18
      a link needs                                                          5
      (in brackets: of one kind only the heaviest counts)
    further links among the same accounts: 1
)");
}

TEST_F(ExplainLinksTest, InGermanToo) {
  const std::string told = explain("--lang", "de");
  expect_part(told, "beide benutzten das Gerät phone (insgesamt 2 Konten)");
  expect_part(told, "nötig für eine Verbindung");
}

TEST_F(ExplainLinksTest, TheJsonHasEveryLinkWithItsSum) {
  const std::string told = explain("--json");
  expect_part(told, R"({"kind":"evidence","account_ids":["ann","cem"],"joins":false,"sum":{)"
                    R"("prior_bits":"-20","parts":[{"kind":"funds","what":"address",)"
                    R"("value":"0xabc","accounts":2,"bits":"26","counts":true}],)"
                    R"("sum_bits":"6","link_min_bits":"5","probability_percent":"98.4615"}})");
  expect_part(told, R"("fragile":false)");
}

}  // namespace
}  // namespace marktwacht
