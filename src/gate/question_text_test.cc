// Each field of a question by its name, right and wrong.
#include "gate/question_text.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(QuestionText, EveryFieldHasItsName) {
  QuestionText text;
  const std::pair<const char*, const char*> fields[] = {
      {"account_id", "a"},
      {"action", "use_leverage"},
      {"instrument_id", "BTC-PERP"},
      {"side", "sell"},
      {"position_side", "short"},
      {"quantity", "1.50"},
      {"position", "-2"},
      {"spot", "true"},
      {"liquidation", "true"},
      {"asset", "USDT"},
      {"amount", "100"},
      {"leverage", "12.5"},
      {"device_id", "d"},
      {"ip", "10.0.0.1"},
      {"address", "0x1"},
      {"now_ns", "5"},
      {"position_opened_ts", "1970-01-01T00:00:01Z"}};
  for (const auto& [name, value] : fields) {
    EXPECT_TRUE(text.set(name, value).has_value()) << name;
  }
  const GateQuestion& question = text.question();
  EXPECT_EQ(question.account_id, "a");
  EXPECT_EQ(question.action, GateAction::use_leverage);
  EXPECT_EQ(question.instrument_id, "BTC-PERP");
  EXPECT_EQ(question.side, Side::sell);
  EXPECT_EQ(question.position_side, PositionSide::short_);
  EXPECT_EQ(question.quantity, parse_decimal("1.5"));
  EXPECT_EQ(question.position, parse_decimal("-2"));
  EXPECT_TRUE(question.spot && question.liquidation);
  EXPECT_EQ(question.asset, "USDT");
  EXPECT_EQ(question.amount, parse_decimal("100"));
  EXPECT_EQ(question.leverage, parse_decimal("12.5"));
  EXPECT_EQ(question.device_id, "d");
  EXPECT_EQ(question.ip, "10.0.0.1");
  EXPECT_EQ(question.address, "0x1");
  EXPECT_EQ(question.now, Time{5});
  EXPECT_EQ(question.position_opened, Time{second.ns});
}

TEST(QuestionText, WhatIsWrongIsExplained) {
  QuestionText text;
  const auto error = [&](const char* name, const char* value) {
    const auto done = text.set(name, value);
    return done ? "" : done.error();
  };
  EXPECT_EQ(error("action", "fly"),
            "action fly: allowed are register, login, api, place_order, open_position, "
            "reduce_position, cancel_order, withdraw, deposit, transfer, use_leverage");
  EXPECT_EQ(error("side", "up"), "side up: allowed are buy, sell");
  EXPECT_EQ(error("quantity", "1,5"), "quantity 1,5 is no number");
  EXPECT_EQ(error("spot", "1"), "spot 1: allowed are true, false");
  EXPECT_EQ(error("now_ns", "soon"),
            "now_ns soon: nanoseconds since 1970, or a time like 2026-04-30T20:46:43Z");
  EXPECT_EQ(error("colour", "red"), "a question has no field colour");
}

}  // namespace
}  // namespace marktwacht
