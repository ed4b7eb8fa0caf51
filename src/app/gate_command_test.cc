// `marktwacht gate` as a user meets it.
#include <gtest/gtest.h>

#include <array>

#include "app/binary_twin.h"
#include "base/token.h"
#include "edges/gate/gate_writer.h"

namespace marktwacht {
namespace {

Restriction restriction(GateAction action, MeasureKind reason, std::uint64_t measure) {
  Restriction one;
  one.action = action;
  one.reason = reason;
  one.measure = measure;
  return one;
}

class GateCommand : public testing::Test {
 protected:
  std::string ask(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "gate");
    arguments.insert(arguments.end(), {"--data", folder_.path("data")});
    const BinaryRun run = run_binary(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.out;
  }
  void publish(std::string_view key = {}) {
    Restriction limit = restriction(GateAction::withdraw, MeasureKind::limit_withdrawal, 8);
    limit.limit = parse_decimal("100");
    Restriction login = restriction(GateAction::login, MeasureKind::restrict_login, 9);
    login.devices = {key.empty() ? "phone" : token_of(key, "phone")};
    const SubjectRestrictions subjects[] = {
        {{SubjectKind::account, "ann"},
         1,
         {login, restriction(GateAction::open_position, MeasureKind::close_only, 7), limit}}};
    const auto done = publish_gate(folder_.path("data"), subjects, key);
    EXPECT_TRUE(done.has_value()) << done.error();
  }

  TestFolder folder_;
};

TEST_F(GateCommand, PrintsTheWordFirst) {
  publish();
  EXPECT_EQ(ask({"bob", "place_order", "BTC-PERP"}), "allow\n");
  EXPECT_EQ(ask({"ann", "open_position"}), "deny close_only m-7\n");
  const auto order = [&](const char* side, const char* quantity, const char* position) {
    return ask({"ann", "place_order", "BTC-PERP", "--side", side, "--quantity", quantity,
                "--position", position});
  };
  EXPECT_EQ(order("buy", "1", "2"), "deny close_only m-7\n");
  EXPECT_EQ(order("sell", "1", "2"), "allow\n");
  EXPECT_EQ(order("sell", "3", "2"), "allow_reduce_only close_only m-7\n");
  EXPECT_EQ(order("buy", "1", "-2"), "allow\n");
  EXPECT_EQ(ask({"ann", "place_order", "BTC-USDT", "--side", "sell", "--spot"}), "allow\n");
  EXPECT_EQ(ask({"ann", "withdraw", "--asset", "USDT", "--amount", "100"}), "allow\n");
  EXPECT_EQ(ask({"ann", "withdraw", "--asset", "USDT", "--amount", "101", "--json"}),
            R"({"answer":"deny","reason":"limit_withdrawal","measure_id":"m-8"})"
            "\n");
  EXPECT_EQ(ask({"ann", "login", "--device", "phone"}), "allow\n");
  EXPECT_EQ(ask({"ann", "login", "--device", "pad"}), "deny restrict_login m-9\n");
}

TEST_F(GateCommand, ADeadWritersGateIsBlindToWhatItDoesNotKnow) {
  publish();
  const std::string later = "2200-01-01T00:00:00Z";
  EXPECT_EQ(ask({"bob", "withdraw", "--now", later}), "deny when_blind\n");
  EXPECT_EQ(ask({"bob", "deposit", "--now", later}), "allow\n");
  EXPECT_EQ(ask({"ann", "open_position", "--now", later}), "deny close_only m-7\n");
}

TEST_F(GateCommand, WithAKeyPlainValuesBecomeTokens) {
  publish("secret");
  const std::string key = folder_.write("key", "secret\n");
  EXPECT_EQ(ask({"ann", "login", "--device", "phone", "--key-file", key}), "allow\n");
  EXPECT_EQ(ask({"ann", "login", "--device", "pad", "--key-file", key}),
            "deny restrict_login m-9\n");
}

TEST_F(GateCommand, WrongUsageIsExplained) {
  publish();
  const std::string data = folder_.path("data");
  const struct {
    std::vector<std::string> arguments;
    std::string says;
  } cases[] = {
      {{"gate", "ann", "withdraw"}, "--data"},
      {{"gate", "ann", "--data", data}, "ACTION"},
      {{"gate", "ann", "fly", "--data", data}, "action fly: allowed are register, login"},
      {{"gate", "ann", "withdraw", "--amount", "x", "--data", data}, "amount x is no number"},
      {{"gate", "ann", "withdraw", "--data", folder_.path("none")}, "no gate"},
      {{"gate", "ann", "withdraw", "--data", data, "--key-file", folder_.path("none")}, "no key"},
      {{"gate", "ann", "withdraw", "--data", data, "--key-file", folder_.write("k", "other")},
       "another deployment key"},
  };
  for (const auto& one : cases) {
    const BinaryRun run = run_binary(one.arguments);
    EXPECT_EQ(run.exit_code, 2) << one.says;
    EXPECT_EQ(run.out, "");
    EXPECT_TRUE(contains(run.err, one.says)) << one.says << "\n" << run.err;
  }
}

}  // namespace
}  // namespace marktwacht
